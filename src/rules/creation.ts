/** Create I/O CQ and SQ, when they are answered (Base 2.1, 5.2.1 and 5.2.2): what had to be refused, and what not. */
import type { LedgerCq } from '../ledger/completion-queue.ts';
import { life, type LedgerSq } from '../ledger/submission-queue.ts';
import type { Post } from '../link/events.ts';
import { adminOpcode } from '../spec/opcodes.ts';
import type { RuleId } from '../spec/rule.ts';
import { status } from '../spec/status.ts';
import { ADMIN, type QueueId } from '../spec/units.ts';
import { clue } from './clues.ts';
import type { Desk } from './desk.ts';
import { startsOver } from './shadow.ts';

/** CREATE-QID, CREATE-SQ-CQID, DBC-QUEUE-INIT; CLR-IOQ-GONE for an identifier that a reset freed. */
export function creationAnswered(desk: Desk, event: Post, ring: 'sq' | 'cq', qid: QueueId): void {
  const { ledger } = desk;
  const queue: LedgerSq | LedgerCq | undefined = ring === 'sq' ? ledger.sq(qid) : ledger.cq(qid);
  const opcode = ring === 'sq' ? adminOpcode.createSq : adminOpcode.createCq;
  const name = `${ring.toUpperCase()}${qid}`;
  freed(desk, event, name, opcode, queue?.life);
  mustBeRefused(desk, event, name, opcode, queue);
  if (event.status === status.success) startsOver(desk, queue, opcode, ledger.admin.upper10(event.cid) + 1);
}

/** An identifier that a reset or a deletion freed is free. */
function freed(desk: Desk, event: Post, name: string, opcode: number, was: number | undefined): void {
  if (was !== life.gone && was !== life.deleted) return;
  const rule: RuleId = was === life.gone ? 'CLR-IOQ-GONE' : 'CREATE-QID';
  desk.exercise(rule);
  if (event.status !== status.invalidQueueId) return;
  const how = was === life.gone ? 'the reset deleted' : 'a Delete that was answered with success ended';
  desk.violate(rule, {
    party: 'controller',
    queue: name,
    inference: `${how} ${name}, so its identifier is free; the controller says it is not`,
    clues: [was === life.gone ? clue.reset : clue.adminOpcode(deletionOf(opcode)), clue.adminOpcode(opcode)],
  });
}

function deletionOf(creation: number): number {
  return creation === adminOpcode.createSq ? adminOpcode.deleteSq : adminOpcode.deleteCq;
}

function mustBeRefused(
  desk: Desk,
  event: Post,
  name: string,
  opcode: number,
  queue: LedgerSq | LedgerCq | undefined,
): void {
  const { admin } = desk.ledger;
  const refuse = (rule: RuleId, why: string): void => {
    desk.exercise(rule);
    if (event.status !== status.success) return;
    desk.violate(rule, {
      party: 'controller',
      queue: name,
      inference: `${why}, so the command is to be refused, and it was answered with success`,
      clues: [clue.adminOpcode(opcode)],
    });
  };
  if (admin.qid(event.cid) === ADMIN) refuse('CREATE-QID', 'identifier 0 is the admin queue’s');
  else if (queue?.live) refuse('CREATE-QID', `${name} exists already`);
  if (opcode !== adminOpcode.createSq) return;
  const cqid = admin.cdw11(event.cid) >>> 16;
  if (cqid === ADMIN || desk.ledger.cq(cqid)?.live !== true)
    refuse('CREATE-SQ-CQID', cqid === ADMIN ? 'CQ0 is no I/O queue' : `there is no CQ${cqid}`);
}
