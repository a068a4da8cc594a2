/** Create and Delete I/O queues (Base 2.1, 5.2.1 to 5.2.4), with every error status. */
import { PAGE_BYTES } from '../link/memory.ts';
import { CQE_BYTES, SQE_BYTES } from '../spec/entries.ts';
import { decodeCc } from '../spec/registers.ts';
import { status, type Status } from '../spec/status.ts';
import type { Command } from './command.ts';
import type { CompletionQueue, SubmissionQueue } from './queues.ts';
import type { ControllerState } from './state.ts';

/** CDW10 QSIZE[31:16] QID[15:0]; CDW11 CQ: IV[31:16] IEN[1] PC[0], SQ: CQID[31:16] PC[0]. */
function geometry(command: Command): { qid: number; qsize: number; high: number; ien: boolean; pc: boolean } {
  return {
    qid: command.cdw10 & 0xffff,
    qsize: command.cdw10 >>> 16,
    high: command.cdw11 >>> 16,
    ien: (command.cdw11 & 2) !== 0,
    pc: (command.cdw11 & 1) !== 0,
  };
}

/** Checks that both kinds of Create share; undefined when nothing is wrong. */
function refused(
  controller: ControllerState,
  command: Command,
  live: boolean,
  entryBytes: number,
): Status | undefined {
  const { qid, qsize, pc } = geometry(command);
  const { iosqes, iocqes } = decodeCc(controller.cc);
  const { ioQueues, mqes, createChecks } = controller.decisions;
  if (qid === 0 || qid > ioQueues) return status.invalidQueueId;
  if (live && createChecks !== 'not-in-use') return status.invalidQueueId;
  if ((entryBytes === SQE_BYTES ? iosqes : iocqes) === 0) return status.invalidQueueSize;
  if (qsize === 0 || qsize > mqes) return status.invalidQueueSize;
  if (!pc) return status.invalidField; // CAP.CQR is set: queues are physically contiguous
  if (command.prp1 % PAGE_BYTES !== 0) return status.prpOffsetInvalid;
  if (!controller.link.memory.contains(command.prp1, (qsize + 1) * entryBytes))
    return status.dataTransferError;
  return undefined;
}

export function createCq(controller: ControllerState, command: Command): Status {
  const { qid, qsize, high: vector, ien } = geometry(command);
  const cq = controller.cqs[qid];
  const error = refused(controller, command, cq?.live ?? false, CQE_BYTES);
  if (error !== undefined || cq === undefined) return error ?? status.invalidQueueId;
  if (vector >= controller.link.msix.vectors) return status.invalidInterruptVector;
  if (controller.decisions.create === 'initialises') cq.clear();
  cq.live = true;
  cq.base = command.prp1;
  cq.size = qsize + 1;
  cq.interrupts = ien;
  cq.vector = vector;
  cq.shadow = controller.shadowPage !== 0;
  controller.queuesCreated = true;
  return status.success;
}

export function createSq(controller: ControllerState, command: Command): Status {
  const { qid, qsize, high: cqid } = geometry(command);
  const sq = controller.sqs[qid];
  const error = refused(controller, command, sq?.live ?? false, SQE_BYTES);
  if (error !== undefined || sq === undefined) return error ?? status.invalidQueueId;
  if (cqid === 0 || cqid > controller.decisions.ioQueues) return status.invalidQueueId;
  if (controller.liveCq(cqid) === undefined && controller.decisions.createChecks !== 'not-completion-queue')
    return status.completionQueueInvalid;
  if (controller.decisions.create === 'initialises') sq.clear();
  sq.live = true;
  sq.base = command.prp1;
  sq.size = qsize + 1;
  sq.cqid = cqid;
  sq.shadow = controller.shadowPage !== 0;
  sq.awake = sq.shadow; // publishes EventIdx for the new queue
  controller.queuesCreated = true;
  return status.success;
}

export function deleteSq(
  controller: ControllerState,
  command: Command,
  restart: (sq: SubmissionQueue) => void,
): Status {
  const qid = command.cdw10 & 0xffff;
  const sq = qid === 0 ? undefined : controller.liveSq(qid);
  if (sq === undefined) return status.invalidQueueId;
  const cq = controller.cqs[sq.cqid] as CompletionQueue;
  if (controller.decisions.deleteSq === 'discards-them') discardCommandsOf(controller, sq);
  sq.live = false;
  if (controller.decisions.create === 'initialises') sq.clear();
  restart(sq);
  controller.wakeWaiters(cq); // the slots that its commands held are free
  return status.success;
}

export function deleteCq(
  controller: ControllerState,
  command: Command,
  restart: (cq: CompletionQueue) => void,
): Status {
  const qid = command.cdw10 & 0xffff;
  const cq = qid === 0 ? undefined : controller.liveCq(qid);
  if (cq === undefined) return status.invalidQueueId;
  const inUse = controller.sqs.some((sq) => sq.live && sq.cqid === qid);
  if (inUse && controller.decisions.deleteCqInUse === 'is-refused') return status.invalidQueueDeletion;
  cq.live = false;
  if (controller.decisions.create === 'initialises') cq.clear();
  restart(cq);
  return status.success;
}

/** The commands of a deleted queue count as aborted and get no completion (5.2.4). */
export function discardCommandsOf(controller: ControllerState, sq: SubmissionQueue): void {
  for (const command of controller.pool.commands) {
    if (command.stage !== 'free' && command.sqid === sq.qid) controller.retire(command);
  }
}
