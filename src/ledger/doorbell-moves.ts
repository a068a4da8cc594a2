/**
 * Tails and heads as the host publishes them, by register or shadow entry, and EventIdx as the controller answers
 * (Base 2.1, 3.3.1.2, 5.2.5 and B.5; PCIe 1.1, 3.1.2): what they mean for the queues, and what they change.
 */
import type { DoorbellWrite, EventIdxWrite, ShadowWrite } from '../link/events.ts';
import { distance, next } from '../spec/ring.ts';
import { ADMIN, type SlotIndex } from '../spec/units.ts';
import type { LedgerCq } from './completion-queue.ts';
import type { Ledger } from './ledger.ts';
import type { LedgerDoorbell } from './shadow.ts';
import { LedgerSq } from './submission-queue.ts';
import type { WrittenEntries } from './written-entries.ts';

/** What a doorbell value means for the queue as it is before the write. */
export type DoorbellValue = 'fine' | 'out of range' | 'too far';

/** What the host may add to is counted from the fetch head; where that is not visible, from the SQHD reported. */
export function judgeTail({ fetchVisible }: Ledger, sq: LedgerSq, value: number): DoorbellValue {
  if (value >= sq.size) return 'out of range';
  const head = fetchVisible ? sq.head : sq.reported;
  const claimed = distance(head, sq.tail, sq.size) + distance(sq.tail, value, sq.size);
  return claimed >= sq.size ? 'too far' : 'fine';
}

export function judgeHead(cq: LedgerCq, value: number): DoorbellValue {
  if (value >= cq.size) return 'out of range';
  return distance(cq.head, value, cq.size) > cq.occupied ? 'too far' : 'fine';
}

/** Whether the host consumes all that was posted, and the entry that is shown behind it. */
export function takesShown(cq: LedgerCq, value: number): boolean {
  return cq.shown && value === next(cq.tail, cq.size);
}

/**
 * Whether a write into the shadow page publishes a tail or head. Otherwise it initialises the entry, is not
 * the host's, or comes when no doorbell buffer is in force.
 */
export function publishes({ controller, sqs, cqs }: Ledger, event: ShadowWrite): boolean {
  const queue = event.type === 'shadow.sq' ? sqs[event.qid] : cqs[event.qid];
  if (event.writer !== 'host' || !controller.doorbellBuffer) return false;
  if (!queue?.live) return event.value !== 0;
  const { doorbell } = queue;
  // What stands in the entry is not the last move where the controller wrote it, or where its page is new.
  const isMove = !doorbell.overwritten && !doorbell.unseen;
  if (doorbell.on) return event.value !== (isMove ? doorbell.shadow : doorbell.value);
  // Hosts clear the whole page, and most never use the entries of queue 0.
  return event.value !== doorbell.value && !(event.qid === ADMIN && event.value === 0);
}

export function doorbellWrite(ledger: Ledger, event: DoorbellWrite): void {
  ledger.controlPlane.saved = false;
  if (event.type === 'db.sq') {
    ledger.controller.untouched = false;
    const sq = ledger.sqs[event.qid];
    if (!sq?.live) return;
    if (!ledger.fetchVisible) sq.rung = true;
    if (!sq.doorbell.on) moveTail(ledger, sq, event.value, false);
    else if (event.value >= sq.size || !sq.doorbell.mayRing(event.value, sq.size))
      sq.rungApart(event.value, ledger.fetchVisible && judgeTail(ledger, sq, event.value) === 'fine');
    sq.doorbell.kicked();
    sq.told = sq.doorbell.on ? sq.tail : 0;
    return;
  }
  const cq = ledger.cqs[event.qid];
  if (!cq?.live) return;
  if (!cq.doorbell.on) moveHead(ledger, cq, event.value, false);
  else if (!cq.doorbell.mayRing(event.value, cq.size)) cq.poisoned = true;
  cq.doorbell.kicked();
  cq.kicked();
}

export function shadowWrite(ledger: Ledger, event: ShadowWrite): void {
  const queue = event.type === 'shadow.sq' ? ledger.sqs[event.qid] : ledger.cqs[event.qid];
  if (queue === undefined) return;
  const { doorbell } = queue;
  if (!queue.live || !publishes(ledger, event)) {
    doorbell.storeShadow(event.value, event.writer === 'controller');
    if (event.writer === 'host' && queue.live) staleWrite(ledger, doorbell, event.value);
    return;
  }
  ledger.controlPlane.saved = false;
  if (event.type === 'shadow.sq') moveTail(ledger, queue as LedgerSq, event.value, true);
  else moveHead(ledger, queue as LedgerCq, event.value, true);
  // Refused as a tail or head, it stands in the page all the same.
  if (doorbell.shadow !== event.value) doorbell.storeShadow(event.value);
}

/** A host that did not notice that a reset took the page away (5.2.5). */
function staleWrite({ controller }: Ledger, doorbell: LedgerDoorbell, value: number): void {
  if (controller.doorbellBufferRevoked && value !== doorbell.value) doorbell.stale = true;
}

function moveTail(ledger: Ledger, sq: LedgerSq, value: number, shadow: boolean): void {
  const verdict = judgeTail(ledger, sq, value);
  if (verdict === 'out of range' || (verdict === 'too far' && ledger.fetchVisible)) sq.poisoned = true;
  if (verdict === 'out of range') return;
  sq.announced(value);
  if (!ledger.fetchVisible) submit(ledger, sq, sq.tail, value);
  if (shadow && !sq.doorbell.on) sq.told = sq.tail;
  if (shadow) sq.doorbell.hostMoved(value, sq.size);
  else sq.doorbell.value = value;
  ledger.room.hold(ledger.cqOf(sq));
}

/** Without fetches, a command is outstanding from the tail write that covers it. */
function submit(ledger: Ledger, sq: LedgerSq, from: SlotIndex, to: SlotIndex): void {
  const written = ledger.written[sq.qid] as WrittenEntries;
  for (let slot = from; slot !== to; slot = next(slot, sq.size)) {
    if (!written.has(slot)) continue;
    const words = sq.qid === ADMIN ? written.words(slot) : undefined;
    ledger.take(sq, written.cid(slot), slot, written.opcode(slot), words);
    written.forget(slot);
  }
}

function moveHead(ledger: Ledger, cq: LedgerCq, value: number, shadow: boolean): void {
  if (judgeHead(cq, value) !== 'fine') {
    cq.poisoned = true;
    // What it took there was not the entry, and what it does by that is no fault of its own.
    if (takesShown(cq, value)) for (const sq of ledger.sqs) if (sq.cqid === cq.qid) sq.poisoned = true;
    return;
  }
  if (shadow) {
    ledger.room.movesInShadow(cq);
    cq.doorbell.hostMoved(value, cq.size);
  } else cq.doorbell.value = value;
  cq.released();
  if (cq.occupied === 0 && !ledger.unread(cq.vector)) ledger.interrupts.setDue(cq.vector, false);
}

export function eventIdxWrite({ sqs, cqs, room }: Ledger, event: EventIdxWrite): void {
  const queue = event.type === 'ei.sq' ? sqs[event.qid] : cqs[event.qid];
  if (queue?.live) queue.doorbell.eventIdxWritten(event.value, queue.size);
  else if (queue) queue.doorbell.eventIdxWord = event.value;
  if (!queue?.live || event.writer !== 'controller') return;
  if (queue instanceof LedgerSq) queue.idled = queue.waiting > 0;
  else room.waitsFrom(queue, event.value);
}
