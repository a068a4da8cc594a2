/**
 * The link: the boundary between host and controller. What crosses it is bytes in host memory, register
 * accesses and interrupts; everything that crosses is also an event.
 */
import type { Arena } from '../arena/arena.ts';
import { WordArray } from '../arena/containers.ts';
import { state, type StateOf, type Word, word } from '../arena/state.ts';
import { CQE_WORDS, type CompletionEntry, decodeCqe, encodeCqe, SQE_WORDS } from '../spec/entries.ts';
import { adminOpcode } from '../spec/opcodes.ts';
import { doorbellAt, shadowAt } from '../spec/registers.ts';
import {
  type Address,
  ADMIN,
  type CpuIndex,
  type QueueId,
  type RegisterOffset,
  type SlotIndex,
} from '../spec/units.ts';
import type { LinkEvent, ResetKind, Writer } from './events.ts';
import { Flight } from './flight.ts';
import { type HostMemory, PAGE_BYTES } from './memory.ts';
import { Msix } from './msix.ts';
import type { ControllerPort, MmioDelivery } from './port.ts';
import type { Process } from './process.ts';

export interface LinkOptions {
  readonly memory: HostMemory;
  readonly delivery: MmioDelivery;
  readonly cpus: number;
  readonly vectors: number;
  /** CAP.DSTRD */
  readonly stride: number;
  /** The controller lives outside, and what it fetches does not show. */
  readonly outside?: boolean;
}

/** A slot of a completion queue; `shown`: its phase tag speaks of an entry that was not posted yet. */
export interface EntryPlace {
  readonly cqid: QueueId;
  readonly slot: SlotIndex;
  readonly shown: boolean;
}

const fields = {
  /** Pages named by the latest Doorbell Buffer Config, 0 for none. Writes into them are events. */
  shadowPage: word as Word<Address>,
  eventIdxPage: word as Word<Address>,
};
const Fields: StateOf<typeof fields> = state(fields);

export class Link extends Fields {
  readonly memory: HostMemory;
  readonly delivery: MmioDelivery;
  readonly msix: Msix;
  readonly stride: number;
  /** Host CPUs. */
  readonly cpus: number;
  /** The deliveries in flight, one process for each host CPU; empty when MMIO is synchronous. */
  readonly processes: readonly Process[];
  /** Set by a read of bytes that were declared dead; the world looks at it after each step. */
  readForgotten = false;

  #observer: (event: LinkEvent) => void = () => {};
  #entryAt: (address: Address) => EntryPlace | undefined = () => undefined;
  #port: ControllerPort | undefined;
  readonly #flight: Flight;
  readonly #outside: boolean;
  readonly #trapped: WordArray;
  readonly #cqeWords = new Int32Array(CQE_WORDS);

  constructor(arena: Arena, options: LinkOptions) {
    super(arena);
    this.memory = options.memory;
    this.delivery = options.delivery;
    this.stride = options.stride;
    this.#outside = options.outside ?? false;
    this.cpus = options.cpus;
    this.msix = new Msix(arena, options.vectors, (event) => this.emit(event));
    this.#trapped = new WordArray(arena, options.cpus, true);
    this.#flight = new Flight(arena);
    const cpus = options.delivery === 'synchronous' ? 0 : options.cpus;
    this.processes = Array.from({ length: cpus }, (_, cpu) => this.#deliveryOf(cpu));
  }

  observe(observer: (event: LinkEvent) => void): void {
    this.#observer = observer;
  }

  /** Tells which memory holds completion entries now, so that single writes to them become events. */
  watch(entryAt: (address: Address) => EntryPlace | undefined): void {
    this.#entryAt = entryAt;
  }

  attach(port: ControllerPort): void {
    this.#port = port;
  }

  /** Tells the observer: the link does so for what crosses it, a driver model for what happens at its own door. */
  emit(event: LinkEvent): void {
    this.#observer(event);
  }

  // --- the host's side -------------------------------------------------------------------------------------

  /** Whether this CPU can execute its next instruction: it is not inside a trapped register write. */
  ready(cpu: CpuIndex): boolean {
    return this.#trapped.get(cpu) === 0;
  }

  /** Whether some CPU is inside a trapped register write, which will return. */
  get trapping(): boolean {
    for (let cpu = 0; cpu < this.cpus; cpu++) if (!this.ready(cpu)) return true;
    return false;
  }

  /** Whether every register write of this CPU has arrived: a read waits for that (PCI ordering). */
  drained(cpu: CpuIndex): boolean {
    return !this.#flight.has(cpu);
  }

  /** Writes a register or doorbell; only while `ready(cpu)`, and one in a step: it may be trapped. */
  write(cpu: CpuIndex, offset: RegisterOffset, value: number): void {
    const doorbell = doorbellAt(offset, this.stride);
    if (doorbell)
      this.emit({ type: doorbell.ring === 'sq' ? 'db.sq' : 'db.cq', qid: doorbell.qid, value: value >>> 0 });
    else this.emit({ type: 'reg.w', offset, value: value >>> 0 });
    if (this.delivery !== 'posted') this.#attached().writeRegister(offset, value >>> 0, cpu);
    if (this.#travels) this.#flight.issue(cpu, offset, value);
  }

  /** Reads a register; only while `drained(cpu)`. */
  read(offset: RegisterOffset): number {
    const value = this.#attached().readRegister(offset) >>> 0;
    this.emit({ type: 'reg.r', offset, value });
    return value;
  }

  /** A register's value without the event: what a polling loop would see, for use in guards. */
  peek(offset: RegisterOffset): number {
    return this.#attached().readRegister(offset) >>> 0;
  }

  /** The host has written a submission entry, with `hostWrite32`; its 16 dwords are `words`. */
  announceEntry(sqid: QueueId, slot: SlotIndex, words: Int32Array): void {
    const dword0 = words[0] as number;
    const opcode = dword0 & 0xff;
    this.emit({ type: 'sqe.write', sqid, slot, cid: dword0 >>> 16, opcode, words });
    if (this.#outside && sqid === ADMIN && opcode === adminOpcode.doorbellBufferConfig)
      this.#watchDoorbellPages(words);
  }

  /** The host writes a dword of its memory: an entry, its data, a shadow doorbell (which is an event). */
  hostWrite32(address: Address, value: number): void {
    this.#write32(address, value, 'host');
  }

  /** The host reads EventIdx of a queue: the read that decides whether it rings is an event. */
  readEventIdx(ring: 'sq' | 'cq', qid: QueueId, address: Address): number {
    const value = this.memory.read32(address);
    this.emit({ type: 'ei.read', ring, qid, value });
    return value;
  }

  /** Masks or unmasks an MSI-X vector, or all of them. */
  mask(vector: number | 'function', masked: boolean): void {
    this.msix.setMask(vector, masked);
    this.#attached().maskChanged?.(vector, masked);
  }

  /** A Controller Level Reset other than by CC.EN. */
  reset(kind: Exclude<ResetKind, 'cc-en'>): void {
    this.emit({ type: 'reset', kind });
    this.#attached().reset?.(kind);
  }

  // --- the controller's side -------------------------------------------------------------------------------

  /** A synchronous write is handled in several steps: its CPU waits until `resume`. */
  trap(cpu: CpuIndex): void {
    this.#trapped.set(cpu, 1);
  }

  resume(cpu: CpuIndex): void {
    this.#trapped.set(cpu, 0);
  }

  /** Takes the submission entry at `address` for execution. Throws `MemoryFault`. */
  fetch(sqid: QueueId, slot: SlotIndex, address: Address): Int32Array {
    const words = new Int32Array(SQE_WORDS);
    if (this.memory.forgotten(address)) this.readForgotten = true;
    for (let index = 0; index < SQE_WORDS; index++) words[index] = this.memory.read32(address + index * 4);
    const dword0 = words[0] as number;
    const opcode = dword0 & 0xff;
    this.emit({ type: 'sqe.fetch', sqid, slot, cid: dword0 >>> 16, opcode, words });
    if (sqid === ADMIN && opcode === adminOpcode.doorbellBufferConfig) this.#watchDoorbellPages(words);
    return words;
  }

  /**
   * Writes a completion entry at `address`. Throws `MemoryFault`. Who stores it in pieces with `dmaWrite32` stores the
   * phase tag last, in the step that calls this: from then on the host may take it (4.2.1).
   */
  post(cqid: QueueId, slot: SlotIndex, address: Address, entry: CompletionEntry): void {
    encodeCqe(entry, this.#cqeWords);
    const shown = this.#entryAt(address)?.shown ?? false;
    for (let index = 0; index < CQE_WORDS; index++) {
      const value = this.#cqeWords[index] as number;
      if (shown) this.#write32(address + index * 4, value, 'controller');
      else this.memory.write32(address + index * 4, value);
    }
    this.announcePost(cqid, slot, entry);
  }

  /** A completion entry was seen in memory that something else wrote there (a controller of another process). */
  announcePost(cqid: QueueId, slot: SlotIndex, entry: CompletionEntry): void {
    const { sqid, sqhd, cid, phase, status, dw0 } = entry;
    this.emit({ type: 'cqe.post', cqid, slot, sqid, sqhd, cid, phase, status, dw0: dw0 >>> 0 });
  }

  /** The controller reads a dword of host memory. Throws `MemoryFault`. */
  dmaRead32(address: Address): number {
    return this.memory.read32(address);
  }

  /** The controller writes a dword of host memory: data, EventIdx (which is an event). Throws `MemoryFault`. */
  dmaWrite32(address: Address, value: number): void {
    this.#write32(address, value, 'controller');
  }

  // ---------------------------------------------------------------------------------------------------------

  #write32(address: Address, value: number, writer: Writer): void {
    const entry = writer === 'controller' ? this.#entryAt(address) : undefined;
    const was = entry === undefined ? 0 : this.memory.read32(address);
    this.memory.write32(address, value);
    if (entry !== undefined) return this.#entryWrite(entry, address, value, was);
    const page = address - (address % PAGE_BYTES);
    if (page === 0 || (page !== this.shadowPage && page !== this.eventIdxPage)) return;
    const doorbell = shadowAt(address - page, this.stride);
    if (doorbell === undefined) return;
    const { ring, qid } = doorbell;
    const shadow = page === this.shadowPage;
    if (shadow)
      this.emit({ type: ring === 'sq' ? 'shadow.sq' : 'shadow.cq', qid, value: value >>> 0, writer });
    else this.emit({ type: ring === 'sq' ? 'ei.sq' : 'ei.cq', qid, value: value >>> 0, writer });
  }

  #entryWrite({ cqid, slot }: EntryPlace, address: Address, value: number, was: number): void {
    const dword = (address >>> 2) % CQE_WORDS;
    this.emit({ type: 'cqe.write', cqid, slot, dword, value: value >>> 0, was });
  }

  #watchDoorbellPages(words: Int32Array): void {
    this.shadowPage = words[6] as number;
    this.eventIdxPage = words[8] as number;
  }

  /** Whether something follows on its own: the write itself, or the wake-up where the controller has to be woken. */
  get #travels(): boolean {
    if (this.delivery === 'value-then-wake') return this.#attached().wake !== undefined;
    return this.delivery === 'posted';
  }

  #deliveryOf(cpu: CpuIndex): Process {
    const wakes = this.delivery === 'value-then-wake';
    const flight = this.#flight;
    return {
      name: `${wakes ? 'wake-ups' : 'posted writes'} of CPU ${cpu}`,
      party: 'link',
      choices: () => (flight.arriving(cpu) === undefined ? 0 : 1),
      step: () => {
        const { offset, value } = flight.take(cpu);
        if (wakes) this.#attached().wake?.(offset);
        else this.#attached().writeRegister(offset, value >>> 0, cpu);
      },
      label: () => {
        const doorbell = doorbellAt(flight.arriving(cpu) ?? 0, this.stride);
        const what = doorbell ? `${doorbell.ring.toUpperCase()}${doorbell.qid} doorbell` : 'register write';
        return wakes ? `wake-up for the ${what}` : `${what} arrives`;
      },
    };
  }

  #attached(): ControllerPort {
    if (this.#port === undefined) throw new Error('no controller is attached to the link');
    return this.#port;
  }
}

export function readCqe(memory: HostMemory, address: Address): CompletionEntry {
  const words = [0, 4, 8, 12].map((offset) => memory.read32(address + offset));
  return decodeCqe(words);
}
