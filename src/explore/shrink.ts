/**
 * Shrinking a failing schedule: to the fewest steps and, among those, the fewest preemptions. First fast-check shrinks
 * the list of numbers, which takes large pieces away at once; then pieces of the exact list of moves are left out, or
 * put together, until nothing helps any more: as in delta debugging (Zeller, Hildebrandt: Simplifying and Isolating
 * Failure-Inducing Input, 2002), where a candidate is followed as far as it fits. Last, a few other schedules are tried
 * that end sooner: some bugs have a short way that lies nowhere near the long one.
 */
import { type FindingKey, isKey } from './finding-key.ts';
import fc from 'fast-check';
import type { Finding } from '../rules/finding.ts';
import { type Move, processOf, SCRIPT, type World } from '../world/world.ts';
import { portfolio } from './portfolio.ts';
import { byNumbers, type Choice, leniently, runToEnd } from './schedule.ts';
import { schedulerFor } from './scheduler.ts';
import { smallestFailing } from './smallest.ts';

/** What must still be found. `severity`: an error unless it says otherwise. */
export interface ShrinkBounds {
  /** Runs that may be spent. */
  readonly attempts: number;
  /** Steps of a run at most. */
  readonly steps: number;
  /** Whether what a run threw only says that it comes to no verdict: it is then none that fails. */
  readonly isUnjudged?: (error: unknown) => boolean;
}

export interface Shrunk {
  readonly finding: Finding;
  /**
   * What was taken up to the finding. For what is owed at the end these moves lead to where nothing more can happen,
   * so `World.isQuiet` holds after them and `World.settle` finds it.
   */
  readonly moves: readonly Move[];
  readonly preemptions: number;
  readonly attempts: number;
  /** Every way to shrink it further was tried: no step can be left out. False when a bound or `stop` ended it. */
  readonly minimal: boolean;
}

/**
 * Shrinks the schedule `numbers` (the list form of `byNumbers`). Undefined if it does not lead to a finding with this
 * key. Ends after `bounds.attempts` runs, or when `stop` says so.
 */
export function shrinkSchedule(
  world: World,
  numbers: readonly number[],
  key: FindingKey,
  bounds: ShrinkBounds,
  stop: () => boolean,
): Shrunk | undefined {
  return new Shrinking(world, key, bounds, stop).shrunk(numbers);
}

/** Times that the process which moved last could have moved on, and another one moved. The moves must fit. */
export function preemptionsOf(world: World, moves: readonly Move[]): number {
  world.restart();
  const free = moves.map((move, at) => {
    const could = canMoveOn(world.moves(), moves[at - 1]);
    world.take(move);
    return could;
  });
  world.restart();
  return preemptions(moves, free);
}

function canMoveOn(enabled: readonly Move[], last: Move | undefined): boolean {
  return last !== undefined && enabled.some((move) => processOf(move) === processOf(last));
}

/** `free[i]`: before move i, the process that moved last could have moved on. */
function preemptions(moves: readonly Move[], free: readonly boolean[]): number {
  const preempts = (move: Move, at: number): boolean =>
    free[at] === true && move !== SCRIPT && processOf(move) !== processOf(moves[at - 1] ?? SCRIPT);
  return moves.filter(preempts).length;
}

interface Failing {
  readonly finding: Finding;
  readonly moves: readonly Move[];
  readonly preemptions: number;
}

function isSmaller(a: Failing, b: Failing): boolean {
  if (a.moves.length !== b.moves.length) return a.moves.length < b.moves.length;
  return a.preemptions < b.preemptions;
}

/** The part of the attempts that fast-check has: what it does not finish, the second stage does better. */
const FIRST_STAGE = 0.25;
/** Other schedules tried where nothing can be left out, and the part of the attempts after which none is. */
const FRESH = 300;
const FRESH_UNTIL = 0.75;

class Shrinking {
  readonly #world: World;
  readonly #key: FindingKey;
  readonly #bounds: ShrinkBounds;
  readonly #stop: () => boolean;
  #attempts = 0;
  #cutShort = false;

  constructor(world: World, key: FindingKey, bounds: ShrinkBounds, stop: () => boolean) {
    this.#world = world;
    this.#key = key;
    this.#bounds = bounds;
    this.#stop = stop;
  }

  shrunk(numbers: readonly number[]): Shrunk | undefined {
    const first = this.#run(byNumbers(numbers), this.#bounds.steps);
    if (first === undefined) return undefined;
    // Only what was chosen before the finding matters; a shorter list leaves less to shrink.
    let best = this.#withFewerNumbers(first, numbers.slice(0, first.moves.length));
    for (let round = 0; ; round++) {
      best = this.#toFixpoint(best);
      const another = this.#fresh(best, round);
      if (another === undefined) break;
      best = another;
    }
    this.#world.restart();
    return { ...best, attempts: this.#attempts, minimal: !this.#cutShort };
  }

  #toFixpoint(failing: Failing): Failing {
    let best = failing;
    for (;;) {
      const before = best;
      best = this.#without(best, bursts);
      best = this.#without(best, (moves) => moves.map((move) => [move]));
      best = this.#merged(best);
      if (best === before || this.#cutShort) return best;
    }
  }

  /** The first of a few other schedules that is shorter: the way out where leaving out leads no further. */
  #fresh(best: Failing, round: number): Failing | undefined {
    const last = this.#bounds.attempts * FRESH_UNTIL;
    const expected = best.moves.length;
    for (const spec of fc.sample(portfolio, { seed: round, numRuns: FRESH })) {
      if (this.#attempts >= last || this.#stop()) return undefined;
      const found = this.#run(schedulerFor(spec, this.#world, expected), expected);
      if (found !== undefined && isSmaller(found, best)) return found;
    }
    return undefined;
  }

  /** A short list of numbers may stand for a long run: such a list is none that fails. */
  #withFewerNumbers(failing: Failing, numbers: readonly number[]): Failing {
    const last = this.#bounds.attempts * FIRST_STAGE;
    const lists = fc.array(fc.nat(), { maxLength: numbers.length, size: 'max' });
    let best = failing;
    const isOver = (): boolean => this.#attempts >= last || this.#stop();
    const fails = (fewer: readonly number[]): boolean => {
      const found = this.#run(byNumbers(fewer), failing.moves.length + 1);
      if (found === undefined || found.moves.length > failing.moves.length) return false;
      if (isSmaller(found, best)) best = found;
      return true;
    };
    smallestFailing(lists, [...numbers], fails, isOver);
    return best;
  }

  /** Leaves out half of the parts, a quarter …, single ones, beginning at the end. */
  #without(failing: Failing, partsOf: (moves: readonly Move[]) => readonly (readonly Move[])[]): Failing {
    let best = failing;
    let parts = partsOf(best.moves);
    for (let size = parts.length >> 1; size >= 1; size >>= 1) {
      for (let end = parts.length; end > 0 && !this.#cutShort; end = Math.min(end, parts.length)) {
        const start = Math.max(0, end - size);
        const candidate = [...parts.slice(0, start), ...parts.slice(end)].flat();
        best = this.#better(best, candidate);
        parts = partsOf(best.moves);
        end = start;
      }
    }
    return best;
  }

  /** Puts a burst behind the burst before of the same process, or that one before it. */
  #merged(failing: Failing): Failing {
    let best = failing;
    for (let later = 1; ; later++) {
      const parts = bursts(best.moves);
      const burst = parts[later];
      if (burst === undefined || this.#cutShort) return best;
      const process = processOf(burst[0] as Move);
      const earlier = parts.findLastIndex((part, at) => at < later && processOf(part[0] as Move) === process);
      if (earlier < 0 || process < 0) continue;
      const between = parts.slice(earlier + 1, later).flat();
      const head = parts.slice(0, earlier).flat();
      const tail = parts.slice(later + 1).flat();
      const both = [...(parts[earlier] as Move[]), ...burst];
      best = this.#better(best, [...head, ...both, ...between, ...tail]);
      best = this.#better(best, [...head, ...between, ...both, ...tail]);
    }
  }

  /** What following the candidate leads to, if that is shorter, or as short and less interrupted. */
  #better(best: Failing, candidate: readonly Move[]): Failing {
    if (this.#attempts >= this.#bounds.attempts || this.#stop()) this.#cutShort = true;
    if (this.#cutShort) return best;
    const { length } = best.moves;
    // One step more than is of use, because what is owed is judged when the next step is asked for.
    const found = this.#run(leniently(this.#world, candidate), length + 1);
    return found !== undefined && isSmaller(found, best) ? found : best;
  }

  #run(choice: Choice, steps: number): Failing | undefined {
    try {
      return this.#failing(choice, steps);
    } catch (error) {
      if (this.#bounds.isUnjudged?.(error) === true) return undefined;
      throw error;
    }
  }

  #failing(choice: Choice, steps: number): Failing | undefined {
    const world = this.#world;
    this.#attempts++;
    world.restart();
    const free: boolean[] = [];
    let found: number | undefined;
    const { moves } = runToEnd(world, steps, (enabled, last) => {
      if (found === undefined && this.#finding() !== undefined) found = free.length;
      free.push(canMoveOn(enabled, last));
      return choice(enabled, last);
    });
    const finding = this.#finding();
    if (finding === undefined) return undefined;
    const taken = moves.slice(0, found);
    return { finding, moves: taken, preemptions: preemptions(taken, free) };
  }

  #finding(): Finding | undefined {
    return this.#world.findings.find((each) => isKey(each, this.#key));
  }
}

/** The moves in pieces: what one process did without another in between. */
function bursts(moves: readonly Move[]): Move[][] {
  const parts: Move[][] = [];
  moves.forEach((move, at) => {
    if (at > 0 && processOf(move) === processOf(moves[at - 1] as Move)) parts.at(-1)?.push(move);
    else parts.push([move]);
  });
  return parts;
}
