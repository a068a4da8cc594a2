/**
 * What the systems study says about SPDK (5.4, 6.2), found again by exploration; and what it did not know.
 */
import t from 'tap';
import { exploreExhaustively } from '../../explore/exhaustive.ts';
import { byMoves, runToEnd } from '../../explore/schedule.ts';
import { build } from '../../scenario/build.ts';
import type { Body, Pairing, QueuePlan, Scenario, Step } from '../../scenario/scenario.ts';
import { csts, register } from '../../spec/registers.ts';
import type { World } from '../../world/world.ts';
import type { Overrides } from '../system.ts';

const position = { line: 1, column: 1 };

interface Setup {
  readonly variant: 'v0' | 'v1' | 'v2' | 'v3' | 'v3-adaptive';
  readonly controller?: Overrides;
  readonly driver?: string;
  readonly driverDecisions?: Overrides;
  readonly shadow?: boolean;
  readonly sq: number;
  readonly cq?: number;
}

interface Verdict {
  /** Error ids, each once, in order. */
  readonly rules: readonly string[];
  readonly states: number;
  readonly complete: boolean;
  /** Whether the controller had failed at the end of each violation's path. */
  readonly failed: boolean;
}

const cq = (qid: number, size: number, created: boolean = true): QueuePlan => ({
  ring: 'cq',
  name: `cq${qid}`,
  qid,
  size,
  vector: 1,
  created,
  position,
});
const sq = (qid: number, size: number, cqid: number, created: boolean = true): QueuePlan => ({
  ring: 'sq',
  name: `sq${qid}`,
  qid,
  size,
  cqid,
  created,
  position,
});

type Distributed<T> = T extends unknown ? Omit<T, 'position'> : never;
/** A word of a script without its place in a file. */
type Word = Distributed<Step>;

function world(setup: Setup, queues: readonly QueuePlan[], body: Body): World {
  const scenario: Scenario = {
    file: 'spdk',
    title: 'spdk',
    rules: [],
    provokes: [],
    queues,
    body,
    wakeup: undefined,
    pairings: [],
    doorbellBuffer: setup.shadow ? 'after-queues' : 'never',
    exploration: { scripted: true, random: undefined, exhaustive: undefined },
  };
  const pairing: Pairing = {
    driver: { model: setup.driver ?? 'linux/single-pass', decisions: setup.driverDecisions ?? {} },
    controller: { model: `spdk-vfio-user/${setup.variant}`, decisions: setup.controller ?? {} },
    verdict: { kind: 'conforms' },
    position,
  };
  const built = build(scenario, pairing);
  if (!built.world.bringUp()) throw new Error('bring-up hangs');
  return built.world;
}

/** Every interleaving of one thread that reads `commands` times. */
function explored(setup: Setup, commands: number): Verdict {
  const queues = [cq(1, setup.cq ?? setup.sq), sq(1, setup.sq, 1)];
  const thread = [{ sqid: 1, operation: 'read' as const, count: commands, lba: 0 }];
  const model = world(setup, queues, { kind: 'workload', threads: [thread], control: [] });
  const result = exploreExhaustively(model, { states: 1_500_000, depth: 5_000 }, () => false);
  const errors = result.found.filter(({ finding }) => finding.severity === 'error');
  const failed = errors.every(({ moves }) => {
    model.restart();
    runToEnd(model, moves.length, byMoves(moves));
    return hasFailed(model);
  });
  const rules = [...new Set<string>(errors.map(({ finding }) => finding.rule))].toSorted();
  return { rules, states: result.states, complete: result.complete, failed: errors.length > 0 && failed };
}

interface Scripted {
  readonly rules: readonly string[];
  readonly failed: boolean;
  /** Completion entries posted to each completion queue, in all its lives. */
  readonly posted: ReadonlyMap<number, number>;
}

/** A script by the default policy, with a `settle` after each word. */
function scripted(setup: Setup, queues: readonly QueuePlan[], words: readonly Word[]): Scripted {
  const steps = words.flatMap((word): Step[] => [
    { ...word, position },
    { do: 'settle', position },
  ]);
  const model = world(setup, queues, { kind: 'steps', steps });
  model.recorder.recording = true;
  const end = runToEnd(model, 5_000, () => undefined);
  if (!end.ended) throw new Error('the script does not end');
  const posted = new Map<number, number>();
  for (const row of model.recorder.rows) {
    if (row.bringUp || row.event?.type !== 'cqe.post') continue;
    posted.set(row.event.cqid, (posted.get(row.event.cqid) ?? 0) + 1);
  }
  const errors = model.findings.filter(({ severity }) => severity === 'error');
  return { rules: errors.map(({ rule }) => rule), failed: hasFailed(model), posted };
}

/** Whether some interleaving lets the controller fail (CSTS.CFS), whatever the judge says about it. */
function canFail(setup: Setup, commands: number): boolean {
  const queues = [cq(1, setup.cq ?? setup.sq), sq(1, setup.sq, 1)];
  const thread = [{ sqid: 1, operation: 'read' as const, count: commands, lba: 0 }];
  const model = world(setup, queues, { kind: 'workload', threads: [thread], control: [] });
  const seen = new Set<string>();
  const search = (): boolean => {
    if (hasFailed(model)) return true;
    const key = `${model.arena.hashLow}:${model.arena.hashHigh}`;
    if (seen.has(key)) return false;
    seen.add(key);
    const here = model.arena.mark();
    for (const move of model.moves()) {
      model.take(move);
      if (search()) return true;
      model.arena.undo(here);
    }
    model.arena.drop(here);
    return false;
  };
  return search();
}

function hasFailed(model: World): boolean {
  return (model.link.peek(register.CSTS) & csts.CFS) !== 0;
}

const lost = ['CQ-FULL-NO-LOSS'];

void t.test('a tag that is free before the head doorbell fills the completion queue at K = N', async (t) => {
  for (const size of [2, 3, 4]) {
    t.strictSame(explored({ variant: 'v0', sq: size }, size - 1).rules, [], `v0, N=${size}, K=${size - 1}`);
    const before = explored({ variant: 'v0', sq: size }, size);
    t.strictSame(before.rules, lost, `v0, N=${size}, K=${size}`);
    t.ok(before.failed, 'with CSTS.CFS');
    const between = size === 2 ? [] : lost;
    t.strictSame(explored({ variant: 'v1', sq: size }, size).rules, between, `v1, N=${size}, K=${size}`);
    const after = explored({ variant: 'v3', sq: size }, size);
    t.ok(after.complete);
    t.strictSame(after.rules, [], `v3, N=${size}, K=${size}`);
  }
});

void t.test('the head doorbell first hides it while tags are below the queue size', async (t) => {
  for (const variant of ['v0', 'v1', 'v3'] as const) {
    const result = explored({ variant, driver: 'linux/doorbell-first', sq: 3 }, 5);
    t.ok(result.complete);
    t.strictSame(result.rules, [], variant);
  }
});

void t.test('a host that over-commits finds it in either order', async (t) => {
  for (const driver of ['linux/single-pass', 'linux/doorbell-first']) {
    const overCommitting = { driver, driverDecisions: { tags: 7 }, sq: 8, cq: 4 };
    t.strictSame(explored({ ...overCommitting, variant: 'v0' }, 3).rules, [], `${driver}: v0, K=3`);
    t.strictSame(explored({ ...overCommitting, variant: 'v0' }, 4).rules, lost, `${driver}: v0, K=4`);
    t.strictSame(explored({ ...overCommitting, variant: 'v1' }, 4).rules, lost, `${driver}: v1, K=4`);
    t.strictSame(explored({ ...overCommitting, variant: 'v3' }, 4).rules, [], `${driver}: v3, K=4`);
  }
});

const interrupt = { mode: 'interrupt' };

void t.test('interrupt mode: the same without shadow doorbells', async (t) => {
  t.strictSame(explored({ variant: 'v0', controller: interrupt, sq: 3 }, 3).rules, lost);
  t.strictSame(explored({ variant: 'v1', controller: interrupt, sq: 3 }, 3).rules, lost);
  t.strictSame(explored({ variant: 'v3', controller: interrupt, sq: 3 }, 3).rules, []);
});

void t.test('interrupt mode with shadow doorbells: a gated queue fails the controller', async (t) => {
  const setup = { controller: interrupt, shadow: true, sq: 2 };
  const v1 = explored({ ...setup, variant: 'v1' }, 2);
  t.strictSame(v1.rules, ['EVENTIDX-CQ-LOST-WAKEUP'], 'SV-2: nobody comes back to the queue');
  t.ok(v1.failed, 'SV-3: the retry that takes nothing passes for an impossible race');
  t.ok(canFail({ ...setup, variant: 'v2' }, 2), 'SV-3 with the right eventfd');
  t.strictSame(explored({ ...setup, variant: 'v2' }, 2).rules, ['CFS-RECOVERY'], 'for nothing that is owed');
  t.notOk(canFail({ ...setup, variant: 'v3' }, 2));
  for (const wakeup of ['strict', 'loose', 'annex-b']) {
    const v3 = explored({ ...setup, variant: 'v3', driverDecisions: { wakeup } }, 4);
    t.ok(v3.complete);
    t.strictSame(v3.rules, [], `v3 kicks itself until there is room: ${wakeup}`);
  }
});

void t.test('adaptive interrupts: a lap without one ends in silence', async (t) => {
  t.strictSame(explored({ variant: 'v3-adaptive', sq: 3 }, 3).rules, [], 'less than a lap');
  t.strictSame(explored({ variant: 'v3-adaptive', sq: 3 }, 4).rules, ['INT-OWED'], 'a lap');
  const polled = { completion: 'polled' };
  t.strictSame(explored({ variant: 'v3-adaptive', sq: 3, driverDecisions: polled }, 4).rules, []);
  t.strictSame(explored({ variant: 'v3-adaptive', sq: 3, controller: { mode: 'interrupt' } }, 4).rules, []);
});

const read = (count: number): Word => ({
  do: 'submit',
  sqid: 1,
  operation: 'read',
  count,
  ring: true,
  lba: 0,
});

const burst: readonly Word[] = [
  read(6),
  { do: 'reap', cqid: 1, entries: 1 },
  { do: 'reap', cqid: 1, entries: 'all' },
];

void t.test('six commands on a completion queue of four slots, reaped one and then all', async (t) => {
  const queues = [cq(1, 4), sq(1, 8, 1)];
  for (const mode of ['polling', 'interrupt']) {
    const before = scripted({ variant: 'v0', controller: { mode }, sq: 8 }, queues, burst);
    t.strictSame(before.rules, lost, `v0, ${mode}`);
    t.ok(before.failed);
    const after = scripted({ variant: 'v3', controller: { mode }, sq: 8 }, queues, burst);
    t.strictSame(after.rules, [], `v3, ${mode}`);
    t.equal(after.posted.get(1), 6);
    t.notOk(after.failed);
  }
});

void t.test('found here: the cached head outlives its queue', async (t) => {
  const queues = [cq(1, 8), sq(1, 8, 1)];
  const words: readonly Word[] = [
    read(6),
    { do: 'reap', cqid: 1, entries: 'all' },
    read(2),
    { do: 'reap', cqid: 1, entries: 'all' },
    { do: 'delete', queue: sq(1, 8, 1) },
    { do: 'delete', queue: cq(1, 8) },
    { do: 'create', queue: cq(1, 4) },
    { do: 'create', queue: sq(1, 8, 1) },
    read(5),
  ];
  for (const variant of ['v0', 'v3'] as const) {
    t.strictSame(scripted({ variant, sq: 8 }, queues, words).rules, ['CQ-FULL-NO-POST'], variant);
  }
  const cleared: Setup = { variant: 'v3', controller: { cachedHead: 'is-cleared' }, sq: 8 };
  t.strictSame(scripted(cleared, queues, words).rules, []);
});

void t.test('found here: a host that goes by SQHD outruns the requests of its queue', async (t) => {
  const driverDecisions = { freeSlots: 'sqhd', tailDoorbell: 'batch' };
  const setup = { driver: 'reference', driverDecisions, sq: 4, cq: 8 };
  t.strictSame(explored({ ...setup, variant: 'v3' }, 6).rules, ['CQE-UNKNOWN-CID']);
});
