import t from 'tap';
import { Arena } from '../../arena/arena.ts';
import { exploreExhaustively } from '../../explore/exhaustive.ts';
import { build } from '../../scenario/build.ts';
import type { ControlOperation } from '../../scenario/scenario.ts';
import { smallScope } from '../../scenario/small-scope.fixture.ts';
import type { Move, World } from '../../world/world.ts';
import { choiceOf, processOf } from '../../world/world.ts';
import type { Overrides } from '../system.ts';
import { InterruptEvent } from './interrupt-event.ts';
import { Scheduler } from './scheduler.ts';

interface Given {
  readonly driver?: string;
  readonly decisions?: Overrides;
  readonly size?: number;
  /** Reads of each thread. */
  readonly threads: readonly number[];
  readonly control?: readonly ControlOperation[];
}

function worldOf({ driver = 'cosmos/head', decisions = {}, size = 3, threads, control = [] }: Given): World {
  const [scope, pairing] = smallScope({ size, reads: [1] });
  const body = {
    kind: 'workload' as const,
    threads: threads.map((count) => [{ sqid: 1, operation: 'read' as const, count, lba: 0 }]),
    control,
  };
  const { world } = build({ ...scope, body }, { ...pairing, driver: { model: driver, decisions } });
  if (!world.bringUp()) throw new Error('bring-up hangs');
  world.restart();
  return world;
}

/** Errors of every order, and how many states that were. */
function explored(given: Given): { errors: string[]; states: number } {
  const result = exploreExhaustively(worldOf(given), { states: 500_000, depth: 10_000 }, () => false);
  if (!result.complete) throw new Error('not everything was explored');
  const errors = result.found.filter(({ finding }) => finding.severity === 'error');
  return { errors: [...new Set(errors.map(({ finding }) => finding.rule))], states: result.states };
}

const labelOf = (world: World, move: Move): string => {
  const process = world.processes[processOf(move)];
  return `${process?.name ?? ''}: ${process?.label(choiceOf(move)) ?? ''}`;
};
const enabled = (world: World): string[] => world.moves().map((move) => labelOf(world, move));

const moveOf = (world: World, process: string): Move | undefined =>
  world.moves().find((move) => labelOf(world, move).startsWith(`${process}: `));

function moveTo(world: World, process: string): Move {
  const move = moveOf(world, process);
  if (move === undefined) throw new Error(`${process} cannot step: ${enabled(world).join(', ')}`);
  return move;
}

/** Moves one process to its step called `step`, and everybody else not at all. */
function advance(world: World, process: string, step: string): void {
  for (let steps = 0; steps < 50; steps++) {
    const move = moveTo(world, process);
    if (labelOf(world, move) === `${process}: ${step}`) return;
    world.take(move);
  }
  throw new Error(`${process} does not come to ${step}`);
}

/** Lets everybody but the host move until nobody of them can. */
function controllerRuns(world: World): void {
  for (;;) {
    const move = world.moves().find((each) => world.processes[processOf(each)]?.party !== 'host');
    if (move === undefined) return;
    world.take(move);
  }
}

t.test('InterruptEvent has one token, and wakes the first waiter', async (t) => {
  const event = new InterruptEvent(new Arena(), 3);
  event.addWaiter(2);
  event.addWaiter(1);
  event.addWaiter(2);
  t.equal(event.signal(), 2);
  t.equal(event.signal(), 1, 'the second signal');
  t.equal(event.signal(), undefined, 'nobody waits any more');
  t.ok(event.signaled, 'and it is still one token');
});

t.test('who may run', async (t) => {
  const scheduler = new Scheduler(new Arena(), 4, 2);
  t.same(
    [0, 1, 2, 3].map((thread) => scheduler.cpuOf(thread)),
    [0, 1, 0, 1],
  );
  scheduler.inHandler = true;
  t.same(
    [0, 1, 2, 3].map((thread) => scheduler.canRun(thread)),
    [false, true, false, true],
  );
  scheduler.inHandler = false;
  scheduler.mask(2);
  t.same(
    [0, 1, 2, 3].map((thread) => scheduler.canRun(thread)),
    [false, true, true, true],
  );
  t.notOk(scheduler.canInterrupt);
  scheduler.unmask(2);
  scheduler.mask(1);
  t.ok(scheduler.canInterrupt, 'interrupts go to the first CPU');
});

t.test('the handler interrupts the threads of its CPU, but not where interrupts are masked', async (t) => {
  for (const [eventLock, interrupts] of [
    ['plain', true],
    ['irq-safe', false],
  ] as const) {
    const world = worldOf({ threads: [1, 1], decisions: { eventLock, acquireBlocks: 'after-the-lock' } });
    advance(world, 'thread 0', 'Wait: lock');
    controllerRuns(world);
    t.ok(enabled(world).includes('OnIoCompletion: interrupt'));
    advance(world, 'thread 0', 'Wait: test the signal');
    t.equal(enabled(world).includes('OnIoCompletion: interrupt'), interrupts, eventLock);
    t.equal(enabled(world).includes('thread 1: call NvmeController'), interrupts, 'nor preempted then');
    if (!interrupts) continue;
    advance(world, 'OnIoCompletion', 'OnIoCompletion: compare the phase');
    world.take(world.moves()[0] as Move);
    t.same(enabled(world), [], 'Signal spins, and the thread that holds the lock cannot run');
  }
});

t.test('a thread that is readied before it blocks, blocks all the same', async (t) => {
  const world = worldOf({ threads: [1], decisions: { waitBlocks: 'after-the-lock' } });
  advance(world, 'thread 0', 'Wait: BlockThread');
  controllerRuns(world);
  advance(world, 'OnIoCompletion', 'OnIoCompletion: return');
  world.take(moveTo(world, 'OnIoCompletion'));
  world.take(moveTo(world, 'thread 0'));
  controllerRuns(world);
  t.same(enabled(world), []);
  world.settle(true);
  t.same(
    world.findings.map(({ rule }) => rule),
    ['ANSWER-OWED'],
  );
});

t.test(
  'the handler of a shared MSI-X entry runs for start-up, finds nothing, and writes no doorbell',
  async (t) => {
    const world = worldOf({ threads: [1], decisions: { msixEntry: 0 } });
    const before = world.ledger.events;
    for (const step of ['interrupt', 'OnIoCompletion: compare the phase', 'OnIoCompletion: return']) {
      const move = world.moves().find((each) => labelOf(world, each) === `OnIoCompletion: ${step}`);
      if (move === undefined) throw new Error(`${step} is not next`);
      world.take(move);
    }
    t.equal(world.ledger.events, before, 'nothing crossed the link');
    t.same(
      enabled(worldOf({ threads: [1] })).filter((label) => label.startsWith('On')),
      [],
      'entry 1 is its own',
    );
  },
);

t.test('what both orders of the ISR and two CPUs do', async (t) => {
  t.same(explored({ threads: [2], decisions: { headDoorbell: 'before-each-signal' } }).errors, []);
  t.same(explored({ threads: [1, 1], decisions: { cpus: 2 } }).errors, []);
  const masked = { waitBlocks: 'after-the-lock', cpus: 2 };
  t.same(explored({ threads: [1], decisions: masked }).errors, ['ANSWER-OWED'], 'CO-2 needs no second CPU');
});

t.test('one CPU has fewer orders than two', async (t) => {
  const states = (cpus: number): number => explored({ threads: [1, 1], decisions: { cpus } }).states;
  t.ok(states(1) < states(2));
});

t.test('the polled fallback does one command at a time, and needs no interrupt', async (t) => {
  const world = worldOf({ threads: [1, 1], decisions: { completion: 'polled' } });
  advance(world, 'thread 0', 'SubmitOnSlot: ring the SQ doorbell');
  world.take(moveTo(world, 'thread 1'));
  world.take(moveTo(world, 'thread 1'));
  t.equal(moveOf(world, 'thread 1'), undefined, 'it waits for _polledIoMutex');
  t.same(explored({ threads: [1, 1], decisions: { completion: 'polled' } }).errors, []);
});

t.test('a late completion of a quarantined slot answers nobody', async (t) => {
  const decisions = { completion: 'polled', timeouts: 1 };
  t.same(explored({ threads: [2], decisions }).errors, []);
  t.same(explored({ threads: [2], decisions: { ...decisions, otherCid: 'taken' } }).errors, [
    'ANSWER-MATCHES',
  ]);
});

t.test('Cosmos has one queue pair, and is not told to do what it cannot', async (t) => {
  const position = { line: 1, column: 1 };
  t.throws(() => worldOf({ threads: [1], control: [{ do: 'reset', kind: 'cc-en', position }] }), {
    message: /offers no reset/,
  });
  const [scope, pairing] = smallScope({ size: 2, reads: [1, 1] });
  const driver = { model: 'cosmos/head', decisions: {} };
  t.throws(() => build(scope, { ...pairing, driver }), { message: /one I\/O queue pair/ });
  t.same(
    explored({ threads: [1], control: [{ do: 'mask', vector: 1, position }] }).errors,
    [],
    'masked for good',
  );
});
