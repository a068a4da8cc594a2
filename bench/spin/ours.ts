/** Our side: the reference pair on the same scope, and how many of its states differ in the models alone. */
import type { Arena, Mark } from '../../src/arena/arena.ts';
import { mixHigh, mixLow } from '../../src/arena/mix.ts';
import { type ExhaustiveResult, exploreExhaustively } from '../../src/explore/exhaustive.ts';
import { build } from '../../src/scenario/build.ts';
import { smallScope } from '../../src/scenario/small-scope.fixture.ts';
import type { Move, World } from '../../src/world/world.ts';
import { type Scope, type SeededBug, smallScopeOf } from './scopes.ts';

const BOUNDS = { states: 50_000_000, depth: 100_000 };
const never = (): boolean => false;

/** The world after bring-up. */
export function worldOf(scope: Scope, bug?: SeededBug): World {
  const [scenario, pairing] = smallScope(smallScopeOf(scope, bug?.driver));
  const controller = { ...pairing.controller, decisions: bug?.controller ?? {} };
  const { world } = build(scenario, { ...pairing, controller });
  if (!world.bringUp()) throw new Error('bring-up does not come to its end');
  return world;
}

/** Every state, all rules on; `seconds` are the CPU's, user and system, of all threads. */
export function search(world: World, reduce: boolean): ExhaustiveResult & { readonly seconds: number } {
  world.restart();
  const before = process.cpuUsage();
  const result = exploreExhaustively(world, { ...BOUNDS, reduce }, never);
  const { user, system } = process.cpuUsage(before);
  if (!result.complete) throw new Error(`the search is not complete: ${result.because}`);
  return { ...result, seconds: (user + system) / 1e6 };
}

/** A state graph's size. */
export interface Graph {
  readonly states: number;
  readonly transitions: number;
}

/**
 * The graph of what the models alone do: states that differ only in what the ledger remembers count once. Where
 * nothing can move, to say so is a transition, as in the Promela model.
 */
export function modelGraph(world: World): Graph {
  world.restart();
  const { arena } = world;
  const ledger = firstLedgerWord(world);
  const states = new Set<string>();
  const models = new Set<string>();
  const stack: { readonly mark: Mark; readonly moves: readonly Move[]; next: number }[] = [];
  let transitions = 0;

  const open = (): void => {
    const state = `${arena.hashLow}:${arena.hashHigh}`;
    if (states.has(state)) return;
    states.add(state);
    const moves = world.moves();
    const model = withoutLedger(arena, ledger);
    if (!models.has(model)) transitions += Math.max(1, moves.length);
    models.add(model);
    stack.push({ mark: arena.mark(), moves, next: 0 });
  };

  open();
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    arena.undo(frame.mark);
    const move = frame.moves[frame.next++];
    if (move === undefined) {
      arena.drop(frame.mark);
      stack.pop();
      continue;
    }
    world.take(move);
    open();
  }
  return { states: models.size, transitions };
}

/** The ledger takes its words after all models did (src/scenario/build.ts). */
function firstLedgerWord({ ledger }: World): number {
  return (ledger.controller as unknown as { readonly wordsFrom: number }).wordsFrom;
}

/** The fingerprint of the words before `ledger`: what the others contribute is taken out again. */
function withoutLedger(arena: Arena, ledger: number): string {
  let { hashLow, hashHigh } = arena;
  for (let at = ledger; at < arena.size; at++) {
    const word = arena.words[at] as number;
    if (word === 0) continue;
    hashLow ^= mixLow(at, word);
    hashHigh ^= mixHigh(at, word);
  }
  return `${hashLow}:${hashHigh}`;
}
