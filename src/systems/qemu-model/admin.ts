/** nvme_admin_cmd: carried out at once, inside the bottom half that read the entry, and finished in that order. */
import type { Fifo } from '../../arena/containers.ts';
import { executeAdmin, perform } from '../../controller/admin.ts';
import type { Command } from '../../controller/command.ts';
import { executeIo } from '../../controller/executor.ts';
import type { CompletionQueue } from '../../controller/queues.ts';
import { PAGE_BYTES } from '../../link/memory.ts';
import { adminOpcode } from '../../spec/opcodes.ts';
import { status, type Status } from '../../spec/status.ts';
import { ADMIN, type QueueId } from '../../spec/units.ts';
import { processAers } from './events.ts';
import { cqFull, irqAssert, postFirst, updateCqEventIdx, updateCqHead } from './queues.ts';
import type { QemuState } from './state.ts';

export function adminCommand(qemu: QemuState, command: Command): void {
  const { opcode } = command;
  const qid = command.cdw10 & 0xffff;
  switch (opcode) {
    case adminOpcode.asynchronousEventRequest:
      executeAdmin(qemu, command); // kept, or over the limit
      if (command.stage === 'done') qemu.enqueue(command);
      processAers(qemu);
      return;
    case adminOpcode.doorbellBufferConfig:
      command.finish(dbbufConfig(qemu, command), 0);
      break;
    case adminOpcode.deleteSq:
      if (qid !== ADMIN && qemu.liveSq(qid) !== undefined) drainSq(qemu, qid);
      answer(qemu, command);
      qemu.sqScheduled.delete(qid);
      break;
    case adminOpcode.deleteCq:
      deleteCq(qemu, command, qid);
      break;
    case adminOpcode.getLogPage:
      if ((command.cdw10 & 0x80ff) === 1) qemu.errorEvents = 0; // nvme_clear_events forgets those that wait, too
      answer(qemu, command);
      break;
    default:
      answer(qemu, command);
  }
  qemu.enqueue(command);
}

/** What anybody answers. */
function answer(qemu: QemuState, command: Command): Status {
  const result = perform(qemu, command);
  command.finish(result.status, result.dw0);
  return result.status;
}

/**
 * nvme_del_sq: blk_aio_cancel waits for what the block layer has in hand, nvme_post_cqes posts what there is room
 * for, and what is left over goes with the queue.
 */
function drainSq(qemu: QemuState, qid: QueueId): void {
  const { pool } = qemu;
  for (const command of pool.commands) {
    if (command.stage !== 'executing' || command.sqid !== qid) continue;
    executeIo(qemu, command);
    qemu.enqueue(command);
  }
  const cq = qemu.cqs[qemu.sqs[qid]?.cqid ?? 0] as CompletionQueue;
  postAll(qemu, cq);
  const list = qemu.finished[cq.qid] as Fifo;
  for (let position = list.length - 1; position >= 0; position--) {
    const command = pool.commands[list.at(position)] as Command;
    if (command.sqid !== qid) continue;
    list.remove(position);
    command.free();
  }
}

/** nvme_post_cqes in one go. Left out: that the guest's CPUs run between its accesses here as well. */
function postAll(qemu: QemuState, cq: CompletionQueue): void {
  while (qemu.firstFinished(cq) !== undefined) {
    if (qemu.dbbufEnabled) {
      if (qemu.qemu.cqEventIdx !== 'never-written') updateCqEventIdx(qemu, cq);
      updateCqHead(qemu, cq);
    }
    if (cqFull(cq)) break;
    postFirst(qemu, cq);
  }
  if (cq.head !== cq.tail) irqAssert(qemu, cq);
}

/** nvme_free_cq takes the vector out of use, which clears its pending bit if nobody else uses it. */
function deleteCq(qemu: QemuState, command: Command, qid: QueueId): void {
  const vector = qemu.cqs[qid]?.vector ?? 0;
  if (answer(qemu, command) !== status.success) return;
  qemu.cqScheduled.delete(qid);
  if (!qemu.cqs.some((cq) => cq.live && cq.vector === vector)) qemu.link.msix.setPending(vector, false);
}

/**
 * nvme_dbbuf_config: doorbell values move into the shadow page; EventIdx is not touched, whatever they are. Only
 * the alignment of the pages is looked at.
 */
function dbbufConfig(qemu: QemuState, { prp1, prp2 }: Command): Status {
  if (prp1 % PAGE_BYTES !== 0 || prp2 % PAGE_BYTES !== 0) return status.invalidField;
  const { link } = qemu;
  // An access to what is no memory fails without a word; here the command does.
  if (!link.memory.contains(prp1, 4) || !link.memory.contains(prp2, 4)) return status.invalidField;
  qemu.shadowPage = prp1;
  qemu.eventIdxPage = prp2;
  for (const sq of qemu.sqs) if (sq.live) link.dmaWrite32(qemu.shadowAddress('sq', sq.qid), sq.tail);
  for (const cq of qemu.cqs) if (cq.live) link.dmaWrite32(qemu.shadowAddress('cq', cq.qid), cq.head);
  return status.success;
}
