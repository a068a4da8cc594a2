import t from 'tap';
import { scenarioJsonSchema } from './json-schema.ts';
import { parseScenario } from './load.ts';
import { known, mistakes, script, workload } from './loading.fixture.ts';
import { MAX_SCHEDULED } from './schedule.ts';

const steps = (text: string): unknown => {
  const parsed = parseScenario('x.yaml', text, known);
  return 'scenario' in parsed ? parsed.scenario.schedule : parsed.diagnostics;
};
const at = (line: number, column: number, process: string, step: string): unknown => ({
  position: { line, column },
  process,
  step,
});

t.test('a schedule is a list of steps, each with its place', async (t) => {
  const text = workload(`schedule:
  - SQ1 thread 0: [write the entry, "wait [0]: a #2"]
  - SQ1 fetcher: fetch
  - SQ1 fetcher:
      - fetch
  - 7: ['8']`);
  t.same(steps(text), [
    at(6, 20, 'SQ1 thread 0', 'write the entry'),
    at(6, 37, 'SQ1 thread 0', 'wait [0]: a #2'),
    at(7, 18, 'SQ1 fetcher', 'fetch'),
    at(9, 9, 'SQ1 fetcher', 'fetch'),
    at(10, 9, '7', '8'),
  ]);
  t.same(steps(script('  - settle', 'schedule: [{ script: goes on }]')), [at(7, 22, 'script', 'goes on')]);
  t.same(steps(workload('schedule: []')), []);
  t.equal(steps(workload('')), undefined);
});

t.test('nothing else is explored', async (t) => {
  const parsed = parseScenario('x.yaml', workload('schedule: [{ a: b }]'), known);
  t.match(parsed, {
    scenario: { exploration: { scripted: true, random: undefined, exhaustive: undefined } },
  });
});

t.test('mistakes, each with its place', async (t) => {
  const of = (schedule: string): string[] => mistakes(workload(`schedule: ${schedule}`));
  const example = '(as in: SQ1 fetcher: [fetch])';
  const cases: readonly (readonly [schedule: string, ...wanted: string[]])[] = [
    ['{}', '5:11 expected a list, found a map'],
    ['[fetch]', `5:12 expected a process and its steps, found "fetch" ${example}`],
    ['[{}]', `5:12 expected a process and its steps, found nothing ${example}`],
    ['[{ a: b, c: d }]', '5:20 one process at a time (begin each with a dash of its own)'],
    ['[{ a: 3 }]', '5:17 expected a step, or a list of steps, found 3'],
    ['[{ a: [] }]', '5:17 no steps in it'],
    ['[{ a: [b, 3] }]', '5:21 expected text, found 3'],
    ['[{ a: "" }]', '5:17 a step has a name'],
    ['[{ a: "b\\nc" }]', '5:17 the name of a step is one line'],
    [`[{ a: ${'b'.repeat(201)} }]`, '5:17 the name of a step has at most 200 characters'],
  ];
  for (const [schedule, ...wanted] of cases) t.same(of(schedule), wanted, schedule.slice(0, 30));
  t.same(mistakes(workload('schedule: [{ a: b }]\nexplore: { exhaustive: {} }')), [
    '6:1 explore beside a schedule, which is one order of all steps',
  ]);
  t.same(mistakes(workload('schedule: [{ a: b }]').replace(/^workload.*\n/m, '')), [
    '4:1 a schedule says who steps, not what the host does (add steps or a workload)',
  ]);
});

t.test('the longest schedule can be read, a longer one is refused', async (t) => {
  const long = (count: number): string => workload(`schedule:\n${'  - SQ1 fetcher: fetch\n'.repeat(count)}`);
  const read = steps(long(MAX_SCHEDULED)) as unknown[];
  t.equal(read.length, MAX_SCHEDULED);
  t.same(read.at(-1), at(MAX_SCHEDULED + 5, 18, 'SQ1 fetcher', 'fetch'));
  t.same(mistakes(long(MAX_SCHEDULED + 1)), ['5:1 more than 20000 steps']);
});

t.test('editors know it', async (t) => {
  t.match(scenarioJsonSchema(), {
    properties: {
      schedule: {
        type: 'array',
        items: {
          type: 'object',
          minProperties: 1,
          maxProperties: 1,
          additionalProperties: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
        },
      },
    },
  });
});
