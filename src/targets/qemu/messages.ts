import type { VectorMessage } from './pci.ts';
import type { GuestRam } from './ram.ts';

/** Not zero in any byte, so that no part of a message can be taken for its absence. */
const TAG = 0x5a5a_0101;

/**
 * Where MSI-X messages land: a dword of guest RAM for each vector, zero until the vector has sent.
 *
 * `take` is an atomic exchange although it reads and then writes. Only the controller makes a dword nonzero
 * and only `take` makes it zero, so nothing that comes between its read and its write can change the outcome:
 * the message that was seen and one that lands before the zero are the one that is reported. One that lands
 * after the zero is there for the next call. Several messages before a `take` count as one, as they do in an
 * interrupt controller; and as there, none is lost to a host that looks at its completion queues after `take`
 * and not before: the entries were written before the message.
 */
export class Mailbox {
  readonly #ram: GuestRam;
  readonly #address: number;
  readonly #vectors: number;

  /** Uses 4 bytes for each vector from `address` on, a multiple of 4, and empties them. */
  constructor(ram: GuestRam, address: number, vectors: number) {
    this.#ram = ram;
    this.#address = address;
    this.#vectors = vectors;
    ram.write(address, new Uint8Array(vectors * 4));
  }

  /** The message to give the vector, for `NvmeFunction.setVector`. */
  message(vector: number): VectorMessage {
    return { address: this.#slot(vector), data: TAG + vector };
  }

  /** Whether the vector has sent since the last time this was asked; forgets it. */
  take(vector: number): boolean {
    const slot = this.#slot(vector);
    if (this.#ram.read32(slot) === 0) return false;
    this.#ram.write32(slot, 0);
    return true;
  }

  #slot(vector: number): number {
    if (vector >= 0 && vector < this.#vectors) return this.#address + vector * 4;
    throw new RangeError(`vector ${vector} of ${this.#vectors}`);
  }
}
