/** Creation and deletion of I/O queues (Base 2.1, 5.2.1 to 5.2.4). */
import { life } from '../ledger/submission-queue.ts';
import type { Post } from '../link/events.ts';
import { adminOpcode } from '../spec/opcodes.ts';
import { status, statusName } from '../spec/status.ts';
import { ADMIN, type QueueId } from '../spec/units.ts';
import { clue } from './clues.ts';
import { creationAnswered } from './creation.ts';
import type { Desk } from './desk.ts';

/** DELETE-CQ-IN-USE, the host's side: a Delete I/O CQ came into the controller's hands. */
export function deleteCqTaken(desk: Desk, cqid: QueueId): void {
  const { ledger } = desk;
  if (!ledger.cq(cqid)?.live) return;
  if (ledger.sqs.some((sq) => sq.life !== life.absent && sq.cqid === cqid)) desk.exercise('DELETE-CQ-IN-USE');
  const user = ledger.sqs.find((sq) => sq.live && sq.cqid === cqid);
  if (user === undefined) return;
  desk.violate('DELETE-CQ-IN-USE', {
    party: 'host',
    queue: `CQ${cqid}`,
    inference: `SQ${user.qid} still uses CQ${cqid}: it has to be deleted first`,
    clues: [clue.admin(adminOpcode.createSq, user.qid)],
  });
}

/** An admin command is about to be answered: what may the answer not say? */
export function answers(desk: Desk, event: Post): void {
  const { admin } = desk.ledger;
  const { cid } = event;
  if (!admin.has(cid)) return;
  const qid = admin.qid(cid);
  switch (admin.opcode(cid)) {
    case adminOpcode.deleteCq:
      deleteCqAnswered(desk, event, qid);
      return;
    case adminOpcode.deleteSq: {
      const sq = desk.ledger.sq(qid);
      if (sq?.live && event.status === status.success && sq.out.size > 0) desk.exercise('DELETE-SQ-LATE-CQE');
      return;
    }
    case adminOpcode.createCq:
      return creationAnswered(desk, event, 'cq', qid);
    case adminOpcode.createSq:
      sharedCqAnswered(desk, event, qid);
      return creationAnswered(desk, event, 'sq', qid);
  }
}

function deleteCqAnswered(desk: Desk, event: Post, cqid: QueueId): void {
  const { ledger } = desk;
  if (!ledger.admin.foundInUse(event.cid) || !ledger.room.inUse(cqid)) return;
  if (event.status === status.invalidQueueDeletion) return;
  desk.violate('DELETE-CQ-IN-USE', {
    party: 'controller',
    queue: `CQ${cqid}`,
    ...(event.status === status.success ? {} : { severity: 'warning' as const }),
    inference:
      `CQ${cqid} is in use by an SQ, so its deletion is to be refused with ` +
      `${statusName(status.invalidQueueDeletion)}, not answered with ${statusName(event.status)}`,
    clues: [clue.admin(adminOpcode.deleteCq, cqid)],
  });
}

/** MSQ-ACCEPT: what the controller says of a further SQ on a CQ; any other reason to refuse it has another status. */
function sharedCqAnswered(desk: Desk, event: Post, sqid: QueueId): void {
  const { ledger } = desk;
  const cqid = ledger.admin.cdw11(event.cid) >>> 16;
  if (cqid === ADMIN) return; // an I/O SQ on the admin CQ is refused for what it is, often with this status
  const sibling = ledger.sqs.find((sq) => sq.live && sq.qid !== sqid && sq.cqid === cqid);
  if (sibling === undefined || !ledger.cq(cqid)?.live || ledger.sq(sqid)?.live !== false) return;
  desk.exercise('MSQ-ACCEPT');
  if (event.status !== status.completionQueueInvalid) return;
  desk.violate('MSQ-ACCEPT', {
    party: 'controller',
    queue: `SQ${sqid}`,
    inference:
      `CQ${cqid} exists and serves SQ${sibling.qid}; that is no reason to refuse SQ${sqid} on it ` +
      `with ${statusName(event.status)}`,
    clues: [clue.admin(adminOpcode.createSq, sibling.qid), clue.admin(adminOpcode.createSq, sqid)],
  });
}
