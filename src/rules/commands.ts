/**
 * Fetches, command identifiers and what a completion says about them (Base 2.1, 2.1, 3.3.1, 4.1.1, 4.2.1).
 */
import { overLeftovers } from '../ledger/admin-effects.ts';
import { life, past } from '../ledger/submission-queue.ts';
import type { LedgerSq } from '../ledger/submission-queue.ts';
import type { EntryWrite, Fetch, Post } from '../link/events.ts';
import { adminOpcode } from '../spec/opcodes.ts';
import { distance } from '../spec/ring.ts';
import type { RuleId } from '../spec/rule.ts';
import { clue, deletionOf } from './clues.ts';
import type { Desk } from './desk.ts';

/** ENTRY-MUTATED: the host stores an entry where a submitted one waits to be fetched. */
export function entryWritten(desk: Desk, event: EntryWrite): void {
  const { ledger } = desk;
  const sq = ledger.sq(event.sqid);
  if (!ledger.fetchVisible || !sq?.live || sq.poisoned || sq.waiting === 0) return;
  desk.exercise('ENTRY-MUTATED');
  if (distance(sq.head, event.slot, sq.size) >= sq.waiting) return;
  desk.violate('ENTRY-MUTATED', {
    party: 'host',
    queue: `SQ${sq.qid}`,
    inference:
      `slot ${event.slot} of SQ${sq.qid} is submitted and not fetched: the controller may take what was ` +
      'there before, what is stored now, or a part of each',
    clues: [clue.tail(sq.qid)],
  });
}

export function fetchFromQueue(desk: Desk, event: Fetch, sq: LedgerSq): void {
  const name = `SQ${sq.qid}`;
  const { waiting } = sq;
  if (!sq.mayHoldEntries) {
    if (sq.fresh) return notFresh(desk, sq, name, 'SQ-FETCH-PAST-TAIL', 'nothing was submitted to it yet');
    desk.violate('SQ-FETCH-PAST-TAIL', {
      party: 'controller',
      queue: name,
      inference: `head and tail are both ${sq.tail}, so slot ${event.slot} of ${name} is not submitted`,
      clues: [clue.tail(sq.qid), clue.fetch(sq.qid)],
    });
    return;
  }
  if (event.slot !== sq.head) {
    if (sq.fresh) return notFresh(desk, sq, name, 'SQ-FETCH-ORDER', `slot ${sq.head} is due`);
    desk.violate('SQ-FETCH-ORDER', {
      party: 'controller',
      queue: name,
      inference: `entries are taken in slot order: slot ${sq.head} is due, not slot ${event.slot}`,
      clues: [clue.fetch(sq.qid), clue.tail(sq.qid)],
    });
    return;
  }
  if (sq.head !== 0 || waiting > 1 || sq.fetched > 0) desk.exercise('SQ-FETCH-ORDER');
  if (waiting === 1) desk.exercise('SQ-FETCH-PAST-TAIL');
  if (sq.fresh && sq.fetched === 0) desk.exercise('QUEUE-FRESH-STATE');
}

function notFresh(desk: Desk, sq: LedgerSq, name: string, tag: RuleId, why: string): void {
  desk.violate('QUEUE-FRESH-STATE', {
    party: 'controller',
    queue: name,
    tags: [tag],
    inference: `${name} was created again and starts empty, at slot 0; ${why}`,
    clues: [clue.admin(adminOpcode.createSq, sq.qid), clue.tail(sq.qid)],
  });
}

/** CID-UNIQUE, at the fetch: what is outstanding now was outstanding at the submission. */
export function identifier(desk: Desk, event: { readonly cid: number }, sq: LedgerSq): void {
  // What is taken beyond the tail, or by a tail that is none, the host did not submit.
  if (sq.poisoned || (desk.ledger.fetchVisible && !sq.mayHoldEntries)) return;
  if (sq.out.size > 0) desk.exercise('CID-UNIQUE');
  const row = sq.out.find(event.cid);
  if (row < 0 || sq.isAborted(row)) return;
  desk.violate('CID-UNIQUE', {
    party: 'host',
    queue: `SQ${sq.qid}`,
    inference:
      `CID ${event.cid} still names the command from slot ${sq.slot(row)} of SQ${sq.qid}, ` +
      'which has not been completed',
    clues: [clue.fetch(sq.qid, event.cid)],
  });
}

/** Which command the entry answers. Returns its row in `out`, or -1 after a finding. */
export function namesCommand(desk: Desk, event: Post): number {
  const { ledger } = desk;
  const sq = ledger.sq(event.sqid);
  if (sq && overLeftovers(ledger, sq) && !sq.out.has(event.cid)) return -1;
  if (!sq?.live) {
    unknownQueue(desk, event, sq);
    return -1;
  }
  if (!ledger.fetchVisible && !desk.options.observes.has('sqe.write')) return -1;
  // A command that waits in the ring has an identifier that it would be wrong to name, too.
  if (sq.out.size > 1 || (sq.out.size > 0 && (sq.waiting > 0 || siblingBusy(desk, sq))))
    desk.exercise('CQE-UNKNOWN-CID');
  if (sq.past.size > 0) desk.exercise('CQE-DUPLICATE');
  const row = sq.out.find(event.cid);
  if (row >= 0) {
    wrongQueue(desk, event, sq);
    return row;
  }
  if (sq.poisoned && !ledger.fetchVisible) return -1;
  const why = sq.pastOf(event.cid);
  if (why === past.completed) {
    desk.violate('CQE-DUPLICATE', {
      party: 'controller',
      queue: `SQ${sq.qid}`,
      inference: `CID ${event.cid} of SQ${sq.qid} was completed before and has not been used since`,
      clues: [clue.fetch(sq.qid, event.cid), clue.completion(sq.qid, event.cid)],
    });
  } else if (why === past.deleted)
    lateCompletion(desk, event, 'an earlier life of the queue, which was deleted');
  else if (why === past.reset) {
    desk.violate('CLR-IOQ-GONE', {
      party: 'controller',
      queue: `SQ${sq.qid}`,
      tags: ['CQE-UNKNOWN-CID'],
      inference: `CID ${event.cid} was outstanding on SQ${sq.qid} before the reset, which ended both`,
      clues: [clue.fetch(sq.qid, event.cid), clue.reset],
    });
  } else unknownCommand(desk, event, sq);
  return -1;
}

function unknownQueue(desk: Desk, event: Post, sq: LedgerSq | undefined): void {
  if (sq?.life === life.deleted)
    return lateCompletion(desk, event, 'a queue whose deletion has been completed');
  const lost = sq?.life === life.gone;
  desk.violate(lost ? 'CLR-IOQ-GONE' : 'CQE-UNKNOWN-CID', {
    party: 'controller',
    queue: `SQ${event.sqid}`,
    tags: lost ? ['CQE-UNKNOWN-CID'] : [],
    inference: lost
      ? `the reset deleted SQ${event.sqid}, and its commands ended there`
      : `there is no SQ${event.sqid}, so it has no command with CID ${event.cid}`,
    clues: [clue.reset, clue.fetch(event.sqid, event.cid)],
  });
}

function lateCompletion(desk: Desk, event: Post, whose: string): void {
  desk.violate('DELETE-SQ-LATE-CQE', {
    party: 'controller',
    queue: `SQ${event.sqid}`,
    tags: ['CQE-UNKNOWN-CID'],
    inference: `CID ${event.cid} belongs to ${whose}; its commands count as aborted and get no completion`,
    clues: [clue.fetch(event.sqid, event.cid), deletionOf(event.sqid)],
  });
}

function unknownCommand(desk: Desk, event: Post, sq: LedgerSq): void {
  const tags: RuleId[] = [];
  const sibling = desk.ledger.sqs.find(
    (other) => other !== sq && other.live && other.cqid === sq.cqid && other.out.has(event.cid),
  );
  if (sibling) tags.push('MSQ-SQID-SQHD');
  if (desk.ledger.fetchVisible && sq.waiting > 0) tags.push('CQE-BEFORE-FETCH');
  desk.violate('CQE-UNKNOWN-CID', {
    party: 'controller',
    queue: `SQ${sq.qid}`,
    tags,
    inference:
      `no command with CID ${event.cid} is outstanding on SQ${sq.qid}` +
      (sibling ? `; there is one on SQ${sibling.qid}, which shares the CQ` : ''),
    clues: [clue.fetch(sq.qid), ...(sibling ? [clue.fetch(sibling.qid, event.cid)] : [])],
  });
}

function siblingBusy(desk: Desk, sq: LedgerSq): boolean {
  return desk.ledger.sqs.some(
    (other) => other !== sq && other.live && other.cqid === sq.cqid && other.out.size > 0,
  );
}

function wrongQueue(desk: Desk, event: Post, sq: LedgerSq): void {
  if (sq.cqid !== sq.qid || desk.ledger.cqs.some((cq) => cq.live && cq.qid !== 0 && cq.qid !== sq.cqid)) {
    desk.exercise('CQE-WRONG-CQ');
  }
  if (event.cqid === sq.cqid) return;
  desk.violate('CQE-WRONG-CQ', {
    party: 'controller',
    queue: `CQ${event.cqid}`,
    inference: `SQ${sq.qid} was created with CQ${sq.cqid}: its completions go there, not to CQ${event.cqid}`,
    clues: [clue.admin(adminOpcode.createSq, sq.qid), clue.fetch(sq.qid, event.cid)],
  });
}

/** SQHD-RANGE and SQHD-NOT-AHEAD. `row` is the command's row, or -1 if it is not known. */
export function reportedHead(desk: Desk, event: Post, sq: LedgerSq, row: number): void {
  const { sqhd } = event;
  const consumed = desk.ledger.fetchVisible ? sq.head : sq.tail;
  if (sqhd >= sq.size) {
    desk.violate('SQHD-RANGE', {
      party: 'controller',
      queue: `SQ${sq.qid}`,
      inference: `SQHD is a slot index of SQ${sq.qid}, which has ${sq.size} slots; ${sqhd} is not`,
      clues: [clue.fetch(sq.qid)],
    });
    return;
  }
  if (row >= 0 && consumed <= sq.slot(row)) desk.exercise('SQHD-RANGE');
  if (sq.poisoned) return;
  if (desk.ledger.fetchVisible ? sq.waiting > 0 : sq.out.size > 0) desk.exercise('SQHD-NOT-AHEAD');
  if (!isAhead(sq, sqhd, consumed, row, desk.ledger.fetchVisible))
    return coversSelf(desk, sq, sqhd, consumed, row);
  desk.violate('SQHD-NOT-AHEAD', {
    party: 'controller',
    queue: `SQ${sq.qid}`,
    inference:
      `SQHD ${sqhd} says that the entries before slot ${sqhd} are consumed, but the controller has ` +
      (desk.ledger.fetchVisible
        ? `fetched up to slot ${consumed} only`
        : `been given entries up to slot ${consumed} only`),
    clues: [clue.fetch(sq.qid), clue.tail(sq.qid)],
  });
}

/** SQHD-COVERS-SELF: the command that is completed was consumed. Only a host that goes by SQHD suffers from it. */
function coversSelf(desk: Desk, sq: LedgerSq, sqhd: number, consumed: number, row: number): void {
  if (row < 0) return;
  desk.exercise('SQHD-COVERS-SELF');
  if (sq.coversSelf(row, sqhd, consumed)) return;
  desk.violate('SQHD-COVERS-SELF', {
    party: 'controller',
    queue: `SQ${sq.qid}`,
    inference:
      `the command was in slot ${sq.slot(row)} and the head is ${consumed}, so SQHD lies after the one and not ` +
      `after the other; ${sqhd} does not`,
    clues: [clue.fetch(sq.qid, sq.out.key(row))],
  });
}

/**
 * SQHD is the head when the entry was made, and entries may be posted in another order (4.2.1): every
 * head since the command's own fetch is right, and every one not before the furthest reported. Among the
 * rest, a slot that is submitted and not fetched is ahead; of a free slot it cannot be known, and the
 * nearer reading counts.
 */
function isAhead(sq: LedgerSq, sqhd: number, consumed: number, row: number, fetchVisible: boolean): boolean {
  const { size } = sq;
  const ahead = distance(consumed, sqhd, size);
  if (ahead === 0 || distance(sq.reported, sqhd, size) <= distance(sq.reported, consumed, size)) return false;
  if (row >= 0 && sq.coversSelf(row, sqhd, consumed)) return false;
  if (fetchVisible && ahead <= sq.waiting) return true;
  return ahead < distance(sqhd, sq.reported, size);
}
