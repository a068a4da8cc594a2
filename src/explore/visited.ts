/** The set of states that were seen, as 64-bit fingerprints in typed arrays, each with a note of 30 bits. */
import type { ProcessMask } from './reduction.ts';

/** Marks a place that is taken, and a state that is on the current path; the note is in the other bits. */
const TAKEN = 1 << 31;
const ON_PATH = 1 << 30;
const NOTE = ON_PATH - 1;
const BYTES = 12;

export class Visited {
  #low: Int32Array;
  #high: Int32Array;
  #note: Int32Array;
  #size = 0;
  #mask: number;

  constructor(capacity: number = 1 << 14) {
    this.#low = new Int32Array(capacity);
    this.#high = new Int32Array(capacity);
    this.#note = new Int32Array(capacity);
    this.#mask = capacity - 1;
  }

  get size(): number {
    return this.#size;
  }

  /** What it takes, and what it will take while it moves to arrays of twice the size if it has to soon. */
  get bytes(): number {
    const isAlmostFull = this.#size * 2 > this.#mask - 2;
    return this.#low.length * BYTES * (isAlmostFull ? 3 : 1);
  }

  /** Adds a state; false when it was there. */
  add(low: number, high: number): boolean {
    return this.#insert(low, high, 0) < 0;
  }

  /**
   * Adds a state met at `depth`; false when nothing new lies behind it. Met again higher up it counts as new, because
   * a bound on depth may have cut off what lies behind it.
   */
  addAtDepth(low: number, high: number, depth: number): boolean {
    const at = this.#insert(low, high, depth);
    if (at < 0) return true;
    if (((this.#note[at] as number) & NOTE) <= depth) return false;
    this.#renote(at, depth);
    return true;
  }

  /**
   * Adds a state in which the processes of `sleep` need not be followed. Returns the processes to be followed: all but
   * those the first time (-1), later the ones that slept each time before and do not now.
   */
  addAsleep(low: number, high: number, sleep: ProcessMask): ProcessMask {
    const at = this.#insert(low, high, sleep);
    if (at < 0) return -1;
    const slept = (this.#note[at] as number) & NOTE;
    this.#renote(at, slept & sleep);
    return slept & ~sleep;
  }

  /** Puts a state that was added on the path, or takes it off. Returns whether it was on it. */
  setOnPath(low: number, high: number, on: boolean): boolean {
    const at = this.#find(low, high);
    const note = this.#note[at] as number;
    this.#note[at] = on ? note | ON_PATH : note & ~ON_PATH;
    return (note & ON_PATH) !== 0;
  }

  isOnPath(low: number, high: number): boolean {
    return ((this.#note[this.#find(low, high)] as number) & ON_PATH) !== 0;
  }

  /** Probability that two of the states shared a fingerprint (birthday bound, 64 bits). */
  get collision(): number {
    return this.#size ** 2 / 2 ** 65;
  }

  /** The place of a state that was there; -1 when it is new, and its note now is `note`. */
  #insert(low: number, high: number, note: number): number {
    const at = this.#find(low, high);
    if (this.#note[at] !== 0) return at;
    this.#low[at] = low;
    this.#high[at] = high;
    this.#note[at] = TAKEN | note;
    if (++this.#size * 2 > this.#mask) this.#grow();
    return -1;
  }

  /** Where the state stands, or would stand. */
  #find(low: number, high: number): number {
    let at = (low ^ Math.imul(high, 0x9e3779b1)) & this.#mask;
    while (this.#note[at] !== 0 && (this.#low[at] !== low || this.#high[at] !== high))
      at = (at + 1) & this.#mask;
    return at;
  }

  #renote(at: number, note: number): void {
    this.#note[at] = ((this.#note[at] as number) & ~NOTE) | note;
  }

  #grow(): void {
    const old = { low: this.#low, high: this.#high, note: this.#note };
    const capacity = old.low.length * 2;
    this.#low = new Int32Array(capacity);
    this.#high = new Int32Array(capacity);
    this.#note = new Int32Array(capacity);
    this.#mask = capacity - 1;
    this.#size = 0;
    for (let at = 0; at < old.low.length; at++) {
      const note = old.note[at] as number;
      if (note !== 0) this.#insert(old.low[at] as number, old.high[at] as number, note & ~TAKEN);
    }
  }
}
