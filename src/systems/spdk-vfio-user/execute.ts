/**
 * Execution of commands: I/O by the backend at any time; admin commands that concern queues and doorbells.
 */
import { doorbellBufferConfig, executeAdmin } from '../../controller/admin.ts';
import type { Command } from '../../controller/command.ts';
import { createCq, createSq, deleteSq } from '../../controller/create.ts';
import { executeIo } from '../../controller/executor.ts';
import type { SubmissionQueue } from '../../controller/queues.ts';
import type { Process } from '../../link/process.ts';
import { adminOpcode, opcodeName } from '../../spec/opcodes.ts';
import { status } from '../../spec/status.ts';
import { ADMIN, type QueueId } from '../../spec/units.ts';
import { EVENTIDX_POLL, type SpdkState } from './state.ts';

/** What the commands do to the rest of the controller. */
export interface Effects {
  /** ctrlr_kick: every poll group looks at its queues again. */
  readonly kick: () => void;
  /** Whether the thread of this queue's group is between two rounds. */
  readonly threadIsFree: (cqid: QueueId) => boolean;
}

export function executor(controller: SpdkState, command: Command, index: number, effects: Effects): Process {
  return {
    name: `command slot ${index}`,
    party: 'controller',
    choices: () => {
      if (command.stage !== 'executing' || !controller.running) return 0;
      if (command.sqid !== ADMIN) return controller.isHeld('execute') ? 0 : 1;
      return waitsForDrain(controller, command, effects) ? 0 : 1;
    },
    step: () => {
      if (command.sqid === ADMIN) admin(controller, command, effects);
      else executeIo(controller, command);
    },
    label: () => {
      const { sqid, cid, opcode } = command;
      return `execute ${opcodeName(sqid, opcode)} cid ${cid} of SQ${sqid}`;
    },
  };
}

function admin(controller: SpdkState, command: Command, effects: Effects): void {
  switch (command.opcode) {
    case adminOpcode.createCq:
      command.finish(createdCq(controller, command), 0);
      return;
    case adminOpcode.createSq:
      command.finish(createdSq(controller, command), 0);
      return;
    case adminOpcode.deleteSq:
      deletedSq(controller, command);
      return;
    case adminOpcode.doorbellBufferConfig:
      command.finish(configured(controller, command, effects), 0);
      return;
    default:
      executeAdmin(controller, command);
  }
}

/** handle_create_io_cq sets tail, phase and doorbell; last_head it leaves as it is. */
function createdCq(controller: SpdkState, command: Command): number {
  const qid = command.cdw10 & 0xffff;
  const result = createCq(controller, command);
  if (result !== status.success) return result;
  controller.clearDoorbell('cq', qid);
  if (controller.spdk.cachedHead === 'is-cleared') controller.lastHead.set(qid, 0);
  return result;
}

function createdSq(controller: SpdkState, command: Command): number {
  const qid = command.cdw10 & 0xffff;
  const result = createSq(controller, command);
  if (result !== status.success) return result;
  const sq = controller.sqs[qid] as SubmissionQueue;
  sq.awake = false; // the reference's own way to wake a fetcher
  controller.rejected.set(qid, 0);
  controller.clearDoorbell('sq', qid);
  // set_sq_eventidx: EventIdx := tail, which is 0; nobody may write the doorbell of a queue that does not
  // exist yet.
  if (sq.shadow) controller.storeEventIdx('sq', qid, controller.spdk.mode === 'polling' ? EVENTIDX_POLL : 0);
  return result;
}

/**
 * Delete I/O SQ: the queue is not polled any more at once; the completion waits until its requests are
 * done.
 */
function waitsForDrain(controller: SpdkState, command: Command, effects: Effects): boolean {
  const qid = command.cdw10 & 0xffff;
  if (command.opcode !== adminOpcode.deleteSq) return false;
  const sq = controller.liveSq(qid);
  if (sq === undefined || !controller.deleting.has(qid)) return false;
  return controller.requestsInUse(sq) > 0 || !effects.threadIsFree(sq.cqid);
}

function deletedSq(controller: SpdkState, command: Command): void {
  const qid = command.cdw10 & 0xffff;
  const isThere = qid !== ADMIN && controller.liveSq(qid) !== undefined;
  if (isThere && !controller.deleting.has(qid)) {
    controller.deleting.add(qid);
    return;
  }
  command.finish(
    deleteSq(controller, command, () => undefined),
    0,
  );
  if (!isThere) return;
  controller.deleting.delete(qid);
  controller.needRearm.delete(qid);
  controller.rejected.set(qid, 0);
}

/**
 * handle_doorbell_buffer_config: completion queues never notify; doorbells move over; every group is
 * kicked.
 */
function configured(controller: SpdkState, command: Command, effects: Effects): number {
  const tails = controller.sqs.map((sq) => controller.tailDoorbell(sq));
  const heads = controller.cqs.map((cq) => controller.headDoorbell(cq));
  const result = doorbellBufferConfig(controller, command);
  if (result !== status.success) return result;
  const { link, spdk } = controller;
  for (const cq of controller.cqs) {
    controller.storeEventIdx('cq', cq.qid, EVENTIDX_POLL);
    if (cq.live) link.dmaWrite32(controller.shadowAddress('cq', cq.qid), heads[cq.qid] ?? 0);
  }
  for (const sq of controller.sqs) {
    sq.awake = false;
    if (sq.live) link.dmaWrite32(controller.shadowAddress('sq', sq.qid), tails[sq.qid] ?? 0);
    if (!sq.live || sq.qid === ADMIN) continue;
    if (spdk.mode === 'polling') controller.storeEventIdx('sq', sq.qid, EVENTIDX_POLL);
    else controller.needRearm.add(sq.qid);
  }
  effects.kick();
  return result;
}
