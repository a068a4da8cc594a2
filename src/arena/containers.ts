/**
 * Bounded containers in the arena. None leaves a residue: what was removed reads as zero, and equal contents
 * have equal words by whichever route they came about.
 */
import type { Arena } from './arena.ts';

/** A fixed number of words, addressed by index. `apart`: they have nothing to do with each other. */
export class WordArray {
  readonly arena: Arena;
  readonly base: number;
  readonly length: number;

  constructor(arena: Arena, length: number, apart = false) {
    this.arena = arena;
    this.length = length;
    this.base = arena.allocate(length, apart);
  }

  get(index: number): number {
    return this.arena.get(this.base + this.#checked(index));
  }

  set(index: number, value: number): void {
    this.arena.set(this.base + this.#checked(index), value);
  }

  clear(): void {
    for (let index = 0; index < this.length; index++) this.set(index, 0);
  }

  #checked(index: number): number {
    if (index < 0 || index >= this.length)
      throw new RangeError(`index ${index} is outside 0..${this.length - 1}`);
    return index;
  }
}

/** First in, first out. Items move up as the first one leaves, so that position says nothing about history. */
export class Fifo {
  readonly capacity: number;
  readonly #words: WordArray;

  constructor(arena: Arena, capacity: number) {
    this.capacity = capacity;
    this.#words = new WordArray(arena, capacity + 1);
  }

  get length(): number {
    return this.#words.get(0);
  }

  push(item: number): void {
    const length = this.length;
    if (length === this.capacity) throw new RangeError(`the FIFO holds at most ${this.capacity} items`);
    this.#words.set(length + 1, item);
    this.#words.set(0, length + 1);
  }

  at(position: number): number {
    if (position >= this.length) throw new RangeError(`position ${position} of a FIFO of ${this.length}`);
    return this.#words.get(position + 1);
  }

  shift(): number {
    return this.remove(0);
  }

  /** Takes out the item at `position`, keeping the order of the others. */
  remove(position: number): number {
    const item = this.at(position);
    const length = this.length;
    for (let index = position + 1; index < length; index++)
      this.#words.set(index, this.#words.get(index + 1));
    this.#words.set(length, 0);
    this.#words.set(0, length - 1);
    return item;
  }

  /** Position of the first item that equals `item`, or -1. */
  indexOf(item: number): number {
    for (let position = 0; position < this.length; position++)
      if (this.at(position) === item) return position;
    return -1;
  }

  clear(): void {
    this.#words.clear();
  }
}

/** A set of small integers 0..capacity-1. */
export class BitSet {
  readonly capacity: number;
  readonly #words: WordArray;

  constructor(arena: Arena, capacity: number) {
    this.capacity = capacity;
    this.#words = new WordArray(arena, Math.max(1, (capacity + 31) >>> 5));
  }

  has(item: number): boolean {
    return ((this.#words.get(item >>> 5) >>> (item & 31)) & 1) === 1;
  }

  add(item: number): void {
    if (item >= this.capacity) throw new RangeError(`${item} is outside 0..${this.capacity - 1}`);
    this.#words.set(item >>> 5, this.#words.get(item >>> 5) | (1 << (item & 31)));
  }

  delete(item: number): void {
    this.#words.set(item >>> 5, this.#words.get(item >>> 5) & ~(1 << (item & 31)));
  }

  get size(): number {
    let count = 0;
    for (let item = 0; item < this.capacity; item++) if (this.has(item)) count++;
    return count;
  }

  get empty(): boolean {
    for (let index = 0; index < this.#words.length; index++) if (this.#words.get(index) !== 0) return false;
    return true;
  }

  /** The smallest member, or -1. */
  first(): number {
    for (let item = 0; item < this.capacity; item++) if (this.has(item)) return item;
    return -1;
  }

  /** The smallest integer below `limit` that is not a member, or -1. */
  firstAbsent(limit: number = this.capacity): number {
    for (let item = 0; item < limit; item++) if (!this.has(item)) return item;
    return -1;
  }

  clear(): void {
    this.#words.clear();
  }
}

/** Rows of `width` words under distinct non-negative keys, kept in order of key. */
export class Table {
  readonly capacity: number;
  readonly width: number;
  readonly #words: WordArray;

  constructor(arena: Arena, capacity: number, width: number) {
    this.capacity = capacity;
    this.width = width;
    this.#words = new WordArray(arena, 1 + capacity * (width + 1));
  }

  get size(): number {
    return this.#words.get(0);
  }

  get full(): boolean {
    return this.size === this.capacity;
  }

  /** The row of `key`, or -1. A row number is valid until the next insertion or removal. */
  find(key: number): number {
    for (let row = 0; row < this.size; row++) if (this.key(row) === key) return row;
    return -1;
  }

  has(key: number): boolean {
    return this.find(key) >= 0;
  }

  key(row: number): number {
    return this.#words.get(this.#start(row)) - 1;
  }

  get(row: number, column: number): number {
    return this.#words.get(this.#start(row) + 1 + column);
  }

  set(row: number, column: number, value: number): void {
    this.#words.set(this.#start(row) + 1 + column, value);
  }

  /** Adds a row of zeroes under a key that is not there yet, and returns its number. */
  insert(key: number): number {
    const size = this.size;
    if (size === this.capacity) throw new RangeError(`the table holds at most ${this.capacity} rows`);
    let row = size;
    while (row > 0 && this.key(row - 1) > key) {
      this.#copyRow(row - 1, row);
      row--;
    }
    if (row > 0 && this.key(row - 1) === key) throw new RangeError(`key ${key} is in the table already`);
    this.#words.set(this.#start(row), key + 1);
    for (let column = 0; column < this.width; column++) this.set(row, column, 0);
    this.#words.set(0, size + 1);
    return row;
  }

  remove(row: number): void {
    const last = this.size - 1;
    for (let at = row; at < last; at++) this.#copyRow(at + 1, at);
    for (let offset = 0; offset <= this.width; offset++) this.#words.set(this.#start(last) + offset, 0);
    this.#words.set(0, last);
  }

  clear(): void {
    this.#words.clear();
  }

  #start(row: number): number {
    return 1 + row * (this.width + 1);
  }

  #copyRow(from: number, to: number): void {
    for (let offset = 0; offset <= this.width; offset++) {
      this.#words.set(this.#start(to) + offset, this.#words.get(this.#start(from) + offset));
    }
  }
}
