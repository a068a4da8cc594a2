/** nvme_mmio_write: nvme_process_db and nvme_write_bar, under the big lock, on the vCPU that wrote. */
import { becomeReady, clearQueues } from '../../controller/lifecycle.ts';
import type { CompletionQueue, SubmissionQueue } from '../../controller/queues.ts';
import { writeRegister } from '../../controller/window.ts';
import { decodeCc, doorbellAt, register } from '../../spec/registers.ts';
import { ADMIN, type RegisterOffset } from '../../spec/units.ts';
import { finishIo } from './bottom-halves.ts';
import { enqueueEvent, errorEvent } from './events.ts';
import { cqFull } from './queues.ts';
import type { QemuState } from './state.ts';

export function mmioWrite(qemu: QemuState, offset: RegisterOffset, value: number): void {
  if (offset >= register.DOORBELLS) processDoorbell(qemu, offset, value & 0xffff);
  else if (offset === register.CC) configure(qemu, value);
  else writeRegister(qemu, offset, value);
}

/** A value outside the queue is an event; any other is believed. */
function processDoorbell(qemu: QemuState, offset: RegisterOffset, value: number): void {
  const doorbell = doorbellAt(offset, qemu.link.stride);
  if (doorbell === undefined) return;
  const { ring, qid } = doorbell;
  const sq = ring === 'sq' ? qemu.liveSq(qid) : undefined;
  const cq = ring === 'cq' ? qemu.liveCq(qid) : undefined;
  const queue = sq ?? cq;
  if (queue === undefined) enqueueEvent(qemu, errorEvent.invalidRegister);
  else if (value >= queue.size) enqueueEvent(qemu, errorEvent.invalidValue);
  else if (sq) tailDoorbell(qemu, sq, value);
  else if (cq) headDoorbell(qemu, cq, value);
}

function tailDoorbell(qemu: QemuState, sq: SubmissionQueue, value: number): void {
  sq.tail = value;
  // "various drivers [...] are not updating Admin Queues": the register's value is mirrored for them.
  if (sq.qid === ADMIN && qemu.dbbufEnabled) qemu.link.dmaWrite32(qemu.shadowAddress('sq', ADMIN), value);
  qemu.sqScheduled.add(sq.qid);
}

function headDoorbell(qemu: QemuState, cq: CompletionQueue, value: number): void {
  const wasFull = cqFull(cq);
  cq.head = value;
  if (cq.qid === ADMIN && qemu.dbbufEnabled) qemu.link.dmaWrite32(qemu.shadowAddress('cq', ADMIN), value);
  if (!wasFull) return;
  qemu.cqScheduled.add(cq.qid);
  if (qemu.qemu.headDoorbellSchedules === 'queue') return;
  for (const sq of qemu.sqs) if (sq.live && sq.cqid === cq.qid) qemu.sqScheduled.add(sq.qid);
}

/** The controller is ready, shut down or reset when the write returns. */
function configure(qemu: QemuState, value: number): void {
  const { en, shn } = decodeCc(value);
  qemu.cc = value;
  qemu.shutdown = shn === 0 ? 0 : 2;
  if (en && !qemu.ready) becomeReady(qemu);
  else if (!en && qemu.ready) ctrlReset(qemu);
}

/** nvme_ctrl_reset: the block layer is drained, and what it finished goes with the queues. */
export function ctrlReset(qemu: QemuState): void {
  for (const command of qemu.pool.commands)
    if (command.stage === 'executing' && command.sqid !== ADMIN) finishIo(qemu, command);
  for (const { live, vector } of qemu.cqs) if (live) qemu.link.msix.setPending(vector, false);
  clearQueues(qemu);
  qemu.sqScheduled.clear();
  qemu.cqScheduled.clear();
  for (const list of qemu.finished) list.clear();
  qemu.cc = 0;
  qemu.ready = false;
}
