/**
 * One doorbell as both sides have published it: the register and, once Doorbell Buffer Config has
 * succeeded, the shadow entry and EventIdx (Base 2.1, 5.2.5 and B.5).
 *
 * A doorbell is in shadow mode from the first host write to its shadow entry on: hosts differ in which
 * queues they drive that way. In shadow mode the shadow entry is the value and a register write is a
 * kick.
 */
import { flag, type Flag, state, type StateOf, word, type Word } from '../arena/state.ts';
import { distance } from '../spec/ring.ts';
import type { EntryCount, SlotIndex } from '../spec/units.ts';
import { ringOwed } from '../spec/wakeup.ts';

const fields = {
  /** The tail or head in force. */
  value: word as Word<SlotIndex>,
  /** Raw words of the two pages. */
  shadowWord: word as Word,
  eventIdxWord: word as Word,
  on: flag as Flag,
  /** The controller wrote the shadow entry last. */
  overwritten: flag as Flag,
  /** Nobody was seen to write the shadow entry since its page was named: 0, or a copy of the doorbell. */
  unseen: flag as Flag,
  /** Shadow value before the host's last move, as long as it has not read EventIdx for it. */
  from: word as Word<SlotIndex>,
  undecided: flag as Flag,
  /** The undecided move passes every EventIdx there was since. */
  owedThroughout: flag as Flag,
  /** A ring is owed for certain. */
  debt: flag as Flag,
  /** Rings of values in (ringFrom, value] may still come. */
  ringFrom: word as Word<SlotIndex>,
  /** More than a lap since then: a ring of any value may come. */
  lapped: flag as Flag,
  /** The other value that an entry may have held which nobody was seen to write; else the same as `from`. */
  otherFrom: word as Word<SlotIndex>,
  /** From there a ring was owed: the host is not blamed, but neither is a controller that sleeps on. */
  doubtful: flag as Flag,
  /** The host published through a page that a reset took away, and nowhere else. */
  stale: flag as Flag,
};
const Fields: StateOf<typeof fields> = state(fields);

export class LedgerDoorbell extends Fields {
  get shadow(): number {
    return this.shadowWord >>> 0;
  }

  get eventIdx(): number {
    return this.eventIdxWord >>> 0;
  }

  /** Whether the host owes a register write that it has not made (B.5.1, the strict test). */
  get ringOwed(): boolean {
    return this.debt || (this.undecided && this.owedThroughout);
  }

  /** Whether the controller may be asleep because the host owes it a ring. */
  get mayOweRing(): boolean {
    return this.ringOwed || this.doubtful;
  }

  /**
   * Whether a register write of `value` is a ring of the current or of an earlier, not yet rung, shadow
   * value.
   */
  mayRing(value: SlotIndex, size: EntryCount): boolean {
    if (value === this.value || this.lapped) return true;
    const behind = distance(this.ringFrom, value, size);
    return behind > 0 && behind <= distance(this.ringFrom, this.value, size);
  }

  /**
   * What the shadow entry held before `now`. Of an entry that nobody was seen to write, the nearer of the two
   * values it may hold is taken: then a ring is only called owed if it is owed from both. The same goes for an entry
   * that the controller has overwritten: hosts compare with what they stored, or with what they find there.
   */
  before(now: SlotIndex, size: EntryCount): SlotIndex {
    if (this.shadow >= size) return this.value;
    if (!this.unseen && !this.on) return this.shadow;
    return distance(this.shadow, now, size) < distance(this.value, now, size) ? this.shadow : this.value;
  }

  /** The host stored `now`, which is in range and not what was there. */
  hostMoved(now: SlotIndex, size: EntryCount): void {
    const before = this.before(now, size);
    const other = this.unseen && this.shadow < size ? this.shadow + this.value - before : before;
    if (this.undecided && this.owedThroughout) this.debt = true;
    if (this.on) {
      if (distance(this.ringFrom, this.value, size) + distance(this.value, now, size) >= size)
        this.lapped = true;
    } else {
      this.on = true;
      this.ringFrom = this.value;
    }
    this.storeShadow(now);
    this.value = now;
    this.from = before;
    this.undecided = true;
    this.owedThroughout = isOwed(before, now, this.eventIdx, size);
    this.otherFrom = other;
    if (other !== before) this.doubtful ||= isOwed(other, now, this.eventIdx, size);
    this.stale = false;
  }

  /** Somebody wrote the shadow entry, whatever that means. */
  storeShadow(value: number, byController: boolean = false): void {
    this.shadowWord = value;
    this.unseen = false;
    this.overwritten = byController;
  }

  eventIdxWritten(value: number, size: EntryCount): void {
    this.eventIdxWord = value;
    if (this.undecided && !isOwed(this.from, this.value, value, size)) this.owedThroughout = false;
  }

  /** The host read EventIdx: for the move it made last, this value decides. */
  eventIdxRead(value: number, size: EntryCount): void {
    if (!this.undecided) return;
    if (this.otherFrom !== this.from) this.doubtful ||= isOwed(this.otherFrom, this.value, value, size);
    if (isOwed(this.from, this.value, value, size)) this.debt = true;
    // A host that read a value that even the loose formula does not ring for will not ring for this move.
    else if (distance(value % size, this.value, size) > distance(this.from, this.value, size)) {
      if (this.ringFrom === this.from && !this.lapped) this.ringFrom = this.value;
    }
    this.#decided();
  }

  /** A register write, whatever its value, tells the controller to look. */
  kicked(): void {
    this.#decided();
    this.debt = false;
    this.doubtful = false;
    this.stale = false;
    this.ringFrom = this.on ? this.value : 0;
    this.lapped = false;
  }

  /** The queue starts, or is no more. The pages keep what they hold. */
  restart(): void {
    this.#decided();
    this.value = 0;
    this.on = false;
    this.debt = false;
    this.doubtful = false;
    this.ringFrom = 0;
    this.lapped = false;
    this.stale = false;
  }

  #decided(): void {
    this.from = this.otherFrom = 0;
    this.undecided = false;
    this.owedThroughout = false;
  }
}

/** An EventIdx that is no index of the ring (SPDK's sentinel) makes no ring owed. */
function isOwed(old: SlotIndex, now: SlotIndex, eventIdx: number, size: EntryCount): boolean {
  return eventIdx >>> 0 < size && ringOwed(old, now, eventIdx >>> 0, size);
}
