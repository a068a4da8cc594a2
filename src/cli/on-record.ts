/** What is known of the systems of a fuzz session: from the list of systems, and from the findings that the package keeps. */
import { basename, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Target } from '../fuzz/generate.ts';
import type { SystemOnRecord } from '../report/on-record.ts';
import type { Pairing } from '../scenario/scenario.ts';
import { ruleById } from '../spec/catalogue.ts';
import type { RuleId } from '../spec/rule.ts';
import type { LoadScenarios, SystemRow } from './connections.ts';

/** Stands two folders above both `src/cli` and `dist/cli`. */
const kept = fileURLToPath(new URL('../../fixtures/findings', import.meta.url));

/** `targets`: pairs of systems under test; those that are generated have nothing on record. */
export function recordsOf(
  targets: readonly Target[],
  systems: readonly SystemRow[],
  load: LoadScenarios,
): readonly SystemOnRecord[] {
  const rows = systems.filter(({ role, name, aliases }) =>
    targets.some((target) => [name, ...aliases].includes(target[role]?.model ?? '')),
  );
  if (rows.length === 0) return [];
  const folder = relative('.', kept).split(sep).join('/');
  const { scenarios } = load([folder], systems);
  return rows.map(({ role, name, aliases, knownFor, shownBy = '', violates = [] }) => {
    const names = [name, ...aliases];
    const findings = scenarios.map(({ file, pairings }) => {
      const about = pairings.filter((pairing) => names.includes(pairing[role].model));
      return { name: basename(file), rules: about.flatMap((pairing) => rulesBroken(pairing, role)) };
    });
    // What it is known for need not be a finding: then its scenario shows it.
    const shown = { name: `../../scenarios/${shownBy}.yaml`, rules: ofRole(violates, role) };
    const known = [...findings, shown].filter(({ rules }) => rules.length > 0);
    return { role, names, knownFor, folder, findings: known };
  });
}

/** What a recorded finding is stated to violate, as far as it is this system's to keep: the other one may be to blame. */
function rulesBroken({ verdict }: Pairing, role: SystemRow['role']): readonly RuleId[] {
  return verdict.kind === 'conforms' ? [] : ofRole(verdict.rules, role);
}

function ofRole(rules: readonly RuleId[], role: SystemRow['role']): readonly RuleId[] {
  const party = role === 'driver' ? 'host' : 'controller';
  return rules.filter((rule) => [party, 'both'].includes(ruleById(rule)?.party ?? ''));
}
