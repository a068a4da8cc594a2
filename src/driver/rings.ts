/** The host's side of the rings: the code that scripts and driver models share. */
import type { Arena } from '../arena/arena.ts';
import { flag, type Flag, state, type StateOf, type Word, word } from '../arena/state.ts';
import { type Link, readCqe } from '../link/link.ts';
import {
  CQE_BYTES,
  type CompletionEntry,
  encodeSqe,
  SQE_BYTES,
  SQE_WORDS,
  type SubmissionEntry,
} from '../spec/entries.ts';
import { doorbellOffset, shadowOffset } from '../spec/registers.ts';
import { distance, isFull, next } from '../spec/ring.ts';
import type { Address, CpuIndex, EntryCount, PhaseTag, QueueId, SlotIndex } from '../spec/units.ts';
import type { DoorbellPages } from './doorbell-pages.ts';

const fields = {
  size: word as Word<EntryCount>,
  /** The submission queue's tail or the completion queue's head, as the host has it. */
  index: word as Word<SlotIndex>,
  /** The value the controller was told last. */
  published: word as Word<SlotIndex>,
  /** The host publishes through the shadow doorbell page. */
  shadow: flag as Flag,
};
const Fields: StateOf<typeof fields> = state(fields);

/** Memory behind the last slot: a driver that wraps too late reads zeroes there, as it would on a real machine. */
const SPARE_SLOTS = 4;

/** One ring and the way its host-owned index is published. */
export class HostRing extends Fields {
  readonly link: Link;
  readonly ring: 'sq' | 'cq';
  readonly qid: QueueId;
  readonly base: Address;
  /** Slots that there is memory for; `size` of them are used. */
  readonly slots: EntryCount;
  readonly doorbells: DoorbellPages;

  constructor(
    arena: Arena,
    link: Link,
    ring: 'sq' | 'cq',
    qid: QueueId,
    slots: EntryCount,
    doorbells: DoorbellPages,
  ) {
    super(arena);
    this.link = link;
    this.ring = ring;
    this.qid = qid;
    this.slots = slots;
    this.doorbells = doorbells;
    const entries = slots + SPARE_SLOTS;
    this.base = link.memory.allocate(entries * (ring === 'sq' ? SQE_BYTES : CQE_BYTES));
  }

  get shadowAddress(): Address {
    return this.doorbells.shadow + shadowOffset(this.ring, this.qid, this.link.stride);
  }

  get eventIdxAddress(): Address {
    return this.doorbells.eventIdx + shadowOffset(this.ring, this.qid, this.link.stride);
  }

  /** Into the pages that the next Doorbell Buffer Config names. */
  copyDoorbell(): void {
    const { shadow } = this.doorbells.next;
    this.link.hostWrite32(shadow + shadowOffset(this.ring, this.qid, this.link.stride), this.published);
  }

  storeShadow(value: number): void {
    this.link.hostWrite32(this.shadowAddress, value);
  }

  loadEventIdx(): number {
    return this.link.readEventIdx(this.ring, this.qid, this.eventIdxAddress);
  }

  ringDoorbell(cpu: CpuIndex, value: number): void {
    this.link.write(cpu, doorbellOffset(this.ring, this.qid, this.link.stride), value);
  }
}

export class SubmissionRing extends HostRing {
  readonly #words = new Int32Array(SQE_WORDS);

  constructor(arena: Arena, link: Link, qid: QueueId, slots: EntryCount, doorbells: DoorbellPages) {
    super(arena, link, 'sq', qid, slots, doorbells);
  }

  /** A fresh queue of `size` slots, empty on both sides. */
  start(size: EntryCount): void {
    this.size = size;
    this.index = this.published = 0;
    this.shadow = false;
  }

  /** Whether the ring is full as far as `head`, the furthest SQHD reported, tells. */
  isFull(head: SlotIndex): boolean {
    return isFull(head, this.index, this.size);
  }

  /** Writes an entry at the tail and moves the tail; nothing is announced. Returns the slot. */
  write(entry: Partial<SubmissionEntry>, wrapAt: EntryCount = this.size): SlotIndex {
    const slot = this.index;
    encodeSqe(entry, this.#words);
    const address = this.base + (slot % this.slots) * SQE_BYTES;
    for (let index = 0; index < SQE_WORDS; index++) {
      this.link.hostWrite32(address + index * 4, this.#words[index] as number);
    }
    this.index = slot + 1 >= wrapAt ? 0 : slot + 1;
    this.link.announceEntry(this.qid, slot, this.#words.slice());
    return slot;
  }
}

const cqFields = { secondPass: flag as Flag };
const CqState: StateOf<typeof cqFields> = state(cqFields);
class PassState extends CqState {}

export class CompletionRing extends HostRing {
  readonly #pass: PassState;

  constructor(arena: Arena, link: Link, qid: QueueId, slots: EntryCount, doorbells: DoorbellPages) {
    super(arena, link, 'cq', qid, slots, doorbells);
    this.#pass = new PassState(arena);
  }

  /** A fresh queue: index 0, phase 1 expected, and the memory zeroed as 4.2.4 asks of the host. */
  start(size: EntryCount): void {
    this.size = size;
    this.index = this.published = 0;
    this.shadow = this.#pass.secondPass = false;
    for (let offset = 0; offset < size * CQE_BYTES; offset += 4) this.link.hostWrite32(this.base + offset, 0);
  }

  get phase(): PhaseTag {
    return this.#pass.secondPass ? 0 : 1;
  }

  /** Whether the entry at the head is new: its phase tag is the expected one. */
  get hasEntry(): boolean {
    const dword3 = this.link.memory.read32(this.base + this.index * CQE_BYTES + 12);
    return ((dword3 >>> 16) & 1) === this.phase;
  }

  /** The entry in `slot`. */
  read(slot: SlotIndex): CompletionEntry {
    const address = this.base + slot * CQE_BYTES;
    if (this.link.memory.forgotten(address)) this.link.readForgotten = true;
    return readCqe(this.link.memory, address);
  }

  /** Consumes the entry at the head: the head moves in the host only, nothing is announced. */
  consume(wrapAt: EntryCount = this.size): CompletionEntry {
    const entry = this.read(this.index);
    const after = this.index + 1;
    if (after === this.size) this.#pass.secondPass = !this.#pass.secondPass;
    this.index = after >= wrapAt ? 0 : after;
    return entry;
  }

  /** The new entries that can be seen from the head on, without consuming them. */
  peek(): CompletionEntry[] {
    const entries: CompletionEntry[] = [];
    let slot: SlotIndex = this.index;
    let phase = this.phase;
    while (entries.length < this.size - 1) {
      const entry = readCqe(this.link.memory, this.base + slot * CQE_BYTES);
      if (entry.phase !== phase) break;
      entries.push(entry);
      slot = next(slot, this.size);
      if (slot === 0) phase = phase === 1 ? 0 : 1;
    }
    return entries;
  }

  unread(): number {
    return this.peek().length;
  }

  /** Entries consumed and not announced yet. */
  get unannounced(): number {
    return distance(this.published, this.index, this.size);
  }
}
