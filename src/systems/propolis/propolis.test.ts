import t from 'tap';
import { exploreRandomly } from '../../explore/random.ts';
import { byDefault, runToEnd } from '../../explore/schedule.ts';
import { build } from '../../scenario/build.ts';
import type { Body, ControlOperation, Position, QueuePlan, Scenario } from '../../scenario/scenario.ts';
import { type WakeupFormula, wakeupFormulas } from '../../spec/wakeup.ts';
import type { World } from '../../world/world.ts';
import type { Overrides } from '../system.ts';
import { errorsOf } from '../searched.fixture.ts';

const position: Position = { line: 1, column: 1 };
const LOST = 'EVENTIDX-CQ-LOST-WAKEUP';

interface Case {
  readonly system: string;
  /** Slots of the completion queue and of each submission queue, tags and reads of each. */
  readonly cq: number;
  readonly sq: number;
  readonly tags: number;
  readonly k: number;
  readonly sqs?: number;
  /** Threads for each submission queue. */
  readonly threads?: number;
  readonly wakeup?: WakeupFormula;
  readonly driver?: string;
  readonly doorbellBuffer?: Scenario['doorbellBuffer'];
  readonly control?: readonly ControlOperation[];
  readonly decisions?: Overrides;
  readonly polled?: boolean;
}

function worldOf(given: Case): World {
  const { sqs = 1, threads = 1, wakeup = 'strict', driver = 'linux/single-pass', decisions = {} } = given;
  const rings: QueuePlan[] = Array.from({ length: sqs }, (_, index) => {
    const qid = index + 1;
    return { ring: 'sq', name: `sq${qid}`, qid, size: given.sq, cqid: 1, created: true, position };
  });
  const vector = given.polled ? undefined : 1;
  const body: Body = {
    kind: 'workload',
    threads: rings.flatMap(({ qid }) =>
      Array.from({ length: threads }, () => [
        { sqid: qid, operation: 'read' as const, count: given.k, lba: 0 },
      ]),
    ),
    control: given.control ?? [],
  };
  const scenario: Scenario = {
    file: 'propolis.test.ts',
    title: 'reads',
    rules: [],
    provokes: [],
    doorbellBuffer: given.doorbellBuffer ?? 'after-queues',
    queues: [{ ring: 'cq', name: 'cq1', qid: 1, size: given.cq, vector, created: true, position }, ...rings],
    wakeup: undefined,
    body,
    exploration: { scripted: true, random: undefined, exhaustive: undefined },
    pairings: [],
  };
  const { world } = build(scenario, {
    driver: { model: driver, decisions: { wakeup, tags: given.tags } },
    controller: { model: given.system, decisions },
    verdict: { kind: 'conforms' },
    position,
  });
  if (!world.bringUp()) throw new Error('bring-up hangs');
  world.restart();
  return world;
}

const errors = (given: Case): string[] => errorsOf(worldOf(given));

const one: Overrides = { workers: 1 };

void t.test('before: the smallest number of reads that hang, and only by the strict formula', (t) => {
  for (const [cq, sq, tags, k] of [
    [2, 2, 1, 2],
    [2, 4, 2, 2],
    [2, 4, 3, 2],
    [3, 3, 2, 3],
    [3, 4, 3, 3],
  ] as const) {
    const row: Case = { system: 'propolis/before', cq, sq, tags, k, decisions: one };
    const title = `${cq}/${sq}/${tags}`;
    t.same(errors({ ...row, k: k - 1 }), [], `${title} with ${k - 1}`);
    t.same(errors(row), [LOST], `${title} with ${k}`);
    for (const wakeup of ['loose', 'annex-b'] as const)
      t.same(errors({ ...row, wakeup }), [], `${title} ${wakeup}`);
  }
  t.same(errors({ system: 'propolis/before', cq: 2, sq: 2, tags: 1, k: 2 }), [LOST], 'with two workers');
  t.same(errors({ system: 'propolis/before', cq: 2, sq: 2, tags: 1, k: 2, polled: true }), [LOST], 'polled');
  t.end();
});

void t.test('before: the head doorbell first hides it, unless more is outstanding than the CQ holds', (t) => {
  const row: Case = {
    system: 'propolis/before',
    driver: 'linux/doorbell-first',
    cq: 3,
    sq: 3,
    tags: 2,
    k: 3,
    decisions: one,
  };
  t.same(errors(row), []);
  t.same(errors({ ...row, cq: 2, sq: 4, tags: 3 }), [LOST]);
  t.end();
});

void t.test('before: random exploration finds it', (t) => {
  const world = worldOf({ system: 'propolis/before', cq: 2, sq: 2, tags: 1, k: 2 });
  const result = exploreRandomly(world, { runs: 200, steps: 500, seed: 1 }, () => false);
  t.same([...new Set(result.found.map(({ finding }) => finding.rule))], [LOST]);
  t.equal(result.unfinished, 0);
  t.end();
});

void t.test('after: the trace of the issue passes', (t) => {
  t.same(errors({ system: 'propolis/after', cq: 2, sq: 2, tags: 1, k: 2 }), []);
  t.same(errors({ system: 'propolis/after', cq: 3, sq: 3, tags: 2, k: 4, decisions: one }), []);
  t.same(errors({ system: 'propolis/after', cq: 3, sq: 4, tags: 3, k: 3, decisions: one }), []);
  t.end();
});

void t.test('after: a CQ of two entries never has more than one, so EventIdx stays where it was', (t) => {
  const row: Case = { system: 'propolis/after', cq: 2, sq: 2, tags: 1, k: 3, decisions: one };
  t.same(errors(row), [LOST]);
  t.same(errors({ ...row, sq: 4, tags: 2 }), [LOST]);
  t.same(errors({ ...row, wakeup: 'loose' }), []);
  t.end();
});

void t.test('before and after: with two workers SQHD passes an entry that is not read yet', (t) => {
  const row: Case = { system: 'propolis/after', cq: 3, sq: 3, tags: 2, k: 2, doorbellBuffer: 'never' };
  t.same(errors(row), ['SQHD-NOT-AHEAD']);
  t.same(errors({ ...row, decisions: { sqHeadPublished: 'after-entry-is-read' } }), []);
  t.same(errors({ ...row, decisions: one }), []);
  t.end();
});

void t.test(
  'before and after: a permit that is remitted wakes nobody, with or without shadow doorbells',
  (t) => {
    for (const system of ['propolis/before', 'propolis/after']) {
      const row: Case = {
        system,
        cq: 2,
        sq: 2,
        tags: 1,
        k: 1,
        sqs: 2,
        doorbellBuffer: 'never',
        decisions: one,
      };
      t.same(errors(row), ['CMD-COMPLETES', 'CQ-FULL-RESUME'], system);
      // Then the workers may hand the last permit round for long; but the one with an entry can always get it.
      const kicks = { ...one, kickWhenAvailRises: true };
      t.same(errors({ ...row, decisions: kicks }), [], `${system} that kicks`);
      t.same(
        errors({ ...row, decisions: { ...kicks, looksBeforeItReserves: true } }),
        [],
        `${system} that kicks, and takes no permit for nothing`,
      );
    }
    t.end();
  },
);

void t.test(
  'before and after: Doorbell Buffer Config on queues that have moved leaves SQ EventIdx behind',
  (t) => {
    const control: ControlOperation[] = [{ do: 'doorbell-buffer', position }];
    const row: Case = {
      system: 'propolis/after',
      cq: 3,
      sq: 3,
      tags: 2,
      k: 3,
      doorbellBuffer: 'never',
      control,
      decisions: one,
    };
    t.same(errors(row), ['EVENTIDX-SQ-LOST-WAKEUP']);
    t.same(errors({ ...row, decisions: { ...one, configuredEventIdx: 'index-in-use' } }), []);
    t.end();
  },
);

void t.test(
  'Doorbell Buffer Config once more stores an older tail over the one that the guest has published',
  (t) => {
    const row: Case = {
      system: 'propolis/ideal',
      driver: 'reference',
      cq: 3,
      sq: 3,
      tags: 2,
      k: 3,
      doorbellBuffer: 'before-queues',
      control: [{ do: 'doorbell-buffer', position }],
      decisions: one,
    };
    t.same(errors(row), []);
    const decisions = { ...one, reconfiguredShadow: 'index-in-use' };
    t.same(errors({ ...row, decisions }), ['EVENTIDX-SQ-LOST-WAKEUP']);
    t.end();
  },
);

void t.test('without shadow doorbells one SQ on one CQ conforms', (t) => {
  for (const system of ['propolis/before', 'propolis/after', 'propolis/ideal']) {
    t.same(errors({ system, cq: 2, sq: 2, tags: 1, k: 2, doorbellBuffer: 'never' }), [], system);
    t.same(
      errors({ system, cq: 3, sq: 3, tags: 2, k: 3, doorbellBuffer: 'never', decisions: one }),
      [],
      system,
    );
    t.same(
      errors({ system, cq: 2, sq: 4, tags: 3, k: 4, doorbellBuffer: 'never', decisions: one }),
      [],
      system,
    );
  }
  t.end();
});

void t.test('ideal: no formula and no order of completion makes it hang', (t) => {
  for (const wakeup of wakeupFormulas) {
    for (const driver of ['linux/single-pass', 'linux/doorbell-first']) {
      const row: Case = { system: 'propolis/ideal', wakeup, driver, cq: 2, sq: 2, tags: 1, k: 3 };
      t.same(errors(row), [], `2/2/1 ${wakeup} ${driver}`);
      t.same(
        errors({ ...row, cq: 3, sq: 3, tags: 2, k: 4, decisions: one }),
        [],
        `3/3/2 ${wakeup} ${driver}`,
      );
      t.same(
        errors({ ...row, cq: 2, sq: 4, tags: 3, k: 3, decisions: one }),
        [],
        `2/4/3 ${wakeup} ${driver}`,
      );
    }
  }
  t.end();
});

void t.test('ideal: two SQs on one CQ, two threads on one SQ, a late doorbell buffer', (t) => {
  const row: Case = { system: 'propolis/ideal', cq: 2, sq: 2, tags: 1, k: 1, sqs: 2, decisions: one };
  t.same(errors(row), []);
  t.same(errors({ ...row, k: 2, doorbellBuffer: 'never' }), []);
  t.same(errors({ ...row, cq: 3, sq: 3, tags: 2, sqs: 1, threads: 2 }), []);
  const control: ControlOperation[] = [{ do: 'doorbell-buffer', position }];
  t.same(errors({ ...row, cq: 3, sq: 3, tags: 2, k: 3, sqs: 1, doorbellBuffer: 'never', control }), []);
  t.end();
});

void t.test('an Asynchronous Event Request is answered at once with Invalid Opcode', (t) => {
  const control: ControlOperation[] = [{ do: 'next-aen', position }];
  const world = worldOf({ system: 'propolis/after', cq: 2, sq: 2, tags: 1, k: 1, control });
  world.recorder.recording = true;
  runToEnd(world, 1000, byDefault);
  const statuses = world.recorder.events.flatMap((event) =>
    event.type === 'cqe.post' && event.cqid === 0 && event.status !== 0 ? [event.status] : [],
  );
  t.same(statuses, [0x001]);
  t.end();
});
