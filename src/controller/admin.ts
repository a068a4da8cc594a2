/** Admin commands of the reference controller (Base 2.1, chapter 5). */
import { PAGE_BYTES } from '../link/memory.ts';
import { adminOpcode, feature } from '../spec/opcodes.ts';
import { status, type Status } from '../spec/status.ts';
import { ADMIN } from '../spec/units.ts';
import type { Command } from './command.ts';
import { createCq, createSq, deleteCq, deleteSq } from './create.ts';
import { toHost } from './data.ts';
import { answerEventRequest, keepEventRequest } from './events.ts';
import { identify } from './identify.ts';
import type { CompletionQueue, SubmissionQueue } from './queues.ts';
import type { ControllerState } from './state.ts';

/** Puts the process of a queue that was deleted back to its first instruction; set by the controller. */
export interface Restarts {
  readonly sq: (sq: SubmissionQueue) => void;
  readonly cq: (cq: CompletionQueue) => void;
}
const restarts = new WeakMap<ControllerState, Restarts>();

export function setRestarts(controller: ControllerState, handlers: Restarts): void {
  restarts.set(controller, handlers);
}

export function executeAdmin(controller: ControllerState, command: Command): void {
  if (command.opcode === adminOpcode.asynchronousEventRequest) {
    keepEventRequest(controller, command);
    return;
  }
  const answer = perform(controller, command);
  command.finish(answer.status, answer.dw0);
}

export interface Answer {
  readonly status: Status;
  readonly dw0: number;
}
const plain = (code: Status): Answer => ({ status: code, dw0: 0 });

/** Executes any admin command that is answered at once. */
export function perform(controller: ControllerState, command: Command): Answer {
  const restart = restarts.get(controller) as Restarts;
  switch (command.opcode) {
    case adminOpcode.deleteSq:
      return plain(deleteSq(controller, command, restart.sq));
    case adminOpcode.createSq:
      return plain(createSq(controller, command));
    case adminOpcode.deleteCq:
      return plain(deleteCq(controller, command, restart.cq));
    case adminOpcode.createCq:
      return plain(createCq(controller, command));
    case adminOpcode.identify:
      return plain(identify(controller, command));
    case adminOpcode.abort:
      return abort(controller, command);
    case adminOpcode.setFeatures:
    case adminOpcode.getFeatures:
      return numberOfQueues(controller, command);
    case adminOpcode.getLogPage:
      return plain(errorInformation(controller, command));
    case adminOpcode.doorbellBufferConfig:
      if (controller.decisions.doorbellBuffer === 'absent') return plain(status.invalidOpcode);
      return plain(doorbellBufferConfig(controller, command));
    default:
      return plain(status.invalidOpcode);
  }
}

/** Number of Queues (5.1.25.2.1): asked once, before any I/O queue exists. */
function numberOfQueues(controller: ControllerState, command: Command): Answer {
  if ((command.cdw10 & 0xff) !== feature.numberOfQueues) return plain(status.invalidField);
  if (command.opcode === adminOpcode.setFeatures) {
    if ((command.cdw11 & 0xffff) === 0xffff || command.cdw11 >>> 16 === 0xffff)
      return plain(status.invalidField);
    if (controller.queuesCreated) return plain(status.commandSequenceError);
    controller.queuesAsked = true;
  }
  const granted = controller.decisions.ioQueues - 1;
  return { status: status.success, dw0: granted | (granted << 16) };
}

/** Abort (5.1.1): DW0 bit 0 clear means the target was aborted. Its own completion says so with status 07h. */
function abort(controller: ControllerState, command: Command): Answer {
  const sqid = command.cdw10 & 0xffff;
  const cid = command.cdw10 >>> 16;
  const target = controller.pool.find(sqid, cid);
  const notPerformed: Answer = { status: status.success, dw0: 1 };
  if (target === command || controller.decisions.abort === 'never') return notPerformed;
  if (target === undefined) {
    const aborted = sqid === ADMIN && answerEventRequest(controller, status.abortRequested, 0, cid);
    return aborted ? plain(status.success) : notPerformed;
  }
  if (target.stage !== 'executing') return notPerformed;
  if (controller.decisions.abort === 'as-well') {
    const double = controller.pool.free();
    if (double === undefined) return notPerformed;
    double.sqid = target.sqid;
    double.cqid = target.cqid;
    double.cid = target.cid;
    double.sqhd = target.sqhd;
    double.finish(status.abortRequested, 0);
  } else target.finish(status.abortRequested, 0);
  return plain(status.success);
}

/** The Error Information log (LID 01h); reading it with RAE=0 unmasks error events (5.1.12). */
function errorInformation(controller: ControllerState, command: Command): Status {
  if ((command.cdw10 & 0xff) !== 1) return status.invalidLogPage;
  const dwords = Math.min((command.cdw10 >>> 16) + 1, 16);
  if ((command.cdw10 & 0x8000) === 0) controller.errorsMasked = false;
  return toHost(controller, command, new Int32Array(dwords));
}

/** Doorbell Buffer Config (5.2.5). Every fetcher then looks at its shadow tail and publishes EventIdx, as does whoever waits. */
export function doorbellBufferConfig(controller: ControllerState, command: Command): Status {
  const { memory } = controller.link;
  for (const page of [command.prp1, command.prp2]) {
    if (page === 0 || page % PAGE_BYTES !== 0 || !memory.contains(page, 4)) return status.invalidField;
  }
  if (command.prp1 === command.prp2) return status.invalidField;
  controller.shadowPage = command.prp1;
  controller.eventIdxPage = command.prp2;
  for (const sq of controller.sqs) {
    if (!sq.live || sq.qid === 0) continue; // queue 0 stays on its registers, as every driver expects
    sq.shadow = true;
    sq.awake = true;
  }
  for (const cq of controller.cqs) {
    if (!cq.live || cq.qid === 0) continue;
    cq.shadow = true;
    controller.wakeWaiters(cq); // who waits for a register write has to ask for one in EventIdx first
  }
  return status.success;
}
