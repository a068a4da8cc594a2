/** Flow control, slot order and phase of a completion queue (Base 2.1, 3.3.1.2.1, 3.3.1.2, 4.2.4). */
import type { LedgerCq } from '../ledger/completion-queue.ts';
import type { CompletionWrite, Post } from '../link/events.ts';
import { PHASE_BIT } from '../spec/entries.ts';
import { adminOpcode } from '../spec/opcodes.ts';
import { ADMIN } from '../spec/units.ts';
import { clue } from './clues.ts';
import type { Desk } from './desk.ts';

export function postToQueue(desk: Desk, event: Post, cq: LedgerCq): void {
  const name = `CQ${cq.qid}`;
  fullQueue(desk, cq, name);
  if (event.slot !== cq.tail) return slotOrder(desk, event, cq, name);
  if (cq.tail !== 0) desk.exercise('CQE-SLOT-ORDER');
  else if (cq.phase === 0 || cq.posted > 0) desk.exercise('CQE-SLOT-ORDER');
  if (cq.phase === 0 || cq.posted >= cq.size) desk.exercise('PHASE-EXPECTED');
  if (cq.fresh && cq.posted === 0) desk.exercise('QUEUE-FRESH-STATE');
  if (event.phase !== cq.phase) phase(desk, event, cq, name);
}

function fullQueue(desk: Desk, cq: LedgerCq, name: string): void {
  if (!cq.full || cq.poisoned) return;
  desk.violate('CQ-FULL-NO-POST', {
    party: 'controller',
    queue: name,
    inference:
      `head ${cq.head} and tail ${cq.tail} leave no free slot among ${cq.size} (one always stays unused), ` +
      'so this post overwrites an entry that the host has not released',
    clues: [clue.head(cq.qid), clue.post(cq.qid)],
  });
}

function slotOrder(desk: Desk, event: Post, cq: LedgerCq, name: string): void {
  const inference = `slots are filled one after the other, and slot ${cq.tail} is next`;
  if (cq.fresh)
    return notFresh(desk, cq, name, 'CQE-SLOT-ORDER', `in its new life the CQ is at slot ${cq.tail}`);
  desk.violate('CQE-SLOT-ORDER', {
    party: 'controller',
    queue: name,
    tags: cq.qid === ADMIN && cq.posted === 0 ? ['CLR-ADMIN-RESTART'] : [],
    inference:
      cq.posted === 0 ? `a queue starts at slot 0, this entry went to slot ${event.slot}` : inference,
    clues: [clue.post(cq.qid)],
  });
}

function phase(desk: Desk, event: Post, cq: LedgerCq, name: string): void {
  if (cq.fresh) {
    return notFresh(
      desk,
      cq,
      name,
      'PHASE-EXPECTED',
      `on the first pass P=${cq.phase}, and this entry has P=${event.phase}`,
    );
  }
  desk.violate('PHASE-EXPECTED', {
    party: 'controller',
    queue: name,
    tags: cq.qid === ADMIN && cq.posted === 0 ? ['CLR-ADMIN-RESTART'] : [],
    inference:
      `the phase tag starts at 1 and is inverted on every pass: slot ${cq.tail} is due with P=${cq.phase}, ` +
      `not P=${event.phase}`,
    clues: [clue.post(cq.qid)],
  });
}

/**
 * PHASE-LAST-WRITE: an entry that is stored in several writes is shown by the one that inverts its phase tag. What is
 * stored once more as it was does not matter: the host reads the same.
 */
export function entryWrite(desk: Desk, event: CompletionWrite): void {
  const cq = desk.ledger.cq(event.cqid);
  if (!cq?.live || event.slot !== cq.tail) return;
  const changed = event.value ^ event.was;
  if (event.dword === 3 && (changed & PHASE_BIT) !== 0) desk.exercise('PHASE-LAST-WRITE');
  if (!cq.shown || changed === 0) return;
  desk.violate('PHASE-LAST-WRITE', {
    party: 'controller',
    queue: `CQ${cq.qid}`,
    inference:
      `the phase tag of slot ${cq.tail} was inverted before dword ${event.dword} was stored: a host that looks in ` +
      'between takes an entry that is not complete',
    clues: [clue.phaseShown(cq.qid), clue.post(cq.qid), clue.head(cq.qid)],
  });
}

function notFresh(
  desk: Desk,
  cq: LedgerCq,
  name: string,
  tag: 'CQE-SLOT-ORDER' | 'PHASE-EXPECTED',
  why: string,
): void {
  desk.violate('QUEUE-FRESH-STATE', {
    party: 'controller',
    queue: name,
    tags: [tag],
    inference: `${name} was created again and starts empty, at slot 0 with P=1; ${why}`,
    clues: [clue.admin(adminOpcode.createCq, cq.qid), clue.post(cq.qid)],
  });
}

/** After the post: what the controller could now do wrong. */
export function afterPost(desk: Desk, cq: LedgerCq): void {
  if (!cq.full || cq.poisoned) return;
  if (desk.options.hostIsModel) desk.exercise('HOST-REAP');
  if (desk.ledger.room.wanted(cq)) desk.exercise('CQ-FULL-NO-POST');
}
