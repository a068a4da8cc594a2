/** Depth first search with the arena's undo log and a set of visited fingerprints. A path ends at a finding. */
import { keyName } from './finding-key.ts';
import type { Mark } from '../arena/arena.ts';
import type { Finding } from '../rules/finding.ts';
import { type Move, processOf, SCRIPT, type World } from '../world/world.ts';
import type { Branches, Branching } from './branches.ts';
import type { ProcessMask } from './reduction.ts';
import { hasError } from './schedule.ts';
import { Visited } from './visited.ts';

export interface SearchBounds {
  readonly states: number;
  readonly depth: number;
  /** Of the set of visited states. */
  readonly bytes: number;
  /** A state met again higher up is followed again, so that the bound on depth cuts nothing off. */
  readonly leastDepth: boolean;
}

export interface Found {
  readonly finding: Finding;
  /** The moves that lead to it from the state after bring-up. */
  readonly moves: readonly Move[];
}

export interface SearchResult {
  readonly states: number;
  readonly transitions: number;
  /** The longest path that was followed. */
  readonly depth: number;
  /** Why not everything was searched. */
  readonly because: string | undefined;
  /** Chance that two different states shared a fingerprint. */
  readonly collision: number;
  /** For each rule and party, the shortest way to it that was met. */
  readonly found: readonly Found[];
  /** States in which nothing can step any more: how many, and the sum of their fingerprints. */
  readonly ends: { readonly count: number; readonly digest: number };
  /** Ways that go round for ever with nothing owed: somebody is busy while idle. */
  readonly idleCircles: number;
  /** Why the search is void and has to begin anew. */
  readonly again: 'more was learned' | 'a request was open' | 'a path goes round' | undefined;
}

interface Frame extends Branches {
  readonly mark: Mark;
  readonly low: number;
  readonly high: number;
  next: number;
  /** Processes whose steps from here were followed. */
  followed: ProcessMask;
  /** Whether the same state stands further up the path too. */
  readonly again: boolean;
  /** Whether the step that led here crossed the link. */
  readonly crossed: boolean;
}

const POLL_INTERVAL = 256;
const STATES = 'the budget of states was used up';
const BYTES = 'the budget of memory was used up';
const STOPPED = 'it was stopped';

/** Nothing but the script can go on. */
const onlyScript: Branches = { moves: [SCRIPT], left: [], alive: true, sleep: 0 };

export class Search {
  readonly #world: World;
  readonly #bounds: SearchBounds;
  readonly #branching: Branching;
  readonly #stop: () => boolean;
  readonly #visited = new Visited();
  readonly #stack: Frame[] = [];
  readonly #path: Move[] = [];
  readonly #found = new Map<string, Found>();
  readonly #ends = { count: 0, digest: 0 };
  #idleCircles = 0;
  #transitions = 0;
  #depth = 0;
  #because: string | undefined;
  #again: SearchResult['again'];

  /** `known`: found before, so that only shorter ways count. */
  constructor(
    world: World,
    bounds: SearchBounds,
    branching: Branching,
    known: readonly Found[],
    stop: () => boolean,
  ) {
    this.#world = world;
    this.#bounds = bounds;
    this.#branching = branching;
    this.#stop = stop;
    for (const found of known) this.#keep(found);
  }

  run(): SearchResult {
    const { arena } = this.#world;
    this.#visited.add(arena.hashLow, arena.hashHigh);
    this.#push(0, -1, true);
    for (let countdown = POLL_INTERVAL; this.#stack.length > 0 && !this.#mustEnd; countdown--) {
      const frame = this.#stack[this.#stack.length - 1] as Frame;
      if (frame.next === frame.moves.length) {
        this.#pop(frame);
        continue;
      }
      if (frame.next > 0) arena.undo(frame.mark);
      this.#follow(frame, frame.moves[frame.next++] as Move);
      if (countdown > 0) continue;
      countdown = POLL_INTERVAL;
      if (this.#stop()) this.#because = STOPPED;
      if (this.#branching.stale()) this.#again ??= 'more was learned';
    }
    if (this.#branching.stale()) this.#again ??= 'more was learned';
    if (this.#stack.length > 0) arena.undo((this.#stack[0] as Frame).mark);
    return {
      states: this.#visited.size,
      transitions: this.#transitions,
      depth: this.#depth,
      because: this.#because,
      collision: this.#visited.collision,
      found: [...this.#found.values()],
      ends: this.#ends,
      idleCircles: this.#idleCircles,
      again: this.#because === STOPPED ? undefined : this.#again,
    };
  }

  get #mustEnd(): boolean {
    return (
      this.#again !== undefined ||
      this.#because === STATES ||
      this.#because === BYTES ||
      this.#because === STOPPED
    );
  }

  #follow(frame: Frame, move: Move): void {
    const world = this.#world;
    const sleep = this.#branching.take(move, frame.sleep | frame.followed);
    const following = frame.moves[frame.next];
    if (move !== SCRIPT && (following === undefined || processOf(following) !== processOf(move)))
      frame.followed |= 1 << processOf(move);
    this.#transitions++;
    this.#path.push(move);
    if (this.#branching.reduces && world.ledger.requestsOpen > 0) this.#again ??= 'a request was open';
    if (world.findings.length > 0 && this.#collect()) {
      this.#widen(frame);
      this.#path.pop();
      return;
    }
    if (world.link.readForgotten) this.#because ??= 'bytes of a consumed entry were read';
    const only = this.#visit(sleep);
    if (only === 0) {
      this.#meetAgain(frame);
      return;
    }
    if (this.#visited.size > this.#bounds.states) this.#because = STATES;
    if (this.#visited.bytes > this.#bounds.bytes) this.#because = BYTES;
    const depth = this.#path.length;
    if (depth >= this.#bounds.depth) {
      this.#because ??= 'the bound on depth was reached';
      if (world.moves().length === 0) this.#judge();
      this.#path.pop();
      return;
    }
    if (depth > this.#depth) this.#depth = depth;
    this.#push(sleep, only, world.crossed);
  }

  /** Marks the state as seen; returns the processes to be followed from it. */
  #visit(sleep: ProcessMask): ProcessMask {
    const { hashLow, hashHigh } = this.#world.arena;
    if (this.#branching.reduces) return this.#visited.addAsleep(hashLow, hashHigh, sleep);
    const isNew = this.#bounds.leastDepth
      ? this.#visited.addAtDepth(hashLow, hashHigh, this.#path.length)
      : this.#visited.add(hashLow, hashHigh);
    return isNew ? -1 : 0;
  }

  /** A state that was seen before, with nothing new behind it; the path may have gone round. */
  #meetAgain(frame: Frame): void {
    const { hashLow, hashHigh } = this.#world.arena;
    if (this.#visited.isOnPath(hashLow, hashHigh)) {
      const at = this.#stack.findLastIndex(({ low, high }) => low === hashLow && high === hashHigh);
      if (this.#branching.sleeps) this.#again ??= 'a path goes round';
      this.#widen(frame); // the cycle proviso
      const still = !this.#world.crossed && this.#stack.slice(at + 1).every(({ crossed }) => !crossed);
      if (still && this.#world.isQuiet() && !this.#judge()) {
        if (!this.#over) {
          this.#open(onlyScript, false);
          return;
        }
        this.#idleCircles++;
      }
    }
    this.#path.pop();
  }

  /** Follows what was left out after all. */
  #widen(frame: Frame): void {
    frame.moves.push(...frame.left);
    frame.left = [];
  }

  /** Opens the current state: what can step, or what is owed when nothing can. */
  #push(sleep: ProcessMask, only: ProcessMask, crossed: boolean): void {
    const branches = this.#branching.from(sleep, only);
    if (branches.alive) {
      this.#open(branches, crossed);
      return;
    }
    this.#ends.count++;
    this.#ends.digest = (this.#ends.digest + this.#world.arena.hashLow) | 0;
    const goesOn = !this.#judge() && !this.#over;
    this.#open(goesOn ? onlyScript : branches, crossed);
  }

  #open(branches: Branches, crossed: boolean): void {
    const { arena } = this.#world;
    const { hashLow: low, hashHigh: high } = arena;
    const { moves, left, alive, sleep } = branches;
    const again = this.#visited.setOnPath(low, high, true);
    const mark = arena.mark();
    this.#stack.push({
      moves,
      left,
      alive,
      sleep,
      mark,
      low,
      high,
      next: 0,
      followed: 0,
      again,
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
    if (!frame.again) this.#visited.setOnPath(frame.low, frame.high, false);
    this.#stack.pop();
    this.#path.pop();
  }

  /** Judges liveness here. Returns whether something is owed that nobody will do. */
  #judge(): boolean {
    const world = this.#world;
    world.settle(this.#over);
    return world.findings.length > 0 && this.#collect();
  }

  /** Takes the findings of this path; true when one is an error and the path ends here. */
  #collect(): boolean {
    const error = hasError(this.#world);
    for (const finding of this.#world.findings) this.#keep({ finding, moves: this.#path });
    this.#world.findings.length = 0;
    return error;
  }

  #keep({ finding, moves }: Found): void {
    const key = keyName(finding);
    const known = this.#found.get(key);
    if (known === undefined || known.moves.length > moves.length)
      this.#found.set(key, { finding, moves: [...moves] });
  }
}
