/**
 * The accesses to guest memory of nvme_process_sq and nvme_post_cqes, one function each: between any two of them
 * the guest's CPUs run on.
 */
import type { Command } from '../../controller/command.ts';
import type { CompletionQueue, SubmissionQueue } from '../../controller/queues.ts';
import { isFull, next } from '../../spec/ring.ts';
import { notify } from '../trapped-msix.ts';
import type { QemuState } from './state.ts';

/** nvme_update_sq_tail: as it stands, nothing checks it against the queue's size. */
export function updateSqTail(qemu: QemuState, sq: SubmissionQueue): void {
  sq.tail = qemu.link.dmaRead32(qemu.shadowAddress('sq', sq.qid));
}

/** nvme_update_sq_eventidx */
export function updateSqEventIdx(qemu: QemuState, sq: SubmissionQueue): void {
  qemu.link.dmaWrite32(qemu.eventIdxAddress('sq', sq.qid), sq.tail);
}

/** nvme_update_cq_head: as it stands, too. */
export function updateCqHead(qemu: QemuState, cq: CompletionQueue): void {
  cq.head = qemu.link.dmaRead32(qemu.shadowAddress('cq', cq.qid));
}

/** nvme_update_cq_eventidx */
export function updateCqEventIdx(qemu: QemuState, cq: CompletionQueue): void {
  qemu.link.dmaWrite32(qemu.eventIdxAddress('cq', cq.qid), cq.head);
}

/** Whether the loop of nvme_process_sq goes on. */
export function hasWork(qemu: QemuState, sq: SubmissionQueue): boolean {
  return sq.head !== sq.tail && !qemu.outOfRequests(sq);
}

/** Reads the entry at the head and takes a request for it. */
export function take(qemu: QemuState, sq: SubmissionQueue): Command {
  const words = qemu.link.fetch(sq.qid, sq.head, sq.addressOf(sq.head));
  sq.head = next(sq.head, sq.size);
  const command = qemu.pool.free() as Command;
  command.load(words, sq.qid, sq.cqid);
  return command;
}

/** Writes the entry of the request that finished first; the request goes back to its queue's list. */
export function postFirst(qemu: QemuState, cq: CompletionQueue): void {
  const command = qemu.firstFinished(cq) as Command;
  const sq = qemu.sqs[command.sqid] as SubmissionQueue;
  const { cid, status, dw0 } = command;
  const slot = cq.tail;
  const phase = cq.secondPass ? 0 : 1;
  const wasOut = qemu.outOfRequests(sq);
  cq.tail = next(slot, cq.size);
  if (cq.tail === 0) cq.secondPass = !cq.secondPass;
  qemu.link.post(cq.qid, slot, cq.addressOf(slot), {
    dw0,
    sqhd: sq.head,
    sqid: sq.qid,
    cid,
    phase,
    status,
    dnr: status !== 0,
  });
  qemu.finished[cq.qid]?.shift();
  command.free();
  if (qemu.qemu.requestReturned === 'schedules-its-queue' && wasOut && sq.head !== sq.tail)
    qemu.sqScheduled.add(sq.qid);
}

/** nvme_cq_full, by the head as it is known. */
export function cqFull({ head, tail, size }: CompletionQueue): boolean {
  return head < size && isFull(head, tail, size);
}

/** nvme_irq_assert at the end of nvme_post_cqes. */
export function irqAssert({ link }: QemuState, cq: CompletionQueue): void {
  if (cq.interrupts) notify(link.msix, cq.vector);
}
