import t, { type Test } from 'tap';
import { Arena } from '../../arena/arena.ts';
import type { HostPlan } from '../../driver/plan.ts';
import { type ExhaustiveResult, exploreExhaustively, shortest } from '../../explore/exhaustive.ts';
import { exploreRandomly } from '../../explore/random.ts';
import { byMoves, runToEnd } from '../../explore/schedule.ts';
import { choiceOf, type Move, processOf, type World } from '../../world/world.ts';
import { driverNamed } from '../catalogue.ts';
import { Channel, Task } from './channel.ts';
import { KEYS, PendingCommands } from './pending-commands.ts';
import { type Setting, worldOf } from './world.fixture.ts';

const never = (): boolean => false;
const BOUNDS = { states: 400_000, depth: 10_000 };
/** Steps of the shortest schedule in which a Save is not answered. */
const SHORTEST = 11;
const BACKPRESSURE = 'SAVE-NO-BACKPRESSURE';

const before = 'openvmm-driver/before';
const after = 'openvmm-driver/after';
/** The fix in halves: the channel is split, or requests are always polled. */
const onlySplit = { channels: 'commands-and-requests', requestsPolled: 'while-room' };
const onlyPolled = { channels: 'one', requestsPolled: 'always' };

function explored(setting: Setting): ExhaustiveResult {
  return exploreExhaustively(worldOf(setting), BOUNDS, never);
}

function rules(result: ExhaustiveResult): string[] {
  return [...new Set(result.found.map(({ finding }) => `${finding.rule} of the ${finding.party}`))];
}

function fails(t: Test, setting: Setting, what: string): void {
  const result = explored(setting);
  t.same(rules(result), [`${BACKPRESSURE} of the host`], what);
  t.ok(result.complete, `${what}: everything was explored`);
}

function conforms(t: Test, setting: Setting, what: string): void {
  const result = explored(setting);
  t.same(rules(result), [], what);
  t.ok(result.complete, `${what}: everything was explored`);
}

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

void t.test('command identifiers', async (t) => {
  const arena = new Arena();
  const pending = new PendingCommands(arena, 2, 2);
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
  t.throws(build([{ do: 'create-sq', qid: 1, size: 3 }]), { message: /offers no create-sq / });
  t.throws(build([{ do: 'abort', sqid: 1, command: 0 }]), { message: /offers no abort / });
  t.throws(build([{ do: 'save' }, { do: 'restore' }]), { message: /offers no restore / });
  t.throws(build([], { channel: 'one' }), { message: /no decision 'channel'/ });
  t.doesNotThrow(build([], { wakeup: 'strict' }), 'a wake-up formula is nothing to it');
  t.doesNotThrow(build([{ do: 'doorbell-buffer' }]), 'nor is a doorbell buffer');
  t.equal(driverNamed('openvmm-driver/pre-2708'), driverNamed(before));
  t.equal(driverNamed('openvmm-driver/2708'), driverNamed(after));
});
