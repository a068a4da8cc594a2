/** Exhaustive exploration of a world, reduced where that is sound. */
import { isKey } from './finding-key.ts';
import type { World } from '../world/world.ts';
import { EveryStep, Reduced } from './branches.ts';
import { Footprints } from './footprints.ts';
import { learn } from './learning.ts';
import { type Found, Search, type SearchBounds, type SearchResult } from './search.ts';

export type { Found } from './search.ts';

export interface ExhaustiveBounds {
  readonly states: number;
  readonly depth: number;
  /** Of the set of visited states, in MiB. */
  readonly memory?: number;
  /** Whether steps are left out whose order cannot matter; true unless said otherwise. */
  readonly reduce?: boolean;
}

export interface ExhaustiveResult extends Omit<SearchResult, 'again'> {
  readonly complete: boolean;
  /** Whether steps were left out; if they were not although it was asked for, why. */
  readonly reduced: boolean;
  readonly unreduced: string | undefined;
}

/** Of the set of visited states: some 170 million of them. */
const MEMORY_MAX = 4096;

/** `stop` is asked every few hundred steps. */
export function exploreExhaustively(
  world: World,
  bounds: ExhaustiveBounds,
  stop: () => boolean,
): ExhaustiveResult {
  const { states, depth, memory = MEMORY_MAX, reduce = true } = bounds;
  const limits: SearchBounds = { states, depth, bytes: memory * 2 ** 20, leastDepth: false };
  const known: Found[] = [];
  let unreduced = reduce ? whyNot(world) : undefined;
  if (reduce && unreduced === undefined) {
    const footprints = new Footprints(world);
    learn(world, footprints, stop);
    for (let sleeps = true; ;) {
      world.restart();
      const branching = new Reduced(world, footprints, sleeps);
      const search = new Search(world, limits, branching, known, stop);
      const { again, ...result } = search.run();
      if (again === undefined) return concluded(result, true, undefined);
      if (again === 'a request was open') break;
      if (again === 'a path goes round') sleeps = false;
      known.push(...result.found);
    }
    unreduced = 'its control-plane requests are judged in every state';
    world.restart();
  }
  const { again: _, ...result } = new Search(world, limits, new EveryStep(world), known, stop).run();
  return concluded(result, false, unreduced);
}

function concluded(
  result: Omit<SearchResult, 'again'>,
  reduced: boolean,
  unreduced: string | undefined,
): ExhaustiveResult {
  return { ...result, complete: result.because === undefined, reduced, unreduced };
}

function whyNot(world: World): string | undefined {
  return Footprints.fit(world) ? undefined : `it has ${world.processes.length} processes`;
}

/** Searches again with ever smaller depth until no shorter way to a finding is met, within `states` in all. */
export function shortest(world: World, found: Found, states: number, stop: () => boolean): Found {
  let best = found;
  let budget = states;
  while (best.moves.length > 1 && budget > 0) {
    world.restart();
    const limits = {
      states: budget,
      depth: best.moves.length - 1,
      bytes: MEMORY_MAX * 2 ** 20,
      leastDepth: true,
    };
    const result = new Search(world, limits, new EveryStep(world), [], stop).run();
    budget -= result.states;
    const shorter = result.found.find((other) => isKey(other.finding, best.finding));
    if (shorter === undefined) break;
    best = shorter;
  }
  return best;
}
