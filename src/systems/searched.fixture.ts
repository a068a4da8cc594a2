/** Test support: what an exhaustive search of a world finds. */
import { exploreExhaustively } from '../explore/exhaustive.ts';
import type { World } from '../world/world.ts';

/** The errors that an exploration of every interleaving finds. */
export function errorsOf(world: World): string[] {
  const result = exploreExhaustively(world, { states: 700_000, depth: 10_000 }, () => false);
  if (!result.complete) throw new Error(`not complete: ${result.because}`);
  const rules = result.found
    .filter(({ finding }) => finding.severity === 'error')
    .map(({ finding }) => finding.rule);
  return [...new Set(rules)].toSorted();
}
