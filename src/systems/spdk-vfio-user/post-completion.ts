/** post_completion: run by the thread of the queue's poll group, between two rounds of polling. */
import type { CompletionQueue } from '../../controller/queues.ts';
import { postEntry } from '../../controller/poster.ts';
import type { Process } from '../../link/process.ts';
import type { SpdkState } from './state.ts';

/** `threadIsFree`: the thread of the completion queue's group is between two rounds. */
export function completions(
  controller: SpdkState,
  cq: CompletionQueue,
  threadIsFree: () => boolean,
): Process {
  return {
    name: `CQ${cq.qid} completions`,
    party: 'controller',
    choices: () => {
      if (!controller.running || controller.isHeld('post') || !threadIsFree()) return 0;
      return controller.pool.done(cq.qid) === undefined ? 0 : 1;
    },
    step: () => postCompletion(controller, cq),
    label: () => (isFull(controller, cq) ? 'find the completion queue full' : 'post'),
  };
}

function postCompletion(controller: SpdkState, cq: CompletionQueue): void {
  const command = controller.pool.done(cq.qid);
  if (command === undefined) return;
  if (!cq.live) {
    command.free(); // the queue is not mapped any more: skipped without a word
    return;
  }
  if (controller.freeSlots(cq) === 0) controller.refreshHead(cq);
  if (controller.freeSlots(cq) === 0) {
    // post_completion returns an error, its caller calls fail_ctrlr, and the request is freed with its
    // completion.
    // nr_outstanding is not counted down on this way.
    controller.failed = true;
    command.free();
    return;
  }
  cq.reserved--;
  postEntry(controller, cq, command, controller.isAdaptive(cq) ? 'never' : 'each-post');
}

/** cq_is_full without remembering what was read. */
function isFull(controller: SpdkState, cq: CompletionQueue): boolean {
  return controller.freeSlots(cq) === 0 && controller.freeSlots(cq, controller.headDoorbell(cq)) === 0;
}
