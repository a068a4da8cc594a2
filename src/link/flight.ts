/** Register writes that were issued and have not arrived, in the order they were issued in. */
import type { Arena } from '../arena/arena.ts';
import { Fifo } from '../arena/containers.ts';
import type { CpuIndex, RegisterOffset } from '../spec/units.ts';

/** Writes in flight at once, of all CPUs together. */
const IN_FLIGHT_MAX = 256;
const WORDS = 3;

/**
 * Writes of one CPU stay in order. So do writes of different CPUs to one register: a driver writes a doorbell under
 * a lock, and releasing that lock orders MMIO (Linux: mmiowb in spin_unlock). Anything else may overtake.
 */
export class Flight {
  readonly #words: Fifo;

  constructor(arena: Arena) {
    this.#words = new Fifo(arena, IN_FLIGHT_MAX * WORDS);
  }

  issue(cpu: CpuIndex, offset: RegisterOffset, value: number): void {
    this.#words.push(cpu);
    this.#words.push(offset);
    this.#words.push(value);
  }

  /** Whether a write of this CPU is still under way. */
  has(cpu: CpuIndex): boolean {
    return this.#first(cpu) >= 0;
  }

  /** The register that the oldest write of this CPU goes to, if that write may arrive now. */
  arriving(cpu: CpuIndex): RegisterOffset | undefined {
    const at = this.#first(cpu);
    if (at < 0) return undefined;
    const offset = this.#words.at(at + 1);
    for (let older = 0; older < at; older += WORDS)
      if (this.#words.at(older + 1) === offset) return undefined;
    return offset;
  }

  /** Takes out the oldest write of this CPU. */
  take(cpu: CpuIndex): { offset: RegisterOffset; value: number } {
    const at = this.#first(cpu);
    this.#words.remove(at);
    return { offset: this.#words.remove(at), value: this.#words.remove(at) };
  }

  #first(cpu: CpuIndex): number {
    for (let at = 0; at < this.#words.length; at += WORDS) if (this.#words.at(at) === cpu) return at;
    return -1;
  }
}
