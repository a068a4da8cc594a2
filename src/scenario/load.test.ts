import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { firstMilestone } from '../spec/catalogue.ts';
import { scenarioJsonSchema } from './json-schema.ts';
import { loadScenarios, parseScenario, type Known } from './load.ts';
import { known, mistakes, script, workload } from './loading.fixture.ts';
import type { Scenario } from './scenario.ts';
import { controllers, decisionsOf, drivers } from '../systems/catalogue.ts';

function loaded(text: string): Scenario {
  const parsed = parseScenario('x.yaml', text, known);
  if ('scenario' in parsed) return parsed.scenario;
  throw new Error(parsed.diagnostics.map(({ message }) => message).join('\n'));
}

void t.test('every scenario of the suite loads', async (t) => {
  const names = (systems: typeof controllers | typeof drivers): string[] =>
    systems.flatMap(({ name, aliases }) => [name, ...aliases]);
  const { scenarios, diagnostics, notFound } = loadScenarios(['scenarios'], {
    controllers: names(controllers),
    drivers: names(drivers),
    decisions: decisionsOf,
  });
  t.same(diagnostics, []);
  t.same(notFound, []);
  t.same(
    scenarios.map(({ file }) => file).toSorted(),
    readdirSync('scenarios', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => join('scenarios', name))
      .toSorted(),
    'named as given, those in folders too',
  );
  const named = new Set(scenarios.flatMap(({ rules }) => rules));
  t.same(
    firstMilestone.filter((id) => !named.has(id)),
    [],
    'each rule of the first milestone is named somewhere',
  );
});

void t.test('a script, word by word', async (t) => {
  const { body, wakeup, pairings, doorbellBuffer, exploration } = loaded(
    script(
      `  - submit: { sq: sq1, read: 6, ring: false, lba: 9 }
  - ring: sq1
  - ring: { sq: sq1 }
  - consume: { cq: cq1, entries: 2 }
  - reap: { cq: cq1, entries: all }
  - reap: cq1
  - create: sq2
  - create: { queue: sq3, size: 1, cq: 7 }
  - create: { queue: cq2, size: 3, vector: 9 }
  - create: { queue: cq3, polled: true }
  - delete: { queue: sq2, qid: 9 }
  - abort: { sq: sq1, command: 5 }
  - mask: { vector: 1 }
  - unmask: function
  - write: { doorbell: sq2, value: 0x10 }
  - write: { shadow: cq0, value: 1 }
  - write: { register: CC, value: 0 }
  - write: { register: 0x2c, value: 0xffffffff }
  - hold: post
  - reset: nssr
  - aer
  - settle
  - expect: { cq1: { posted: 3, unread: 2, full: true }, sq1: { fetched: 1, status: 0x102 } }
  - expect: { admin: { status: abort-limit-exceeded }, event: invalid-doorbell-value }`,
      'driver: { wakeup: loose }',
    ),
  );
  t.equal(body.kind, 'steps');
  const steps = body.kind === 'steps' ? body.steps : [];
  t.same(steps[0], {
    position: { line: 6, column: 5 },
    do: 'submit',
    sqid: 1,
    operation: 'read',
    count: 6,
    lba: 9,
    ring: false,
  });
  t.match(steps.slice(1), [
    { do: 'ring', sqid: 1 },
    { do: 'ring', sqid: 1 },
    { do: 'consume', cqid: 1, entries: 2 },
    { do: 'reap', cqid: 1, entries: 'all' },
    { do: 'reap', cqid: 1, entries: 'all' },
    { do: 'create', queue: { ring: 'sq', qid: 2, size: 4, cqid: 1 } },
    { do: 'create', queue: { ring: 'sq', qid: 3, size: 1, cqid: 7 } },
    { do: 'create', queue: { ring: 'cq', qid: 2, size: 3, vector: 9 } },
    { do: 'create', queue: { ring: 'cq', qid: 3, vector: undefined } },
    { do: 'delete', queue: { ring: 'sq', qid: 9 } },
    { do: 'abort', sqid: 1, command: 5 },
    { do: 'mask', vector: 1 },
    { do: 'unmask', vector: 'function' },
    { do: 'write', target: { kind: 'doorbell', ring: 'sq', qid: 2 }, value: 16 },
    { do: 'write', target: { kind: 'shadow', ring: 'cq', qid: 0 } },
    { do: 'write', target: { kind: 'register', offset: 0x14 } },
    { do: 'write', target: { kind: 'register', offset: 0x2c }, value: 0xffff_ffff },
    { do: 'hold', what: 'post' },
    { do: 'reset', kind: 'nssr' },
    { do: 'aer' },
    { do: 'settle' },
    { expectations: [{ what: 'posted', position: { line: 28, column: 22 } }, {}, {}, {}, { value: 0x102 }] },
    {
      expectations: [
        { what: 'status', sqid: 0, value: 0x103 },
        { what: 'event', value: 0x1_0100 },
      ],
    },
  ]);
  t.equal(wakeup, 'loose');
  t.equal(doorbellBuffer, 'never');
  t.same(exploration, { scripted: true, random: undefined, exhaustive: undefined });
  t.match(pairings, [{ controller: { model: 'reference' }, verdict: { kind: 'conforms' } }]);
});

void t.test('a workload, with its defaults', async (t) => {
  const { body, wakeup, pairings, exploration } = loaded(
    workload(
      'expect: { violates: { any: [CMD-COMPLETES] } }\ndriver: { tags: sqhd, wakeup: strict, completes: late }',
    ),
  );
  t.same(body, {
    kind: 'workload',
    threads: [[{ sqid: 1, operation: 'read', count: 1, lba: 0 }]],
    control: [],
  });
  t.equal(wakeup, undefined, 'a decision of the driver, not of the scenario');
  t.same(exploration, { scripted: true, random: { runs: 100, steps: 2000 }, exhaustive: undefined });
  t.same(pairings, [
    {
      driver: { model: 'reference', decisions: { freeSlots: 'sqhd', wakeup: 'strict', completes: 'late' } },
      controller: { model: 'reference', decisions: {} },
      verdict: { kind: 'violates-any', rules: ['CMD-COMPLETES'] },
      position: { line: 5, column: 1 },
    },
  ]);
  const listed = loaded(workload('explore: { exhaustive: { depth: 9 } }\ndoorbell-buffer: true'));
  t.same(listed.exploration.random, undefined, 'explore says all that is done');
  t.same(listed.exploration.exhaustive, { states: 2_000_000, depth: 9 });
  t.equal(listed.doorbellBuffer, 'after-queues');
});

/** Mistakes of a good workload with `rest`, from line 5. */
function of(rest: string, with_ = known): string[] {
  return mistakes(workload(rest), with_);
}

void t.test('who runs against whom', async (t) => {
  const { pairings } = loaded(
    workload(`against:
  - { driver: linux/single-pass, verdict: conforms }
  - { controller: { model: propolis/after, postsEarly: true }, verdict: { violates: [CMD-COMPLETES] } }
driver: { tags: 1 }
controller: propolis/before`),
  );
  t.match(pairings, [
    { driver: { model: 'linux/single-pass', decisions: {} }, controller: { model: 'propolis/before' } },
    { driver: { decisions: { tags: 1 } }, controller: { decisions: { postsEarly: true } } },
  ]);
  t.same(of('driver: linux'), [
    '5:9 unknown driver "linux" (did you mean "linux/single-pass" or "linux/doorbell-first"?)',
  ]);
  t.same(of('against: { propolis/befor: conforms }'), [
    '5:12 unknown controller "propolis/befor" (did you mean "propolis/before"?)',
  ]);
  t.same(of('controller: ./mine.mjs'), [
    '5:13 unknown controller "./mine.mjs" (a plug-in is named on the command line: --controller ./mine.mjs)',
  ]);
  t.same(of('against: { reference: conforms }\nexpect: conforms\ncontroller: reference'), [
    '6:1 expect beside against: there every pair has a verdict of its own (leave expect out)',
    '7:1 controller beside against, which names the controllers (leave controller out)',
  ]);
  t.same(of('against: []'), ['5:10 nobody to run against']);
  t.same(of('against: [{ verdict: conforms }, { driver: reference, verdict: conforms }]'), [
    '5:34 this pair stands twice',
  ]);
  t.same(of('expect: conform'), ['5:9 unknown verdict "conform" (did you mean "conforms"?)']);
  t.same(of('expect: { violates: [] }'), ['5:21 name at least one rule']);
  t.same(of('expect: { violates: CQ-FULL }'), [
    '5:21 expected a list of rules, or { any: [...] }, found "CQ-FULL"',
  ]);
  const decisions: Known = {
    ...known,
    decisions: (party: string) =>
      party === 'controller' ? { reserveSlot: ['before-fetch', 'before-post'] } : undefined,
  };
  t.same(of('controller: { reserveSlots: x }', decisions), [
    '5:15 reference has no decision "reserveSlots" (did you mean "reserveSlot"?)',
  ]);
  t.same(of('controller: { reserveSlot: before-past }', decisions), [
    '5:28 reserveSlot cannot be "before-past" (did you mean "before-post"?)',
  ]);
});

void t.test('JSON Schema', async (t) => {
  const schema = JSON.stringify(scenarioJsonSchema());
  t.same(scenarioJsonSchema()['required'], ['nvme-conform', 'scenario']);
  for (const word of [
    'settle',
    'submit',
    'next-aen',
    'CQ-FULL-NO-LOSS',
    'invalid-queue-size',
    '^cq([1-9]|1[0-6])$',
  ]) {
    t.ok(schema.includes(JSON.stringify(word)), word);
  }
});
