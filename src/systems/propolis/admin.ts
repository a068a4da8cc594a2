/** `process_admin_queue` and the commands of hw/nvme/admin.rs that differ from anybody's. */
import { perform } from '../../controller/admin.ts';
import { PAGE_BYTES } from '../../link/memory.ts';
import { adminOpcode } from '../../spec/opcodes.ts';
import { next } from '../../spec/ring.ts';
import { status, type Status } from '../../spec/status.ts';
import {
  eventIdxAfterPush,
  readHead,
  readTail,
  setCqDoorbellBuffer,
  setSqDoorbellBuffer,
  writeCqEventIdx,
  writeSqEventIdx,
} from './doorbell-buffer.ts';
import type { Propolis } from './state.ts';

/**
 * `pop` on queue 0 and the command it yields; false when there is none or no slot for its completion. The
 * lock that admin commands are processed under keeps everybody else away from queue 0, so this is one step.
 */
export function popAdmin(propolis: Propolis): boolean {
  const sq = propolis.sq(0);
  const cq = propolis.cq(0);
  if (cq.avail === 0) readHead(propolis, cq);
  if (!cq.takeAvail()) {
    cq.corked.add(0);
    return false;
  }
  readTail(propolis, sq);
  if (sq.occupied === 0) {
    cq.releaseAvail();
    return false;
  }
  const { ring } = sq;
  propolis.adminCommand.load(propolis.link.fetch(0, ring.head, ring.addressOf(ring.head)), 0, 0);
  ring.head = sq.curHead = next(ring.head, ring.size);
  writeSqEventIdx(propolis, sq);
  readTail(propolis, sq);
  return true;
}

/** `Permit::complete` for the admin command. */
export function pushAdmin(propolis: Propolis): void {
  const cq = propolis.cq(0);
  const command = propolis.adminCommand;
  const place = cq.pushTail();
  if (place === undefined) {
    propolis.panicked = true;
    return;
  }
  propolis.link.post(0, place.slot, cq.ring.addressOf(place.slot), {
    dw0: command.dw0,
    sqhd: propolis.sq(0).curHead,
    sqid: 0,
    cid: command.cid,
    phase: place.phase,
    status: command.status,
    dnr: command.status !== 0,
  });
  command.free();
  readHead(propolis, cq);
  const eventIdx = eventIdxAfterPush(propolis, cq);
  if (eventIdx !== undefined) writeCqEventIdx(propolis, cq, eventIdx);
  propolis.fireInterrupt(cq);
}

/** Whether the locks that the command needs are free: a queue that is polled is not taken away. */
export function canExecute(propolis: Propolis): boolean {
  const { opcode } = propolis.adminCommand;
  if (opcode !== adminOpcode.createSq && opcode !== adminOpcode.deleteSq) return true;
  const free = propolis.sqs.every((sq) => !sq.locked && !sq.polled && !sq.flushing);
  return free && propolis.workers.flat().every((worker) => !worker.polling);
}

/**
 * Executes any admin command but Doorbell Buffer Config, which has to wait for the queues' locks one by one.
 */
export function executeAdmin(propolis: Propolis): void {
  const { controller, adminCommand: command } = propolis;
  const qid = command.cdw10 & 0xffff;
  switch (command.opcode) {
    case adminOpcode.abort: // "TODO: Support aborting in-flight commands."
      if (controller.liveSq(qid) === undefined) command.finish(status.invalidField, 0);
      else command.finish(status.success, 1);
      return;
    case adminOpcode.asynchronousEventRequest: // "qemu [...] returns invalid opcode [...] Do the same"
      command.finish(status.invalidOpcode, 0);
      return;
    case adminOpcode.createSq:
    case adminOpcode.deleteSq:
    case adminOpcode.createCq:
    case adminOpcode.deleteCq: {
      const { opcode } = command;
      const answer = perform(controller, command);
      command.finish(answer.status, answer.dw0);
      if (answer.status === status.success) queuesChanged(propolis, opcode, qid);
      return;
    }
    case adminOpcode.identify:
    case adminOpcode.setFeatures:
    case adminOpcode.getFeatures:
    case adminOpcode.getLogPage: {
      const answer = perform(controller, command);
      command.finish(answer.status, answer.dw0);
      return;
    }
    default:
      command.finish(status.internalError, 0);
  }
}

/** `create_sq`, `create_cq`, `queue_associate` and `queue_dissociate`. */
function queuesChanged(propolis: Propolis, opcode: number, qid: number): void {
  const sq = propolis.sq(qid);
  const cq = propolis.cq(qid);
  switch (opcode) {
    case adminOpcode.createCq:
      cq.reset();
      if (cq.ring.shadow) setCqDoorbellBuffer(propolis, cq, false);
      return;
    case adminOpcode.deleteCq:
      cq.reset();
      for (const worker of propolis.workers.flat()) if (worker.cqid === qid) worker.cqid = 0;
      return;
    case adminOpcode.createSq:
      sq.reset();
      if (sq.ring.shadow) setSqDoorbellBuffer(propolis, sq, false);
      propolis.refreshAssignments();
      return;
    default:
      sq.reset();
      for (const worker of propolis.workers[qid] ?? []) if (isInFlight(worker)) worker.orphaned = true;
      propolis.refreshAssignments();
  }
}

/** Popped and not completed. A completion that has gone past its weak references runs to its end. */
function isInFlight(worker: Propolis['workers'][number][number]): boolean {
  return worker.command.stage === 'executing' || worker.command.stage === 'done';
}

/** `acmd_doorbell_buf_cfg`: only the alignment of the pages is looked at. */
export function beginDoorbellBufferConfig({ controller, adminCommand: { prp1, prp2 } }: Propolis): Status {
  if (prp1 % PAGE_BYTES !== 0 || prp2 % PAGE_BYTES !== 0) return status.invalidField;
  controller.shadowPage = prp1;
  controller.eventIdxPage = prp2;
  return status.success;
}
