/** The admin commands that are not like anybody's: queues, their deletion, and the doorbell buffer. */
import { executeAdmin } from '../../controller/admin.ts';
import type { Command } from '../../controller/command.ts';
import { createCq, createSq, deleteSq, discardCommandsOf } from '../../controller/create.ts';
import { PAGE_BYTES } from '../../link/memory.ts';
import { adminOpcode } from '../../spec/opcodes.ts';
import { status, type Status } from '../../spec/status.ts';
import { ADMIN } from '../../spec/units.ts';
import { replaceMemory, writeDoorbell } from './doorbells.ts';
import { shadowHead, shadowTail } from './register-and-shadow.ts';
import type { Emulator, EmulatorSq } from './state.ts';

/** Executes an admin command. One that has no completion yet, or never, leaves the pool. */
export function execute(emulator: Emulator, command: Command, restart: (cqid: number) => void): void {
  switch (command.opcode) {
    case adminOpcode.createCq:
      command.finish(createdCq(emulator, command, restart), 0);
      return;
    case adminOpcode.createSq:
      command.finish(createdSq(emulator, command, restart), 0);
      return;
    case adminOpcode.deleteSq:
      beginDeletion(emulator, command);
      return;
    case adminOpcode.doorbellBufferConfig:
      command.finish(configured(emulator, command), 0);
      return;
    default:
      executeAdmin(emulator, command);
  }
}

function createdCq(emulator: Emulator, command: Command, restart: (cqid: number) => void): Status {
  const qid = command.cdw10 & 0xffff;
  const result = createCq(emulator, command);
  if (result !== status.success) return result;
  const { cq } = emulator.worker(qid);
  cq.eventIdx = 0;
  if (emulator.emulator.doorbells === 'one-memory') cq.ring.shadow = false; // the memory knows where it is
  clearDoorbell(emulator, 'cq', qid);
  restart(qid);
  return result;
}

function createdSq(emulator: Emulator, command: Command, restart: (cqid: number) => void): Status {
  const qid = command.cdw10 & 0xffff;
  const cqid = command.cdw11 >>> 16;
  const taken = emulator.sqs.some((sq) => sq.live && sq.qid !== qid && sq.cqid === cqid);
  if (taken && emulator.emulator.worker === 'one-queue-pair' && emulator.liveSq(qid) === undefined)
    return status.completionQueueInvalid;
  const result = createSq(emulator, command);
  if (result !== status.success) return result;
  const sq = emulator.sq(qid);
  sq.clear();
  sq.ring.awake = false; // the reference's own way to wake a fetcher
  if (emulator.emulator.doorbells === 'one-memory') sq.ring.shadow = false;
  clearDoorbell(emulator, 'sq', qid);
  if (emulator.emulator.worker === 'one-queue-pair') restart(cqid);
  else emulator.worker(cqid).woken = true;
  return result;
}

/** With registers, it is the register; what the guest's page holds for a new queue is not touched. */
function clearDoorbell(emulator: Emulator, ring: 'sq' | 'cq', qid: number): void {
  writeDoorbell(emulator, ring, qid, 0);
}

/** The worker takes no more entries, and says so when the last I/O of the queue is completed. */
function beginDeletion(emulator: Emulator, command: Command): void {
  const qid = command.cdw10 & 0xffff;
  if (qid === ADMIN || emulator.liveSq(qid) === undefined) {
    command.finish(status.invalidQueueId, 0);
    return;
  }
  const sq = emulator.sq(qid);
  const worker = emulator.worker(sq.ring.cqid);
  sq.deletedBy = command.cid + 1;
  if (worker.ended) sq.released = true;
  else worker.woken = true;
  command.free();
}

/** The place in the pool of the Delete I/O SQ, finished. */
export function completeDeletion(emulator: Emulator, sq: EmulatorSq): number {
  const place = emulator.pool.commands.findIndex(({ stage }) => stage === 'free');
  const command = emulator.pool.commands[place] as Command;
  const { qid } = sq.ring;
  command.cid = sq.deletedBy - 1;
  command.cdw10 = qid;
  discardCommandsOf(emulator, sq.ring);
  const result = deleteSq(emulator, command, () => {});
  sq.clear();
  command.finish(result, 0);
  return place;
}

/** Only the alignment of the pages is looked at. With registers, the I/O workers are told, and not waited for. */
function configured(emulator: Emulator, { prp1, prp2 }: Command): Status {
  if (prp1 % PAGE_BYTES !== 0 || prp2 % PAGE_BYTES !== 0) return status.invalidField;
  if (emulator.emulator.doorbells === 'one-memory') {
    replaceMemory(emulator, prp1, prp2);
    return status.success;
  }
  emulator.shadowPage = prp1;
  emulator.eventIdxPage = prp2;
  shadowTail(emulator, emulator.sq(ADMIN));
  shadowHead(emulator, emulator.worker(ADMIN).cq);
  for (const worker of emulator.workers) worker.update = emulator.served(worker).length > 0;
  return status.success;
}
