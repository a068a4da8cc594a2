/** What admin commands do to queues and doorbell buffer: when they are taken, and when they are answered. */
import type { Post } from '../link/events.ts';
import { adminOpcode } from '../spec/opcodes.ts';
import { status } from '../spec/status.ts';
import type { CommandId } from '../spec/units.ts';
import type { LedgerController } from './controller-state.ts';
import type { Ledger } from './ledger.ts';
import type { LedgerDoorbell } from './shadow.ts';
import { life, type LedgerSq } from './submission-queue.ts';

/** An admin command came into the controller's hands. */
export function begin(ledger: Ledger, cid: CommandId, opcode: number, words: Int32Array): void {
  const { admin } = ledger;
  admin.take(cid, opcode, words);
  switch (opcode) {
    case adminOpcode.deleteSq: {
      const target = ledger.sq(admin.qid(cid));
      if (target?.live) target.deleting = true;
      return;
    }
    case adminOpcode.deleteCq:
      if (ledger.room.inUse(admin.qid(cid))) admin.setFoundInUse(cid);
      return;
    case adminOpcode.doorbellBufferConfig:
      newPages(ledger, cid);
      return;
  }
}

/** An admin command was answered. A Create or Delete that failed changes nothing. */
export function answer(ledger: Ledger, event: Post): void {
  const { admin } = ledger;
  const cid = event.cid;
  if (!admin.has(cid)) return;
  const sq = ledger.sq(admin.qid(cid));
  const opcode = admin.opcode(cid);
  if (event.status === status.success) succeeded(ledger, opcode, event);
  else if (opcode === adminOpcode.deleteSq && sq) sq.deleting = false;
  admin.drop(cid);
}

function succeeded(ledger: Ledger, opcode: number, event: Post): void {
  const { admin, controller } = ledger;
  const cid = event.cid;
  const sq = ledger.sq(admin.qid(cid));
  const cq = ledger.cq(admin.qid(cid));
  const size = admin.upper10(cid) + 1;
  const upper11 = admin.cdw11(cid) >>> 16;
  switch (opcode) {
    case adminOpcode.createCq:
      cq?.open(size, admin.prp1Low(cid), admin.prp1High(cid), (admin.cdw11(cid) & 2) !== 0, upper11);
      if (cq && leftIn(controller, cq.doorbell)) cq.poisoned = true;
      return;
    case adminOpcode.createSq:
      if (!sq || !ledger.cq(upper11)) return;
      sq.open(size, admin.prp1Low(cid), admin.prp1High(cid), upper11);
      sq.leftover = sq.poisoned = leftIn(controller, sq.doorbell);
      return;
    case adminOpcode.deleteSq:
      if (sq?.live) sq.close(life.deleted);
      if (sq) ledger.callers.endOf(sq.qid);
      return;
    case adminOpcode.deleteCq:
      if (cq?.live) cq.close(life.deleted);
      return;
    case adminOpcode.abort:
      // IANP=0: it is aborted, though its own completion may follow (5.1.1.2)
      if ((event.dw0 & 1) === 0) sq?.abort(admin.upper10(cid));
      return;
    case adminOpcode.doorbellBufferConfig:
      controller.doorbellBuffer = true;
      controller.doorbellBufferRevoked = false;
      return;
  }
}

/**
 * Whether the queue starts, or is about to, with a shadow entry that nobody cleared: a controller may take it for what
 * the host has published, and no text says that it may not (5.2.5). What it fetches then is no measure of anything.
 */
export function overLeftovers({ admin, controller }: Ledger, sq: LedgerSq): boolean {
  if (sq.live) return sq.leftover;
  return admin.creatingSq(sq.qid) && leftIn(controller, sq.doorbell);
}

function leftIn({ doorbellBuffer }: LedgerController, doorbell: LedgerDoorbell): boolean {
  return doorbellBuffer && doorbell.shadow !== 0;
}

/** From here on writes into the new pages show; a page not seen before is taken to be zeroed. */
function newPages(ledger: Ledger, cid: CommandId): void {
  const { controller, admin } = ledger;
  if (controller.shadowPageLow !== admin.prp1Low(cid) || controller.shadowPageHigh !== admin.prp1High(cid)) {
    controller.shadowPageLow = admin.prp1Low(cid);
    controller.shadowPageHigh = admin.prp1High(cid);
    for (const queue of [...ledger.sqs, ...ledger.cqs]) {
      queue.doorbell.shadowWord = 0;
      queue.doorbell.unseen = true;
    }
  }
  if (
    controller.eventIdxPageLow !== admin.prp2Low(cid) ||
    controller.eventIdxPageHigh !== admin.prp2High(cid)
  ) {
    controller.eventIdxPageLow = admin.prp2Low(cid);
    controller.eventIdxPageHigh = admin.prp2High(cid);
    for (const queue of [...ledger.sqs, ...ledger.cqs]) queue.doorbell.eventIdxWord = 0;
  }
}
