/**
 * Random exploration: fast-check draws a scheduler of the portfolio for each run. The whole budget is run, so that the
 * verdict is about all of it; then each kind of failure is shrunk from the first run that showed it.
 */
import { keyName } from './finding-key.ts';
import fc from 'fast-check';
import type { Finding } from '../rules/finding.ts';
import type { Move, World } from '../world/world.ts';
import { portfolio } from './portfolio.ts';
import { recorded } from './recorded.ts';
import { runToEnd } from './schedule.ts';
import { lengthByDefault, schedulerFor, type SchedulerSpec } from './scheduler.ts';
import { shrinkSchedule } from './shrink.ts';

export interface RandomBounds {
  readonly runs: number;
  /** Steps of one run at most. */
  readonly steps: number;
  readonly seed: number;
}

export interface RandomFound {
  readonly finding: Finding;
  readonly moves: readonly Move[];
  /** Number of the run that showed it first, from 0: with the seed it leads there, and is shrunk again. */
  readonly path: string;
}

export interface RandomResult {
  readonly runs: number;
  readonly steps: number;
  readonly seed: number;
  /** Runs that the bound on steps ended before the world was quiet. */
  readonly unfinished: number;
  readonly found: readonly RandomFound[];
}

/** Schedules tried in order to shrink one: enough for a short one, and seconds at most. */
const SHRINK_ATTEMPTS = 4000;

export function exploreRandomly(world: World, bounds: RandomBounds, stop: () => boolean): RandomResult {
  const { runs, steps, seed } = bounds;
  const expected = lengthByDefault(world, steps);
  const first = new Map<string, { finding: Finding; run: number; spec: SchedulerSpec }>();
  let run = 0;
  let taken = 0;
  let unfinished = 0;

  fc.check(
    fc.property(portfolio, (spec) => {
      if (stop()) return;
      world.restart();
      const end = runToEnd(world, steps, schedulerFor(spec, world, expected));
      taken += end.moves.length;
      if (!end.ended) unfinished++;
      for (const finding of world.findings) {
        if (!first.has(keyName(finding))) first.set(keyName(finding), { finding, run, spec });
      }
      run++;
    }),
    { seed, numRuns: runs },
  );

  const found = [...first.values()].map(({ finding, run: index, spec }): RandomFound => {
    world.restart();
    const { choice, numbers } = recorded(schedulerFor(spec, world, expected));
    const { moves } = runToEnd(world, steps, choice);
    const shrunk = shrinkSchedule(world, numbers, finding, { attempts: SHRINK_ATTEMPTS, steps }, stop);
    return { ...(shrunk ?? { finding, moves }), path: String(index) };
  });
  world.restart();
  return { runs: run, steps: taken, seed, unfinished, found };
}
