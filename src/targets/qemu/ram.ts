import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/**
 * Guest RAM through the file that backs it: addresses are guest-physical, numbers little-endian, a call costs
 * about a microsecond and does not involve QEMU. An aligned 32-bit access is a single one; a longer read is
 * not atomic against a controller that writes meanwhile. Throws RangeError outside the RAM.
 */
export class GuestRam {
  readonly bytes: number;
  readonly #file: number;
  readonly #word: Buffer = Buffer.alloc(4);

  /** Opens the RAM file of a QEMU, `bytes` long. Throws as `openSync` does. */
  constructor(path: string, bytes: number) {
    this.bytes = bytes;
    this.#file = openSync(path, 'r+');
  }

  /** An unsigned 32-bit word. */
  read32(address: number): number {
    this.#check(address, 4);
    readSync(this.#file, this.#word, 0, 4, address);
    return this.#word.readUInt32LE();
  }

  /** Writes the low 32 bits of `value`. */
  write32(address: number, value: number): void {
    this.#check(address, 4);
    this.#word.writeUInt32LE(value >>> 0);
    writeSync(this.#file, this.#word, 0, 4, address);
  }

  /** A copy of `length` bytes. */
  read(address: number, length: number): Uint8Array {
    this.#check(address, length);
    const bytes = new Uint8Array(length);
    readSync(this.#file, bytes, 0, length, address);
    return bytes;
  }

  write(address: number, bytes: Uint8Array): void {
    this.#check(address, bytes.length);
    writeSync(this.#file, bytes, 0, bytes.length, address);
  }

  /** Closes the file; not idempotent. */
  close(): void {
    closeSync(this.#file);
  }

  // Without it a write past the end would make the file longer instead of failing.
  #check(address: number, length: number): void {
    if (address >= 0 && address + length <= this.bytes) return;
    throw new RangeError(`0x${address.toString(16)} + ${length} is outside ${this.bytes} bytes of guest RAM`);
  }
}
