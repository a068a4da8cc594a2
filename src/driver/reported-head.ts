/** How far the controller has certainly taken entries, learnt from the SQ heads that completions report. */
import type { Arena } from '../arena/arena.ts';
import { WordArray } from '../arena/containers.ts';
import { state, type StateOf, type Word, word } from '../arena/state.ts';
import { distance, next } from '../spec/ring.ts';
import type { SlotIndex } from '../spec/units.ts';
import type { SubmissionRing } from './rings.ts';

const fields = {
  /** The furthest SQ head that is known: entries before it were taken. */
  head: word as Word<SlotIndex>,
};
const Fields: StateOf<typeof fields> = state(fields);

export class ReportedHead extends Fields {
  readonly #ring: SubmissionRing;
  /** The slot of each key's command, plus one, as long as `head` has not passed it. */
  readonly #slots: WordArray;

  /** Commands are told apart by keys below `keys`. */
  constructor(arena: Arena, ring: SubmissionRing, keys: number) {
    super(arena);
    this.#ring = ring;
    this.#slots = new WordArray(arena, keys);
  }

  clear(): void {
    this.head = 0;
    this.#slots.clear();
  }

  /** The entry of this key's command went to `slot`. */
  wrote(key: number, slot: SlotIndex): void {
    this.#slots.set(key, slot + 1);
  }

  /**
   * Takes over the head that the completion of `key` reports. It is the head of some moment after that command was
   * taken, and completions need not come in order: with more commands outstanding than slots, a value may be laps
   * old. So it is read from the command's own slot on, which the head has passed for certain; and of a command that
   * it had passed before, nothing is learnt.
   */
  reported(key: number, sqhd: SlotIndex): void {
    const slots = this.#slots;
    if (key >= slots.length || slots.get(key) === 0) return;
    const { size, index } = this.#ring;
    const own = next(slots.get(key) - 1, size);
    const unknown = distance(own, index, size);
    const head = distance(own, sqhd, size) <= unknown ? sqhd : own;
    const passed = distance(this.head, own, size) + distance(own, head, size);
    for (let other = 0; other < slots.length; other++) {
      const slot = slots.get(other) - 1;
      if (slot >= 0 && distance(this.head, slot, size) < passed) slots.set(other, 0);
    }
    this.head = head;
  }
}
