/** What a session runs: worlds that it generates, or those of scenarios; and a world that is ready for runs. */
import { createHash } from 'node:crypto';
import { type Choice, type RunEnd, runToEnd } from '../explore/schedule.ts';
import { build } from '../scenario/build.ts';
import type { ModelChoice, Pairing, Scenario } from '../scenario/scenario.ts';
import { troubleOf } from '../suite/examine.ts';
import { pairingsOf, type Replacement } from '../suite/pairings.ts';
import type { World } from '../world/world.ts';
import { scenarioOf, type Target } from './generate.ts';
import type { Genes } from './genes.ts';

/** One world: everything but the schedule. */
export interface Case {
  readonly scenario: Scenario;
  readonly pairing: Pairing;
}

export type Cases =
  | { readonly kind: 'generated'; readonly target: Target }
  | { readonly kind: 'given'; readonly cases: readonly Case[] };

/** Where a case comes from: it is sent to workers in the place of the case. */
export type Origin =
  | { readonly kind: 'generated'; readonly genes: Genes }
  | { readonly kind: 'given'; readonly index: number };

/** Steps of a run: more than any of the worlds takes to become quiet. */
export const STEPS = 20_000;
/** Steps of a run in a case that is being made smaller: what PCT spreads its changes over. */
export const SHORT_RUN = 100;

export function caseOf(cases: Cases, origin: Origin): Case {
  if (origin.kind === 'generated' && cases.kind === 'generated')
    return soleCase(scenarioOf(origin.genes, cases.target));
  const given = origin.kind === 'given' && cases.kind === 'given' ? cases.cases[origin.index] : undefined;
  if (given === undefined) throw new Error('a case that this session does not have');
  return given;
}

/**
 * The cases of scenarios, with the systems named on the command line in the place of theirs; without scenarios, cases
 * that are generated. A pairing that is stated to violate a rule has nothing to be found.
 */
export function casesOf(scenarios: readonly Scenario[] | undefined, replacement: Replacement): Cases {
  if (scenarios === undefined) {
    const named = (model: string | undefined): ModelChoice | undefined =>
      model === undefined ? undefined : { model, decisions: {} };
    return {
      kind: 'generated',
      target: { driver: named(replacement.driver), controller: named(replacement.controller) },
    };
  }
  const cases = scenarios.flatMap((scenario) =>
    pairingsOf(scenario, replacement).map((pairing): Case => ({ scenario, pairing })),
  );
  return { kind: 'given', cases: cases.filter(({ pairing }) => pairing.verdict.kind === 'conforms') };
}

export function soleCase(scenario: Scenario): Case {
  const [pairing] = scenario.pairings;
  if (pairing === undefined) throw new Error('a scenario without pairings');
  return { scenario, pairing };
}

/** A world whose bring-up is over. */
export interface Stage {
  readonly world: World;
  /** Why no schedule can be run: it did not come up. What is owed is then in `world.findings`. */
  readonly isDown: boolean;
  /** A plug-in that takes part. */
  readonly plugIn?: string | undefined;
}

/** Throws what `build` throws. */
export function stageOf({ scenario, pairing }: Case): Stage {
  const { world, plugIns } = build(scenario, pairing);
  const isUp = world.bringUp();
  if (!isUp && world.isQuiet()) world.settle(true);
  return {
    world,
    isDown: !isUp || world.findings.some(({ severity }) => severity === 'error'),
    plugIn: plugIns[0],
  };
}

/** One run from the state after bring-up. Its findings are left in `world.findings`. */
export function perform({ world, isDown }: Stage, choice: Choice): RunEnd {
  if (isDown) return { moves: [], ended: true };
  world.restart();
  return runToEnd(world, STEPS, choice);
}

/**
 * Whether what was thrown says of one world, or of one run in it, that it comes to no verdict: the systems cannot be in
 * it, or the controller refused what the driver cannot do without. Everything else is a defect or a fault.
 */
export function isUnjudged(error: unknown): boolean {
  const { kind } = troubleOf(error);
  return kind === 'not-applicable' || kind === 'inconclusive';
}

/** What `attempt` returns; nothing where it comes to no verdict. */
export function judged<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch (error) {
    if (isUnjudged(error)) return undefined;
    throw error;
  }
}

/** A seed of 32 bits for one of many independent purposes. */
export function seedFor(seed: number, ...purpose: readonly (string | number)[]): number {
  return createHash('sha256')
    .update([seed, ...purpose].join('/'))
    .digest()
    .readInt32BE(0);
}
