/** Arbitrary scenarios, of every word of the language, such as can be loaded. */
import fc from 'fast-check';
import { rules } from '../spec/catalogue.ts';
import type {
  Body,
  CompletionQueuePlan,
  ControlOperation,
  Expectation,
  ModelChoice,
  Pairing,
  QueuePlan,
  Scenario,
  Step,
  SubmissionQueuePlan,
  Verdict,
} from './scenario.ts';

const position = { line: 1, column: 1 };

const cqOf = (qid: number): fc.Arbitrary<CompletionQueuePlan> =>
  fc.record({
    ring: fc.constant('cq' as const),
    name: fc.constant(`cq${qid}`),
    qid: fc.constant(qid),
    size: fc.integer({ min: 2, max: 9 }),
    vector: fc.constantFrom(undefined, qid, 0),
    created: fc.boolean(),
    position: fc.constant(position),
  });
const sqOf = (qid: number, cqs: readonly CompletionQueuePlan[]): fc.Arbitrary<SubmissionQueuePlan> =>
  fc
    .record({ size: fc.integer({ min: 2, max: 9 }), cq: fc.constantFrom(...cqs), created: fc.boolean() })
    .map(({ size, cq, created }) => ({
      ring: 'sq',
      name: `sq${qid}`,
      qid,
      size,
      cqid: cq.qid,
      created: created && cq.created,
      position,
    }));
const queues: fc.Arbitrary<readonly QueuePlan[]> = fc
  .tuple(cqOf(1), cqOf(2), cqOf(3))
  .chain((cqs) => fc.tuple(sqOf(1, cqs), sqOf(2, cqs)).map((sqs) => [...cqs, ...sqs]));

const operation = fc.record({
  sqid: fc.constantFrom(1, 2),
  operation: fc.constantFrom('read' as const, 'write' as const, 'flush' as const),
  count: fc.constant(1),
  lba: fc.constantFrom(0, 7),
});
const resetKind = fc.constantFrom('cc-en' as const, 'flr' as const, 'conventional' as const, 'nssr' as const);
const vector = fc.nat({ max: 3 });
const masking = fc.constantFrom('mask' as const, 'unmask' as const);

/** One order of expectations is as good as another, but the loader keeps to its own. */
function ordered(expectations: readonly Expectation[]): readonly Expectation[] {
  const order = ['posted', 'unread', 'full', 'fetched', 'status', 'event'];
  const key = (each: Expectation): string => `${'cqid' in each} ${'sqid' in each && each.sqid} ${each.what}`;
  const distinct = new Map(expectations.map((each) => [key(each), each]));
  const inOrder = [...distinct.values()].toSorted((a, b) => order.indexOf(a.what) - order.indexOf(b.what));
  const groups = new Map<string, Expectation[]>();
  for (const each of inOrder) {
    const group = 'cqid' in each ? `cq${each.cqid}` : 'sqid' in each ? `sq${each.sqid}` : 'event';
    groups.set(group, [...(groups.get(group) ?? []), each]);
  }
  return [...groups.values()].flat();
}

const expectation: fc.Arbitrary<Expectation> = fc.oneof(
  fc.record({
    position: fc.constant(position),
    what: fc.constantFrom('posted' as const, 'unread' as const),
    cqid: fc.constant(1),
    value: fc.nat({ max: 1 }),
  }),
  fc.record({
    position: fc.constant(position),
    what: fc.constant('full' as const),
    cqid: fc.constant(1),
    value: fc.boolean(),
  }),
  fc.record({
    position: fc.constant(position),
    what: fc.constant('fetched' as const),
    sqid: fc.constant(1),
    value: fc.nat({ max: 9 }),
  }),
  fc.record({
    position: fc.constant(position),
    what: fc.constant('status' as const),
    sqid: fc.nat({ max: 2 }),
    value: fc.constantFrom(0, 4, 0x101, 0x7ff),
  }),
  fc.record({
    position: fc.constant(position),
    what: fc.constant('event' as const),
    value: fc.constantFrom(0x1_0000, 0x1_0100, 5),
  }),
);

/** What a script of queues that all exist may say. */
const steps = (plans: readonly QueuePlan[]): fc.Arbitrary<readonly Step[]> => {
  const changed = fc
    .tuple(fc.constantFrom(...plans), fc.option(fc.integer({ min: 1, max: 70 }), { nil: undefined }))
    .map(([plan, size]): QueuePlan => (size === undefined ? plan : { ...plan, size, created: false }));
  const words: fc.Arbitrary<object> = fc.oneof(
    fc.constantFrom('enable', 'disable', 'doorbell-buffer', 'aer', 'settle').map((word) => ({ do: word })),
    fc.tuple(operation, fc.boolean()).map(([each, ring]) => ({ do: 'submit', ...each, ring })),
    fc.record({ do: fc.constant('ring'), sqid: fc.constantFrom(1, 2) }),
    fc.record({
      do: fc.constantFrom('consume', 'reap'),
      cqid: fc.constantFrom(1, 2, 3),
      entries: fc.constantFrom('all' as const, 1, 3),
    }),
    fc.record({ do: fc.constant('reset'), kind: resetKind }),
    fc.record({ do: fc.constantFrom('create', 'delete'), queue: changed }),
    fc.record({ do: masking, vector: fc.oneof(vector, fc.constant('function')) }),
    fc.record({ do: fc.constantFrom('hold', 'release'), what: fc.constantFrom('fetch', 'execute', 'post') }),
    fc.record({
      do: fc.constant('write'),
      target: fc.oneof(
        fc.constantFrom({ kind: 'register', offset: 0x14 }, { kind: 'register', offset: 0xff8 }),
        fc.record({
          kind: fc.constantFrom('doorbell', 'shadow'),
          ring: fc.constantFrom('sq', 'cq'),
          qid: fc.nat({ max: 2 }),
        }),
      ),
      value: fc.nat(),
    }),
  );
  const placed = fc.array(words).map((list) => list.map((word) => ({ position, ...word }) as Step));
  const last = fc.array(expectation, { minLength: 1 }).map((list) => ordered(list));
  const created = plans.map((queue): Step => ({ position, do: 'create', queue }));
  const abort: Step = { position, do: 'abort', sqid: 1, command: 0 };
  const submit: Step = { position, do: 'submit', sqid: 1, operation: 'read', count: 1, ring: true, lba: 0 };
  return fc
    .tuple(placed, last)
    .map(([middle, expectations]) => [
      ...created,
      submit,
      abort,
      ...middle,
      { position, do: 'settle' },
      { position, do: 'expect', expectations },
    ]);
};

const control = (plans: readonly QueuePlan[]): fc.Arbitrary<readonly ControlOperation[]> => {
  const resized = fc
    .tuple(fc.constantFrom(...plans), fc.integer({ min: 2, max: 9 }))
    .map(([plan, size]) => ({ do: 'create', queue: { ...plan, size } }));
  const words: fc.Arbitrary<readonly object[]> = fc.oneof(
    fc.constantFrom('save', 'inspect', 'next-aen', 'doorbell-buffer').map((word) => [{ do: word }]),
    fc.constant([{ do: 'save' }, { do: 'restore' }]),
    fc.record({ do: masking, vector }).map((word) => [word]),
    fc.constantFrom(...plans).map((queue) => [{ do: 'delete', queue }]),
    resized.map((word) => [word]),
    resetKind.map((kind) => [{ do: 'reset', kind }]),
    fc.constant([{ do: 'abort', sqid: 1, command: 0 }]),
  );
  return fc
    .array(words, { maxLength: 20 })
    .map((list) => list.flat().map((word) => ({ position, ...word }) as ControlOperation));
};

const workload = (plans: readonly QueuePlan[]): fc.Arbitrary<Body> =>
  fc
    .tuple(fc.array(fc.array(operation, { minLength: 1 }), { maxLength: 5 }), control(plans))
    .map(([threads, actions]) => ({
      kind: 'workload',
      threads: [[{ sqid: 1, operation: 'read', count: 2, lba: 0 }], ...threads],
      control: actions,
    }));

const idsOf = (party: 'host' | 'controller'): fc.Arbitrary<string> =>
  fc.constantFrom(...rules.filter((rule) => rule.party === party).map(({ id }) => id));
const verdict: fc.Arbitrary<Verdict> = fc.oneof(
  fc.constant<Verdict>({ kind: 'conforms' }),
  fc
    .tuple(
      fc.constantFrom('violates', 'violates-any'),
      fc.uniqueArray(idsOf('controller'), { minLength: 1, maxLength: 3 }),
    )
    .map(([kind, list]) => ({ kind, rules: list }) as Verdict),
);

const driver: fc.Arbitrary<ModelChoice> = fc.oneof(
  fc.constantFrom('reference', 'linux/single-pass').map((model) => ({ model, decisions: {} })),
  fc.record({
    model: fc.constantFrom('reference', 'linux/single-pass'),
    decisions: fc.record({ tags: fc.integer({ min: 1, max: 9 }), wakeup: fc.constant('loose') }),
  }),
);
const scriptDriver: fc.Arbitrary<ModelChoice> = fc.constantFrom(
  { model: 'reference', decisions: {} },
  { model: 'reference', decisions: { wakeup: 'annex-b' } },
);
const controller: fc.Arbitrary<ModelChoice> = fc.oneof(
  fc.constantFrom('reference', 'propolis/before').map((model) => ({ model, decisions: {} })),
  fc.record({
    model: fc.constant('reference'),
    decisions: fc.record({ commands: fc.nat({ max: 3 }), odd: fc.constantFrom('a: b', true, '#') }),
  }),
);
/** At least one pair, each once; of a script, all with one host. */
const pairings = (isScript: boolean): fc.Arbitrary<readonly Pairing[]> =>
  (isScript ? scriptDriver : driver).chain((common) =>
    fc.uniqueArray(
      fc.record({
        driver: isScript ? fc.constant(common) : fc.oneof(fc.constant(common), driver),
        controller,
        verdict,
        position: fc.constant(position),
      }),
      { minLength: 1, maxLength: 4, selector: (each) => JSON.stringify([each.driver, each.controller]) },
    ),
  );

/** Process and step names are whatever a model calls them. */
const name = fc
  .oneof(
    fc.constantFrom('SQ1 fetcher', 'a: b', '# x', 'wait [0]', '"q"', 'null', '~', '7', '- x'),
    fc.string({ unit: 'grapheme' }),
  )
  .filter(
    (text) =>
      text.length > 0 && text.length <= 200 && !/\p{Cc}/u.test(text) && text !== '__proto__' && text !== '<<',
  );
const schedule = fc.option(
  fc.array(fc.record({ position: fc.constant(position), process: name, step: name }), { size: 'medium' }),
  { nil: undefined },
);
const title = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .map((text) => text.replace(/\p{Cc}/gu, '').trim())
  .filter((text) => text !== '');

export const scenarios: fc.Arbitrary<Scenario> = fc
  .tuple(queues, fc.boolean(), schedule)
  .chain(([plans, isScript, scheduled]) =>
    fc
      .record({
        file: fc.constant('x.yaml'),
        title,
        rules: fc.constantFrom<Scenario['rules']>([], ['CQ-FULL-NO-LOSS', 'CMD-COMPLETES']),
        provokes: isScript ? fc.uniqueArray(idsOf('host'), { maxLength: 2 }) : fc.constant([]),
        doorbellBuffer: fc.constantFrom('never', 'before-queues', 'between-queues', 'after-queues'),
        queues: fc.constant(plans),
        body: isScript ? steps(plans).map((list): Body => ({ kind: 'steps', steps: list })) : workload(plans),
        exploration: fc.record({
          scripted: fc.constant(true),
          random: scheduled ? fc.constant(undefined) : fc.constantFrom(undefined, { runs: 5, steps: 9 }),
          exhaustive: scheduled
            ? fc.constant(undefined)
            : fc.constantFrom(undefined, { states: 5, depth: 9 }),
        }),
        pairings: pairings(isScript),
      })
      .map((rest) => {
        const wakeup = isScript ? rest.pairings[0]?.driver.decisions['wakeup'] : undefined;
        return { ...rest, wakeup, ...(scheduled && { schedule: scheduled }) } as Scenario;
      }),
  );
