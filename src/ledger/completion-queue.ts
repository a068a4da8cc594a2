/** What an observer knows of one completion queue (Base 2.1, 3.3.1.2 and 4.2.4; research name: CQ z). */
import type { Arena } from '../arena/arena.ts';
import { flag, type Flag, loose, type Loose, state, type StateOf, word, type Word } from '../arena/state.ts';
import { PHASE_BIT } from '../spec/entries.ts';
import { distance, isFull, next } from '../spec/ring.ts';
import type { EntryCount, PhaseTag, QueueId, SlotIndex, Vector } from '../spec/units.ts';
import { LedgerDoorbell } from './shadow.ts';
import { life } from './submission-queue.ts';

const fields = {
  life: word as Word,
  size: word as Word<EntryCount>,
  baseLow: word as Word,
  baseHigh: word as Word,
  /** t: the slot to be posted to next. */
  tail: word as Word<SlotIndex>,
  /** P: the phase tag of the next entry. */
  phase: word as Word<PhaseTag>,
  interrupts: flag as Flag,
  vector: word as Word<Vector>,
  /** The host wrote an invalid head, or entries were overwritten: occupancy means nothing any more. */
  poisoned: flag as Flag,
  fresh: flag as Flag,
  /** The phase tag of the slot at the tail was inverted by a write of its own: the host takes the entry for posted. */
  shown: flag as Flag,
  /** An interrupt came after the newest entry. */
  toldOfNewest: flag as Flag,
  /** An interrupt came after the CQ became non-empty or the head was last moved, whichever was later. */
  toldSinceHead: flag as Flag,
  /**
   * Shadow mode: the newest head that the controller is sure to know. It was told by a register write, or it filled
   * the queue up to the head before; and what it stores in EventIdx to wait for a move from there is what it knows.
   */
  known: word as Word<SlotIndex>,
  /** It fetched where `known` leaves no room: if it reserves slots, it knew more than that. */
  knewMore: flag as Flag,
  /** It stored such an EventIdx, and has neither fetched for this CQ nor posted to it since. */
  declared: flag as Flag,
  /** Since it last posted, it stored an EventIdx that asks for no ring before all entries are released. */
  waives: flag as Flag,
  /** In this life of the queue. */
  posted: loose as Loose,
};
const Fields: StateOf<typeof fields> = state(fields);

export class LedgerCq extends Fields {
  readonly qid: QueueId;
  readonly doorbell: LedgerDoorbell;

  constructor(arena: Arena, qid: QueueId) {
    super(arena);
    this.qid = qid;
    this.doorbell = new LedgerDoorbell(arena);
  }

  get live(): boolean {
    return this.life === life.live;
  }

  /** H */
  get head(): SlotIndex {
    return this.doorbell.value;
  }

  /** Entries the host has not released. */
  get occupied(): number {
    return this.live ? distance(this.head, this.tail, this.size) : 0;
  }

  get full(): boolean {
    return this.live && isFull(this.head, this.tail, this.size);
  }

  get base(): number {
    return (this.baseLow >>> 0) + (this.baseHigh >>> 0) * 2 ** 32;
  }

  /**
   * Entries lie there and no message speaks of them: none came after the newest, and none since the CQ became
   * non-empty or the head moved. Either would do: some controllers interrupt for each entry, some once.
   */
  get untold(): boolean {
    return this.interrupts && this.occupied > 0 && !this.toldOfNewest && !this.toldSinceHead;
  }

  open(size: EntryCount, low: number, high: number, interrupts: boolean, vector: Vector): void {
    this.life = life.live;
    this.size = size;
    this.baseLow = low;
    this.baseHigh = high;
    this.tail = 0;
    this.phase = 1;
    this.interrupts = interrupts;
    this.vector = vector;
    this.poisoned = this.shown = false;
    this.posted = 0;
    this.#settled();
    this.doorbell.restart();
  }

  close(how: number): void {
    this.fresh = how !== life.absent && this.live && (this.tail !== 0 || this.phase !== 1);
    this.life = how;
    this.tail = 0;
    this.phase = 0;
    this.poisoned = this.shown = false;
    this.#settled();
    this.doorbell.restart();
  }

  post(slot: SlotIndex): void {
    if (this.full) this.poisoned = true;
    if (this.believed === this.size - 1) this.kicked(); // it knew the head all the same
    this.declared = this.waives = this.shown = false;
    const wasEmpty = this.occupied === 0;
    this.tail = next(slot < this.size ? slot : this.tail, this.size);
    if (this.tail === 0) {
      this.phase = this.phase === 1 ? 0 : 1;
      this.fresh = false;
    }
    this.posted++;
    if (!this.interrupts) return;
    this.toldOfNewest = false;
    if (wasEmpty) this.toldSinceHead = false;
  }

  /** A write of its own to dword 3 of a slot. */
  phaseWritten(slot: SlotIndex, value: number, was: number): void {
    if (slot !== this.tail || ((value ^ was) & PHASE_BIT) === 0) return;
    this.shown = ((value & PHASE_BIT) !== 0) === (this.phase === 1);
  }

  /** A message of this CQ's vector arrived. */
  told(): void {
    if (this.occupied === 0) return;
    this.toldOfNewest = true;
    this.toldSinceHead = true;
  }

  /** Entries that are not released as far as the controller is sure to know. */
  get believed(): number {
    return this.doorbell.on ? distance(this.known, this.tail, this.size) : this.occupied;
  }

  /** The host moves the shadow head, which was `head` until now: of that the controller need not know. */
  movesInShadow(head: SlotIndex): void {
    if (!this.doorbell.on || this.knewMore) this.known = head;
    this.knewMore = false;
  }

  /** The register was written: the controller has to look. */
  kicked(): void {
    this.known = this.doorbell.on ? this.head : 0;
    this.knewMore = false;
  }

  /** The controller stored EventIdx. `outstanding`: slots that it may have reserved. */
  waitsFrom(eventIdx: number, outstanding: number): void {
    const behind = distance(eventIdx, this.tail, this.size);
    this.waives = behind < this.occupied;
    if (eventIdx >= this.size || this.waives || behind + outstanding < this.size - 1) return;
    this.declared = true;
    if (!this.doorbell.on) return;
    this.known = eventIdx;
    this.knewMore = false;
  }

  /** The controller fetched a command for this CQ. */
  fetchedFor(outstanding: number): void {
    this.declared = false;
    const { believed, size } = this;
    const reserves = believed < size - 1 || outstanding === 0; // otherwise it has commands that it cannot post
    if (this.doorbell.on && reserves && believed + outstanding >= size - 1) this.knewMore = true;
  }

  /** The head has moved. */
  released(): void {
    this.toldSinceHead = false;
    if (this.occupied === 0) this.toldOfNewest = false;
  }

  #settled(): void {
    this.toldOfNewest = false;
    this.toldSinceHead = false;
    this.known = 0;
    this.knewMore = this.declared = this.waives = false;
  }
}
