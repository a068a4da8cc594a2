/** NvmeController: the I/O queue pair, the slots, and the locks around them. */
import type { Arena } from '../../arena/arena.ts';
import { Fifo } from '../../arena/containers.ts';
import { flag, type Flag, state, type StateOf, type Word, word } from '../../arena/state.ts';
import { type Host, ioEntry } from '../../driver/host.ts';
import type { Io } from '../../driver/plan.ts';
import type { CompletionRing, SubmissionRing } from '../../driver/rings.ts';
import type { SubmissionEntry } from '../../spec/entries.ts';
import type { Status } from '../../spec/status.ts';
import type { Address, CommandId, QueueId } from '../../spec/units.ts';
import type { CosmosDecisions } from './decisions.ts';
import { InterruptEvent } from './interrupt-event.ts';
import { Scheduler, type Thread } from './scheduler.ts';

/** The one I/O queue pair. */
export const IO_QUEUE: QueueId = 1;

/** Index of an I/O slot; it is also the CID of the slot's command. */
export type Slot = CommandId;

const slotFields = { inUse: flag as Flag, status: word as Word<Status> };
const SlotFields: StateOf<typeof slotFields> = state(slotFields);

export class IoSlot extends SlotFields {
  readonly done: InterruptEvent;
  readonly buffer: Address;

  constructor(arena: Arena, threads: number, buffer: Address) {
    super(arena);
    this.done = new InterruptEvent(arena, threads);
    this.buffer = buffer;
  }
}

const fields = {
  /** The thread that holds `_submitSqLock`, plus one. */
  submitSqLock: word as Word,
  /** Polled mode: the thread that holds `_polledIoMutex`, plus one. */
  polledIoMutex: word as Word,
  /** Waits that may still time out. */
  timeouts: word as Word,
  /** Messages that may still get lost. */
  lostMessages: word as Word,
};
const Fields: StateOf<typeof fields> = state(fields);

export class NvmeController extends Fields {
  readonly host: Host;
  readonly decisions: CosmosDecisions;
  readonly scheduler: Scheduler;
  readonly slots: readonly IoSlot[];
  readonly slotWaiters: Fifo;

  constructor(arena: Arena, host: Host, threads: number, decisions: CosmosDecisions) {
    super(arena);
    this.host = host;
    this.decisions = decisions;
    this.scheduler = new Scheduler(arena, threads, decisions.cpus);
    const { buffers } = host.sq(IO_QUEUE);
    this.slots = buffers.map((buffer) => new IoSlot(arena, Math.max(1, threads), buffer));
    this.slotWaiters = new Fifo(arena, Math.max(1, threads));
    this.timeouts = decisions.timeouts;
    this.lostMessages = decisions.lostMessages;
  }

  get sq(): SubmissionRing {
    return this.host.sq(IO_QUEUE).ring;
  }

  get cq(): CompletionRing {
    return this.host.cq(IO_QUEUE);
  }

  /** Whether a weakly ordered CPU finds nothing in the code that keeps its accesses in order. */
  get reorders(): boolean {
    return this.decisions.architecture === 'arm64' && this.decisions.barriers === 'none';
  }

  slot(index: Slot): IoSlot {
    return this.slots[index] as IoSlot;
  }

  /** Under `_slotLock`: takes the first free slot. Returns -1 if there is none. */
  takeSlot(): Slot {
    const free = this.slots.findIndex((slot) => !slot.inUse);
    if (free >= 0) this.slot(free).inUse = true;
    return free;
  }

  waitForSlot(thread: Thread): void {
    if (this.slotWaiters.indexOf(thread) < 0) this.slotWaiters.push(thread);
  }

  /** Under `_slotLock`: gives the slot back. Returns the first of those that wait for one, or nothing. */
  releaseSlot(index: Slot): Thread | undefined {
    this.slot(index).inUse = false;
    return this.slotWaiters.length > 0 ? this.slotWaiters.shift() : undefined;
  }

  entry(io: Io, slot: Slot): Partial<SubmissionEntry> {
    return ioEntry(this.host.link, io, slot, this.slot(slot).buffer);
  }
}
