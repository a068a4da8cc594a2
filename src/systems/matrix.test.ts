import { readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { systemsTable } from '../report/lists.ts';
import { loadScenarios } from '../scenario/load.ts';
import { suiteScenario } from '../suite/examine.fixture.ts';
import { examine } from '../suite/examine.ts';
import { controllers, decisionsOf, drivers } from './catalogue.ts';

const names = (systems: typeof controllers | typeof drivers): string[] =>
  systems.flatMap(({ name, aliases }) => [name, ...aliases]);
const known = { controllers: names(controllers), drivers: names(drivers), decisions: decisionsOf };
const options = { seed: 1, runs: undefined, strict: false, connection: undefined };
const systems = [...controllers, ...drivers];
const real = systems.filter(({ name }) => !/^(mutant|reference)/.test(name));

t.test('every system says which scenario shows it, and the scenario states that verdict', async (t) => {
  for (const { name, aliases, role, shownBy, violates = [] } of real) {
    if (shownBy === undefined) {
      t.fail(`${name} is shown by no scenario`);
      continue;
    }
    const stated = suiteScenario(shownBy)
      .pairings.filter((pairing) => [name, ...aliases].includes(pairing[role].model))
      .map(({ verdict }) => (verdict.kind === 'conforms' ? [] : verdict.rules).toSorted().join());
    t.ok(stated.includes(violates.toSorted().join()), `${name} in ${shownBy}: ${stated.join(' or ')}`);
  }
});

t.test('the table of the README is the one of the systems', async (t) => {
  const text = readFileSync('README.md', 'utf8');
  const [before, between, after] = text.split(
    /(?<=<!-- systems: generated -->\n\n)|(?=\n<!-- end of systems -->)/,
  );
  const table = systemsTable(systems);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync('README.md', `${before}${table}${after}`);
  else t.equal(between, table, 'UPDATE_GOLDEN=1 approves a change');
});

t.test('what is known to fail in fixed variants still does, as recorded', async (t) => {
  const { scenarios, diagnostics } = loadScenarios(['fixtures/findings'], known);
  t.same(diagnostics, []);
  for (const scenario of scenarios) {
    for (const pairing of scenario.pairings) {
      const { outcome, reason } = examine(scenario, pairing, options, () => false);
      t.equal(outcome, 'as-expected', `${scenario.file}: ${reason ?? ''}`);
    }
  }
  t.ok(scenarios.length > 20);
});
