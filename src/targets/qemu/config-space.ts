import type { QtestChannel } from './channel.ts';

/** Where a function sits on bus 0. */
export interface PciLocation {
  readonly device: number;
  readonly function: number;
}

/** A base address register that has been given a place. */
export interface PlacedBar {
  readonly address: number;
  readonly size: number;
}

const CONFIG_ADDRESS = 0xcf8;
const CONFIG_DATA = 0xcfc;
const CLASS_REVISION = 0x08;
const HEADER_TYPE = 0x0c;
const BARS = 0x10;
const CAPABILITIES_POINTER = 0x34;

/** The configuration space of one PCI function, through the ports 0xCF8 and 0xCFC. Offsets are in bytes. */
export class ConfigSpace {
  readonly #channel: QtestChannel;
  readonly #base: number;

  constructor(channel: QtestChannel, location: PciLocation) {
    this.#channel = channel;
    this.#base = 0x80000000 + location.device * 0x800 + location.function * 0x100;
  }

  /** The 32 bits at an offset that is a multiple of 4. */
  read32(offset: number): number {
    const port = CONFIG_DATA.toString(16);
    return Number(this.#channel.batch([this.#select(offset), `inl 0x${port}`])[1]);
  }

  write32(offset: number, value: number): void {
    const port = CONFIG_DATA.toString(16);
    this.#channel.batch([this.#select(offset), `outl 0x${port} 0x${(value >>> 0).toString(16)}`]);
  }

  /** The three bytes of class, subclass and programming interface; 0xffffff where there is no function. */
  classCode(): number {
    return this.read32(CLASS_REVISION) >>> 8;
  }

  isMultifunction(): boolean {
    return (this.read32(HEADER_TYPE) & 0x800000) !== 0;
  }

  /** The offset of the capability with this id, undefined if the function has none. */
  capability(id: number): number | undefined {
    let offset = this.read32(CAPABILITIES_POINTER) & 0xfc;
    for (let hops = 0; offset !== 0 && hops < 48; hops += 1) {
      // 48 fit: more is a list that bites its tail
      const header = this.read32(offset);
      if ((header & 0xff) === id) return offset;
      offset = (header >>> 8) & 0xfc;
    }
    return undefined;
  }

  /** Puts a memory BAR at the first fitting address from `from` on. Memory decoding must be off. */
  placeBar(index: number, from: number): PlacedBar {
    const offset = BARS + index * 4;
    this.write32(offset, 0xffffffff);
    const mask = this.read32(offset);
    const size = (~(mask & ~0xf) >>> 0) + 1;
    const address = Math.ceil(from / size) * size;
    this.write32(offset, address);
    if ((mask & 0x6) === 0x4) this.write32(offset + 4, 0); // 64 bits wide: the upper half
    return { address, size };
  }

  #select(offset: number): string {
    return `outl 0x${CONFIG_ADDRESS.toString(16)} 0x${(this.#base + offset).toString(16)}`;
  }
}

/** The first function on bus 0 with a class code, undefined if there is none. */
export function findByClass(channel: QtestChannel, classCode: number): ConfigSpace | undefined {
  for (let device = 0; device < 32; device += 1) {
    const first = new ConfigSpace(channel, { device, function: 0 });
    const found = first.classCode();
    if (found === classCode) return first;
    if (found === 0xffffff || !first.isMultifunction()) continue;
    for (let index = 1; index < 8; index += 1) {
      const other = new ConfigSpace(channel, { device, function: index });
      if (other.classCode() === classCode) return other;
    }
  }
  return undefined;
}
