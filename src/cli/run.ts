/** `nvme-conform run`: loads scenarios, runs them, writes the report. */
import { renderReport } from '../report/pretty.ts';
import { suggestion } from '../scenario/nearest.ts';
import { namesOf, type Connections, type SystemRow } from './connections.ts';
import { exitCodeOf, type ExitCode } from './exit-code.ts';
import { DEFAULT_PATH, tellProblems } from './loading.ts';
import type { Output } from './output.ts';
import { progressLine } from './progress.ts';
import { UsageError } from './usage-error.ts';

export interface RunOptions {
  readonly controller?: string;
  readonly driver?: string;
  readonly seed?: number;
  readonly runs?: number;
  readonly strict?: true;
}

export async function run(
  paths: readonly string[],
  options: RunOptions,
  connections: Connections,
  output: Output,
): Promise<ExitCode> {
  const systems = await connections.systems();
  checkSystem(systems, 'controller', options.controller);
  checkSystem(systems, 'driver', options.driver);
  const load = await connections.scenarioLoader();
  const loaded = load(paths.length > 0 ? paths : [DEFAULT_PATH], systems);
  const input = tellProblems(loaded, output.notes);
  if (input.badFiles > 0) {
    output.notes.write('Nothing was run.\n');
    return exitCodeOf(undefined, input);
  }
  if (loaded.scenarios.length === 0) return exitCodeOf(undefined, input);
  const runSuite = await connections.suiteRunner();
  const { controller, driver, runs, seed = freshSeed(), strict = false } = options;
  const progress = progressLine(output.notes, output.notes.isTerminal && process.env['CI'] === undefined);
  const suite = await runSuite(
    { scenarios: loaded.scenarios, controller, driver, runs, seed, strict },
    { onResult: progress.show },
  );
  progress.clear();
  output.report.write(renderReport(suite, { ...options, seed }, output.report.look));
  if (suite.results.every(({ outcome }) => outcome === 'not-applicable') && suite.interrupted === undefined) {
    output.notes.write('Nothing ran: no scenario is applicable to this target.\n');
  }
  return exitCodeOf(suite, input);
}

function checkSystem(systems: readonly SystemRow[], role: SystemRow['role'], name: string | undefined): void {
  const names = namesOf(systems, role);
  if (name === undefined || names.includes(name)) return;
  if (/^\.{0,2}\/|\.[cm]?[jt]s$/.test(name)) {
    throw new UsageError(`'${name}': plug-ins are not supported yet`, 'see: nvme-conform list systems');
  }
  throw new UsageError(
    `unknown ${role} '${name}'`,
    suggestion(name, names) ?? 'see: nvme-conform list systems',
  );
}

/** The only thing in a run that differs from one run to the next; it is printed with the results. */
function freshSeed(): number {
  const [word = 0] = crypto.getRandomValues(new Uint32Array(1));
  return word >>> 1;
}
