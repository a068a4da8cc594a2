/** Test support: counterexamples as a session writes them, searched in a scenario of the suite. */
import { exploreExhaustively, shortest } from '../explore/exhaustive.ts';
import { scheduleOf } from '../explore/following.ts';
import { byDefault, hasError, runToEnd } from '../explore/schedule.ts';
import { build } from '../scenario/build.ts';
import { parseScenario } from '../scenario/load.ts';
import type { ModelChoice, Pairing, Scenario } from '../scenario/scenario.ts';
import { controllers, drivers } from '../targets/target.ts';
import type { Move, World } from '../world/world.ts';
import { pairingWith, suiteScenario } from './examine.fixture.ts';

const position = { line: 1, column: 1 };
const never = (): boolean => false;

/** A way to a violation of `controller` in the scenario of this name, as a scenario that follows it. */
export function counterexample(name: string, controller: ModelChoice): Scenario {
  const scenario = suiteScenario(name);
  const pairing: Pairing = pairingWith(scenario, { controller });
  const { world } = build(scenario, pairing);
  world.bringUp();
  world.restart();
  const moves = failingRun(world);
  if (moves === undefined) throw new Error(`${controller.model} conforms in ${name}`);
  const schedule = scheduleOf(world, moves).map((step) => ({ ...step, position }));
  const exploration = { scripted: true, random: undefined, exhaustive: undefined } as const;
  // Another order, after a fix, need not exercise what this one did.
  return { ...scenario, rules: [], exploration, pairings: [pairing], schedule };
}

/** In the default order, or else the shortest of all orders. */
function failingRun(world: World): readonly Move[] | undefined {
  const run = runToEnd(world, 5_000, byDefault);
  const failed = hasError(world);
  world.restart();
  if (failed) return run.moves;
  const [found] = exploreExhaustively(world, { states: 400_000, depth: 5_000 }, never).found;
  return found && shortest(world, found, 400_000, never).moves;
}

/** A scenario from its text, which must be a good one. */
export function loaded(text: string, file: string = 'counterexample.yaml'): Scenario {
  const names = (systems: typeof controllers | typeof drivers): string[] =>
    systems.flatMap(({ name, aliases }) => [name, ...aliases]);
  const parsed = parseScenario(file, text, { controllers: names(controllers), drivers: names(drivers) });
  if ('scenario' in parsed) return parsed.scenario;
  throw new Error(parsed.diagnostics.map(({ message }) => message).join('; '));
}
