/** `nvme-conform list`: the scenarios, the rules, the systems. */
import { renderRules, renderScenarios, renderSystems, type ScenarioRow } from '../report/lists.ts';
import { suggestion } from '../scenario/nearest.ts';
import type { ModelChoice, Pairing, Scenario } from '../scenario/scenario.ts';
import { rules } from '../spec/catalogue.ts';
import type { Connections } from './connections.ts';
import { exitCodeOf, type ExitCode } from './exit-code.ts';
import { DEFAULT_PATH, tellProblems } from './loading.ts';
import type { Output } from './output.ts';
import { UsageError } from './usage-error.ts';

export const listable: readonly string[] = ['scenarios', 'rules', 'systems'];

export async function list(
  what: string,
  paths: readonly string[],
  connections: Connections,
  output: Output,
): Promise<ExitCode> {
  const { report } = output;
  if (what !== 'scenarios' && listable.includes(what) && paths.length > 0) {
    throw new UsageError(`'list ${what}' takes no path`, 'only scenarios are listed by path');
  }
  switch (what) {
    case 'scenarios':
      return listScenarios(paths, connections, output);
    case 'rules':
      report.write(renderRules(rules, await connections.judgedRules(), report.look));
      return 0;
    case 'systems':
      report.write(renderSystems(await connections.systems(), report.look));
      return 0;
    default:
      throw new UsageError(
        `there is no list of '${what}'`,
        /[/.]/.test(what)
          ? `to list the scenarios there: nvme-conform list scenarios ${what}`
          : suggestion(what, listable),
      );
  }
}

async function listScenarios(
  paths: readonly string[],
  connections: Connections,
  output: Output,
): Promise<ExitCode> {
  const load = await connections.scenarioLoader();
  const loaded = load(paths.length > 0 ? paths : [DEFAULT_PATH], await connections.systems());
  const input = tellProblems(loaded, output.notes);
  if (loaded.scenarios.length > 0) {
    output.report.write(renderScenarios(loaded.scenarios.map(scenarioRow), output.report.look));
  }
  return exitCodeOf(undefined, input);
}

function scenarioRow({ file, title, rules, body, exploration, pairings }: Scenario): ScenarioRow {
  return {
    file,
    title,
    rules,
    body: body.kind,
    searches: [
      ...(exploration.random === undefined ? [] : ['random']),
      ...(exploration.exhaustive === undefined ? [] : ['exhaustive']),
    ],
    targets: pairings.map((pairing) => targetText(pairing, body.kind === 'workload')),
  };
}

function targetText({ driver, controller, verdict }: Pairing, hasDriver: boolean): string {
  const isPlain = driver.model === 'reference' && Object.keys(driver.decisions).length === 0;
  const pair =
    hasDriver && !isPlain ? `${modelText(controller)} with ${modelText(driver)}` : modelText(controller);
  if (verdict.kind === 'conforms') return `${pair} conforms`;
  return `${pair} violates ${verdict.rules.join(verdict.kind === 'violates' ? ', ' : ' or ')}`;
}

/** `reference`, or `reference (cqReread false)`. */
function modelText({ model, decisions }: ModelChoice): string {
  const set = Object.entries(decisions).map(([name, value]) => `${name} ${String(value)}`);
  return set.length === 0 ? model : `${model} (${set.join(', ')})`;
}
