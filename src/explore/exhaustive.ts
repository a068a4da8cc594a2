/**
 * Exhaustive exploration: depth first with the arena's undo log and a set of visited fingerprints. Every order of
 * every step is tried; nothing is reduced. A path ends at a finding.
 */
import type { Finding } from '../rules/finding.ts';
import type { Mark } from '../arena/arena.ts';
import { type Move, SCRIPT, type World } from '../world/world.ts';
import { hasError } from './schedule.ts';
import { Visited } from './visited.ts';

export interface ExhaustiveBounds {
  readonly states: number;
  readonly depth: number;
}

export interface Found {
  readonly finding: Finding;
  /** The moves that lead to it from the state after bring-up. */
  readonly moves: readonly Move[];
}

export interface ExhaustiveResult {
  readonly states: number;
  readonly transitions: number;
  /** The longest path that was followed. */
  readonly depth: number;
  readonly complete: boolean;
  readonly because: string | undefined;
  readonly collision: number;
  /** For each rule and party, the shortest way to it that was met. */
  readonly found: readonly Found[];
}

interface Frame {
  readonly mark: Mark;
  readonly low: number;
  readonly high: number;
  readonly moves: readonly Move[];
  next: number;
  /** Whether the step that led here crossed the link. */
  readonly crossed: boolean;
}

/** `stop` is asked every few hundred steps. */
export function exploreExhaustively(
  world: World,
  bounds: ExhaustiveBounds,
  stop: () => boolean,
): ExhaustiveResult {
  return new Search(world, bounds, false, stop).run();
}

/** Searches again with ever smaller depth until no shorter way to a finding is met, within `states` in all. */
export function shortest(world: World, found: Found, states: number, stop: () => boolean): Found {
  let best = found;
  let budget = states;
  while (best.moves.length > 1 && budget > 0) {
    world.restart();
    const result = new Search(world, { states: budget, depth: best.moves.length - 1 }, true, stop).run();
    budget -= result.states;
    const shorter = result.found.find((other) => sameRule(other, best));
    if (shorter === undefined) break;
    best = shorter;
  }
  return best;
}

function sameRule(a: Found, b: Found): boolean {
  return a.finding.rule === b.finding.rule && a.finding.party === b.finding.party;
}

class Search {
  readonly #world: World;
  readonly #bounds: ExhaustiveBounds;
  readonly #stop: () => boolean;
  readonly #visited: Visited;
  readonly #stack: Frame[] = [];
  readonly #path: Move[] = [];
  readonly #found = new Map<string, Found>();
  #transitions = 0;
  #depth = 0;
  #because: string | undefined;

  constructor(world: World, bounds: ExhaustiveBounds, leastDepth: boolean, stop: () => boolean) {
    this.#visited = new Visited(leastDepth);
    this.#world = world;
    this.#bounds = bounds;
    this.#stop = stop;
  }

  run(): ExhaustiveResult {
    const { arena } = this.#world;
    this.#visited.add(arena.hashLow, arena.hashHigh, 0);
    this.#push(true);
    let countdown = 256;
    while (this.#stack.length > 0 && this.#because !== 'the budget of states was used up') {
      const frame = this.#stack[this.#stack.length - 1] as Frame;
      if (frame.next === frame.moves.length) {
        this.#pop(frame);
        continue;
      }
      if (frame.next > 0) arena.undo(frame.mark);
      this.#follow(frame.moves[frame.next++] as Move);
      if (--countdown === 0) {
        countdown = 256;
        if (this.#stop()) {
          this.#because = 'it was stopped';
          break;
        }
      }
    }
    if (this.#stack.length > 0) arena.undo((this.#stack[0] as Frame).mark);
    return {
      states: this.#visited.size,
      transitions: this.#transitions,
      depth: this.#depth,
      complete: this.#because === undefined,
      because: this.#because,
      collision: this.#visited.collision,
      found: [...this.#found.values()],
    };
  }

  #follow(move: Move): void {
    const world = this.#world;
    world.take(move);
    this.#transitions++;
    this.#path.push(move);
    if (world.findings.length > 0 && this.#collect()) {
      this.#path.pop();
      return;
    }
    if (world.link.readForgotten) {
      this.#because ??= 'bytes of a consumed entry were read';
    }
    const depth = this.#path.length;
    const { hashLow, hashHigh } = world.arena;
    if (!this.#visited.add(hashLow, hashHigh, depth)) {
      const circle = !world.crossed && this.#closesCircle(hashLow, hashHigh) && world.isQuiet();
      if (circle && !this.#judge() && !this.#over) this.#open([SCRIPT], false);
      else this.#path.pop();
      return;
    }
    if (this.#visited.size > this.#bounds.states) this.#because = 'the budget of states was used up';
    if (depth >= this.#bounds.depth) {
      this.#because ??= 'the bound on depth was reached';
      if (world.moves().length === 0) this.#judge();
      this.#path.pop();
      return;
    }
    if (depth > this.#depth) this.#depth = depth;
    this.#push(world.crossed);
  }

  /** Opens the current state: what can step, or what is owed when nothing can. */
  #push(crossed: boolean): void {
    const moves = this.#world.moves();
    if (moves.length > 0) this.#open(moves, crossed);
    else this.#open(this.#judge() || this.#over ? [] : [SCRIPT], crossed);
  }

  #open(moves: readonly Move[], crossed: boolean): void {
    const { arena } = this.#world;
    this.#stack.push({
      mark: arena.mark(),
      low: arena.hashLow,
      high: arena.hashHigh,
      moves,
      next: 0,
      crossed,
    });
  }

  get #over(): boolean {
    const { script } = this.#world;
    return script === undefined || script.done;
  }

  #pop(frame: Frame): void {
    this.#world.arena.undo(frame.mark);
    this.#world.arena.drop(frame.mark);
    this.#stack.pop();
    this.#path.pop();
  }

  /** Judges liveness here. Returns whether something is owed that nobody will do. */
  #judge(): boolean {
    const world = this.#world;
    world.settle(this.#over);
    return world.findings.length > 0 && this.#collect();
  }

  /** Whether the state was reached before on this path without anything crossing the link since. */
  #closesCircle(low: number, high: number): boolean {
    for (let at = this.#stack.length - 1; at >= 0; at--) {
      const frame = this.#stack[at] as Frame;
      if (frame.low === low && frame.high === high) return true;
      if (frame.crossed) return false;
    }
    return false;
  }

  /** Takes the findings of this path; true when one is an error and the path ends here. */
  #collect(): boolean {
    const world = this.#world;
    const error = hasError(world);
    for (const finding of world.findings) {
      const key = `${finding.rule}/${finding.party}/${finding.severity}`;
      const known = this.#found.get(key);
      if (known === undefined || known.moves.length > this.#path.length) {
        this.#found.set(key, { finding, moves: [...this.#path] });
      }
    }
    world.findings.length = 0;
    return error;
  }
}
