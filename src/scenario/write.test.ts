import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { parseScenario } from './load.ts';
import type { known } from './loading.fixture.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.fixture.ts';
import { writeScenario } from './write.ts';

/** All names are taken for those of systems. */
const any = {
  controllers: { includes: () => true },
  drivers: { includes: () => true },
} as unknown as typeof known;

function reread(text: string): Scenario {
  const parsed = parseScenario('x.yaml', text, any);
  if ('scenario' in parsed) return parsed.scenario;
  throw new Error(
    `${parsed.diagnostics.map(({ message, hint }) => `${message} (${hint})`).join('; ')}\n${text}`,
  );
}

/** Without places, and without keys that are there and undefined. */
const bare = (scenario: Scenario): unknown =>
  JSON.parse(JSON.stringify(scenario, (key, value: unknown) => (key === 'position' ? undefined : value)));

t.test('every scenario of the suite is read as it was written', async (t) => {
  const names = readdirSync('scenarios', { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((each) => each.endsWith('.yaml'))) {
    const scenario = reread(readFileSync(`scenarios/${name}`, 'utf8'));
    t.same(bare(reread(writeScenario(scenario, { head: [] }))), bare(scenario), name);
  }
});

t.test('every scenario that can be said is read as it was written', async (t) => {
  const lines = fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 });
  const property = fc.property(scenarios, lines, lines, (scenario, head, trace) => {
    t.strictSame(bare(reread(writeScenario(scenario, { head, trace }))), bare(scenario));
  });
  const { failed, errorInstance, counterexample } = fc.check(property, { numRuns: 200, seed: 1 });
  t.notOk(failed, `${String(errorInstance)} ${JSON.stringify(counterexample)}`);
});

t.test('nothing breaks out of a comment', async (t) => {
  const hostile = ['a\nexpect: conforms', 'b\r\n- c', 'd\u2028e\u0085f', '\u001b[31m', '', '  indented'];
  const scenario = reread('nvme-conform: 1\nscenario: t\nqueues: { cq1: { size: 2 } }\nsteps: [settle]\n');
  const text = writeScenario(scenario, { head: hostile, trace: hostile });
  const lines = text.split('\n');
  t.equal(lines.filter((line) => line.startsWith('#')).length, 2 * hostile.length);
  t.ok(text.startsWith('# a\ufffdexpect: conforms\n# b\ufffd\ufffd- c\n'));
  t.notMatch(text, /[^\n\P{Cc}]|\u2028/u);
  t.same(bare(reread(text)), bare(scenario));
});

t.test('a schedule reads as bursts', async (t) => {
  const text = `nvme-conform: 1
scenario: t
queues:
  cq1: { size: 2 }
  sq1: { size: 2, cq: cq1 }
driver: { model: linux/single-pass, tags: 1 }
controller: propolis/before
workload:
  threads:
    - [ { sq: sq1, read: 2 } ]
schedule:
  - thread 0: [ write entry, "wait: [0] #2" ]
  - SQ1 fetcher: [ fetch ]
  - thread 0: [ write entry ]
expect: conforms
`;
  t.equal(writeScenario(reread(text), { head: [] }), text);
});
