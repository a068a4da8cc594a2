/**
 * The arena: every word of model state in one place, with an undo log and an incremental hash.
 *
 * From this one mechanism come backtracking, state fingerprints, Save and Restore, cheap resets between
 * random runs and the knowledge of whether a step did anything.
 *
 * Two regions, both undoable: *hashed* words can influence a step or a rule; *loose* words (counts, event
 * numbers) cannot, and stay out of the hash, or no two states would ever merge.
 */
import { mixHigh, mixLow } from './mix.ts';

/** A point to return to; valid until an earlier mark is dropped or returned to. */
export type Mark = number & { readonly brand?: 'mark' };

/**
 * Which regions of the arena somebody read and wrote, as bit sets. A region is a word of a state class or of memory,
 * or a whole container.
 */
export interface Footprint {
  reads: Int32Array;
  writes: Int32Array;
  /** Set when a region came into one of them. */
  grew: boolean;
}

/** A hashed word whose every bit counts. */
const WHOLE = -1;
/** Words of an arena: 128 MiB, several times what the largest queues need. */
const SIZE_MAX = 2 ** 25;
/** Log tags: bit 30 says a hash mask was changed, a negative tag names a loose word. */
const MASK_TAG = 0x4000_0000;

export class Arena {
  /** Hashed words. Models read them through `get`, and write through `set` or `setMemory`. */
  words: Int32Array = new Int32Array(256);
  /** Unhashed words. Read freely; write through `setLoose`. */
  loose: Int32Array = new Int32Array(16);
  /** The two halves of the 64-bit hash of the hashed region. */
  hashLow = 0;
  hashHigh = 0;
  /** Where accesses are noted down while somebody wants to know them. */
  footprint: Footprint | undefined;

  #regions = new Int32Array(256);
  #regionCount = 0;
  #masks = new Int32Array(256).fill(WHOLE);
  #size = 0;
  #looseSize = 0;
  #sealed = false;
  #log = new Int32Array(1024);
  #logLength = 0;
  #marks = new Int32Array(96);
  #markCount = 0;
  #changes = 0;

  /** Number of hashed words in use. */
  get size(): number {
    return this.#size;
  }

  /** Writes that changed something since the arena was made; equal before and after means nothing happened. */
  get changes(): number {
    return this.#changes;
  }

  /** Regions so far. */
  get regions(): number {
    return this.#regionCount;
  }

  /**
   * Reserves `count` hashed words, all zero, and returns the index of the first. Only before `seal`. `apart`: each
   * word is a region of its own; else they are one.
   */
  allocate(count: number, apart: boolean): number {
    const base = this.#size;
    this.#size = this.#extended(base, count);
    if (this.#size > this.words.length) {
      this.words = grown(this.words, this.#size);
      this.#regions = grown(this.#regions, this.words.length);
      const masks = new Int32Array(this.words.length).fill(WHOLE);
      masks.set(this.#masks);
      this.#masks = masks;
    }
    for (let index = base; index < this.#size; index++)
      this.#regions[index] = apart ? this.#regionCount++ : this.#regionCount;
    if (!apart) this.#regionCount++;
    return base;
  }

  /** Reserves `count` loose words and returns the index of the first. Only before `seal`. */
  allocateLoose(count: number): number {
    const base = this.#looseSize;
    this.#looseSize = this.#extended(base, count);
    if (this.#looseSize > this.loose.length) this.loose = grown(this.loose, this.#looseSize);
    return base;
  }

  /** Ends the building phase: from here on the layout is fixed. */
  seal(): void {
    this.#sealed = true;
    this.words = this.words.slice(0, this.#size);
    this.#masks = this.#masks.slice(0, this.#size);
    this.loose = this.loose.slice(0, this.#looseSize);
  }

  /** The word at `index`. */
  get(index: number): number {
    if (this.footprint !== undefined) this.#note(this.footprint.reads, index);
    return this.words[index] as number;
  }

  set(index: number, value: number): void {
    const words = this.words;
    const old = words[index] as number;
    const next = value | 0;
    if (this.footprint !== undefined)
      this.#note(old === next ? this.footprint.reads : this.footprint.writes, index);
    if (old === next) return;
    this.#record(index, old);
    this.#fold(index, old);
    this.#fold(index, next);
    words[index] = next;
  }

  setLoose(index: number, value: number): void {
    const old = this.loose[index] as number;
    const next = value | 0;
    if (old === next) return;
    this.#record(~index, old);
    this.loose[index] = next;
  }

  /** Writes a word that may have been forgotten: a write makes every bit of it count again. */
  setMemory(index: number, value: number): void {
    const mask = this.#masks[index] as number;
    if (mask === WHOLE) {
      this.set(index, value);
      return;
    }
    if (this.footprint !== undefined) this.#note(this.footprint.writes, index);
    const old = this.words[index] as number;
    const next = value | 0;
    this.#record(index | MASK_TAG, mask);
    this.#masks[index] = WHOLE;
    this.#fold(index, old & mask);
    this.#fold(index, next);
    if (old !== next) {
      this.#record(index, old);
      this.words[index] = next;
    }
  }

  /** Leaves only the bits of `mask` of this word in the hash: nobody may read the others any more. */
  forget(index: number, mask: number): void {
    const before = this.#masks[index] as number;
    if (this.footprint !== undefined)
      this.#note(before === mask ? this.footprint.reads : this.footprint.writes, index);
    if (before === mask) return;
    const value = this.words[index] as number;
    this.#record(index | MASK_TAG, before);
    this.#fold(index, value & before);
    this.#fold(index, value & mask);
    this.#masks[index] = mask;
  }

  /** Whether some bits of this word were forgotten since it was last written. */
  forgotten(index: number): boolean {
    if (this.footprint !== undefined) this.#note(this.footprint.reads, index);
    return this.#masks[index] !== WHOLE;
  }

  /** Remembers this state so that `undo` can come back to it. */
  mark(): Mark {
    const at = this.#markCount * 3;
    if (at + 3 > this.#marks.length) this.#marks = grown(this.#marks, at + 3);
    this.#marks[at] = this.#logLength;
    this.#marks[at + 1] = this.hashLow;
    this.#marks[at + 2] = this.hashHigh;
    return this.#markCount++;
  }

  /** Returns to the state of `mark`, which stays valid; later marks are gone. */
  undo(mark: Mark): void {
    const at = mark * 3;
    const floor = this.#marks[at] as number;
    const log = this.#log;
    const words = this.words;
    let top = this.#logLength;
    while (top > floor) {
      top -= 2;
      const tag = log[top] as number;
      const old = log[top + 1] as number;
      if (tag < 0) this.loose[~tag] = old;
      else if (tag & MASK_TAG) this.#masks[tag & ~MASK_TAG] = old;
      else words[tag] = old;
    }
    this.#logLength = floor;
    this.hashLow = this.#marks[at + 1] as number;
    this.hashHigh = this.#marks[at + 2] as number;
    this.#markCount = mark + 1;
  }

  /** Gives up the way back to `mark` and to every later one. Without any mark nothing is logged. */
  drop(mark: Mark): void {
    this.#markCount = mark;
    if (mark === 0) this.#logLength = 0;
  }

  /** The hashed region as it enters the hash: what two merged states must agree on, word for word. */
  vector(): Int32Array {
    return this.words.slice(0, this.#size).map((word, index) => word & (this.#masks[index] as number));
  }

  /** The hash computed from nothing, to check the incremental one against. */
  recomputedHash(): { low: number; high: number } {
    let low = 0;
    let high = 0;
    this.vector().forEach((word, index) => {
      if (word === 0) return;
      low ^= mixLow(index, word);
      high ^= mixHigh(index, word);
    });
    return { low, high };
  }

  #extended(size: number, count: number): number {
    if (this.#sealed) throw new Error('the arena is sealed: allocate while the world is being built');
    if (!(Number.isInteger(count) && count >= 0)) throw new RangeError(`${count} is no number of words`);
    if (size + count > SIZE_MAX) throw new RangeError(`an arena has at most ${SIZE_MAX} words`);
    return size + count;
  }

  #note(bits: Int32Array, index: number): void {
    const region = this.#regions[index] as number;
    const word = bits[region >>> 5] as number;
    const next = word | (1 << (region & 31));
    if (word === next) return;
    bits[region >>> 5] = next;
    (this.footprint as Footprint).grew = true;
  }

  #record(tag: number, old: number): void {
    this.#changes++;
    if (this.#markCount === 0) return;
    const top = this.#logLength;
    if (top + 2 > this.#log.length) this.#log = grown(this.#log, top + 2);
    this.#log[top] = tag;
    this.#log[top + 1] = old;
    this.#logLength = top + 2;
  }

  /** A zero word contributes nothing, so a container that grew and shrank again leaves no residue. */
  #fold(index: number, value: number): void {
    if (value === 0) return;
    this.hashLow ^= mixLow(index, value);
    this.hashHigh ^= mixHigh(index, value);
  }
}

function grown(array: Int32Array, needed: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(needed, array.length * 2));
  larger.set(array);
  return larger;
}
