/** `nvme-conform fuzz`: random worlds and schedules, counterexamples saved, the report written. */
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Shard } from '../fuzz/result.ts';
import type { Unsaved } from '../fuzz/session.ts';
import { commentsOf } from '../report/comments.ts';
import { printable } from '../report/text.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { chosenSystems } from './chosen-systems.ts';
import type { Connections, SystemRow } from './connections.ts';
import { exitCodeOf, type ExitCode, exitCodeOfSession } from './exit-code.ts';
import { tellProblems } from './loading.ts';
import type { Output } from './output.ts';
import { sessionLine } from './progress.ts';
import { recordsOf } from './on-record.ts';
import { openReports } from './reporting.ts';
import { freshSeed } from './run.ts';
import { UsageError } from './usage-error.ts';
import { version } from './version.ts';
import { reason } from '../scenario/read.ts';

export interface FuzzOptions {
  readonly controller?: string;
  readonly driver?: string;
  /** Milliseconds. */
  readonly time?: number;
  readonly runs?: number;
  readonly seed?: number;
  readonly workers?: number;
  readonly bail?: true;
  readonly shard?: Shard;
  readonly out?: string;
  readonly strict?: true;
  readonly reporter?: readonly string[];
}

/** Where counterexamples are kept if no folder is named. */
export const DEFAULT_FOLDER = '.nvme-conform';
/** Without a number and a time: a few seconds. */
export const DEFAULT_RUNS = 10_000;

export async function fuzz(
  paths: readonly string[],
  options: FuzzOptions,
  connections: Connections,
  output: Output,
): Promise<ExitCode> {
  const { notes } = output;
  const { time, shard, bail = false, strict = false, out = DEFAULT_FOLDER } = options;
  const chosen = await chosenSystems(options, connections);
  const { systems, controller, driver, plugIns, replaced } = chosen;
  if (controller === 'qemu')
    throw new UsageError(
      'qemu cannot be fuzzed: what another process does cannot be chosen',
      'see: nvme-conform run',
    );
  checkFolder(out);
  const progress = sessionLine(notes, notes.isTerminal && process.env['CI'] === undefined);
  const reports = openReports(options.reporter ?? [], output.report, progress.clear);
  const load = await connections.scenarioLoader();
  const loaded = paths.length > 0 ? load(paths, systems, replaced) : undefined;
  const input = loaded ? tellProblems(loaded, notes) : { badFiles: 0, notFound: 0 };
  if (input.badFiles > 0) notes.write('Nothing was run.\n');
  if (input.badFiles > 0 || loaded?.scenarios.length === 0) return exitCodeOf(undefined, input);

  const { casesOf, labelsOf, targetsOf, fuzz } = await connections.fuzzer();
  const cases = casesOf(loaded?.scenarios, { controller, driver });
  const kept = keptIn(out, load, systems, output);
  const seed = options.seed ?? freshSeed();
  const runs = options.runs ?? (time === undefined ? DEFAULT_RUNS : undefined);
  const labels = labelsOf(cases);
  const again = wordsOf(paths, options, seed);
  const records = recordsOf(targetsOf(cases), systems, load);
  const invocation = { ...options, seed };
  reports.begin({ command: 'fuzz', version: version(), invocation, ...labels, again, records });
  const session = await fuzz(
    {
      cases,
      plugIns,
      seed,
      strict,
      runs,
      milliseconds: time,
      workers: options.workers ?? availableParallelism(),
      bail,
      shard,
      folder: out,
      kept: kept.scenarios,
    },
    {
      comments: (unsaved: Unsaved) => commentsOf(unsaved, { version: version(), seed }),
      onKept: (result) => reports.result(result),
      onCounterexample: (counterexample) => reports.counterexample(counterexample),
      onUnsaved: (error) => {
        progress.clear();
        notes.write(
          `${notes.look.palette.bad('error')}: a counterexample could not be saved in ${printable(out)}: `,
        );
        notes.write(`${error instanceof Error ? error.message : String(error)}\n`);
      },
      onProgress: progress.show,
    },
  );
  progress.clear();
  const exitCode = exitCodeOfSession(session, { ...input, badFiles: kept.badFiles });
  reports.end({ command: 'fuzz', session, exitCode });
  if (exitCode === 4) notes.write(nothingRan(session.shard));
  return exitCode;
}

interface Kept {
  readonly scenarios: readonly Scenario[];
  readonly badFiles: number;
}

/**
 * What earlier sessions have saved. A file that is no scenario does not keep a long session from its work: it is told
 * now, and by the exit code in the end.
 */
function keptIn(
  folder: string,
  load: Awaited<ReturnType<Connections['scenarioLoader']>>,
  systems: readonly SystemRow[],
  { notes }: Output,
): Kept {
  if (!existsSync(folder)) return { scenarios: [], badFiles: 0 };
  const loaded = load([folder], systems, ['controller', 'driver']);
  const { badFiles } = tellProblems({ ...loaded, notFound: [] }, notes);
  if (badFiles > 0)
    notes.write(`The session goes on without what could not be read in ${printable(folder)}.\n`);
  return { scenarios: loaded.scenarios, badFiles };
}

/** That nothing can be saved is better known before the session than after it. */
function checkFolder(folder: string): void {
  const name = `'${printable(folder)}'`;
  const missing: string[] = [];
  let place = resolve(folder);
  for (; !existsSync(place) && dirname(place) !== place; place = dirname(place)) missing.unshift(place);
  if (!statSync(place).isDirectory())
    throw new UsageError(`${name} cannot be a folder: '${printable(place)}' is a file`);
  const made: string[] = [];
  try {
    for (const each of missing) {
      mkdirSync(each); // one by one: of a folder that cannot be, Node's own recursion may never come back
      made.push(each);
    }
    rmdirSync(mkdtempSync(join(resolve(folder), '.writable-')));
  } catch (error) {
    throw new UsageError(
      `counterexamples cannot be saved in ${name}: ${reason(error)}`,
      'another one: --out DIR',
    );
  } finally {
    for (const each of made.toReversed()) rmdirSync(each); // made again when there is something to save
  }
}

/** The words of the command that does this session again. */
function wordsOf(paths: readonly string[], options: FuzzOptions, seed: number): readonly string[] {
  const { controller, driver, time, runs, bail, shard, out, strict } = options;
  const valued = (name: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [`--${name}`, String(value)];
  return [
    'nvme-conform',
    'fuzz',
    ...paths,
    ...valued('controller', controller),
    ...valued('driver', driver),
    ...valued('seed', seed),
    ...valued('runs', runs),
    ...valued('time', time === undefined ? undefined : `${time / 1000}s`),
    ...valued('shard', shard === undefined ? undefined : `${shard.index}/${shard.of}`),
    ...valued('out', out),
    ...(bail ? ['--bail'] : []),
    ...(strict ? ['--strict'] : []),
  ];
}

function nothingRan(shard: Shard | undefined): string {
  return shard === undefined
    ? 'Nothing ran: none of the worlds is one that these systems can be in.\n'
    : `Nothing ran: there is no work for shard ${shard.index} of ${shard.of}.\n`;
}
