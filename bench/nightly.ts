/**
 * Searches every scope of the reference pair exhaustively: no rule may ever fire on it. Takes hours; what exceeds the
 * bound on states is said. `npm run nightly [-- STATES]`, 40 million by default; exit 1 on a finding, 6 on a bound.
 */
import { everyScope, nameOf, searched } from '../src/suite/reference-matrix.fixture.ts';

const states = Number(process.argv[2] ?? 40_000_000);
let findings = 0;
let bounded = 0;
for (const scope of everyScope()) {
  const result = searched(scope, states);
  const verdict = result.complete ? 'complete' : `not complete: ${result.because}`;
  process.stdout.write(`${nameOf(scope)}: ${result.states} states, ${verdict}\n`);
  for (const { finding } of result.found) process.stdout.write(`  ${finding.severity}: ${finding.rule}\n`);
  findings += result.found.filter(({ finding }) => finding.severity !== 'info').length;
  if (!result.complete) bounded++;
}
process.stdout.write(`${findings} findings, ${bounded} scopes beyond ${states} states\n`);
process.exitCode = findings > 0 ? 1 : bounded > 0 ? 6 : 0;
