/**
 * What is owed when nothing more happens, and who is to blame: one stall, one finding.
 *
 * The order: an interrupt that was not sent; a host that does not reap; a host that did not ring; a
 * controller that sleeps on a completion queue whose head the host moved without having to ring; a
 * completion lost at a full CQ, or an SQ not resumed after one; a controller that sleeps on an SQ;
 * another CQ that is full; or just a command without a completion; and if nothing of that explains it, a
 * caller without an answer. What the host owes is judged only of a driver model and only at the end.
 */
import type { LedgerCq } from '../ledger/completion-queue.ts';
import type { LedgerSq } from '../ledger/submission-queue.ts';
import { count } from '../spec/count.ts';
import { adminOpcode, opcodeName } from '../spec/opcodes.ts';
import { csts } from '../spec/registers.ts';
import type { RuleId } from '../spec/rule.ts';
import { ADMIN } from '../spec/units.ts';
import { clue, type Clue } from './clues.ts';
import type { Desk } from './desk.ts';
import { ringsAfterRestore } from './control-plane.ts';
import { answersOwed } from './driver-door.ts';
import { answersCc } from './enable-reset.ts';
import { interruptOwed } from './interrupts.ts';

export interface Moment {
  /** Nothing will ever happen again. */
  readonly end: boolean;
  /** CSTS as the tester reads it, which tells the host nothing. */
  readonly controllerStatus?: number;
  /** The harness itself holds the controller back: it owes nothing now. */
  readonly held?: boolean;
}

/** What an SQ is waiting for. */
interface Stall {
  readonly sq: LedgerSq;
  readonly cq: LedgerCq;
  /**
   * Row of a command that the controller has and does not complete, or -1 if only entries wait to be
   * fetched.
   */
  readonly row: number;
  /** Whether that command met a full CQ. */
  readonly metFull: boolean;
}

export function settle(desk: Desk, moment: Moment): void {
  const { ledger, options } = desk;
  const { controller } = ledger;
  if (moment.controllerStatus !== undefined) ledger.seeFailure(moment.controllerStatus);
  if (!moment.held && moment.controllerStatus !== undefined) answersCc(desk, moment.controllerStatus);
  if (moment.held || !controller.enabled || controller.shuttingDown) return;
  if (!controller.untouched && controller.ready) desk.exercise('CFS-RECOVERY');
  if (controller.fatal && controller.hostErred) return;
  if (!controller.fatal && !isReady(desk, moment)) return;
  const hostOwes = moment.end && options.hostIsModel && !ledger.controlPlane.saved;
  const before = desk.findings.length;
  const silent = controller.fatal ? [] : ledger.cqs.filter((cq) => interruptOwed(desk, cq));
  for (const sq of ledger.sqs) {
    const stall = stalled(desk, sq);
    if (stall && !silent.includes(stall.cq)) blame(desk, stall);
  }
  if (controller.fatal && desk.findings.length === before)
    ledger.cqs.forEach((cq) => interruptOwed(desk, cq));
  // Before it was ever ready, it may be what the host wrote to its registers: most of that is not judged.
  const wasReady = controller.ready;
  if (controller.fatal && wasReady && !desk.findings.some(({ severity }) => severity === 'error'))
    failedForNothing(desk);
  if (!hostOwes) return;
  // A host that waits for what the controller owes it may be unable to go on with the rest.
  const blamed = desk.findings.length > before;
  for (const cq of ledger.cqs) if (!blamed && !silent.includes(cq)) hostReaps(desk, cq);
  for (const sq of ledger.sqs) hostRings(desk, sq, `SQ${sq.qid}`, 'sq', clue.tail(sq.qid));
  for (const cq of ledger.cqs) hostRings(desk, cq, `CQ${cq.qid}`, 'cq', clue.head(cq.qid));
  ringsAfterRestore(desk);
  answersOwed(desk);
}

/** CFS-RECOVERY, where nothing that is owed says more: a fatal status is an error by itself if the host made none. */
function failedForNothing(desk: Desk): void {
  desk.violate('CFS-RECOVERY', {
    party: 'controller',
    severity: 'error',
    inference: 'the controller has failed (CSTS.CFS) although the host did nothing that it may not do',
    clues: [clue.enable, clue.fetched, clue.failed, ...desk.ledger.sqs.map(({ qid }) => clue.tail(qid))],
  });
}

function isReady(desk: Desk, moment: Moment): boolean {
  if (moment.controllerStatus !== undefined) return (moment.controllerStatus & csts.RDY) !== 0;
  return desk.ledger.controller.ready || !desk.options.observes.has('reg.r');
}

/** Whether the controller owes something to this SQ that it is not excused from. */
function stalled(desk: Desk, sq: LedgerSq): Stall | undefined {
  const { ledger } = desk;
  const { fatal } = ledger.controller;
  if (!sq.live || sq.deleting || sq.poisoned) return undefined;
  const cq = ledger.cqOf(sq);
  if (cq.poisoned) return undefined;
  if (!ledger.fetchVisible && !desk.options.observes.has('sqe.write')) return undefined;
  const fullBlocks = !fatal && (ledger.fetchVisible ? cq.full : ledger.room.blockedByHost(cq));
  let row = -1;
  let metFull = false;
  const rows = fullBlocks ? 0 : sq.out.size;
  for (let each = 0; each < rows; each++) {
    if (!sq.isOwed(each) || (fatal && !sq.wasOwedAtCfs(each))) continue;
    if (row < 0 || (sq.metFull(each) && !metFull)) row = each;
    metFull ||= sq.metFull(each);
  }
  if (row < 0 && !(fatal ? sq.waitedAtCfs : sq.waiting > 0 && !ledger.room.blockedByHost(cq)))
    return undefined;
  if (row < 0 && !ledger.fetchVisible) return undefined;
  if ((row < 0 || !ledger.fetchVisible) && sq.doorbell.mayOweRing) return undefined;
  if (!fatal && sleepsOnRoom(desk, cq)) return undefined; // a controller that has failed does not sleep
  return { sq, cq, row, metFull };
}

/** Whether the controller may be asleep on the CQ because the host made room there and owes it a ring. */
function sleepsOnRoom({ ledger }: Desk, cq: LedgerCq): boolean {
  return cq.doorbell.mayOweRing && (ledger.room.mayBeUnseen(cq, false) || ledger.room.blocks(cq));
}

function blame(desk: Desk, stall: Stall): void {
  const { ledger } = desk;
  const { sq, cq, row, metFull } = stall;
  const { fatal } = ledger.controller;
  const fetched = row >= 0;
  const untold = !(fetched && ledger.fetchVisible) && sq.untold(ledger.fetchVisible);
  // Asleep on the SQ, whatever it may not have seen of the CQ.
  const idle = untold && !cq.waives && (sq.idled || neverBlocked(desk, stall));
  const lost = metFull && ledger.fetchVisible;
  // A controller that has failed does not post what it was holding: that is lost, whatever it slept for.
  if (!(fatal && lost) && ledger.room.mayBeUnseen(cq, fetched) && !idle)
    return sleepsOnCq(desk, stall, untold);
  if (lost) return report(desk, stall, 'CQ-FULL-NO-LOSS', `CQ${cq.qid}`, lossInference(stall));
  const failedAtPressure = fatal && ledger.room.pressed(cq);
  const knew = fetched ? !ledger.fetchVisible : !untold || cq.declared;
  if (metFull || (knew && (sq.held || failedAtPressure))) {
    return report(desk, stall, 'CQ-FULL-RESUME', `CQ${cq.qid}`, resumeInference(stall));
  }
  if (untold) return sleepsOnSq(desk, stall);
  const full = ledger.cqs.find((other) => other !== cq && other.full && !other.poisoned);
  if (full) {
    const inference = `${owes(stall)} CQ${cq.qid} has room; full CQ${full.qid} may stall its own SQs only`;
    return report(desk, stall, 'CQ-FULL-ISOLATION', `SQ${sq.qid}`, inference, [clue.post(full.qid)]);
  }
  const deletes = fetched && sq.qid === ADMIN && isDelete(sq.opcode(row));
  report(
    desk,
    stall,
    'CMD-COMPLETES',
    `SQ${sq.qid}`,
    `${owes(stall)} Nothing excuses that`,
    fetched ? [clue.abort(sq.qid, sq.out.key(row))] : [],
    deletes ? ['DELETE-COMPLETES'] : [],
  );
}

/**
 * Whether nothing shows that the controller ever waited for room on the CQ: no entry waited here while there was none,
 * it did not ask to be told of the head, and EventIdx of the SQ is not where it belongs.
 */
function neverBlocked({ ledger }: Desk, { sq, cq }: Stall): boolean {
  return ledger.fetchVisible && !sq.held && !cq.declared && sq.doorbell.eventIdx !== sq.head;
}

/**
 * A controller that need not know of the entry either may sleep on the SQ instead. No event tells these two apart: what
 * it looked at before it stopped does not show.
 */
function sleepsOnCq(desk: Desk, stall: Stall, untold: boolean): void {
  const { sq, cq } = stall;
  const known =
    'by the head that the controller is sure to know; the host made some by moving the shadow head, and ' +
    'EventIdx did not ask for a register write';
  const inference = untold
    ? `${owes(stall)} CQ${cq.qid} had no room ${known}. The tail of SQ${sq.qid} came without a register write as well: ` +
      `a controller that does not wait for room sleeps on SQ${sq.qid}, and then it is EventIdx there that is wrong`
    : `${owes(stall)} It may wait for room on CQ${cq.qid}: there was none ${known}, so the controller was not told`;
  const both = untold ? (['cq', 'sq'] as const) : (['cq'] as const);
  const also: readonly RuleId[] = untold ? ['EVENTIDX-SQ-LOST-WAKEUP'] : [];
  report(desk, stall, 'EVENTIDX-CQ-LOST-WAKEUP', `CQ${cq.qid}`, inference, eventIdxClues(stall, both), also);
}

function sleepsOnSq(desk: Desk, stall: Stall): void {
  const { sq, cq } = stall;
  const either = desk.ledger.room.mayBeUnseen(cq, false);
  const inference =
    `${owes(stall)} The host published the tail in the shadow entry, and EventIdx did not ask for a ` +
    'register write; a controller that stops looking has to ask for one, and to look again after that' +
    (either
      ? `. CQ${cq.qid} was full by the head that it is sure to know, and nothing shows that it waited for room: if ` +
        'it did, it is EventIdx there that is wrong'
      : '');
  const both = either ? (['sq', 'cq'] as const) : (['sq'] as const);
  const also: readonly RuleId[] = either ? ['EVENTIDX-CQ-LOST-WAKEUP'] : [];
  report(desk, stall, 'EVENTIDX-SQ-LOST-WAKEUP', `SQ${sq.qid}`, inference, eventIdxClues(stall, both), also);
}

function eventIdxClues({ sq, cq }: Stall, rings: readonly ('sq' | 'cq')[]): Clue[] {
  return rings.flatMap((ring) => {
    const { qid } = ring === 'sq' ? sq : cq;
    return [clue.eventIdx(ring, qid), clue.eventIdxRead(ring, qid)];
  });
}

function lossInference({ sq, cq, row }: Stall): string {
  return (
    `CQ${cq.qid} was full while the controller had CID ${sq.out.key(row)} of SQ${sq.qid}, whose completion ` +
    'never came: a completion that finds no room is delayed, never dropped'
  );
}

function resumeInference(stall: Stall): string {
  const { cq } = stall;
  return `${owes(stall)} CQ${cq.qid} had no room; the host made some, and the controller did not go on`;
}

function report(
  desk: Desk,
  stall: Stall,
  rule: RuleId,
  queue: string,
  inference: string,
  more: readonly Clue[] = [],
  tags: readonly RuleId[] = [],
): void {
  const { sq, cq, row } = stall;
  const fatal = desk.ledger.controller.fatal;
  desk.violate(rule, {
    party: 'controller',
    queue,
    tags: fatal ? [...tags, 'CFS-RECOVERY'] : tags,
    inference: fatal
      ? `${inference}; and the controller has failed (CSTS.CFS) without an error of the host`
      : inference,
    clues: [
      clue.tail(sq.qid),
      row >= 0 ? clue.fetch(sq.qid, sq.out.key(row)) : clue.fetch(sq.qid),
      clue.post(cq.qid),
      clue.head(cq.qid),
      clue.failed,
      ...more,
    ],
  });
}

function owes({ sq, row }: Stall): string {
  return row < 0
    ? `SQ${sq.qid} holds ${count(sq.waiting, 'submitted entry', 'submitted entries')} from slot ${sq.head} on that the controller did not fetch.`
    : `${opcodeName(sq.qid, sq.opcode(row))} with CID ${sq.out.key(row)} on SQ${sq.qid} is not completed.`;
}

function isDelete(opcode: number): boolean {
  return opcode === adminOpcode.deleteSq || opcode === adminOpcode.deleteCq;
}

// --- the host's part ---------------------------------------------------------------------------------------

function hostReaps(desk: Desk, cq: LedgerCq): void {
  if (!cq.live || cq.poisoned || cq.occupied === 0) return;
  const stuck = desk.ledger.room.blockedByHost(cq) && desk.ledger.room.wanted(cq);
  desk.violate('HOST-REAP', {
    party: 'host',
    queue: `CQ${cq.qid}`,
    severity: stuck ? 'error' : 'warning',
    inference:
      `CQ${cq.qid} holds ${count(cq.occupied, 'unreleased entry', 'unreleased entries')}` +
      (stuck ? ', it has no room left, and commands wait for it' : ''),
    clues: [clue.post(cq.qid), clue.head(cq.qid), clue.interrupt(cq.vector)],
  });
}

function hostRings(
  desk: Desk,
  queue: LedgerSq | LedgerCq,
  name: string,
  ring: 'sq' | 'cq',
  moved: Clue,
): void {
  if (!queue.live || queue.poisoned) return;
  const { stale, ringOwed } = queue.doorbell;
  if (!stale && !ringOwed) return;
  desk.violate('SHADOW-RING-MISSED', {
    party: 'host',
    queue: name,
    tags: stale ? ['DBC-CLR-LIFETIME'] : [],
    inference: stale
      ? `the reset ended the doorbell buffer: a value for ${name} that is only there is not published`
      : `the host moved the shadow value of ${name} past EventIdx and did not write the register after it`,
    clues: [
      moved,
      clue.eventIdx(ring, queue.qid),
      clue.eventIdxRead(ring, queue.qid),
      ...(stale ? [clue.reset] : []),
    ],
  });
}
