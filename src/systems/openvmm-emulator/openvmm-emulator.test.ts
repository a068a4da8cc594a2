import t from 'tap';
import { byDefault, runToEnd } from '../../explore/schedule.ts';
import type { LinkEvent } from '../../link/events.ts';
import { build } from '../../scenario/build.ts';
import type { Body, ControlOperation, Position, QueuePlan, Scenario, Step } from '../../scenario/scenario.ts';
import { wakeupFormulas } from '../../spec/wakeup.ts';
import type { World } from '../../world/world.ts';
import type { Overrides } from '../system.ts';
import { errorsOf } from '../searched.fixture.ts';

const position: Position = { line: 1, column: 1 };

interface Case {
  readonly variant: string;
  /** Slots of the completion queue and of each submission queue; reads on each. */
  readonly cq: number;
  readonly sq: number;
  readonly k?: number;
  readonly sqs?: number;
  readonly driver?: Overrides;
  readonly doorbellBuffer?: Scenario['doorbellBuffer'];
  readonly control?: readonly ControlOperation[];
  readonly decisions?: Overrides;
  readonly steps?: readonly Step[];
}

function worldOf({ variant, cq, sq, k = 1, sqs = 1, ...given }: Case): World {
  const rings: QueuePlan[] = Array.from({ length: sqs }, (_, index) => {
    const qid = index + 1;
    return { ring: 'sq', name: `sq${qid}`, qid, size: sq, cqid: 1, created: true, position };
  });
  const body: Body = given.steps
    ? { kind: 'steps', steps: given.steps }
    : {
        kind: 'workload',
        threads: rings.map(({ qid }) => [{ sqid: qid, operation: 'read', count: k, lba: 0 }]),
        control: given.control ?? [],
      };
  const scenario: Scenario = {
    file: 'openvmm-emulator.test.ts',
    title: 'reads',
    rules: [],
    provokes: [],
    doorbellBuffer: given.doorbellBuffer ?? 'after-queues',
    queues: [{ ring: 'cq', name: 'cq1', qid: 1, size: cq, vector: 1, created: true, position }, ...rings],
    wakeup: undefined,
    body,
    exploration: { scripted: true, random: undefined, exhaustive: undefined },
    pairings: [],
  };
  const { world } = build(scenario, {
    driver: { model: 'reference', decisions: given.driver ?? {} },
    controller: { model: `openvmm-emulator/${variant}`, decisions: given.decisions ?? {} },
    verdict: { kind: 'conforms' },
    position,
  });
  if (!world.bringUp()) throw new Error('bring-up hangs');
  world.restart();
  return world;
}

const errors = (given: Case): string[] => errorsOf(worldOf(given));

/** What crosses the link in the run by the default policy. */
function events(given: Case): LinkEvent[] {
  const world = worldOf(given);
  world.recorder.recording = true;
  runToEnd(world, 10_000, byDefault);
  return [...world.recorder.events];
}

const CQ_LOST = 'EVENTIDX-CQ-LOST-WAKEUP';

void t.test('pre-1582: the sleep on a full CQ of three slots takes three commands', (t) => {
  for (const wakeup of ['strict', 'annex-b']) {
    const found = (k: number): boolean =>
      errors({ variant: 'pre-1582', cq: 3, sq: 3, k, driver: { wakeup } }).includes(CQ_LOST);
    t.notOk(found(2), `${wakeup}, 2 reads`);
    t.ok(found(3), `${wakeup}, 3 reads`);
  }
  t.end();
});

void t.test(
  'pre-1582: the register that is overwritten is the only thing that a single read on each look shows',
  (t) => {
    const row: Case = { variant: 'pre-1582', cq: 8, sq: 4, k: 2, driver: { tags: 1 } };
    t.same(errors(row), ['CMD-COMPLETES']);
    t.same(
      errors({ ...row, k: 1 }),
      [],
      'before the first command the shadow entry says that it is not in use',
    );
    t.same(errors({ ...row, doorbellBuffer: 'never' }), [], 'nor without shadow doorbells');
    t.same(
      errors({ ...row, decisions: { doorbells: 'one-memory', configuredEventIdx: 'doorbell-values' } }),
      [],
    );
    t.end();
  },
);

void t.test(
  'pre-1582: EventIdx of the admin queue moves once for each event, twice for a queue that is deleted',
  (t) => {
    const control: ControlOperation[] = [
      {
        do: 'delete',
        queue: { ring: 'sq', name: 'sq1', qid: 1, size: 4, cqid: 1, created: true, position },
        position,
      },
    ];
    const row: Case = { variant: 'pre-1582', cq: 4, sq: 4, control };
    const moves = (given: Case): number =>
      events(given).filter((event) => event.type === 'ei.sq' && event.qid === 0).length;
    t.equal(moves(row), 2);
    t.equal(moves({ ...row, control: [] }), 0);
    const shadow: Case = {
      ...row,
      driver: { adminDoorbells: 'shadow' },
      decisions: { configuredEventIdx: 'doorbell-values' },
    };
    const lost = (given: Case): boolean => errors(given).includes('EVENTIDX-SQ-LOST-WAKEUP');
    const create = { ...(control[0] as ControlOperation), do: 'create' } as ControlOperation;
    t.ok(lost({ ...shadow, control: [...control, create] }), 'the command after that is not rung for');
    t.notOk(lost(shadow), 'the one before was');
    t.end();
  },
);

void t.test('since 1582 no formula makes the smallest queues hang', (t) => {
  for (const variant of ['1582', 'head']) {
    for (const wakeup of wakeupFormulas) {
      const row: Case = { variant, cq: 2, sq: 2, k: 3, driver: { wakeup } };
      t.same(errors(row), [], `${variant} ${wakeup}`);
      t.same(errors({ ...row, doorbellBuffer: 'never' }), [], `${variant} ${wakeup}, registers`);
    }
  }
  t.end();
});

void t.test('EventIdx is armed to the value that was read, and only before a sleep', (t) => {
  const written = events({ variant: 'head', cq: 8, sq: 8, k: 3 }).flatMap((event) =>
    event.type === 'ei.sq' && event.qid === 1 ? [event.value] : [],
  );
  t.ok(written.length > 0);
  t.same(
    written,
    written.toSorted((a, b) => a - b),
  );
  t.equal(written.at(-1), 3, 'asleep with nothing left');
  t.end();
});

void t.test(
  'a second submission queue makes no difference since 1945, and a full CQ stops no fetching',
  (t) => {
    t.throws(() => worldOf({ variant: '1582', cq: 4, sq: 4, sqs: 2 }), /refused/);
    t.same(errors({ variant: 'head', cq: 2, sq: 2, sqs: 2 }), []);
    const full: Step[] = [
      { do: 'submit', sqid: 1, operation: 'read', count: 1, lba: 0, ring: true, position },
      { do: 'settle', position },
      { do: 'submit', sqid: 1, operation: 'read', count: 2, lba: 0, ring: true, position },
      { do: 'settle', position },
    ];
    const fetched = (variant: string): number =>
      events({ variant, cq: 2, sq: 4, steps: full }).filter(
        (event) => event.type === 'sqe.fetch' && event.sqid === 1,
      ).length;
    t.equal(fetched('1582'), 1, 'waits for room even to fetch');
    t.equal(fetched('1945'), 3, 'completions wait in their list');
    t.end();
  },
);

void t.test('a command that names no namespace is answered, or takes the emulator with it', (t) => {
  const steps: Step[] = [
    { do: 'submit', sqid: 1, operation: 'read', count: 1, lba: 0, nsid: 2, ring: true, position },
    { do: 'settle', position },
  ];
  for (const [variant, answered] of [
    ['pre-1582', 1],
    ['1582', 1],
    ['1945', 0],
    ['3474', 1],
  ] as const) {
    const posts = events({ variant, cq: 4, sq: 4, steps }).filter(
      (event) => event.type === 'cqe.post' && event.cqid === 1,
    );
    t.equal(posts.length, answered, variant);
    t.ok(
      posts.every((event) => event.type === 'cqe.post' && event.status === 0x00b),
      'Invalid Namespace or Format',
    );
  }
  t.end();
});
