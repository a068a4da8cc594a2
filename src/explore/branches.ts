/** What is to be followed from a state: every step, or those that a reduction leaves. */
import { type Move, moveOf, processOf, SCRIPT, type World } from '../world/world.ts';
import type { Footprints, Transition } from './footprints.ts';
import { persistent, type ProcessMask, stillAsleep } from './reduction.ts';

/** The ways on from one state. Moves of one process stand together. */
export interface Branches {
  readonly moves: Move[];
  /** Moves that need not be followed unless something out of the ordinary is met. */
  left: Move[];
  /** Whether anything can step here at all; if not, nothing ever will. */
  readonly alive: boolean;
  /** Processes whose steps were followed elsewhere. */
  readonly sleep: ProcessMask;
}

export interface Branching {
  /** Whether it ever leaves steps out. */
  readonly reduces: boolean;
  /** Whether processes sleep. */
  readonly sleeps: boolean;
  /** The ways on from the current state; only for the processes of `only`. */
  from(sleep: ProcessMask, only: ProcessMask): Branches;
  /** Takes the step; returns what sleeps after it, if `sleep` slept before. */
  take(move: Move, sleep: ProcessMask): ProcessMask;
  /** Whether what was concluded so far does not hold any more. */
  stale(): boolean;
}

/** Nothing is left out. */
export class EveryStep implements Branching {
  readonly reduces = false;
  readonly sleeps = false;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  from(): Branches {
    const moves = this.#world.moves();
    return { moves, left: [], alive: moves.length > 0, sleep: 0 };
  }

  take(move: Move): ProcessMask {
    this.#world.take(move);
    return 0;
  }

  stale(): boolean {
    return false;
  }
}

/** Persistent sets and sleep sets; `reduction.ts` says why nothing is missed. */
export class Reduced implements Branching {
  readonly reduces = true;
  readonly sleeps: boolean;
  readonly #world: World;
  readonly #footprints: Footprints;
  /** Of each process in the state that was looked at last. */
  readonly #transitions: Transition[] = [];
  readonly #choices: number[] = [];

  constructor(world: World, footprints: Footprints, sleeps: boolean) {
    this.#world = world;
    this.#footprints = footprints;
    this.sleeps = sleeps;
  }

  from(sleep: ProcessMask, only: ProcessMask): Branches {
    const enabled = this.#look();
    const chosen = persistent(this.#transitions, enabled);
    const moves = this.#movesOf(enabled & chosen & ~sleep & only);
    const left = this.#movesOf(enabled & ~chosen & ~sleep);
    return { moves, left, alive: enabled !== 0, sleep };
  }

  everyMove(): Move[] {
    return this.#movesOf(this.#look());
  }

  /** Asks every process what it can do; returns those that can step. */
  #look(): ProcessMask {
    const footprints = this.#footprints;
    const count = this.#world.processes.length;
    let enabled: ProcessMask = 0;
    for (let index = 0; index < count; index++) {
      this.#transitions[index] = footprints.at(index);
      const choices = (this.#choices[index] = footprints.choices(index));
      if (choices > 0) enabled |= 1 << index;
    }
    return enabled;
  }

  #movesOf(processes: ProcessMask): Move[] {
    const moves: Move[] = [];
    for (let rest = processes; rest !== 0; rest &= rest - 1) {
      const index = 31 - Math.clz32(rest & -rest);
      const choices = this.#choices[index] as number;
      for (let choice = 0; choice < choices; choice++) moves.push(moveOf(index, choice));
    }
    return moves;
  }

  take(move: Move, sleep: ProcessMask): ProcessMask {
    if (move === SCRIPT) {
      this.#world.take(move);
      return 0;
    }
    const step = this.#footprints.at(processOf(move));
    this.#footprints.take(move);
    return sleep === 0 || !this.sleeps ? 0 : stillAsleep(this.#footprints, sleep, step);
  }

  stale(): boolean {
    return this.#footprints.settle();
  }
}
