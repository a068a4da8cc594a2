/**
 * From a failing run to a counterexample: first the smallest case that still fails for some schedule, then the shortest
 * schedule in it. Bounded in runs and states, not in time, so that equal runs give equal counterexamples.
 */
import fc from 'fast-check';
import { exploreExhaustively, shortest } from '../explore/exhaustive.ts';
import { portfolio } from '../explore/portfolio.ts';
import { recorded } from '../explore/recorded.ts';
import { byNumbers } from '../explore/schedule.ts';
import { schedulerFor, type SchedulerSpec } from '../explore/scheduler.ts';
import { type FindingKey, isKey } from '../explore/finding-key.ts';
import { shrinkSchedule, type Shrunk } from '../explore/shrink.ts';
import type { Failing, Setting } from './block.ts';
import {
  type Case,
  caseOf,
  isUnjudged,
  judged,
  type Origin,
  perform,
  seedFor,
  type Stage,
  stageOf,
  STEPS,
  SHORT_RUN,
} from './case.ts';
import { numbersOf, smallestCase } from './case-search.ts';
import { shapeOf } from './corpus.ts';
import { counterexampleOf, type Draft, draftOf } from './counterexample.ts';
import { shows } from './key.ts';
import { NotRepeatable } from './not-repeatable.ts';
import { trimmed } from './trim.ts';

/** Schedules that are tried in smaller cases, and to find others that fail in the smallest. */
const SCHEDULES = 200;
/** Failing schedules of the smallest case that are shrunk. */
const FAILING = 3;
/** Runs to shrink a schedule, and steps that all of them may take: long ones get fewer runs. */
const ATTEMPTS = { least: 300, most: 2000 };
const STEPS_OF_ATTEMPTS = 400_000;
/** States of the search for a schedule that no shrinking leads to. */
const STATES = 200_000;
/** Longer schedules than this are out of its reach. */
const DEPTH = 100;

/** What is found is known already: a counterexample of this shape. */
export interface Known {
  readonly shape: string;
}

/** Stopped, it makes do with what it has. `known`: shapes that are looked for no schedule any more. */
export function shrink(
  setting: Setting,
  failing: Failing,
  known: readonly string[],
  stop: () => boolean,
): Draft | Known {
  const { seed, cases } = setting;
  const { key, block, origin } = failing;
  const specs = fc.sample(portfolio, {
    seed: seedFor(seed, block, failing.run, 'shrink'),
    numRuns: SCHEDULES,
  });
  const shapeIn = (from: Origin): string => shapeOf(counterexampleOf(caseOf(cases, from), key, []));
  const enough = (from: Origin): boolean => known.includes(shapeIn(from));
  const smallest =
    origin.kind === 'generated'
      ? smallestCase({ cases, failing, genes: origin.genes, specs, enough, stop })
      : failing;
  if (enough(smallest.origin)) return { shape: shapeIn(smallest.origin) };
  const given = caseOf(cases, smallest.origin);
  const stage = stageOf(given);
  if (stage.isDown) return downDraft(setting, failing, given, stage, !stop());
  const shrunk = shortestSchedule(stage, smallest.numbers, key, specs, stop);
  if (shrunk === undefined) return unshrunk(setting, failing);
  const smaller = trimmed({ given, stage, moves: shrunk.moves }, key, stop);
  if (smaller.given === given) return { ...draftOf(given, stage, shrunk, seed, failing), shrunk: !stop() };
  const again = shortestSchedule(smaller.stage, numbersOf(smaller.stage, smaller.moves), key, specs, stop);
  if (again === undefined) return { ...draftOf(given, stage, shrunk, seed, failing), shrunk: !stop() };
  return { ...draftOf(smaller.given, smaller.stage, again, seed, failing), shrunk: !stop() };
}

/** The run as it was found: for a session that has no time left. */
export function unshrunk(setting: Setting, failing: Failing): Draft {
  const given = caseOf(setting.cases, failing.origin);
  const stage = stageOf(given);
  if (stage.isDown) return downDraft(setting, failing, given, stage, false);
  const { moves } = perform(stage, byNumbers(failing.numbers));
  const finding = findingOf(stage, failing.key);
  return { ...draftOf(given, stage, { finding, moves }, setting.seed, failing), shrunk: false };
}

/** What bring-up came to needs no schedule. */
function downDraft(setting: Setting, failing: Failing, given: Case, stage: Stage, shrunk: boolean): Draft {
  const finding = findingOf(stage, failing.key);
  return { ...draftOf(given, stage, { finding, moves: [] }, setting.seed, failing), shrunk };
}

function findingOf({ world }: Stage, key: FindingKey): Shrunk['finding'] {
  const finding = world.findings.find((each) => isKey(each, key));
  if (finding === undefined) throw new NotRepeatable(key.rule);
  return finding;
}

/** The best that shrinking several failing schedules, or a search of everything in a small bound, leads to. */
function shortestSchedule(
  stage: Stage,
  first: readonly number[],
  key: FindingKey,
  specs: readonly SchedulerSpec[],
  stop: () => boolean,
): Shrunk | undefined {
  const { world } = stage;
  const found = [first];
  for (const spec of specs) {
    if (found.length === FAILING || stop()) break;
    const { choice, numbers } = recorded(schedulerFor(spec, world, SHORT_RUN));
    if (judged(() => perform(stage, choice)) && shows(world, key)) found.push(numbers);
  }
  const shrunk = (numbers: readonly number[]): Shrunk | undefined => {
    const affordable = Math.floor(STEPS_OF_ATTEMPTS / (numbers.length + 1));
    const attempts = Math.min(ATTEMPTS.most, Math.max(ATTEMPTS.least, affordable));
    return shrinkSchedule(world, numbers, key, { attempts, steps: STEPS, isUnjudged }, stop);
  };
  let best: Shrunk | undefined;
  for (const numbers of found) best = shorter(best, shrunk(numbers));
  const long = best;
  const searched = long && !stop() ? judged(() => searchedSchedule(stage, long, key, stop)) : undefined;
  best = searched === undefined ? best : shorter(best, shrunk(searched));
  // What became short has runs enough now to be shrunk to its end.
  return best === undefined || best.minimal || stop()
    ? best
    : shorter(best, shrunk(numbersOf(stage, best.moves)));
}

function searchedSchedule(
  stage: Stage,
  best: Shrunk,
  key: FindingKey,
  stop: () => boolean,
): readonly number[] | undefined {
  const { world } = stage;
  if (best.moves.length > DEPTH || !world.rewinds) return undefined;
  world.restart();
  const bounds = { states: STATES, depth: best.moves.length };
  const { found } = exploreExhaustively(world, bounds, stop);
  const first = found.find(({ finding }) => isKey(finding, key));
  if (first === undefined) return undefined;
  world.restart();
  const { moves } = shortest(world, first, STATES, stop);
  return moves.length < best.moves.length ? numbersOf(stage, moves) : undefined;
}

function shorter(one: Shrunk | undefined, other: Shrunk | undefined): Shrunk | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const steps = other.moves.length - one.moves.length;
  return (steps === 0 ? other.preemptions - one.preemptions : steps) < 0 ? other : one;
}
