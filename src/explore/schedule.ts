/**
 * Running a world to its end: by the default policy, or by a list of small integers. In such a list 0 means that
 * the process that moved last moves on, so that lists shrink towards few preemptions.
 */
import { type Move, processOf, SCRIPT, type World } from '../world/world.ts';
import { circleInTurn, nextInTurn } from './endless.ts';

export interface RunEnd {
  /** The moves that were taken, bring-up not counted. */
  readonly moves: readonly Move[];
  /** False when the budget of steps ended the run. */
  readonly ended: boolean;
  /** The budget of steps ended the run where it can go round for ever, in so many steps each time. */
  readonly circle?: number;
}

/**
 * Chooses the next move among `moves`, or leaves it to the default policy by returning undefined. It is also asked,
 * with no moves to choose from, when only the script can go on.
 */
export type Choice = (moves: readonly Move[], last: Move | undefined) => Move | undefined;

/** Eventless steps in a row after which it is worth asking whether the world is quiet. */
export const EVENTLESS_MAX = 24;

/**
 * Runs the world until nothing can happen, the script included, or until a finding. Findings are left in
 * `world.findings`.
 */
export function runToEnd(world: World, steps: number, choose: Choice): RunEnd {
  const end = runWithin(world, steps, choose);
  const circle = end.ended || hasError(world) ? undefined : circleInTurn(world);
  if (circle === undefined) return end;
  world.settle(world.script === undefined || world.script.done);
  return { moves: end.moves, ended: true, circle };
}

/** The same, but where the budget of steps ends the run, nothing is asked about what lies behind it. */
export function runWithin(world: World, steps: number, choose: Choice): RunEnd {
  const moves: Move[] = [];
  let last: Move | undefined;
  let eventless = 0;
  while (moves.length < steps) {
    let enabled = world.moves();
    while (enabled.length === 0 && world.awaitOutside()) enabled = world.moves();
    if (enabled.length === 0) enabled = world.moves();
    const chosen = choose(enabled, last);
    const quiet =
      enabled.length === 0 ||
      chosen === SCRIPT ||
      (eventless >= EVENTLESS_MAX && eventless % 8 === 0 && world.isQuiet());
    if (quiet) {
      const over = world.script === undefined || world.script.done;
      world.settle(over);
      if (over || hasError(world)) return { moves, ended: true };
    }
    // A busy loop (a poller, a self-wake) would keep the default policy to itself: let everybody have a turn.
    const turn = (): Move | undefined =>
      eventless > EVENTLESS_MAX ? nextInTurn(enabled, last) : world.defaultMove(last);
    const move = quiet ? SCRIPT : (chosen ?? turn() ?? SCRIPT);
    world.take(move);
    moves.push(move);
    last = move;
    eventless = world.crossed ? 0 : eventless + 1;
    if (quiet) eventless = 0;
    if (hasError(world)) return { moves, ended: true };
  }
  return { moves, ended: false };
}

export function hasError(world: World): boolean {
  return world.findings.some((finding) => finding.severity === 'error');
}

/** The default policy. */
export const byDefault: Choice = () => undefined;

/** Follows `numbers`; where they end, the default policy goes on. */
export function byNumbers(numbers: readonly number[]): Choice {
  let at = 0;
  return (moves, last) => {
    if (moves.length === 0) return undefined;
    const number = numbers[at++];
    if (number === undefined) return undefined;
    return ordered(moves, last)[number % moves.length];
  };
}

/** Takes exactly these moves; where they end, the default policy goes on. */
export function byMoves(list: readonly Move[]): Choice {
  let at = 0;
  return (moves) => {
    const move = list[at++];
    return move === SCRIPT || (move !== undefined && moves.includes(move)) ? move : undefined;
  };
}

/**
 * Follows a list as far as it fits: a move that is not possible is passed over, and `SCRIPT` stands for "until the
 * script goes on". Where the list ends, the default policy goes on, and a quiet world is told from a busy one at once.
 */
export function leniently(world: World, list: readonly Move[]): Choice {
  let at = 0;
  return (moves, last) => {
    if (last === SCRIPT) at = list.indexOf(SCRIPT, at) + 1 || at;
    if (moves.length === 0) return undefined;
    while (at < list.length && list[at] !== SCRIPT && !moves.includes(list[at] as Move)) at++;
    const move = list[at];
    if (move === undefined || move === SCRIPT) return world.isQuiet() ? SCRIPT : undefined;
    at++;
    return move;
  };
}

/** The moves of the process that moved last come first: what the numbers of the list form count. */
export function ordered(moves: readonly Move[], last: Move | undefined): readonly Move[] {
  if (last === undefined || last === SCRIPT) return moves;
  const same = (move: Move): boolean => processOf(move) === processOf(last);
  return [...moves.filter(same), ...moves.filter((move) => !same(move))];
}
