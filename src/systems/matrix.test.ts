import { readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { systemsTable } from '../report/lists.ts';
import { suiteScenario } from '../suite/examine.fixture.ts';
import { controllers, drivers } from './catalogue.ts';

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
