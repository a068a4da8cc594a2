/** Which pairs of systems a scenario is run against. */
import type { ModelChoice, Pairing, Scenario } from '../scenario/scenario.ts';

/** What the command line puts in the place of what scenarios name. */
export interface Replacement {
  readonly controller: string | undefined;
  readonly driver: string | undefined;
}

/**
 * The scenario's own pairings; or, where a system is named on the command line, that system with what the scenario
 * pairs conforming systems with. It is then expected to conform.
 */
export function pairingsOf(scenario: Scenario, replacement: Replacement): readonly Pairing[] {
  const { controller, driver } = replacement;
  if (controller === undefined && driver === undefined) return scenario.pairings;
  const conforming = scenario.pairings.filter(({ verdict }) => verdict.kind === 'conforms');
  const partners = conforming.length > 0 ? conforming : scenario.pairings;
  const pairs = partners.map((pairing): Pairing => ({
    driver: driver === undefined ? pairing.driver : named(driver, pairing.driver, pairing),
    controller:
      controller === undefined ? pairing.controller : named(controller, pairing.controller, pairing),
    verdict: { kind: 'conforms' },
    position: pairing.position,
    named: true,
  }));
  const distinct = new Map(pairs.map((pair) => [JSON.stringify([pair.driver, pair.controller]), pair]));
  return [...distinct.values()];
}

/** Where the scenario has the same system, conforming, its decisions belong to the situation. */
function named(model: string, own: ModelChoice, { verdict }: Pairing): ModelChoice {
  return own.model === model && verdict.kind === 'conforms' ? own : { model, decisions: {} };
}
