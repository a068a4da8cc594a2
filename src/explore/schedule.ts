/**
 * Running a world to its end: by the default policy, or by a list of small integers. In such a list 0 means that
 * the process that moved last moves on, so that lists shrink towards few preemptions.
 */
import { EVENTLESS_MAX, type Move, processOf, SCRIPT, type World } from '../world/world.ts';

export interface RunEnd {
  /** The moves that were taken, bring-up not counted. */
  readonly moves: readonly Move[];
  /** False when the budget of steps ended the run. */
  readonly ended: boolean;
}

/**
 * Chooses the next move among `moves`, or leaves it to the default policy by returning undefined. It is also asked,
 * with no moves to choose from, when only the script can go on.
 */
export type Choice = (moves: readonly Move[], last: Move | undefined) => Move | undefined;

/**
 * What a choice may say in the place of a move, once: it has come to its end. If the world is quiet here, however busy,
 * it is judged here; else the default policy goes on.
 */
export const END: Move = -2;

/**
 * Runs the world until nothing can happen that gets anybody further, the script included, or until a finding. Findings
 * are left in `world.findings`.
 */
export function runToEnd(world: World, steps: number, choose: Choice): RunEnd {
  const moves: Move[] = [];
  let last: Move | undefined;
  let eventless = 0;
  while (moves.length < steps) {
    let enabled = world.moves();
    while (enabled.length === 0 && world.awaitOutside()) enabled = world.moves();
    if (enabled.length === 0) enabled = world.moves();
    const chosen = choose(enabled, last);
    const mayBeQuiet = chosen === END || (eventless >= EVENTLESS_MAX && eventless % 8 === 0);
    const quiet = enabled.length === 0 || chosen === SCRIPT || (mayBeQuiet && world.isQuiet());
    if (quiet) {
      const over = world.script === undefined || world.script.done;
      world.settle(over);
      if (over || hasError(world)) return { moves, ended: true };
    }
    const wanted = chosen === END ? undefined : chosen;
    const move = quiet ? SCRIPT : (wanted ?? world.moveInTurn(last, eventless, enabled) ?? SCRIPT);
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

/** A choice that comes to its end after so many steps. */
export function upTo(steps: number, choice: Choice): Choice {
  let taken = 0;
  return (moves, last) => (taken++ === steps ? END : taken > steps ? undefined : choice(moves, last));
}

/** Takes exactly these moves; where they end, the default policy goes on. */
export function byMoves(list: readonly Move[]): Choice {
  let at = 0;
  return upTo(list.length, (moves) => {
    const move = list[at++];
    return move === SCRIPT || (move !== undefined && moves.includes(move)) ? move : undefined;
  });
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
