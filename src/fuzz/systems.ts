/** Which systems a session is about. */
import type { ModelChoice } from '../scenario/scenario.ts';
import { labelOf } from '../suite/verdict.ts';
import type { Cases } from './case.ts';
import type { Target } from './generate.ts';

/** Each pair once. */
export function targetsOf(cases: Cases): readonly Target[] {
  if (cases.kind === 'generated') return [cases.target];
  const pairs = cases.cases.map(({ pairing: { driver, controller } }): Target => ({ driver, controller }));
  return [...new Map(pairs.map((pair) => [JSON.stringify(pair), pair])).values()];
}

/** The systems by name; the decisions of a generated reference are not told. */
export function labelsOf(cases: Cases): { readonly driver: string; readonly controller: string } {
  const targets = targetsOf(cases);
  const labels = (choices: readonly (ModelChoice | undefined)[]): string =>
    [...new Set(choices.map((choice) => (choice === undefined ? 'reference' : labelOf(choice))))].join(', ');
  return {
    driver: labels(targets.map(({ driver }) => driver)),
    controller: labels(targets.map(({ controller }) => controller)),
  };
}
