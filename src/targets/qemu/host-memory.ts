import { type HostMemory, PAGE_BYTES } from '../../link/memory.ts';
import type { GuestRam } from './ram.ts';

/** Guest RAM below this is left alone: what firmware would use. */
const FIRST = 0x10_0000;

/** Guest RAM as host memory. Nothing is explored here, so nothing is forgotten. */
export class QemuMemory implements HostMemory {
  readonly #ram: GuestRam;
  #next = FIRST;

  constructor(ram: GuestRam) {
    this.#ram = ram;
  }

  allocate(bytes: number): number {
    const address = this.#next;
    this.#next += Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;
    if (this.#next > this.#ram.bytes)
      throw new RangeError(`${this.#ram.bytes} bytes of guest RAM are used up`);
    this.#ram.write(address, new Uint8Array(this.#next - address));
    return address;
  }

  contains(address: number, bytes: number): boolean {
    return address >= FIRST && address + bytes <= this.#next;
  }

  read32(address: number): number {
    return this.#ram.read32(address);
  }

  write32(address: number, value: number): void {
    this.#ram.write32(address, value);
  }

  forget(): void {}

  forgotten(): boolean {
    return false;
  }
}
