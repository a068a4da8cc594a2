/**
 * Random exploration: fast-check generates the schedules and shrinks those that fail. The whole budget is run, so
 * that the verdict is about all of it; then each kind of failure is shrunk from the first run that showed it.
 */
import fc from 'fast-check';
import type { Finding } from '../rules/finding.ts';
import type { Move, World } from '../world/world.ts';
import { byNumbers, type RunEnd, runToEnd } from './schedule.ts';

export interface RandomBounds {
  readonly runs: number;
  /** Steps of one run at most. */
  readonly steps: number;
  readonly seed: number;
}

export interface RandomFound {
  readonly finding: Finding;
  readonly moves: readonly Move[];
  /** fast-check's path to the run that showed it first: with the seed it leads there, and is shrunk again. */
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
/** Choices are taken modulo the number of moves, so any small range will do. */
const CHOICES = 60;

export function exploreRandomly(world: World, bounds: RandomBounds, stop: () => boolean): RandomResult {
  const { runs, steps, seed } = bounds;
  const schedules = fc.array(fc.nat({ max: CHOICES - 1 }), { maxLength: steps, size: 'max' });
  const first = new Map<string, { finding: Finding; run: number; numbers: number[] }>();
  let run = 0;
  let taken = 0;
  let unfinished = 0;

  const attempt = (numbers: readonly number[]): RunEnd => {
    world.restart();
    return runToEnd(world, steps, byNumbers(numbers));
  };
  fc.check(
    fc.property(schedules, (numbers) => {
      if (stop()) return;
      const end = attempt(numbers);
      taken += end.moves.length;
      if (!end.ended) unfinished++;
      // Only what was chosen before the finding matters; a shorter list leaves less to shrink.
      const chosen = numbers.slice(0, end.moves.length);
      for (const finding of world.findings) {
        if (!first.has(keyOf(finding))) first.set(keyOf(finding), { finding, run, numbers: chosen });
      }
      run++;
    }),
    { seed, numRuns: runs },
  );

  const found = [...first].map(([key, { finding, run: index, numbers: failing }]): RandomFound => {
    const fails = (): Finding | undefined => world.findings.find((other) => keyOf(other) === key);
    let budget = SHRINK_ATTEMPTS;
    const details = fc.check(
      fc.property(schedules, (numbers) => {
        if (budget-- <= 0 || stop()) return true; // no smaller one is looked for
        attempt(numbers);
        return fails() === undefined;
      }),
      { seed, numRuns: 1, examples: [[failing]] },
    );
    const numbers = details.counterexample?.[0] ?? failing;
    const { moves } = attempt(numbers);
    return { finding: fails() ?? finding, moves, path: String(index) };
  });
  world.restart();
  return { runs: run, steps: taken, seed, unfinished, found };
}

function keyOf(finding: Finding): string {
  return `${finding.rule}/${finding.party}/${finding.severity}`;
}
