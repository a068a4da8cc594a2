/** What the callers of a driver have asked for and not been answered, at the driver's own door. */
import type { Arena } from '../arena/arena.ts';
import { WordArray } from '../arena/containers.ts';
import type { QueueId } from '../spec/units.ts';

export class LedgerCallers {
  /** For each SQ, commands asked for and not answered. */
  readonly #open: WordArray;

  constructor(arena: Arena, queuesMax: number) {
    this.#open = new WordArray(arena, queuesMax, true);
  }

  open(sqid: QueueId): number {
    return sqid < this.#open.length ? this.#open.get(sqid) : 0;
  }

  ask(sqid: QueueId): void {
    if (sqid < this.#open.length) this.#open.set(sqid, this.open(sqid) + 1);
  }

  answer(sqid: QueueId): void {
    if (this.open(sqid) > 0) this.#open.set(sqid, this.open(sqid) - 1);
  }

  /** The queue is no more: what its callers asked for was ended with it. */
  endOf(sqid: QueueId): void {
    if (sqid < this.#open.length) this.#open.set(sqid, 0);
  }

  /** The driver was saved, or reset the controller: its callers are told so, and others ask anew. */
  leave(): void {
    this.#open.clear();
  }
}
