import type { QtestChannel } from './channel.ts';
import { type ConfigSpace, findByClass, type PlacedBar } from './config-space.ts';
import { QtestError } from './errors.ts';

/** What a vector writes, and where: `address` is guest-physical, a multiple of 4; `data` is 32 bits. */
export interface VectorMessage {
  readonly address: number;
  readonly data: number;
}

const NVME_CLASS = 0x010802;
const COMMAND = 0x04;
const MEMORY_AND_BUS_MASTER = 0x6;
const PCIE_CAPABILITY = 0x10;
const FLR_OFFERED = 0x1000_0000;
const FLR_START = 0x8000;
const MSIX_CAPABILITY = 0x11;
const MSIX_ENABLE = 0x8000_0000;
const MSIX_MASK_ALL = 0x4000_0000;

/** Above any RAM we give a machine and below its fixed devices. No firmware ran: nothing else is there. */
const MMIO_WINDOW = 0xe000_0000;

interface Opened {
  readonly config: ConfigSpace;
  readonly registers: number;
  readonly msix: number;
  readonly vectors: number;
  readonly table: number;
  readonly pendingBits: number;
}

/** The NVMe function of a machine without firmware: its registers and its MSI-X vectors. `open` it first. */
export class NvmeFunction {
  readonly #channel: QtestChannel;
  #opened: Opened | undefined;

  constructor(channel: QtestChannel) {
    this.#channel = channel;
  }

  /**
   * Finds the function, places its BARs, turns on memory decoding, bus mastering and MSI-X. Every vector is
   * left as the function has it (after a reset: masked, no address). Throws QtestError if bus 0 has no NVMe
   * function, or one without MSI-X.
   */
  open(): void {
    const config = findByClass(this.#channel, NVME_CLASS);
    if (!config) throw new QtestError('there is no NVMe function on PCI bus 0');
    const msix = config.capability(MSIX_CAPABILITY);
    if (msix === undefined) throw new QtestError('the NVMe function has no MSI-X capability');
    this.#opened = placed(config, msix);
    config.write32(COMMAND, MEMORY_AND_BUS_MASTER);
    config.write32(msix, MSIX_ENABLE);
  }

  /** How many MSI-X vectors the function has. */
  get vectors(): number {
    return this.#use.vectors;
  }

  /** The guest-physical address of BAR0, for commands in a batch. */
  get registers(): number {
    return this.#use.registers;
  }

  readRegister32(offset: number): number {
    return this.#channel.readl(this.#use.registers + offset);
  }

  readRegister64(offset: number): bigint {
    return this.#channel.readq(this.#use.registers + offset);
  }

  writeRegister32(offset: number, value: number): void {
    this.#channel.writel(this.#use.registers + offset, value);
  }

  writeRegister64(offset: number, value: bigint): void {
    this.#channel.writeq(this.#use.registers + offset, value);
  }

  /** Sets what a vector sends; its mask stays as it is. A message already pending will be the new one. */
  setVector(vector: number, message: VectorMessage): void {
    const entry = this.#entry(vector);
    const control = this.#channel.readl(entry + 12);
    const words = [message.address, 0, message.data];
    this.#channel.batch([
      write(entry + 12, control | 1), // PCI leaves open what a change of an unmasked entry does
      ...words.map((word, index) => write(entry + index * 4, word)),
      write(entry + 12, control),
    ]);
  }

  /** Masks or unmasks a vector. Unmasking sends the message that is pending, if any. */
  maskVector(vector: number, masked: boolean): void {
    this.#channel.writel(this.#entry(vector) + 12, masked ? 1 : 0);
  }

  /** Masks all vectors, or leaves each to its own mask again. */
  maskFunction(masked: boolean): void {
    const { config, msix } = this.#use;
    config.write32(msix, masked ? MSIX_ENABLE + MSIX_MASK_ALL : MSIX_ENABLE);
  }

  /** Whether a masked vector holds a message back. */
  pending(vector: number): boolean {
    this.#entry(vector);
    const word = this.#channel.readl(this.#use.pendingBits + (vector >>> 5) * 4);
    return ((word >>> (vector & 31)) & 1) !== 0;
  }

  /** Whether `functionLevelReset` is offered. */
  get canReset(): boolean {
    return this.#resetCapability() !== undefined;
  }

  /** Resets the function through PCI Express, then opens it again. Throws QtestError if not offered. */
  functionLevelReset(): void {
    const capability = this.#resetCapability();
    if (capability === undefined) throw new QtestError('the NVMe function offers no function level reset');
    const { config } = this.#use;
    const control = config.read32(capability + 8) & 0xffff; // the upper half is status, cleared by ones
    config.write32(capability + 8, control | FLR_START);
    this.open();
  }

  get #use(): Opened {
    if (!this.#opened) throw new QtestError('the NVMe function has not been opened');
    return this.#opened;
  }

  #entry(vector: number): number {
    const { table, vectors } = this.#use;
    if (vector < 0 || vector >= vectors) throw new RangeError(`vector ${vector} of ${vectors}`);
    return table + vector * 16;
  }

  #resetCapability(): number | undefined {
    const { config } = this.#use;
    const offset = config.capability(PCIE_CAPABILITY);
    if (offset === undefined || (config.read32(offset + 4) & FLR_OFFERED) === 0) return undefined;
    return offset;
  }
}

/** Places BAR0 and the BARs, the same or others, that hold the MSI-X table and the pending bits. */
function placed(config: ConfigSpace, msix: number): Opened {
  config.write32(COMMAND, 0);
  const bars = new Map<number, PlacedBar>();
  let free = MMIO_WINDOW;
  const locate = (word: number): number => {
    const index = word & 7;
    const bar = bars.get(index) ?? config.placeBar(index, free);
    bars.set(index, bar);
    free = Math.max(free, bar.address + bar.size);
    return bar.address + (word & ~7);
  };
  return {
    config,
    registers: locate(0),
    msix,
    vectors: ((config.read32(msix) >>> 16) & 0x7ff) + 1,
    table: locate(config.read32(msix + 4)),
    pendingBits: locate(config.read32(msix + 8)),
  };
}

function write(address: number, value: number): string {
  return `writel 0x${address.toString(16)} 0x${(value >>> 0).toString(16)}`;
}
