/** A controller's side of the queues: where they are, how far it has come, what it waits for. */
import type { Arena } from '../arena/arena.ts';
import { flag, type Flag, state, type StateOf, type Word, word } from '../arena/state.ts';
import { CQE_BYTES, SQE_BYTES } from '../spec/entries.ts';
import { distance } from '../spec/ring.ts';
import type { Address, EntryCount, QueueId, SlotIndex, Vector } from '../spec/units.ts';

const sqFields = {
  live: flag as Flag,
  base: word as Word<Address>,
  size: word as Word<EntryCount>,
  cqid: word as Word<QueueId>,
  /** Next slot to fetch. */
  head: word as Word<SlotIndex>,
  /** The tail as last written to the doorbell. */
  doorbell: word as Word<SlotIndex>,
  /** The tail as last looked at: entries of [head, tail) may be fetched. */
  tail: word as Word<SlotIndex>,
  /** Somebody asked the fetcher to look at the tail. */
  awake: flag as Flag,
  /** The fetcher waits for a free slot of the completion queue. */
  parked: flag as Flag,
  /** An invalid tail was written: nothing more is fetched until the queue is created again (3.3.1.2). */
  frozen: flag as Flag,
  /** The tail is in the shadow doorbell page. */
  shadow: flag as Flag,
};
const SqFields: StateOf<typeof sqFields> = state(sqFields);

export class SubmissionQueue extends SqFields {
  readonly qid: QueueId;

  constructor(arena: Arena, qid: QueueId) {
    super(arena);
    this.qid = qid;
  }

  addressOf(slot: SlotIndex): Address {
    return this.base + slot * SQE_BYTES;
  }

  clear(): void {
    this.live = false;
    this.base = this.size = this.cqid = this.head = this.doorbell = this.tail = 0;
    this.awake = this.parked = this.frozen = this.shadow = false;
  }
}

const cqFields = {
  live: flag as Flag,
  base: word as Word<Address>,
  size: word as Word<EntryCount>,
  /** The head as last seen, in the doorbell or in the shadow page. */
  head: word as Word<SlotIndex>,
  /** Next slot to post. */
  tail: word as Word<SlotIndex>,
  /** Whether this pass posts phase 0; a queue begins with phase 1. */
  secondPass: flag as Flag,
  /** Slots set aside for commands in execution. */
  reserved: word as Word,
  interrupts: flag as Flag,
  vector: word as Word<Vector>,
  /** The poster waits for a free slot. */
  parked: flag as Flag,
  shadow: flag as Flag,
};
const CqFields: StateOf<typeof cqFields> = state(cqFields);

export class CompletionQueue extends CqFields {
  readonly qid: QueueId;

  constructor(arena: Arena, qid: QueueId) {
    super(arena);
    this.qid = qid;
  }

  get occupied(): number {
    return distance(this.head, this.tail, this.size);
  }

  /** Whether one more slot is neither occupied nor set aside. */
  get hasRoom(): boolean {
    return this.occupied + this.reserved < this.size - 1;
  }

  addressOf(slot: SlotIndex): Address {
    return this.base + slot * CQE_BYTES;
  }

  clear(): void {
    this.live = this.secondPass = this.interrupts = this.parked = this.shadow = false;
    this.base = this.size = this.head = this.tail = this.reserved = this.vector = 0;
  }
}
