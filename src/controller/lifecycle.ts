/** Enable, disable, shut down and reset (Base 2.1, 3.1.4.5, 3.1.4.6, 3.7.2). */
import type { Process } from '../link/process.ts';
import type { CompletionQueue, SubmissionQueue } from './queues.ts';
import type { ControllerState } from './state.ts';

/** Follows CC.EN and CC.SHN: CSTS answers in a step of its own. */
export function lifecycle(controller: ControllerState, restartAll: () => void): Process {
  const { clearsReady, setsReady, shutdown } = controller.decisions;
  const enabled = (): boolean => (controller.cc & 1) === 1;
  const answersEnable = (): boolean => {
    if (enabled() === controller.ready || controller.failed) return false;
    if (enabled()) return setsReady === 'at-each-enable' || !controller.wasDisabled;
    return clearsReady === 'at-once' || controller.pool.commands.every(({ stage }) => stage === 'free');
  };
  const shuttingDown = (): boolean =>
    ((controller.cc >>> 14) & 3) !== 0 &&
    controller.shutdown === 0 &&
    (shutdown === 'at-once' || !controller.sqs.some((sq) => sq.live && sq.qid > 0));
  return {
    name: 'controller status',
    party: 'controller',
    choices: () => (answersEnable() || shuttingDown() ? 1 : 0),
    step: () => {
      if (!answersEnable()) controller.shutdown = 2;
      else if (enabled()) becomeReady(controller);
      else {
        clearQueues(controller);
        restartAll();
        controller.ready = false;
        controller.wasDisabled = setsReady === 'until-the-first-reset';
      }
    },
    label: () => (!answersEnable() ? 'shutdown completes' : enabled() ? 'set CSTS.RDY' : 'clear CSTS.RDY'),
  };
}

export function becomeReady(controller: ControllerState): void {
  const sq = controller.sqs[0] as SubmissionQueue;
  const cq = controller.cqs[0] as CompletionQueue;
  sq.clear();
  cq.clear();
  sq.live = cq.live = cq.interrupts = true;
  sq.base = controller.asq;
  cq.base = controller.acq;
  sq.size = (controller.aqa & 0xfff) + 1;
  cq.size = ((controller.aqa >>> 16) & 0xfff) + 1;
  controller.ready = true;
}

/** What every Controller Level Reset does: deletes all queues, forgets commands, events and doorbell buffers. */
export function clearQueues(controller: ControllerState): void {
  const { resetDeletes, resetForgetsDoorbellBuffer, disable } = controller.decisions;
  const every = resetDeletes === 'every-queue';
  if (disable === 'discards-them') for (const command of controller.pool.commands) command.free();
  for (const sq of controller.sqs) if (every || sq.qid === 0) sq.clear();
  for (const cq of controller.cqs) {
    if (disable === 'lets-them-finish' && cq.qid > 0) continue; // its poster still writes to the old ring
    if (every || cq.qid === 0) cq.clear();
    else cq.reserved = 0;
  }
  if (resetForgetsDoorbellBuffer) {
    controller.shadowPage = controller.eventIdxPage = 0;
    for (const queue of [...controller.sqs, ...controller.cqs]) queue.shadow = false; // those that survive, too
  }
  controller.queuesAsked = controller.queuesCreated = controller.errorsMasked = false;
  controller.errorEvents = controller.shutdown = controller.intms = 0;
  controller.eventRequests.clear();
  controller.interruptWanted.clear();
}
