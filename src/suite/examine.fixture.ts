/** Test support: scenarios of the suite against systems by name, in this thread. */
import { loadScenarios } from '../scenario/load.ts';
import type { ModelChoice, Pairing, Scenario } from '../scenario/scenario.ts';
import { controllers, drivers } from '../targets/target.ts';
import { examine } from './examine.ts';
import type { PairingResult } from './result.ts';

const names = (systems: typeof controllers | typeof drivers): string[] =>
  systems.flatMap(({ name, aliases }) => [name, ...aliases]);

/** A scenario of the suite by the name of its file. */
export function suiteScenario(name: string): Scenario {
  const { scenarios, diagnostics } = loadScenarios([`scenarios/${name}.yaml`], {
    controllers: names(controllers),
    drivers: names(drivers),
  });
  const [scenario] = scenarios;
  if (scenario === undefined)
    throw new Error(`scenario ${name}: ${diagnostics.map(({ message }) => message).join()}`);
  return scenario;
}

export interface Change {
  readonly controller?: ModelChoice;
  readonly driver?: ModelChoice;
}

/** The scenario's pairing with the reference controller, or its first one, with other systems in their places. */
export function pairingWith(scenario: Scenario, { controller, driver }: Change): Pairing {
  const own =
    scenario.pairings.find((pairing) => pairing.controller.model === 'reference') ?? scenario.pairings[0];
  if (own === undefined) throw new Error('a scenario without pairings');
  return {
    ...own,
    verdict: { kind: 'conforms' },
    ...(controller ? { controller } : {}),
    ...(driver ? { driver } : {}),
  };
}

export function examined(scenario: Scenario, change: Change): PairingResult {
  const options = { seed: 1, runs: undefined, strict: false, connection: undefined };
  return examine(scenario, pairingWith(scenario, change), options, () => false);
}

/** The error ids that came out, each once. */
export function errorsOf(result: PairingResult): string[] {
  const errors = result.findings.filter(({ severity }) => severity === 'error');
  return [...new Set<string>(errors.map(({ rule }) => rule))].toSorted();
}

export function named(model: string, decisions: ModelChoice['decisions'] = {}): ModelChoice {
  return { model, decisions };
}
