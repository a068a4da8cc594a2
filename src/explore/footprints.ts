/**
 * What each step touches, learned while it is taken. A *transition* is a process at one of its locations (a program
 * counter); its footprint is every region of the arena that its guard read, and that its step read or wrote, whenever
 * it was seen: ledger and rules included, because they run inside the step. From the footprints follow the masks that
 * a reduction needs; bit p of a mask stands for process p.
 */
import type { Footprint } from '../arena/arena.ts';
import { type Move, processOf, type World } from '../world/world.ts';

/** A mask has to fit into the note of a visited state. */
const PROCESSES_MAX = 30;
/** Pairs beyond this number are computed each time. */
const TRANSITIONS_KEPT = 512;

export class Transition {
  readonly id: number;
  readonly process: number;
  readonly guard: Footprint;
  readonly step: Footprint;
  /** Processes that have a transition which depends on this one. */
  conflicts = 0;
  /** Processes that have a transition which writes what the guard reads. */
  enablers = 0;

  constructor(id: number, process: number, regions: number) {
    const empty = (): Footprint => ({
      reads: new Int32Array((regions + 31) >>> 5),
      writes: new Int32Array((regions + 31) >>> 5),
      grew: false,
    });
    this.id = id;
    this.process = process;
    this.guard = empty();
    this.step = empty();
  }

  get grew(): boolean {
    return this.guard.grew || this.step.grew;
  }

  settle(): void {
    this.guard.grew = this.step.grew = false;
  }
}

export class Footprints {
  readonly #world: World;
  /** For each process, its transitions by location. */
  readonly #known: Transition[][];
  readonly #all: Transition[] = [];
  #grew = false;
  /** For two transitions by their ids, whether they depend on each other: 1, 2 for no, 0 for not asked yet. */
  #pairs: Uint8Array[] = [];

  constructor(world: World) {
    this.#world = world;
    this.#known = world.processes.map(() => []);
  }

  /** Whether the masks have room for every process of the world. */
  static fit(world: World): boolean {
    return world.processes.length <= PROCESSES_MAX;
  }

  /** The steps that process `index` can take now; takes down what its guard reads. */
  choices(index: number): number {
    const { arena, processes } = this.#world;
    const process = processes[index] as World['processes'][number];
    const transition = this.at(index);
    arena.footprint = transition.guard;
    const choices = process.choices();
    arena.footprint = undefined;
    if (transition.grew) this.#grew = true;
    return choices;
  }

  /** Takes a step and takes down what it touches. */
  take(move: Move): void {
    const { arena } = this.#world;
    const transition = this.at(processOf(move));
    arena.footprint = transition.step;
    try {
      this.#world.take(move);
    } finally {
      arena.footprint = undefined;
    }
    if (transition.grew) this.#grew = true;
  }

  /** Where process `index` stands. */
  at(index: number): Transition {
    const locations = this.#known[index] as Transition[];
    const location = this.#world.processes[index]?.location ?? 0;
    const known = locations[location];
    if (known !== undefined) return known;
    this.#grew = true;
    const transition = new Transition(this.#all.length, index, this.#world.arena.regions);
    this.#all.push(transition);
    return (locations[location] = transition);
  }

  /** Whether the order of the two can matter, or one can enable or disable the other. */
  depend(one: Transition, other: Transition): boolean {
    if (one.process === other.process) return true;
    const row = (this.#pairs[one.id] ??= new Uint8Array(TRANSITIONS_KEPT));
    if (other.id >= TRANSITIONS_KEPT) return depend(one, other);
    return (row[other.id] ||= depend(one, other) ? 1 : 2) === 1;
  }

  /**
   * Takes in what was learned. Returns whether some mask changed, or some pair that was asked about: what was
   * concluded from the old ones is void.
   */
  settle(): boolean {
    if (!this.#grew) return false;
    this.#grew = false;
    let changed = this.#pairs.some((row, id) =>
      row.some(
        (answer, other) =>
          answer === 2 && depend(this.#all[id] as Transition, this.#all[other] as Transition),
      ),
    );
    this.#pairs = [];
    for (const one of this.#all) {
      one.settle();
      const { conflicts, enablers } = one;
      for (const other of this.#all) {
        if (other.process === one.process) continue;
        if (depend(one, other)) one.conflicts |= 1 << other.process;
        if (meet(other.step.writes, one.guard.reads)) one.enablers |= 1 << other.process;
      }
      if (one.conflicts !== conflicts || one.enablers !== enablers) changed = true;
    }
    return changed;
  }
}

/** Whether the order of the two can matter, or one can enable or disable the other. */
function depend(one: Transition, other: Transition): boolean {
  return touches(one.step.writes, other) || touches(other.step.writes, one);
}

function touches(writes: Int32Array, { guard, step }: Transition): boolean {
  return meet(writes, step.reads) || meet(writes, step.writes) || meet(writes, guard.reads);
}

function meet(one: Int32Array, other: Int32Array): boolean {
  for (let index = 0; index < one.length; index++)
    if (((one[index] as number) & (other[index] as number)) !== 0) return true;
  return false;
}
