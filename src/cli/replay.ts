/** `nvme-conform replay`: runs a counterexample exactly, and draws it. */
import { renderReplays } from '../report/replay.ts';
import { printable, type Diagnostic } from '../scenario/diagnostic.ts';
import type { Misfit } from '../suite/replay.ts';
import { chosenSystems } from './chosen-systems.ts';
import type { Connections, SystemRow } from './connections.ts';
import { exitCodeOf, type ExitCode } from './exit-code.ts';
import { tellProblems } from './loading.ts';
import type { Output } from './output.ts';
import { UsageError } from './usage-error.ts';

export interface ReplayOptions {
  readonly controller?: string;
  readonly driver?: string;
  readonly strict?: true;
}

export async function replay(
  path: string,
  options: ReplayOptions,
  connections: Connections,
  output: Output,
): Promise<ExitCode> {
  // Nobody can say who steps in QEMU.
  const offered = ({ name }: SystemRow): boolean => name !== 'qemu';
  const { controller, driver, plugIns, replaced } = await chosenSystems(options, connections, offered);
  const systems = await connections.systems();
  const loaded = (await connections.scenarioLoader())([path], systems, replaced);
  const input = tellProblems(loaded, output.notes);
  const [scenario, second] = loaded.scenarios;
  if (input.badFiles > 0 || scenario === undefined) return exitCodeOf(undefined, input);
  if (second !== undefined) throw new UsageError('one file at a time', 'nvme-conform run takes folders');
  const { file } = scenario;
  const refuse = (problem: Omit<Diagnostic, 'file'>): ExitCode =>
    exitCodeOf(undefined, tellProblems({ ...loaded, diagnostics: [{ file, ...problem }] }, output.notes));
  if (scenario.schedule === undefined) return refuse(noSchedule);

  const { strict = false } = options;
  const replayer = await connections.replayer();
  const replays = await replayer({ scenario, controller, driver, strict }, plugIns);
  const misfit = replays.find((each) => each.misfit !== undefined)?.misfit;
  if (misfit !== undefined) return refuse(misfitProblem(misfit));
  const invocation = { ...options, seed: 0 };
  output.report.write(renderReplays(replays, invocation, output.report.look));
  const results = replays.map(({ result }) => result);
  return exitCodeOf({ results, seed: 0, strict, interrupted: undefined }, input);
}

const noSchedule = {
  message: 'there is no schedule in it',
  hint: 'replay is for counterexamples; nvme-conform run runs every scenario',
};

/** Choices named at most. */
const CHOICES_MOST = 6;

function misfitProblem({ wanted, after, steps, instead }: Misfit): Omit<Diagnostic, 'file'> {
  const { position, process, step } = wanted;
  const named = instead.slice(0, CHOICES_MOST).map((name) => printable(`${name.process}: ${name.step}`));
  const more = instead.length > named.length ? ` and ${instead.length - named.length} more` : '';
  return {
    position,
    message: printable(`${process} cannot take the step '${step}' here (step ${after + 1} of ${steps})`),
    hint: instead.length === 0 ? 'nothing can step any more' : `what could step: ${named.join(', ')}${more}`,
  };
}
