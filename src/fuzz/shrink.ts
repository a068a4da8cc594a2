/**
 * From a failing run to a counterexample: first the smallest case that still fails for some schedule, then the shortest
 * schedule in it. Bounded in runs and states, not in time, so that equal runs give equal counterexamples.
 */
import fc from 'fast-check';
import { exploreExhaustively, shortest } from '../explore/exhaustive.ts';
import { portfolio } from '../explore/portfolio.ts';
import { recorded } from '../explore/recorded.ts';
import { byMoves, byNumbers, runToEnd } from '../explore/schedule.ts';
import { schedulerFor, type SchedulerSpec } from '../explore/scheduler.ts';
import { type FindingKey, shrinkSchedule, type Shrunk } from '../explore/shrink.ts';
import type { Failing, Setting } from './block.ts';
import { type Case, caseOf, type Origin, perform, seedFor, type Stage, stageOf } from './case.ts';
import { type Draft, draftOf } from './counterexample.ts';
import type { Move } from '../world/world.ts';
import type { Genes } from './genes.ts';
import { shows } from './key.ts';
import { shrinkCase } from './shrink-case.ts';

/** Smaller cases that are tried, schedules in each, and steps that all of them may take: a few seconds. */
const CASES = 400;
const SCHEDULES = 24;
const STEPS_OF_CASES = 800_000;
/** Failing schedules of the smallest case that are shrunk, and runs to find them. */
const FAILING = 3;
const MORE_SCHEDULES = 200;
/** Runs to shrink a schedule, and steps that all of them may take: long ones get fewer runs. */
const ATTEMPTS = { least: 300, most: 2000 };
const STEPS_OF_ATTEMPTS = 400_000;
/** States of the search for a schedule that no shrinking leads to. */
const STATES = 200_000;
/** Longer schedules than this are out of its reach. */
const DEPTH = 100;
const STEPS = 20_000;
/** Steps of a run that PCT spreads its changes over. */
const STEPS_EXPECTED = 100;

/** What is known of a case that fails. */
interface Known {
  readonly origin: Origin;
  readonly numbers: readonly number[];
}

/** Stopped, it makes do with what it has. */
export function shrink(setting: Setting, failing: Failing, stop: () => boolean): Draft {
  const { seed } = setting;
  const { key, block, origin } = failing;
  const specs = fc.sample(portfolio, {
    seed: seedFor(seed, block, failing.run, 'shrink'),
    numRuns: MORE_SCHEDULES,
  });
  const smallest =
    origin.kind === 'generated' ? smallestCase(setting, failing, origin.genes, specs, stop) : failing;
  const given = caseOf(setting.cases, smallest.origin);
  const stage = stageOf(given);
  if (stage.isDown) return downDraft(setting, failing, given, stage, !stop());
  const shrunk = shortestSchedule(stage, smallest.numbers, key, specs, stop);
  if (shrunk === undefined) return unshrunk(setting, failing);
  return { ...draftOf(given, stage, shrunk, seed, failing), shrunk: !stop() };
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

function findingOf({ world }: Stage, { rule, party }: FindingKey): Shrunk['finding'] {
  const finding = world.findings.find((each) => each.rule === rule && each.party === party);
  if (finding === undefined) throw new Error(`${rule} was found, and not when the run was repeated`);
  return finding;
}

function smallestCase(
  { cases }: Setting,
  { key, numbers, origin }: Failing,
  given: Genes,
  specs: readonly SchedulerSpec[],
  stop: () => boolean,
): Known {
  const schedules = new Map<string, readonly number[]>();
  const search: CaseSearch = { key, specs, hint: numbers, steps: STEPS_OF_CASES };
  const fails = (genes: Genes): boolean => {
    if (stop() || search.steps <= 0) return false;
    const found = failingSchedule(stageOf(caseOf(cases, { kind: 'generated', genes })), search);
    if (found === undefined) return false;
    schedules.set(JSON.stringify(genes), found);
    search.hint = found;
    return true;
  };
  const genes = shrinkCase(given, fails, CASES);
  const found = schedules.get(JSON.stringify(genes));
  return found === undefined ? { origin, numbers } : { origin: { kind: 'generated', genes }, numbers: found };
}

interface CaseSearch {
  readonly key: FindingKey;
  readonly specs: readonly SchedulerSpec[];
  /** The schedule that showed the finding in the smallest case so far. */
  hint: readonly number[];
  /** Steps that are left. */
  steps: number;
}

/** A schedule that shows the finding: the one that did so in a larger case, or one of the portfolio. */
function failingSchedule(stage: Stage, search: CaseSearch): readonly number[] | undefined {
  const { key, specs, hint } = search;
  search.steps -= perform(stage, byNumbers(hint)).moves.length;
  if (shows(stage.world, key)) return hint;
  if (stage.isDown) return undefined;
  for (const spec of specs.slice(0, SCHEDULES)) {
    const { numbers, steps } = attempt(stage, spec, key);
    search.steps -= steps;
    if (numbers !== undefined) return numbers;
    if (search.steps <= 0) return undefined;
  }
  return undefined;
}

interface Attempt {
  /** The schedule, if it shows the finding. */
  readonly numbers: readonly number[] | undefined;
  readonly steps: number;
}

function attempt(stage: Stage, spec: SchedulerSpec, key: FindingKey): Attempt {
  const { choice, numbers } = recorded(schedulerFor(spec, stage.world, STEPS_EXPECTED));
  const { moves } = perform(stage, choice);
  return { numbers: shows(stage.world, key) ? numbers : undefined, steps: moves.length };
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
    const { numbers } = attempt(stage, spec, key);
    if (numbers !== undefined) found.push(numbers);
  }
  const shrunk = (numbers: readonly number[]): Shrunk | undefined => {
    const affordable = Math.floor(STEPS_OF_ATTEMPTS / (numbers.length + 1));
    const attempts = Math.min(ATTEMPTS.most, Math.max(ATTEMPTS.least, affordable));
    return shrinkSchedule(world, numbers, key, { attempts, steps: STEPS }, stop);
  };
  let best: Shrunk | undefined;
  for (const numbers of found) best = shorter(best, shrunk(numbers));
  const searched = best && !stop() ? searchedSchedule(stage, best, key, stop) : undefined;
  best = searched === undefined ? best : shorter(best, shrunk(searched));
  // What became short has runs enough now to be shrunk to its end.
  return best === undefined || best.minimal || stop()
    ? best
    : shorter(best, shrunk(numbersOf(stage, best.moves)));
}

/** The list form of these moves. */
function numbersOf({ world }: Stage, moves: readonly Move[]): readonly number[] {
  world.restart();
  const { choice, numbers } = recorded(byMoves(moves));
  runToEnd(world, STEPS, choice);
  return numbers;
}

function searchedSchedule(
  stage: Stage,
  best: Shrunk,
  key: FindingKey,
  stop: () => boolean,
): readonly number[] | undefined {
  if (best.moves.length > DEPTH) return undefined;
  const { world } = stage;
  world.restart();
  const bounds = { states: STATES, depth: best.moves.length };
  const { found } = exploreExhaustively(world, bounds, stop);
  const first = found.find(({ finding }) => finding.rule === key.rule && finding.party === key.party);
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
