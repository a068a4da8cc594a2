/** Which pairs of systems a scenario is run against. */
import type { ModelChoice, Pairing, Scenario } from '../scenario/scenario.ts';
import { controllerNamed } from '../targets/target.ts';
import type { PairOptions } from './result.ts';

const REFERENCE: ModelChoice = { model: 'reference', decisions: {} };

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
  const stated = conforming.length > 0 ? conforming : scenario.pairings;
  const partners =
    driver !== undefined && controller === undefined ? besideConforming(stated, driver) : stated;
  const pairs = partners.map((pairing): Pairing => ({
    driver: driver === undefined ? pairing.driver : named(driver, pairing.driver, pairing),
    controller:
      controller === undefined ? pairing.controller : named(controller, pairing.controller, pairing),
    verdict: { kind: 'conforms' },
    position: pairing.position,
    named: controller === undefined ? 'driver' : driver === undefined ? 'controller' : 'both',
  }));
  const distinct = new Map(pairs.map((pair) => [JSON.stringify([pair.driver, pair.controller]), pair]));
  return [...distinct.values()];
}

/**
 * The options with which this pair is all that `run` runs of the scenario, decisions and statement included; undefined
 * where none say it: decisions cannot be named on the command line, and what is named there is to conform.
 */
export function optionsFor(scenario: Scenario, pairing: Pairing): PairOptions | undefined {
  const controller = pairing.controller.model;
  const driver = pairing.driver.model;
  const isScript = scenario.body.kind === 'steps'; // there nobody is driver
  const named = [{ controller }, ...(isScript ? [] : [{ driver }, { controller, driver }])];
  return (pairing.named ? named : [{}, ...named]).find((options: PairOptions) => {
    const pairs = pairingsOf(scenario, { controller: options.controller, driver: options.driver });
    return pairs.length === 1 && pairs.every((pair) => isSame(pair, pairing));
  });
}

function isSame(one: Pairing, other: Pairing): boolean {
  const said = ({ driver, controller, verdict }: Pairing): string =>
    JSON.stringify([driver, controller, verdict]);
  return said(one) === said(other);
}

/**
 * A driver under test is put beside controllers that are not known to be wrong, if need be the reference: a scenario may
 * pair those with a driver that hides what they do wrong.
 */
function besideConforming(pairings: readonly Pairing[], tested: string): readonly Pairing[] {
  const isWrong = ({ driver, controller }: Pairing): boolean =>
    driver.model !== tested && (controllerNamed(controller.model)?.violates ?? []).length > 0;
  const right = pairings.filter((pairing) => !isWrong(pairing));
  if (right.length > 0) return right;
  return pairings.slice(0, 1).map((pairing) => ({ ...pairing, controller: REFERENCE }));
}

/** Where the scenario has the same system, conforming, its decisions belong to the situation. */
function named(model: string, own: ModelChoice, { verdict }: Pairing): ModelChoice {
  return own.model === model && verdict.kind === 'conforms' ? own : { model, decisions: {} };
}
