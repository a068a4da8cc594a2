/**
 * Entries the host has written and may not have submitted: how commands are known where fetches are not
 * visible.
 */
import type { Arena } from '../arena/arena.ts';
import { WordArray } from '../arena/containers.ts';
import { SQE_WORDS } from '../spec/entries.ts';
import { ADMIN, type QueueId, type SlotIndex } from '../spec/units.ts';

export class WrittenEntries {
  readonly #slots: number;
  /** DWORD 0 + 1 of each slot, 0 where nothing was seen. */
  readonly #first: WordArray;
  /** All dwords, for the admin queue only. */
  readonly #all: WordArray;

  constructor(arena: Arena, qid: QueueId, slots: number) {
    this.#slots = slots;
    this.#first = new WordArray(arena, slots * 2);
    this.#all = new WordArray(arena, qid === ADMIN ? slots * SQE_WORDS : 0);
  }

  write(slot: SlotIndex, cid: number, opcode: number, words: Int32Array): void {
    if (slot >= this.#slots) return;
    this.#first.set(slot * 2, 1);
    this.#first.set(slot * 2 + 1, (cid << 8) | opcode);
    if (this.#all.length === 0) return;
    for (let index = 0; index < SQE_WORDS; index++)
      this.#all.set(slot * SQE_WORDS + index, words[index] ?? 0);
  }

  has(slot: SlotIndex): boolean {
    return slot < this.#slots && this.#first.get(slot * 2) !== 0;
  }

  cid(slot: SlotIndex): number {
    return this.#first.get(slot * 2 + 1) >>> 8;
  }

  opcode(slot: SlotIndex): number {
    return this.#first.get(slot * 2 + 1) & 0xff;
  }

  words(slot: SlotIndex): Int32Array {
    const words = new Int32Array(SQE_WORDS);
    if (this.#all.length === 0) return words;
    for (let index = 0; index < SQE_WORDS; index++) words[index] = this.#all.get(slot * SQE_WORDS + index);
    return words;
  }

  forget(slot: SlotIndex): void {
    this.#first.set(slot * 2, 0);
    this.#first.set(slot * 2 + 1, 0);
  }
}
