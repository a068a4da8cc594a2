/**
 * Schedulers: who moves next, from a seed. They differ in what they make likely, because bugs differ in what they
 * need: many small races, one process that is slow, or a few preemptions at the right places.
 *
 * All of them choose a process first and one of its alternatives after that: a process is not quicker than the
 * others for having more ways to go on (a poster with four commands to post would drain them as fast as they come,
 * and queues would hardly ever fill up).
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { mixHigh, mixLow } from '../arena/mix.ts';
import { EVENTLESS_MAX, type Move, processOf, type World } from '../world/world.ts';
import { byDefault, type Choice, runToEnd } from './schedule.ts';

/** Plain data: with it and the world a run can be repeated on any machine. `seed`: 32 bits. */
export type SchedulerSpec =
  | { readonly kind: 'uniform' | 'starve-one' | 'bursts' | 'speeds'; readonly seed: number }
  | { readonly kind: 'pct'; readonly seed: number; readonly depth: 2 | 3 | 4 };

/** Speeds are powers of two below this exponent. */
const SPEEDS = 7;

/** A number from 0 to `count - 1`. */
type Draw = (count: number) => number;

/** A scheduler for one run of `world`, which is expected to take about `steps` steps. */
export function schedulerFor(spec: SchedulerSpec, world: World, steps: number): Choice {
  const draw = drawing(spec.seed);
  switch (spec.kind) {
    case 'uniform':
      return (moves) => anyOf(moves, draw);
    case 'pct':
      return pct(world, draw, spec.depth, steps);
    case 'starve-one':
      return starveOne(world, draw);
    case 'bursts':
      return bursts(draw);
    case 'speeds':
      return speeds(world, draw);
  }
}

/** How long a run of `world` is about, `max` at most: as long as the default policy's. */
export function lengthByDefault(world: World, max: number): number {
  world.restart();
  return runToEnd(world, max, byDefault).moves.length;
}

/** Seeds that differ in one bit only give sequences that have nothing in common. */
function drawing(seed: number): Draw {
  const random = xoroshiro128plusFromState([
    mixLow(0, seed),
    mixHigh(0, seed),
    mixLow(1, seed),
    mixHigh(1, seed),
  ]);
  return (count) => (count === 1 ? 0 : uniformInt(random, 0, count - 1));
}

/** Undefined when only the script can go on. The moves are in the order of their processes. */
function anyOf(moves: readonly Move[], draw: Draw): Move | undefined {
  if (moves.length === 0) return undefined;
  let processes = 0;
  let before = -1;
  for (const move of moves) {
    const process = processOf(move);
    if (process !== before) processes++;
    before = process;
  }
  if (processes === moves.length) return moves[draw(processes)];
  let left = draw(processes);
  const chosen = moves.find((move, at) => {
    const another = at === 0 || processOf(move) !== processOf(moves[at - 1] as Move);
    return another && left-- === 0;
  });
  return alternative(moves, processOf(chosen as Move), draw);
}

/** One of the moves of a process. */
function alternative(moves: readonly Move[], process: number, draw: Draw): Move | undefined {
  const first = moves.findIndex((move) => processOf(move) === process);
  let end = first + 1;
  while (end < moves.length && processOf(moves[end] as Move) === process) end++;
  return moves[first + draw(end - first)];
}

/**
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized Scheduler with
 * Probabilistic Guarantees of Finding Bugs, ASPLOS 2010): the process of the highest priority moves; at `depth - 1`
 * steps, drawn beforehand, it falls below all others. A bug of that depth is found with a probability of at least
 * 1 / (processes * steps^(depth - 1)).
 *
 * A process that only goes round without an event would keep the others waiting for ever: it falls, too.
 */
function pct(world: World, draw: Draw, depth: number, steps: number): Choice {
  const priorities = shuffled(world.processes.length, draw);
  const changes = Array.from({ length: depth - 1 }, () => draw(Math.max(1, steps)));
  const eventless = eventlessSteps(world);
  let lowest = -depth;
  let step = 0;
  return (moves, last) => {
    if (moves.length === 0) return undefined;
    let first = highest(moves, priorities);
    const fallTo = (priority: number): void => {
      priorities[first] = priority;
      first = highest(moves, priorities);
    };
    changes.forEach((change, index) => {
      if (change === step) fallTo(-1 - index);
    });
    step++;
    if (eventless(last) > EVENTLESS_MAX) fallTo(lowest--);
    return alternative(moves, first, draw);
  };
}

function highest(moves: readonly Move[], priorities: readonly number[]): number {
  let best = processOf(moves[0] as Move);
  for (const move of moves) {
    const process = processOf(move);
    if ((priorities[process] as number) > (priorities[best] as number)) best = process;
  }
  return best;
}

/** The numbers from 0 to `count - 1` in any order. */
function shuffled(count: number, draw: Draw): number[] {
  const numbers: number[] = [];
  for (let next = 0; next < count; next++) {
    const at = draw(next + 1);
    numbers[next] = numbers[at] ?? next;
    numbers[at] = next;
  }
  return numbers;
}

/**
 * One process is left waiting as long as another can move: a register write that is slow to arrive, a fetcher or a
 * thread that gets no time. When the others only go round without an event, it has a turn.
 */
function starveOne(world: World, draw: Draw): Choice {
  const waiting = draw(world.processes.length);
  const eventless = eventlessSteps(world);
  return (moves, last) => {
    const turn = eventless(last) > EVENTLESS_MAX;
    const others = turn ? moves : moves.filter((move) => processOf(move) !== waiting);
    return anyOf(others.length > 0 ? others : moves, draw);
  };
}

/** The process that moved last moves on for a random length, whose mean is drawn for the run: 2 to 16 steps. */
function bursts(draw: Draw): Choice {
  const mean = 2 << draw(4);
  return (moves, last) => {
    const goesOn = last !== undefined && draw(mean) !== 0;
    if (goesOn && moves.some((move) => processOf(move) === processOf(last)))
      return alternative(moves, processOf(last), draw);
    return anyOf(moves, draw);
  };
}

/**
 * Every process has a speed of its own for the whole run, from 1 to 1/64: queues fill up in front of the slow ones, and
 * what is slow to arrive comes when much has happened, while nobody waits for ever.
 */
function speeds(world: World, draw: Draw): Choice {
  const speed = world.processes.map(() => 1 << draw(SPEEDS));
  const speedOf = (move: Move): number => speed[processOf(move)] as number;
  return (moves) => {
    if (moves.length === 0) return undefined;
    let sum = 0;
    let before = -1;
    for (const move of moves) {
      if (processOf(move) !== before) sum += speedOf(move);
      before = processOf(move);
    }
    let left = draw(sum);
    before = -1;
    for (const move of moves) {
      if (processOf(move) !== before) left -= speedOf(move);
      if (left < 0) return alternative(moves, processOf(move), draw);
      before = processOf(move);
    }
    return moves[0];
  };
}

/** Counts the steps since something crossed the link; asked once for each step. */
function eventlessSteps(world: World): (last: Move | undefined) => number {
  let count = 0;
  return (last) => (count = last === undefined || world.crossed ? 0 : count + 1);
}
