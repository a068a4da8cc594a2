/** Host memory: what the host owns and the controller reaches by DMA. */
import type { Arena } from '../arena/arena.ts';
import type { Address } from '../spec/units.ts';

const PAGE_SHIFT = 12;
export const PAGE_BYTES: number = 1 << PAGE_SHIFT;

/** Addresses are in bytes and dword aligned; a dword is an unsigned 32-bit number. */
export interface HostMemory {
  /** Page-aligned, zeroed memory of at least `bytes` bytes. While the world is being built. */
  allocate(bytes: number): Address;
  /** Whether [address, address + bytes) lies wholly in allocated memory. */
  contains(address: Address, bytes: number): boolean;
  /** Throws `MemoryFault` outside allocated memory. */
  read32(address: Address): number;
  write32(address: Address, value: number): void;
  /** The bytes of [address, address + bytes) other than the bits of `mask` in each dword are dead from here on. */
  forget(address: Address, bytes: number, mask: number): void;
  /** Whether the dword at `address` was declared dead and not written since. */
  forgotten(address: Address): boolean;
}

export class MemoryFault extends Error {
  readonly address: Address;

  constructor(address: Address) {
    super(`no host memory at ${address.toString(16)}h`);
    this.address = address;
  }
}

/** The first address handed out: a zero address stays a mistake that shows. */
const FIRST_PAGE = 0x10;
const BEGIN: Address = FIRST_PAGE * PAGE_BYTES;

/** Host memory of an in-process world: real bytes, kept in the arena; pages are backed only as far as asked for. */
export class ArenaMemory implements HostMemory {
  readonly #arena: Arena;
  /** For each page: index of its first word in the arena, and how many words of it are backed. */
  readonly #bases: number[] = [];
  readonly #sizes: number[] = [];
  /** The first address behind the pages. */
  #end: Address = BEGIN;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  allocate(bytes: number): Address {
    const words = Math.ceil(bytes / 4);
    const base = this.#arena.allocate(words, true);
    const address = (FIRST_PAGE + this.#bases.length) * PAGE_BYTES;
    for (let done = 0; done < words; done += PAGE_BYTES / 4) {
      this.#bases.push(base + done);
      this.#sizes.push(Math.min(PAGE_BYTES / 4, words - done));
    }
    this.#end = (FIRST_PAGE + this.#bases.length) * PAGE_BYTES;
    if (this.#end > 2 ** 32) throw new RangeError('host memory ends at 4 GiB');
    return address;
  }

  contains(address: Address, bytes: number): boolean {
    for (let at = address; at < address + bytes; at += PAGE_BYTES - (at % PAGE_BYTES)) {
      const page = Math.floor(at / PAGE_BYTES) - FIRST_PAGE;
      const end = Math.min(address + bytes, at + PAGE_BYTES - (at % PAGE_BYTES));
      const backed = (this.#sizes[page] ?? 0) * 4;
      if (end - (page + FIRST_PAGE) * PAGE_BYTES > backed) return false;
    }
    return true;
  }

  read32(address: Address): number {
    return this.#arena.get(this.#index(address)) >>> 0;
  }

  write32(address: Address, value: number): void {
    this.#arena.setMemory(this.#index(address), value);
  }

  forget(address: Address, bytes: number, mask: number): void {
    for (let offset = 0; offset < bytes; offset += 4) this.#arena.forget(this.#index(address + offset), mask);
  }

  forgotten(address: Address): boolean {
    return this.#arena.forgotten(this.#index(address));
  }

  #index(address: Address): number {
    if (address % 4 !== 0 || !(address >= BEGIN && address < this.#end)) throw new MemoryFault(address);
    const page = (address >>> PAGE_SHIFT) - FIRST_PAGE; // shifts will do: nothing is allocated beyond 2^32
    const offset = (address & (PAGE_BYTES - 1)) >>> 2;
    if (offset >= (this.#sizes[page] as number)) throw new MemoryFault(address);
    return (this.#bases[page] as number) + offset;
  }
}
