/** The commander program. What a command does is loaded when it is called. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Shard } from '../suite/shard.ts';
import type { Connections } from './connections.ts';
import { parseDuration } from './duration.ts';
import type { ExitCode } from './exit-code.ts';
import type { ExplainOptions } from './explain.ts';
import type { FuzzOptions } from './fuzz.ts';
import type { Output } from './output.ts';
import { reporterOption } from './reporter-option.ts';
import type { ReplayOptions } from './replay.ts';
import type { RunOptions } from './run.ts';
import { parseShard } from './shard.ts';
import { version } from './version.ts';

/** `finish` is told the exit code of the command that ran. Commander throws instead of ending the process. */
export function createProgram(
  connections: Connections,
  output: Output,
  finish: (code: ExitCode) => void,
): Command {
  const program = new Command('nvme-conform')
    .description(
      'Tests conformance of NVMe controllers and drivers to the queue protocol of the specification.',
    )
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .showHelpAfterError('(--help says more)')
    .configureOutput({
      writeOut: (text) => output.report.write(text),
      writeErr: (text) => output.notes.write(text),
      outputError: (text, write) => write(text.replace(/^error/, output.notes.look.palette.bad)),
      getOutHelpWidth: () => output.report.look.width,
      getErrHelpWidth: () => output.notes.look.width,
      getOutHasColors: () => output.report.hasColour,
      getErrHasColors: () => output.notes.hasColour,
    })
    .configureHelp({ styleTitle: (title) => output.report.look.palette.strong(title) })
    .exitOverride()
    .addHelpText('after', topExamples);

  program
    .command('run')
    .summary('run scenarios; the exit code is the verdict')
    .description('Runs scenarios and reports what was violated, where, and which section says so.')
    .argument('[path...]', "scenario files, or folders of them (default: the folder 'scenarios')")
    .option(
      '--controller <name>',
      'the controller to test, or a module: ./mine.mjs; in place of those that scenarios name',
    )
    .option(
      '--driver <name>',
      'the driver to test, or a module: ./mine.mjs; in place of those that scenarios name',
    )
    .option('--seed <n>', 'seed of random runs; printed with every report', parseSeed)
    .option('--runs <n>', 'random runs for each scenario and target, such as 500 or 10k', parseCount)
    .option('--states <n>', 'bound on the states of an exhaustive search, such as 500k', parseCount)
    .option('--depth <n>', 'bound on its depth, in steps', parseCount)
    .option('--memory <MiB>', 'bound on the memory of its set of states (default: 4096)', parseCount)
    .option('--no-reduction', 'search every order of steps, also where it cannot matter')
    .option('--strict', 'count warnings as violations')
    .option('--shard <i/n>', shardHelp, argument(shardHere))
    .addOption(reporterOption())
    .addHelpText('after', runExamples)
    .action(async (paths: string[], options: RunOptions) => {
      const { run } = await import('./run.ts');
      finish(await run(paths, options, connections, output));
    });

  program
    .command('replay')
    .summary('run a counterexample exactly, and draw it')
    .description('Runs the schedule of a counterexample step by step, and draws what happens.')
    .argument('<file>', 'a scenario with a schedule, as fuzz writes them')
    .option(
      '--controller <name>',
      'the controller to test, or a module: ./mine.mjs; in place of the one that the file names',
    )
    .option(
      '--driver <name>',
      'the driver to test, or a module: ./mine.mjs; in place of the one that the file names',
    )
    .option('--strict', 'count warnings as violations')
    .action(async (path: string, options: ReplayOptions) => {
      const { replay } = await import('./replay.ts');
      finish(await replay(path, options, connections, output));
    });

  program
    .command('fuzz')
    .summary('try random worlds and schedules, and keep what fails')
    .description(
      'Tries random worlds and schedules until the budget is used up, shrinks what fails to the fewest ' +
        'steps, and saves it as a scenario. What earlier sessions have saved is run first.',
    )
    .argument('[path...]', 'scenarios that fix all but the schedule (default: worlds are generated)')
    .option('--controller <name>', 'the controller to test, or a module: ./mine.mjs (default: the reference)')
    .option('--driver <name>', 'the driver to test, or a module: ./mine.mjs (default: the reference)')
    .option(
      '--runs <n>',
      'runs of all shards together, such as 500 or 10k (default: 10k, or as time allows)',
      parseCount,
    )
    .option(
      '--time <duration>',
      'begin nothing new after this time, such as 30s, 10m or 2h',
      argument(parseDuration),
    )
    .option('--seed <n>', 'seed of everything; printed with every report', parseSeed)
    .option('--workers <n>', 'worker threads (default: one for each CPU)', parseWorkers)
    .option('--bail', 'end with the first finding')
    .option('--shard <i/n>', shardHelp, argument(shardHere))
    .option('--out <folder>', "where counterexamples are kept (default: '.nvme-conform')")
    .option('--strict', 'count warnings as violations')
    .addOption(reporterOption())
    .addHelpText('after', fuzzExamples)
    .action(async (paths: string[], options: FuzzOptions) => {
      const { fuzz } = await import('./fuzz.ts');
      finish(await fuzz(paths, options, connections, output));
    });

  program
    .command('list')
    .summary('list scenarios, rules or systems')
    .description('Lists scenarios, the rules of the catalogue, or the systems that can be tested.')
    .argument('[what]', 'scenarios, rules or systems', 'scenarios')
    .argument('[path...]', "for scenarios: files or folders (default: the folder 'scenarios')")
    .action(async (what: string, paths: string[]) => {
      const { list } = await import('./list.ts');
      finish(await list(what, paths, connections, output));
    });

  program
    .command('explain')
    .summary('explain a rule, a section of the specification, or an exit code')
    .description('Explains rules, sections of the specification, or exit codes.')
    .argument('<what...>', "a rule's id, a section's number, or 'exit codes'")
    .addOption(
      new Option('--spec <revision>', 'revision of the base specification that section numbers are from')
        .choices(['1.4', '2.0', '2.1', '2.3'])
        .default('2.1'),
    )
    .addHelpText('after', explainExamples)
    .action(async (what: string[], options: ExplainOptions) => {
      const { explain } = await import('./explain.ts');
      finish(await explain(what, options, connections, output));
    });

  program
    .command('schema')
    .summary('print the JSON Schema of scenarios, for editors')
    .description('Prints the JSON Schema of scenario files, for editors that complete and check YAML.')
    .addHelpText('after', schemaExamples)
    .action(async () => {
      const { schema } = await import('./schema.ts');
      finish(await schema(connections, output));
    });

  return program;
}

const topExamples = `
Examples:
  nvme-conform run                       run ./scenarios
  nvme-conform run --controller qemu     test QEMU's controller
  nvme-conform explain CQ-FULL-NO-LOSS   what a rule says, where, and why
  nvme-conform explain exit codes        what the exit code means`;

const runExamples = `
Examples:
  nvme-conform run scenarios/cq-full-parked-sq.yaml
  nvme-conform run --controller propolis/before --strict
  nvme-conform run scenarios/shadow-under-load.yaml --seed 42 --runs 10k
  nvme-conform run --reporter pretty --reporter junit=report.xml   for CI`;

const fuzzExamples = `
Examples:
  nvme-conform fuzz --time 10m                   the reference pair
  nvme-conform fuzz --controller propolis/before --runs 50k --seed 1
  nvme-conform fuzz scenarios/ --bail            only schedules, until one fails
  nvme-conform fuzz --time 1h --shard auto/8     one of 8 machines of a CI system`;

const explainExamples = `
Examples:
  nvme-conform explain CQ-FULL-NO-LOSS
  nvme-conform explain 3.3.1.2.1
  nvme-conform explain B.5 --spec 2.0
  nvme-conform explain contract          rules that rest on no NVM Express text
  nvme-conform explain exit codes`;

const schemaExamples = `
Example:
  nvme-conform schema > scenario.schema.json
  and in a scenario, for editors with the YAML language server, a first line:
  # yaml-language-server: $schema=../scenario.schema.json`;

const shardHelp = "do this part of the work: 2/8, or 'auto/8' to take the number from the CI system";

function shardHere(text: string): Shard {
  return parseShard(text, process.env);
}

/** Commander tells what is wrong with an argument when it is told with its own error. */
function argument<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  };
}

function parseWorkers(text: string): number {
  const workers = /^\d+$/.test(text) ? Number(text) : 0;
  if (!(workers >= 1 && workers <= 256)) throw new InvalidArgumentError('A number from 1 to 256 is needed.');
  return workers;
}

/** fast-check takes 32-bit seeds, and prints them signed. */
function parseSeed(text: string): number {
  const seed = /^-?(?:\d+|0x[\da-f]+)$/i.test(text)
    ? text.startsWith('-')
      ? -Number(text.slice(1))
      : Number(text)
    : NaN;
  if (!Number.isSafeInteger(seed) || seed !== Math.trunc(seed) || seed < -(2 ** 31) || seed >= 2 ** 31) {
    throw new InvalidArgumentError('A whole number of 32 bits is needed.');
  }
  return seed;
}

const units: Readonly<Record<string, number>> = { '': 1, 'k': 1000, 'm': 1_000_000 };

function parseCount(text: string): number {
  const match = /^(\d+)([km]?)$/i.exec(text);
  const value = Number(match?.[1]) * (units[match?.[2]?.toLowerCase() ?? ''] ?? NaN);
  if (!(value >= 1 && value <= 1e9))
    throw new InvalidArgumentError('A number from 1 to 1000m is needed, such as 500 or 10k.');
  return value;
}
