/**
 * `SubQueue` and `CompQueue` of hw/nvme/queue.rs: what they keep beside the geometry that any controller
 * keeps.
 */
import type { Arena } from '../../arena/arena.ts';
import { BitSet } from '../../arena/containers.ts';
import { flag, type Flag, state, type StateOf, type Word, word } from '../../arena/state.ts';
import type { CompletionQueue, SubmissionQueue } from '../../controller/queues.ts';
import { distance, isFull, next } from '../../spec/ring.ts';
import type { PhaseTag, QueueId, SlotIndex } from '../../spec/units.ts';

const sqFields = {
  /** The mutex of `QueueState`. */
  locked: flag as Flag,
  /** The mutexes of the block layer's queue slot and minder, held together while a worker polls. */
  polled: flag as Flag,
  /** `QueueSlot::workers`, held while notifications are flushed. */
  flushing: flag as Flag,
  /** Copy of the head that completions read without the lock. */
  curHead: word as Word<SlotIndex>,
};
const SqFields: StateOf<typeof sqFields> = state(sqFields);

export class SubQueue extends SqFields {
  readonly ring: SubmissionQueue;
  /** `notify_workers`: who was told that there is nothing, and wants to hear when there is. */
  readonly idle: BitSet;

  constructor(arena: Arena, ring: SubmissionQueue, workers: number) {
    super(arena);
    this.ring = ring;
    this.idle = new BitSet(arena, workers);
  }

  get occupied(): number {
    return distance(this.ring.head, this.ring.tail, this.ring.size);
  }

  /** False for an index outside the queue, or for more entries than there is space for. */
  pushTailTo(index: SlotIndex): boolean {
    const { ring } = this;
    if (index >= ring.size) return false;
    if (distance(ring.tail, index, ring.size) > ring.size - 1 - this.occupied) return false;
    ring.tail = index;
    return true;
  }

  reset(): void {
    this.locked = this.polled = this.flushing = false;
    this.curHead = 0;
    this.idle.clear();
    this.ring.awake = false; // the reference's fetcher is not at work here
  }
}

const cqFields = {
  locked: flag as Flag,
  /** Slots that are neither occupied nor held by a permit. Permits are counted in `ring.reserved`. */
  avail: word as Word,
};
const CqFields: StateOf<typeof cqFields> = state(cqFields);

export class CompQueue extends CqFields {
  readonly ring: CompletionQueue;
  /** SQs that found no slot. */
  readonly corked: BitSet;

  constructor(arena: Arena, ring: CompletionQueue, queues: number) {
    super(arena);
    this.ring = ring;
    this.corked = new BitSet(arena, queues);
  }

  reset(): void {
    this.locked = false;
    this.avail = this.ring.live ? this.ring.size - 1 : 0;
    this.corked.clear();
  }

  /** False for an index outside the queue, or when fewer entries are occupied. */
  popHeadTo(index: SlotIndex): boolean {
    const { ring } = this;
    if (index >= ring.size) return false;
    const count = distance(ring.head, index, ring.size);
    if (count > ring.occupied) return false;
    ring.head = index;
    this.avail += count;
    return true;
  }

  /** Takes a slot for a permit, if there is one. */
  takeAvail(): boolean {
    if (this.avail === 0) return false;
    this.avail--;
    this.ring.reserved++;
    return true;
  }

  releaseAvail(): void {
    this.ring.reserved--;
    this.avail++;
  }

  /** The slot and phase of the next entry; consumes a permit. Undefined when the queue is full. */
  pushTail(): { slot: SlotIndex; phase: PhaseTag } | undefined {
    const { ring } = this;
    if (isFull(ring.head, ring.tail, ring.size)) return undefined;
    const slot = ring.tail;
    const phase = ring.secondPass ? 0 : 1;
    ring.tail = next(slot, ring.size);
    if (ring.tail === 0) ring.secondPass = !ring.secondPass;
    ring.reserved--;
    return { slot, phase };
  }

  /** Drains the corked set. */
  kick(): QueueId[] {
    const sqids: QueueId[] = [];
    for (let sqid = this.corked.first(); sqid >= 0; sqid = this.corked.first()) {
      this.corked.delete(sqid);
      sqids.push(sqid);
    }
    return sqids;
  }
}
