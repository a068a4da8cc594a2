/** What an observer knows of one submission queue (Base 2.1, 3.3.1.2; research name: SQ q). */
import type { Arena } from '../arena/arena.ts';
import { Table } from '../arena/containers.ts';
import { flag, type Flag, loose, type Loose, state, type StateOf, word, type Word } from '../arena/state.ts';
import { adminOpcode } from '../spec/opcodes.ts';
import { distance, next } from '../spec/ring.ts';
import { ADMIN, type CommandId, type EntryCount, type QueueId, type SlotIndex } from '../spec/units.ts';
import { LedgerDoorbell } from './shadow.ts';

/** `gone`: taken away by a Controller Level Reset. `deleted`: by a successful Delete. */
export const life: { readonly absent: 0; readonly live: 1; readonly deleted: 2; readonly gone: 3 } = {
  absent: 0,
  live: 1,
  deleted: 2,
  gone: 3,
};

/** Why a CID that is not outstanding is remembered until it is used again. */
export const past: { readonly completed: 1; readonly deleted: 2; readonly reset: 3 } = {
  completed: 1,
  deleted: 2,
  reset: 3,
};

/** Columns and flags of a row of `out`. */
const SLOT = 0;
const OPCODE = 1;
const FLAGS = 2;
const MET_FULL = 1;
const CONFLICT = 2;
const AT_CFS = 4;
const ABORTED = 8;
const SAVED = 16;
const LAPPED = 32;

const fields = {
  life: word as Word,
  /** N */
  size: word as Word<EntryCount>,
  baseLow: word as Word,
  baseHigh: word as Word,
  /** Hf: the slot to be fetched next. */
  head: word as Word<SlotIndex>,
  /** Hr: the furthest SQHD reported. */
  reported: word as Word<SlotIndex>,
  /** An SQHD that cannot be a head since its command was taken: a host that goes by it may be wrong. */
  misled: flag as Flag,
  cqid: word as Word<QueueId>,
  /** A Delete I/O SQ was taken and is not answered. */
  deleting: flag as Flag,
  /**
   * The host wrote an invalid tail: what the controller owes here is undefined (3.3.1.2). Or the controller took what
   * was not submitted: then what comes after is no fault of the host's.
   */
  poisoned: flag as Flag,
  /** It was created with a shadow entry that nobody had cleared. */
  leftover: flag as Flag,
  /** A tail in range that the host rang without having stored it in the shadow entry, plus one; 0 for none. */
  rungTail: word as Word,
  /** First lap of a queue whose previous life had moved: stale indices would show. */
  fresh: flag as Flag,
  /** Where fetches do not show: the register was written since the controller last completed a command of this SQ. */
  rung: flag as Flag,
  /** Shadow mode: the tail up to which the controller is sure to know of entries, by a register write or a fetch. */
  told: word as Word<SlotIndex>,
  /** The controller stored EventIdx although entries wait, and has not had reason since to sleep on the CQ. */
  idled: flag as Flag,
  /**
   * Since the last fetch here, entries waited while the CQ had no slot that was neither used nor reserved.
   */
  held: flag as Flag,
  /** Entries waited when the controller turned out to have failed. */
  waitedAtCfs: flag as Flag,
  /** Entries written and not announced. */
  unannounced: word as Word,
  /** Those of them that a saved driver wrote. */
  leftUnannounced: word as Word,
  /** Entries from before a restore that took their callers away, not fetched yet. */
  savedEntries: word as Word,
  /** In this life of the queue. */
  fetched: loose as Loose,
  completed: loose as Loose,
};
const Fields: StateOf<typeof fields> = state(fields);

export class LedgerSq extends Fields {
  readonly qid: QueueId;
  readonly doorbell: LedgerDoorbell;
  /** Outstanding commands by CID. */
  readonly out: Table;
  /** CIDs of the past that were not used again, and why they are past. */
  readonly past: Table;

  constructor(arena: Arena, qid: QueueId, outstandingMax: number) {
    super(arena);
    this.qid = qid;
    this.doorbell = new LedgerDoorbell(arena);
    this.out = new Table(arena, outstandingMax, 3);
    this.past = new Table(arena, outstandingMax, 1);
  }

  get live(): boolean {
    return this.life === life.live;
  }

  /** T */
  get tail(): SlotIndex {
    return this.doorbell.value;
  }

  /** Entries submitted and not fetched, where fetches are visible. */
  get waiting(): number {
    return this.live ? distance(this.head, this.tail, this.size) : 0;
  }

  get base(): number {
    return (this.baseLow >>> 0) + (this.baseHigh >>> 0) * 2 ** 32;
  }

  /**
   * Whether an entry can be there to fetch. After an invalid tail nobody knows; after a ring that the shadow entry does
   * not back, a controller may go by either value, and by none beyond.
   */
  get mayHoldEntries(): boolean {
    if (this.waiting > 0) return true;
    if (this.rungTail === 0) return this.poisoned;
    return distance(this.head, this.rungTail - 1, this.size) > 0;
  }

  /** The host rang a value that the shadow entry does not back; `possible`: as a tail it could be meant. */
  rungApart(value: SlotIndex, possible: boolean): void {
    const known = this.rungTail > 0 || !this.poisoned;
    this.rungTail = possible && known ? value + 1 : 0;
    this.poisoned = true;
  }

  /** Whether the controller need not know of what waits here. */
  untold(fetchVisible: boolean): boolean {
    return this.doorbell.on && (fetchVisible ? this.told === this.head : !this.rung);
  }

  slot(row: number): SlotIndex {
    return this.out.get(row, SLOT);
  }

  opcode(row: number): number {
    return this.out.get(row, OPCODE);
  }

  /** An Asynchronous Event Request waits as long as nothing happens (5.1.2). */
  isAer(row: number): boolean {
    return this.qid === ADMIN && this.opcode(row) === adminOpcode.asynchronousEventRequest;
  }

  /** Whether a completion is owed for the command; one that an Abort ended early may still get its own. */
  isOwed(row: number): boolean {
    return !this.isAer(row) && (this.out.get(row, FLAGS) & ABORTED) === 0;
  }

  /** Whether the CQ was full at some time while this command was with the controller. */
  metFull(row: number): boolean {
    return (this.out.get(row, FLAGS) & MET_FULL) !== 0;
  }

  wasOwedAtCfs(row: number): boolean {
    return (this.out.get(row, FLAGS) & AT_CFS) !== 0;
  }

  /** Whether its slot was used again since: every slot was the head at some time while the controller had it. */
  isLapped(row: number): boolean {
    return (this.out.get(row, FLAGS) & LAPPED) !== 0;
  }

  isAborted(row: number): boolean {
    return (this.out.get(row, FLAGS) & ABORTED) !== 0;
  }

  /** Whether a command is on its way whose caller was lost over a restore. */
  get owesSaved(): boolean {
    return this.savedEntries > 0 || this.savedRow >= 0;
  }

  /** Row of such a command that was fetched, or -1. */
  get savedRow(): number {
    for (let row = 0; row < this.out.size; row++)
      if ((this.out.get(row, FLAGS) & SAVED) !== 0 && !this.isAborted(row)) return row;
    return -1;
  }

  /** Whether `sqhd` is a head since the command in `row` was taken, which was taken before `consumed` (4.2.1). */
  coversSelf(row: number, sqhd: SlotIndex, consumed: SlotIndex): boolean {
    const own = this.slot(row);
    if (own === consumed || this.isLapped(row)) return true; // a whole lap since: every slot was the head
    const past = distance(own, sqhd, this.size);
    return past > 0 && past <= distance(own, consumed, this.size);
  }

  /** An entry was written; it counts if it is the next one behind those that were. */
  entryWritten(slot: SlotIndex): void {
    if (this.live && slot === (this.tail + this.unannounced) % this.size) this.unannounced++;
  }

  /** A tail write covers the entries up to `value`. */
  announced(value: SlotIndex): void {
    const moved = distance(this.tail, value, this.size);
    this.unannounced = Math.max(0, this.unannounced - moved);
    this.leftUnannounced = Math.max(0, this.leftUnannounced - moved);
  }

  /** What is on its way now has lost its callers. */
  detach(): void {
    this.savedEntries = this.waiting + this.leftUnannounced;
    for (let row = 0; row < this.out.size; row++) this.out.set(row, FLAGS, this.out.get(row, FLAGS) | SAVED);
  }

  /** Whether some command other than an AER is outstanding. */
  get busy(): boolean {
    for (let row = 0; row < this.out.size; row++) if (this.isOwed(row)) return true;
    return false;
  }

  /** Whether a completion that met a full CQ is still owed. */
  get owesMetFull(): boolean {
    for (let row = 0; row < this.out.size; row++) if (this.isOwed(row) && this.metFull(row)) return true;
    return false;
  }

  open(size: EntryCount, low: number, high: number, cqid: QueueId): void {
    this.life = life.live;
    this.size = size;
    this.baseLow = low;
    this.baseHigh = high;
    this.cqid = cqid;
    this.head = 0;
    this.reported = 0;
    this.poisoned = this.leftover = this.misled = false;
    this.rungTail = 0;
    this.rung = false;
    this.held = false;
    this.told = 0;
    this.idled = false;
    this.deleting = false;
    this.unannounced = this.leftUnannounced = this.savedEntries = 0;
    this.fetched = 0;
    this.completed = 0;
    this.doorbell.restart();
  }

  /** The queue ends; `how` is `life.deleted`, `life.gone` or, for the admin queue, `life.absent`. */
  close(how: number): void {
    const remembered = how === life.deleted ? past.deleted : past.reset;
    this.past.clear();
    if (how !== life.absent) {
      for (let row = 0; row < this.out.size; row++) this.#remember(this.out.key(row), remembered);
    }
    this.out.clear();
    this.fresh = how !== life.absent && (this.head !== 0 || this.tail !== 0);
    this.life = how;
    this.head = 0;
    this.reported = 0;
    this.deleting = false;
    this.poisoned = this.leftover = this.misled = false;
    this.rungTail = 0;
    this.rung = false;
    this.held = false;
    this.told = 0;
    this.idled = false;
    this.waitedAtCfs = false;
    this.unannounced = this.leftUnannounced = this.savedEntries = 0;
    this.doorbell.restart();
  }

  /** A command came into the controller's hands (or, where fetches are not visible, was submitted). */
  take(cid: CommandId, slot: SlotIndex, opcode: number, cqFull: boolean): void {
    const forgotten = this.past.find(cid);
    if (forgotten >= 0) this.past.remove(forgotten);
    const earlier = this.out.find(cid);
    const row = earlier >= 0 ? earlier : this.out.insert(cid);
    const conflict = earlier >= 0 && !this.isAborted(row);
    for (let other = 0; other < this.out.size; other++) {
      if (other !== row && this.slot(other) === slot)
        this.out.set(other, FLAGS, this.out.get(other, FLAGS) | LAPPED);
    }
    this.out.set(row, SLOT, slot);
    this.out.set(row, OPCODE, opcode);
    const saved = this.savedEntries > 0 ? SAVED : 0;
    this.out.set(row, FLAGS, (conflict ? CONFLICT : 0) | (cqFull && !this.isAer(row) ? MET_FULL : 0) | saved);
    if (saved !== 0) this.savedEntries--;
  }

  fetch(slot: SlotIndex): void {
    const before = this.head;
    if (!this.mayHoldEntries || slot !== before) this.poisoned = true;
    if (this.rungTail > 0 && this.waiting === 0) this.doorbell.value = this.rungTail - 1;
    this.head = slot < this.size ? next(slot, this.size) : next(this.head, this.size);
    if (this.doorbell.on && this.told === before) this.told = this.head;
    this.idled = false;
    if (this.head === 0) this.fresh = false;
    this.held = false;
    if (this.head === this.tail) this.waitedAtCfs = false;
    this.fetched++;
  }

  /** A completion for the command in `row`. After a CID conflict two are due. */
  complete(row: number): void {
    this.completed++;
    if ((this.out.get(row, FLAGS) & CONFLICT) !== 0) {
      this.out.set(row, FLAGS, this.out.get(row, FLAGS) & ~CONFLICT);
      return;
    }
    const cid = this.out.key(row);
    this.out.remove(row);
    this.#remember(cid, past.completed);
  }

  abort(cid: CommandId): void {
    const row = this.out.find(cid);
    if (row >= 0) this.out.set(row, FLAGS, this.out.get(row, FLAGS) | ABORTED);
  }

  /** The CQ is full now: a completion dropped from here on was dropped for that. */
  meetFull(): void {
    for (let row = 0; row < this.out.size; row++) {
      if (!this.isAer(row)) this.out.set(row, FLAGS, this.out.get(row, FLAGS) | MET_FULL);
    }
  }

  /** The controller was seen to have failed: what is outstanding now was owed before. */
  meetCfs(fetchVisible: boolean): void {
    for (let row = 0; row < this.out.size; row++) this.out.set(row, FLAGS, this.out.get(row, FLAGS) | AT_CFS);
    this.waitedAtCfs = fetchVisible && this.waiting > 0;
  }

  /** Why `cid` is remembered, or 0. */
  pastOf(cid: CommandId): number {
    const row = this.past.find(cid);
    return row < 0 ? 0 : this.past.get(row, 0);
  }

  /**
   * Bounded: with too many different CIDs, the smallest is forgotten (a duplicate then counts as unknown).
   */
  #remember(cid: CommandId, why: number): void {
    if (this.past.find(cid) < 0 && this.past.full) this.past.remove(0);
    const row = this.past.find(cid);
    this.past.set(row < 0 ? this.past.insert(cid) : row, 0, why);
  }
}
