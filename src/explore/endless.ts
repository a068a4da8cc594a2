/** Runs that do not come to an end: they go round in circles, or they are only long. */
import { type Move, processOf, SCRIPT, type World } from '../world/world.ts';

/** Steps that a circle may be long, and that may pass before it begins. */
const STEPS_MAX = 5000;

/**
 * Gives every process its turn until a state comes back, and returns after how many steps it did: from there the world
 * can go round for ever with nobody left waiting. Undefined, with the world as it was, when it does not come back soon,
 * stops, or meets something else on the way.
 */
export function circleInTurn(world: World): number | undefined {
  const here = world.arena.mark();
  const findings = world.findings.length;
  const length = goRound(world, findings);
  if (length === undefined) {
    world.arena.undo(here);
    world.findings.length = findings;
  }
  world.arena.drop(here);
  return length;
}

function goRound(world: World, findings: number): number | undefined {
  const seen = new Map<string, number>();
  let last: Move = SCRIPT;
  for (let step = 0; step < STEPS_MAX; step++) {
    const state = `${world.arena.hashLow}:${world.arena.hashHigh}:${processOf(last)}`;
    const before = seen.get(state);
    if (before !== undefined) return step - before;
    seen.set(state, step);
    const next = nextInTurn(world.moves(), last);
    if (next === undefined) return undefined;
    world.take(next);
    if (world.findings.length > findings) return undefined;
    last = next;
  }
  return undefined;
}

/** The first step of the process after the one that moved last. */
export function nextInTurn(enabled: readonly Move[], last: Move | undefined): Move | undefined {
  return enabled.find((move) => processOf(move) > processOf(last ?? SCRIPT)) ?? enabled[0];
}
