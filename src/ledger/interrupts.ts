/** MSI-X masks and pending bits as the host set and saw them (PCIe 1.1, 3.5.2). */
import type { Arena } from '../arena/arena.ts';
import { BitSet } from '../arena/containers.ts';
import { flag, type Flag, state, type StateOf } from '../arena/state.ts';
import type { Vector } from '../spec/units.ts';

const fields = { functionMasked: flag as Flag };
const Fields: StateOf<typeof fields> = state(fields);

export class LedgerInterrupts extends Fields {
  readonly vectors: number;
  readonly #masked: BitSet;
  readonly #pending: BitSet;
  readonly #due: BitSet;

  constructor(arena: Arena, vectors: number) {
    super(arena);
    this.vectors = vectors;
    this.#masked = new BitSet(arena, vectors);
    this.#pending = new BitSet(arena, vectors);
    this.#due = new BitSet(arena, vectors);
  }

  isMasked(vector: Vector): boolean {
    return this.functionMasked || (vector < this.vectors && this.#masked.has(vector));
  }

  isPending(vector: Vector): boolean {
    return vector < this.vectors && this.#pending.has(vector);
  }

  /** Unmasked while pending with entries unacknowledged, and no message since. */
  isDue(vector: Vector): boolean {
    return vector < this.vectors && this.#due.has(vector);
  }

  setMask(vector: Vector | 'function', masked: boolean): void {
    if (vector === 'function') this.functionMasked = masked;
    else if (vector < this.vectors) {
      if (masked) this.#masked.add(vector);
      else this.#masked.delete(vector);
    }
  }

  setPending(vector: Vector, pending: boolean): void {
    if (vector >= this.vectors) return;
    if (pending) this.#pending.add(vector);
    else this.#pending.delete(vector);
  }

  setDue(vector: Vector, due: boolean): void {
    if (vector >= this.vectors) return;
    if (due) this.#due.add(vector);
    else this.#due.delete(vector);
  }
}
