/** MSI-X (PCIe 1.1, 3.5.2): mask and pending bits of each vector, and the messages that reached the host. */
import type { Arena } from '../arena/arena.ts';
import { BitSet } from '../arena/containers.ts';
import { flag, type Flag, state, type StateOf } from '../arena/state.ts';
import type { Vector } from '../spec/units.ts';
import type { LinkEvent } from './events.ts';

const fields = { functionMasked: flag as Flag };
const Fields: StateOf<typeof fields> = state(fields);

/** One who waits for messages of a vector; every listener of a vector has a latch of its own. */
export type Listener = number & { readonly unit?: 'listener' };

export class Msix extends Fields {
  readonly vectors: number;
  readonly #masked: BitSet;
  readonly #pending: BitSet;
  readonly #latched: BitSet;
  readonly #listeners: Vector[] = [];
  readonly #emit: (event: LinkEvent) => void;

  constructor(arena: Arena, vectors: number, emit: (event: LinkEvent) => void) {
    super(arena);
    this.vectors = vectors;
    this.#masked = new BitSet(arena, vectors);
    this.#pending = new BitSet(arena, vectors);
    this.#latched = new BitSet(arena, 64);
    this.#emit = emit;
  }

  isMasked(vector: Vector): boolean {
    return this.functionMasked || this.#masked.has(vector);
  }

  isPending(vector: Vector): boolean {
    return this.#pending.has(vector);
  }

  /** Host side. Registers a handler of `vector` while the world is being built. */
  listen(vector: Vector): Listener {
    if (this.#listeners.length === 64) throw new RangeError('at most 64 interrupt handlers');
    return this.#listeners.push(vector) - 1;
  }

  /** Host side. Whether a message came in for this handler since it last looked. */
  latched(listener: Listener): boolean {
    return this.#latched.has(listener);
  }

  /** Host side. The handler starts: several messages may have merged into one run of it. */
  take(listener: Listener): void {
    this.#latched.delete(listener);
  }

  /** Host side; `Link.mask` also tells the controller. */
  setMask(vector: Vector | 'function', masked: boolean): void {
    if (vector === 'function') this.functionMasked = masked;
    else if (masked) this.#masked.add(vector);
    else this.#masked.delete(vector);
    this.#emit({ type: 'irq.mask', vector, masked });
  }

  /** Controller side. A message goes out; a controller that honours the mask asks `isMasked` first. */
  send(vector: Vector): void {
    this.#listeners.forEach((listening, listener) => {
      if (listening === vector) this.#latched.add(listener);
    });
    this.#emit({ type: 'irq', vector });
  }

  /** Controller side. */
  setPending(vector: Vector, pending: boolean): void {
    if (this.isPending(vector) === pending) return;
    if (pending) this.#pending.add(vector);
    else this.#pending.delete(vector);
    this.#emit({ type: 'irq.pending', vector, pending });
  }
}
