import t from 'tap';
import { Arena } from '../../arena/arena.ts';
import type { HostPlan } from '../../driver/plan.ts';
import { exploreExhaustively, shortest } from '../../explore/exhaustive.ts';
import { exploreRandomly } from '../../explore/random.ts';
import { byMoves, runToEnd } from '../../explore/schedule.ts';
import { choiceOf, type Move, processOf, type World } from '../../world/world.ts';
import { driverNamed } from '../catalogue.ts';
import { Channel, Task } from './channel.ts';
import { Drain, DrainBarrier } from './drain.ts';
import { DETACHED, HANDLER, KEYS, PendingCommands } from './pending-commands.ts';
import { BACKPRESSURE, BOUNDS, conforms, explored, fails, rules, stepsOf } from './explored.fixture.ts';
import { worldOf } from './world.fixture.ts';

const never = (): boolean => false;
/** Steps of the shortest schedule in which a Save is not answered. */
const SHORTEST = 11;

const before = 'openvmm-driver/before';
const after = 'openvmm-driver/after';
const head = 'openvmm-driver/head';
const ideal = 'openvmm-driver/ideal';
/** The fix in halves: the channel is split, or requests are always polled. */
const onlySplit = { channels: 'commands-and-requests', requestsPolled: 'while-room' };
const onlyPolled = { channels: 'one', requestsPolled: 'always' };

function stepOf(world: World, move: Move): string {
  return world.processes[processOf(move)]?.label(choiceOf(move)) ?? '';
}

for (const request of ['save', 'inspect'] as const) {
  void t.test(`${request} while the submission queue is full`, async (t) => {
    const setting = { size: 2, threads: [1], control: [{ do: request }] };
    fails(t, { ...setting, driver: before }, 'before');
    conforms(t, { ...setting, driver: after }, 'after');
    fails(t, { ...setting, driver: after, decisions: onlySplit }, 'only the channel is split');
    conforms(
      t,
      { ...setting, driver: after, decisions: onlyPolled },
      'no command waits, so one channel will do',
    );
  });

  void t.test(`${request} behind a command that cannot be written`, async (t) => {
    const setting = { size: 2, threads: [2], control: [{ do: request }] };
    fails(t, { ...setting, driver: before }, 'before');
    conforms(t, { ...setting, driver: after }, 'after');
    fails(t, { ...setting, driver: after, decisions: onlySplit }, 'only the channel is split');
    fails(t, { ...setting, driver: after, decisions: onlyPolled }, 'only the polling is changed');
  });

  void t.test(`${request} while the table of commands is full`, async (t) => {
    const setting = { size: 4, threads: [2], control: [{ do: request }] };
    const pendingCapacity = 2;
    fails(t, { ...setting, driver: before, decisions: { pendingCapacity } }, 'before');
    conforms(
      t,
      { ...setting, driver: before, decisions: { pendingCapacity: 3 } },
      'before, with one place left',
    );
    conforms(t, { ...setting, driver: after, decisions: { pendingCapacity } }, 'after');
    fails(
      t,
      { ...setting, driver: after, decisions: { ...onlySplit, pendingCapacity } },
      'only the channel is split',
    );
  });
}

void t.test('NextAen while the admin queue is full', async (t) => {
  const control: HostPlan['control'] = [{ do: 'next-aen' }];
  // One Asynchronous Event Request fills an admin queue of two slots; the handler sends the next one first.
  const setting = { size: 2, threads: [], adminSize: 2, control, events: 1 };
  fails(t, { ...setting, driver: before }, 'before');
  conforms(t, { ...setting, driver: after }, 'after');
  fails(t, { ...setting, driver: after, decisions: onlySplit }, 'only the channel is split');
  conforms(t, { ...setting, driver: before, adminSize: 3 }, 'before, with one slot more');
  conforms(
    t,
    { ...setting, driver: after, control: [...control, ...control], events: 2 },
    'after, two events',
  );
  conforms(
    t,
    { ...setting, driver: after, control: [...control, { do: 'save' }] },
    'after, and a Save meanwhile',
  );
});

void t.test('the shortest way to a Save without an answer', async (t) => {
  const world = worldOf({ driver: before, size: 2, threads: [1], control: [{ do: 'save' }] });
  const [found] = exploreExhaustively(world, BOUNDS, never).found;
  if (found === undefined) throw new Error('nothing was found');
  const { moves } = shortest(world, found, BOUNDS.states, never);
  world.restart();
  world.recorder.recording = true;
  runToEnd(world, moves.length, byMoves(moves));
  const events = world.recorder.events.map(({ type }) => type);
  t.ok(events.includes('sqe.write'), 'a command fills the queue');
  t.ok(
    events.lastIndexOf('cqe.post') < events.indexOf('request.begin'),
    'and the controller does not complete it',
  );
  t.equal(world.findings[0]?.rule, BACKPRESSURE);
  t.equal(moves.length, SHORTEST);
});

void t.test('more commands than slots', async (t) => {
  for (const driver of [before, after]) {
    conforms(t, { driver, size: 2, threads: [5] }, `${driver}, two slots`);
    conforms(t, { driver, size: 2, threads: [2, 2] }, `${driver}, two slots, two threads`);
    conforms(t, { driver, size: 3, threads: [4] }, `${driver}, three slots`);
    conforms(t, { driver, size: 2, pairs: 2, threads: [1, 2] }, `${driver}, two queue pairs`);
    const random = { runs: 200, steps: 1000, seed: 1 };
    for (const setting of [
      { size: 3, threads: [9] },
      { size: 8, threads: [6, 6], pairs: 2 },
      { size: 4, threads: [8, 8] },
    ]) {
      const { found, unfinished } = exploreRandomly(worldOf({ driver, ...setting }), random, never);
      t.same(
        { found, unfinished },
        { found: [], unfinished: 0 },
        `${driver}, at random: ${JSON.stringify(setting)}`,
      );
    }
  }
});

void t.test('more commands are outstanding than the queues have slots', async (t) => {
  const world = worldOf({ driver: after, size: 3, threads: [6] });
  let most = 0;
  runToEnd(world, 1000, (moves) => {
    most = Math.max(most, (world.ledger.sq(1)?.out.size ?? 0) + (world.ledger.sq(1)?.waiting ?? 0));
    return moves.find((move) => !stepOf(world, move).startsWith('execute')) ?? moves[0];
  });
  t.ok(most > 2, `${most} commands were outstanding`);
});

void t.test('a Save leaves nobody waiting', async (t) => {
  const world = worldOf({ driver: after, size: 2, threads: [2], control: [{ do: 'save' }] });
  const threads = world.processes.filter(({ name }) => name.startsWith('thread'));
  const control = world.processes.find(({ name }) => name === 'control plane');
  let ends = 0;
  const settle = world.settle.bind(world);
  world.settle = (end) => {
    ends++;
    if (control?.label(0) !== 'nothing more to do') t.fail('the control plane waits');
    for (const thread of threads) if (thread.label(0) === 'await the answers') t.fail('a thread waits');
    settle(end);
  };
  exploreExhaustively(world, BOUNDS, never);
  t.ok(ends > 0);
});

void t.test('a completion that OpenVMM asserts against', async (t) => {
  const reasons = {
    'wrong SQ identifier': { completionSqid: 'zero' },
    'SQ head out of range': { sqhd: 'unwrapped-head' },
  } as const;
  for (const [reason, controller] of Object.entries(reasons)) {
    const world = worldOf({ driver: after, size: 2, threads: [3], controller });
    const steps: string[] = [];
    for (let move = world.defaultMove(undefined); move !== undefined; move = world.defaultMove(move)) {
      steps.push(stepOf(world, move));
      world.take(move);
    }
    t.ok(steps.includes(`panic: ${reason}`), reason);
    t.ok(
      world.findings.some(({ party }) => party === 'controller'),
      'the controller is to blame',
    );
    t.notOk(
      world.processes.some((process) => process.party === 'host' && process.choices() > 0),
      'nothing goes on',
    );
  }
});

void t.test('save and restore', async (t) => {
  const control: HostPlan['control'] = [{ do: 'save' }, { do: 'restore' }];
  const setting = { size: 3, threads: [1], control };
  const rings = ['RESTORE-RING of the host'];
  for (const revision of ['pre-2708', '2708', '2736', '2833', '2864', 'head']) {
    const driver = `openvmm-driver/${revision}`;
    t.same(rules(explored({ ...setting, driver })), rings, `${driver} does not announce in the drain`);
    conforms(t, { ...setting, driver, decisions: { drainCommits: 'both' } }, `${driver} if it would`);
  }
  conforms(t, { ...setting, driver: ideal, size: 2 }, 'ideal, two slots');
  conforms(t, { ...setting, driver: ideal, threads: [2] }, 'ideal, two commands');
  conforms(t, { ...setting, driver: ideal, control: [...control, ...control] }, 'ideal, twice');
});

void t.test('whoever lost a command over a restore asks again, and is answered', async (t) => {
  const control: HostPlan['control'] = [{ do: 'save' }, { do: 'restore' }];
  for (const driver of [ideal, head]) {
    const world = worldOf({ driver, decisions: { drainCommits: 'both' }, size: 3, threads: [2], control });
    let most = 0;
    const settle = world.settle.bind(world);
    world.settle = (end) => {
      for (const thread of world.processes.filter(({ name }) => name.startsWith('thread')))
        t.equal(thread.label(0), 'nothing more to do');
      most = Math.max(most, world.ledger.sq(1)?.completed ?? 0);
      settle(end);
    };
    exploreRandomly(world, { runs: 100, steps: 1000, seed: 1 }, never);
    t.ok(most > 2, `${driver}: some commands were executed twice, ${most} in all`);
  }
});

void t.test('the drain of all queues', async (t) => {
  const control: HostPlan['control'] = [{ do: 'save' }, { do: 'restore' }];
  const steps = stepsOf(worldOf({ driver: ideal, size: 3, pairs: 2, threads: [1, 1], control }));
  t.ok(steps.includes('control plane: answer Restore [1]'));
  const random = { runs: 300, steps: 2000, seed: 1 };
  const setting = { size: 3, pairs: 2, threads: [2, 1], control };
  const found = (driver: string): string[] => {
    const result = exploreRandomly(
      worldOf({ ...setting, driver, decisions: { drainCommits: 'both' } }),
      random,
      never,
    );
    t.equal(result.unfinished, 0);
    return [...new Set(result.found.map(({ finding }) => finding.rule))];
  };
  t.same(found('openvmm-driver/2736'), ['RESTORE-FENCE']);
  t.same(found('openvmm-driver/2833'), []);
});

void t.test('the barrier wakes whoever left a waker there', async (t) => {
  const arena = new Arena();
  const tasks = [new Task(arena), new Task(arena)];
  const drains = tasks.map((task) => new Drain(arena, task));
  const barrier = new DrainBarrier(arena);
  for (const drain of drains) barrier.add(drain);
  arena.seal();
  barrier.start(1);
  t.ok(barrier.isUp);
  (drains[0] as Drain).waker = true;
  barrier.counter--;
  barrier.signal();
  t.same(
    tasks.map(({ woken }) => woken),
    [true, false],
  );
  t.match([barrier.signalled, barrier.isUp, drains[0]?.waker], [true, false, false]);
});

void t.test('an SQ head that is reported late', async (t) => {
  const setting = { size: 3, threads: [5], controller: { sqhdTaken: 'at-fetch' } as const };
  const found = rules(explored({ ...setting, driver: head }));
  t.ok(found.includes('ANSWER-OWED of the host'), 'head believes an empty queue to be full');
  t.ok(found.includes('SQ-TAIL-OVERRUN of the host'), 'and a full one to have room');
  conforms(t, { ...setting, driver: ideal }, 'ideal');
});

void t.test('command identifiers', async (t) => {
  const arena = new Arena();
  const pending = new PendingCommands(arena, 2, 3);
  arena.seal();
  t.equal(pending.insert(7), 0);
  t.equal(pending.insert(8), 1 + KEYS, 'the sequence counts commands, whatever their keys');
  t.ok(pending.full);
  t.same(pending.remove(0), { caller: 7 });
  t.same(pending.remove(0), { panic: 'unknown key' });
  t.equal(pending.insert(9), 2 * KEYS);
  t.same(pending.remove(0), { panic: 'sequence mismatch' });
  t.same(pending.remove(2 * KEYS), { caller: 9 });
  for (let count = 3; count < 64; count++) pending.remove(pending.insert(1));
  t.equal(pending.insert(1), 0, 'the sequence has six bits');
  pending.insert(HANDLER);
  const lost: number[] = [];
  pending.detach((call) => lost.push(call));
  t.same(lost, [1, 8], 'a command of the handler is its own');
  t.same(pending.remove(0), { caller: DETACHED });
});

void t.test('a channel wakes the task that left its waker there', async (t) => {
  const arena = new Arena();
  const task = new Task(arena);
  const channel = new Channel(arena, task, 4);
  arena.seal();
  channel.send(1);
  t.notOk(task.woken, 'there was no waker');
  t.equal(
    channel.poll(() => false),
    undefined,
  );
  t.notOk(channel.waker, 'a message that is left leaves no waker');
  t.equal(
    channel.poll(() => true),
    1,
  );
  t.equal(
    channel.poll(() => true),
    undefined,
  );
  t.ok(channel.waker);
  channel.send(2);
  t.match([task.woken, channel.waker], [true, false], 'a waker is used up');
  const dropped: number[] = [];
  channel.close((message) => dropped.push(message));
  t.same(dropped, [2]);
});

void t.test('what the driver does not offer', async (t) => {
  const build =
    (control: HostPlan['control'], decisions = {}) =>
    (): void =>
      void worldOf({ driver: after, size: 2, threads: [1], control, decisions });
  t.throws(build([{ do: 'reset', kind: 'cc-en' }]), { message: /^OpenVMM’s driver offers no / });
  t.throws(build([{ do: 'delete-sq', qid: 1 }]), { message: /^OpenVMM’s driver offers no / });
  t.throws(build([{ do: 'create-sq', qid: 1, size: 3 }]), { message: /creates an I\/O queue once/ });
  t.throws(build([{ do: 'create-cq', qid: 1, size: 3 }]), { message: /offers no create-cq / });
  t.throws(build([{ do: 'abort', sqid: 1, command: 0 }]), { message: /offers no abort / });
  t.throws(build([], { channel: 'one' }), { message: /no decision 'channel'/ });
  t.doesNotThrow(build([], { wakeup: 'strict' }), 'a wake-up formula is nothing to it');
  t.doesNotThrow(build([{ do: 'doorbell-buffer' }]), 'nor is a doorbell buffer');
  t.doesNotThrow(build([{ do: 'save' }, { do: 'restore' }]));
  t.equal(driverNamed('openvmm-driver/pre-2708'), driverNamed(before));
  t.equal(driverNamed('openvmm-driver/2708'), driverNamed(after));
});
