/**
 * Room on completion queues, and who waits for it.
 *
 * A controller may stop an SQ long before its CQ is full, because it reserves a slot for each command
 * that it takes (Base 2.1, 3.3.1.2.1 leaves that to it). Occupancy alone therefore does not tell who is
 * blocked.
 */
import { ADMIN, type QueueId } from '../spec/units.ts';
import type { LedgerCq } from './completion-queue.ts';
import type { LedgerSq } from './submission-queue.ts';

export class Room {
  readonly #sqs: readonly LedgerSq[];
  readonly #fetchVisible: boolean;

  constructor(sqs: readonly LedgerSq[], fetchVisible: boolean) {
    this.#sqs = sqs;
    this.#fetchVisible = fetchVisible;
  }

  /** Commands with the controller for this CQ: what a controller that reserves slots has reserved. */
  outstandingOn(cq: LedgerCq): number {
    let count = 0;
    for (const sq of this.#sqs) if (sq.live && sq.cqid === cq.qid) count += sq.out.size;
    return count;
  }

  /** Whether some command other than an AER waits for this CQ, fetched or not. */
  wanted(cq: LedgerCq): boolean {
    for (const sq of this.#sqs) {
      if (sq.live && sq.cqid === cq.qid && (sq.busy || (this.#fetchVisible && sq.waiting > 0))) return true;
    }
    return false;
  }

  /**
   * Whether every slot of the CQ is used or may be reserved: then a controller may leave entries unfetched.
   */
  pressed(cq: LedgerCq): boolean {
    return cq.live && cq.occupied + this.outstandingOn(cq) >= cq.size - 1;
  }

  /**
   * Whether the host has to make room before more can be demanded here: the CQ is full, or AERs may hold the
   * slots that are left. With an empty CQ there is nothing the host could do.
   */
  blockedByHost(cq: LedgerCq): boolean {
    if (cq.full) return true;
    if (cq.occupied === 0 || cq.qid !== ADMIN) return false;
    const sq = this.#sqs[ADMIN] as LedgerSq;
    let aers = 0;
    for (let row = 0; row < sq.out.size; row++) if (sq.isAer(row)) aers++;
    return cq.occupied + aers >= cq.size - 1;
  }

  /** Whether a live SQ uses the CQ. */
  inUse(cqid: QueueId): boolean {
    return this.#sqs.some((sq) => sq.live && sq.cqid === cqid);
  }

  /**
   * Whether the controller may be asleep on the CQ because it does not know how far the host has moved the head: by
   * the head that it is sure to know there is no slot to post to or, for what it has not fetched, none to reserve.
   */
  mayBeUnseen(cq: LedgerCq, fetched: boolean): boolean {
    if (!cq.doorbell.on || cq.known === cq.head) return false;
    if (fetched && this.#fetchVisible) return cq.believed === cq.size - 1;
    return !cq.knewMore && cq.believed + this.outstandingOn(cq) >= cq.size - 1;
  }

  movesInShadow(cq: LedgerCq): void {
    cq.movesInShadow(cq.head);
    this.stirs(cq);
  }

  /** The controller stored EventIdx of the CQ. */
  waitsFrom(cq: LedgerCq, eventIdx: number): void {
    cq.waitsFrom(eventIdx, this.outstandingOn(cq));
    if (cq.declared) this.stirs(cq);
  }

  /** From here on the controller may sleep for this CQ, whatever it slept for before. */
  stirs(cq: LedgerCq): void {
    for (const sq of this.#sqs) if (sq.live && sq.cqid === cq.qid) sq.idled = false;
  }

  /** Whether something waits for room on the CQ, fetched or not. */
  blocks(cq: LedgerCq): boolean {
    for (const sq of this.#sqs) {
      if (sq.live && sq.cqid === cq.qid && (sq.held || sq.owesMetFull)) return true;
    }
    return false;
  }

  /**
   * Notes which SQs may now be waiting for room on the CQ. Where fetches are not visible, there may be too
   * many.
   */
  hold(cq: LedgerCq): void {
    const sum = cq.occupied + this.outstandingOn(cq);
    if (sum < (this.#fetchVisible ? cq.size - 1 : cq.size)) return;
    for (const sq of this.#sqs) {
      if (sq.live && sq.cqid === cq.qid && (this.#fetchVisible ? sq.waiting > 0 : sq.busy)) sq.held = true;
    }
  }
}
