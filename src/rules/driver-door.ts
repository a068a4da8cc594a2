/** What a driver owes its callers, at its own door (implementation contract, in no NVM Express text). */
import type { LedgerSq } from '../ledger/submission-queue.ts';
import type { CommandEnd } from '../link/events.ts';
import { count } from '../spec/count.ts';
import { ADMIN } from '../spec/units.ts';
import { clue } from './clues.ts';
import type { Desk } from './desk.ts';

/** ANSWER-MATCHES: a caller is answered; is the command that it is told of with the controller still? */
export function answered(desk: Desk, event: CommandEnd): void {
  const { cid, sqid } = event;
  const sq = desk.ledger.sq(sqid);
  if (cid === undefined || !sq?.live) return;
  if (sq.out.size > 0 || sq.waiting > 0) desk.exercise('ANSWER-MATCHES');
  const row = sq.out.find(cid);
  if (row < 0 || sq.isAborted(row)) return;
  if (desk.ledger.cqOf(sq).shown) return; // the phase tag says that an entry was posted, and its command is unknown
  desk.violate('ANSWER-MATCHES', {
    party: 'host',
    queue: `SQ${sqid}`,
    inference:
      `caller ${event.caller} is told that CID ${cid} of SQ${sqid} was completed, and the controller still ` +
      `has the command with that CID, from slot ${sq.slot(row)}: it was answered with another's completion`,
    clues: [clue.fetch(sqid, cid), clue.post(sq.cqid)],
  });
}

/** ANSWER-OWED, when nothing more will ever happen and nothing else was found. */
export function answersOwed(desk: Desk): void {
  const { ledger } = desk;
  if (desk.findings.some(({ severity }) => severity === 'error')) return;
  for (const sq of ledger.sqs) {
    if (sq.qid === ADMIN) continue; // who waits for an asynchronous event waits rightfully
    if (!isIdle(sq) || waitsForUnmask(desk, sq)) continue;
    owesAnswers(desk, sq);
    if (desk.ledger.callers.open(sq.qid) === 0) submitsAll(desk, sq);
  }
}

/** The same where the driver does not show its callers, or has not let them in: what was asked of it is known. */
function submitsAll(desk: Desk, sq: LedgerSq): void {
  const asked = desk.options.asked?.get(sq.qid) ?? 0;
  const left = asked - sq.completed;
  if (left <= 0) return;
  const idle =
    `the controller has fetched and completed all that was submitted to SQ${sq.qid}; ` +
    `${count(left, 'command')} of ${asked} were never submitted, and nobody on the host’s side will move again`;
  const clues = [clue.tail(sq.qid), clue.fetch(sq.qid), clue.completion(sq.qid), clue.head(sq.cqid)];
  if (sq.misled)
    desk.violate('SQHD-COVERS-SELF', {
      party: 'controller',
      severity: 'error',
      queue: `SQ${sq.qid}`,
      tags: ['ANSWER-OWED'],
      inference: `${idle}: an SQHD that was no head since its command was taken leaves a host that goes by it without room`,
      clues,
    });
  else desk.violate('ANSWER-OWED', { party: 'host', queue: `SQ${sq.qid}`, inference: idle, clues });
}

function owesAnswers(desk: Desk, sq: LedgerSq): void {
  const open = desk.ledger.callers.open(sq.qid);
  if (open === 0) return;
  const lies = desk.ledger.cqOf(sq).occupied;
  desk.violate('ANSWER-OWED', {
    party: 'host',
    queue: `SQ${sq.qid}`,
    inference:
      `${open === 1 ? 'a caller waits' : `${open} callers wait`} for an answer of the driver; the controller ` +
      `has fetched and completed all that was submitted to SQ${sq.qid}` +
      (lies > 0 ? `, CQ${sq.cqid} holds ${count(lies, 'unreleased completion')}` : '') +
      ', and nobody on the host’s side will move again',
    clues: [
      (event) => event.type === 'command.begin' && event.sqid === sq.qid,
      clue.fetch(sq.qid),
      clue.post(sq.cqid),
      clue.interrupt(desk.ledger.cqOf(sq).vector),
      clue.head(sq.cqid),
    ],
  });
}

/** The controller has nothing of this SQ any more: no command that was aborted either, if its completion is missing. */
function isIdle(sq: LedgerSq): boolean {
  return sq.live && sq.out.size === 0 && sq.waiting === 0;
}

/** A host that masks a vector for good waits for itself. */
function waitsForUnmask({ ledger }: Desk, sq: LedgerSq): boolean {
  const cq = ledger.cqOf(sq);
  return cq.interrupts && cq.occupied > 0 && ledger.interrupts.isMasked(cq.vector);
}
