/** `nvme-conform run`: loads scenarios, runs them, writes the report. */
import type { SearchLimits } from '../suite/examine.ts';
import type { Shard } from '../suite/shard.ts';
import { chosenSystems } from './chosen-systems.ts';
import type { Connections } from './connections.ts';
import { exitCodeOf, type ExitCode } from './exit-code.ts';
import { DEFAULT_PATH, tellProblems } from './loading.ts';
import type { Output } from './output.ts';
import { progressLine } from './progress.ts';
import { openReports } from './reporting.ts';
import { version } from './version.ts';

export interface RunOptions extends SearchLimits {
  readonly controller?: string;
  readonly driver?: string;
  readonly seed?: number;
  readonly runs?: number;
  readonly strict?: true;
  readonly shard?: Shard;
  /** As typed: `tap`, `junit=report.xml`. */
  readonly reporter?: readonly string[];
}

export async function run(
  paths: readonly string[],
  options: RunOptions,
  connections: Connections,
  output: Output,
): Promise<ExitCode> {
  const { systems, controller, driver, plugIns, replaced } = await chosenSystems(options, connections);
  const progress = progressLine(output.notes, output.notes.isTerminal && process.env['CI'] === undefined);
  const reports = openReports(options.reporter ?? [], output.report, progress.clear);
  const load = await connections.scenarioLoader();
  const loaded = load(paths.length > 0 ? paths : [DEFAULT_PATH], systems, replaced);
  const input = tellProblems(loaded, output.notes);
  if (input.badFiles > 0) {
    output.notes.write('Nothing was run.\n');
    return exitCodeOf(undefined, input);
  }
  if (loaded.scenarios.length === 0) return exitCodeOf(undefined, input);
  const runSuite = await connections.suiteRunner();
  const { runs, seed = freshSeed(), strict = false, shard } = options;
  reports.begin({ command: 'run', version: version(), invocation: { ...options, seed } });
  const suite = await runSuite(
    {
      scenarios: loaded.scenarios,
      plugIns,
      controller,
      driver,
      runs,
      seed,
      strict,
      shard,
      search: limitsOf(options),
    },
    { onResult: progress.show, onNext: (result) => reports.result(result) },
  );
  progress.clear();
  const exitCode = exitCodeOf(suite, input);
  reports.end({ command: 'run', suite, exitCode });
  if (suite.results.every(({ outcome }) => outcome === 'not-applicable') && suite.interrupted === undefined) {
    const why =
      suite.results.length === 0
        ? 'this shard has no part of it'
        : 'no scenario is applicable to this target';
    output.notes.write(`Nothing ran: ${why}.\n`);
  }
  return exitCode;
}

function limitsOf({ states, depth, memory, reduction }: RunOptions): SearchLimits {
  return {
    ...(states === undefined ? {} : { states }),
    ...(depth === undefined ? {} : { depth }),
    ...(memory === undefined ? {} : { memory }),
    ...(reduction === undefined ? {} : { reduction }),
  };
}

/** The only thing in a run that differs from one run to the next; it is printed with the results. */
export function freshSeed(): number {
  const [word = 0] = crypto.getRandomValues(new Uint32Array(1));
  return word >>> 1;
}
