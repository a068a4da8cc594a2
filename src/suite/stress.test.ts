import fc from 'fast-check';
import t from 'tap';
import type { ControlAction, Io } from '../driver/plan.ts';
import { exploreExhaustively } from '../explore/exhaustive.ts';
import { runToEnd } from '../explore/schedule.ts';
import { scheduleFrom, type Stress, stresses, worldOf } from './stress.fixture.ts';

/** Choices of a schedule; where they end, the default policy goes on. */
const CHOICES = 600;
/** More than any of these worlds takes to become quiet. */
const STEPS = 20_000;

/** What is wrong with the runs of a world, in words; nothing if all is well. */
function complaints(stress: Stress, seed: number, runs: number): string[] {
  const world = worldOf(stress);
  if (!world.bringUp()) return ['bring-up does not come to its end'];
  for (let run = 0; run < runs; run++) {
    world.restart();
    const { ended } = runToEnd(world, STEPS, scheduleFrom(seed + run, world, CHOICES));
    const fired = world.findings.filter(({ severity }) => severity !== 'info');
    const found = fired.map(({ rule, party, severity }) => `${rule} (${party}, ${severity}) in run ${run}`);
    if (found.length > 0) return found;
    if (!ended) return [`run ${run} does not come to its end`];
  }
  return [];
}

t.test(
  'no rule fires on the reference pair, whatever its sizes, decisions and control actions are',
  async (t) => {
    const property = fc.property(stresses, fc.nat(), (stress, seed) => {
      const wrong = complaints(stress, seed, 10);
      if (wrong.length > 0) throw new Error(wrong.join('; '));
    });
    const { failed, counterexample, errorInstance } = fc.check(property, { numRuns: 400, seed: 1 });
    t.notOk(failed, `${String(errorInstance)} with ${JSON.stringify(counterexample)}`);
  },
);

const reads = (count: number, sqid: number = 1): Io[] =>
  Array.from({ length: count }, () => ({ sqid, opcode: 2, lba: 0 }));

interface Small {
  /** Slots of the completion queue and of each submission queue. */
  readonly cq: number;
  readonly sqs: readonly number[];
  readonly threads: readonly (readonly Io[])[];
  readonly control?: readonly ControlAction[];
  readonly driver?: Stress['driver']['decisions'];
  readonly model?: string;
  readonly controller?: Stress['controller']['decisions'];
}

function small({
  cq,
  sqs,
  threads,
  control = [],
  driver = {},
  model = 'reference',
  controller = {},
}: Small): Stress {
  return {
    plan: {
      adminEntries: 8,
      cqs: [{ qid: 1, size: cq, vector: 1, created: true }],
      sqs: sqs.map((size, index) => ({ qid: index + 1, size, cqid: 1, created: true })),
      doorbellBuffer: 'never',
      threads,
      control,
      eventRequests: 0,
      outstandingMax: threads.flat().length + 2,
    },
    driver: { model: 'reference', decisions: driver },
    controller: { model, decisions: controller },
    fetchVisible: true,
  };
}

// Each world below hung, or made a rule fire, before models and rules were as they are.

const searched: Readonly<Record<string, Small>> = {
  'shadow doorbells are turned on while a queue waits for a register write': {
    cq: 2,
    sqs: [3],
    threads: [reads(3)],
    control: [{ do: 'doorbell-buffer' }],
    model: 'reference/trapped',
  },
  'a doorbell write of the life before a reset is slow to arrive': {
    cq: 2,
    sqs: [2],
    threads: [reads(2)],
    control: [{ do: 'reset', kind: 'cc-en' }],
  },
  'an SQ is deleted while its commands are under way, and created again': {
    cq: 2,
    sqs: [3],
    threads: [reads(3)],
    control: [
      { do: 'delete-sq', qid: 1 },
      { do: 'create-sq', qid: 1 },
    ],
  },
  'an SQ is deleted and comes back larger': {
    cq: 2,
    sqs: [2],
    threads: [reads(3)],
    control: [
      { do: 'delete-sq', qid: 1 },
      { do: 'create-sq', qid: 1, size: 4 },
    ],
  },
  'a CQ is deleted and comes back smaller, with a smaller SQ': {
    cq: 3,
    sqs: [3],
    threads: [reads(2)],
    control: [
      { do: 'delete-cq', qid: 1 },
      { do: 'create-cq', qid: 1, size: 2 },
      { do: 'create-sq', qid: 1, size: 2 },
    ],
  },
  'the function is reset': {
    cq: 2,
    sqs: [2],
    threads: [reads(2)],
    control: [{ do: 'reset', kind: 'flr' }],
  },
  'a command is aborted': {
    cq: 3,
    sqs: [3],
    threads: [reads(2)],
    control: [{ do: 'abort', sqid: 1, command: 1 }],
  },
  'the driver is saved and restored': {
    cq: 2,
    sqs: [3],
    threads: [reads(2)],
    control: [{ do: 'save' }, { do: 'restore' }],
  },
  'the driver is saved and restored while the controller traps shadow doorbells': {
    cq: 2,
    sqs: [2],
    threads: [reads(2)],
    control: [{ do: 'doorbell-buffer' }, { do: 'save' }, { do: 'restore' }],
    model: 'reference/trapped',
  },
  'the driver is saved while a CPU is in a register write that traps, which then comes after those of the restored one':
    {
      cq: 3,
      sqs: [3],
      threads: [reads(1), reads(1)],
      control: [{ do: 'save' }, { do: 'restore' }],
      model: 'propolis/ideal',
      controller: { workers: 1 },
    },
  'a CQ is deleted, with the SQ on it, and created again': {
    cq: 2,
    sqs: [3],
    threads: [reads(2)],
    control: [
      { do: 'delete-cq', qid: 1 },
      { do: 'create-sq', qid: 1 },
    ],
  },
};

for (const [name, given] of Object.entries(searched)) {
  t.test(name, async (t) => {
    const world = worldOf(small(given));
    t.ok(world.bringUp());
    world.restart();
    const { complete, found } = exploreExhaustively(world, { states: 400_000, depth: 5_000 }, () => false);
    t.ok(complete);
    const fired = found
      .filter(({ finding }) => finding.severity !== 'info')
      .map(({ finding }) => finding.rule);
    t.same(fired, []);
  });
}

const sampled: Readonly<Record<string, Small>> = {
  'commands that wait for a full queue leave the admin queue a place': {
    cq: 3,
    sqs: [3, 4],
    threads: [[...reads(3, 2), ...reads(2)]],
    control: [{ do: 'doorbell-buffer' }],
    controller: { reserveSlot: 'before-post', commands: 3 },
  },
  'a host that goes by SQHD is told an old one': {
    cq: 3,
    sqs: [4],
    threads: [reads(6), reads(6), reads(6)],
    driver: { freeSlots: 'sqhd' },
    controller: { sqhdTaken: 'at-fetch' },
  },
};

for (const [name, given] of Object.entries(sampled)) {
  t.test(name, async (t) => t.same(complaints(small(given), 1, 200), []));
}
