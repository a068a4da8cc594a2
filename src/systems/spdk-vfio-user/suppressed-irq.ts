/**
 * Adaptive interrupts, handle_suppressed_irq (dd17459701): each poll of a submission queue looks at its completion
 * queue. A head that rests while there are entries stands for a host that sleeps. last_head is the cached head of
 * cq_is_full as well.
 */
import type { CompletionQueue } from '../../controller/queues.ts';
import type { Process } from '../../link/process.ts';
import type { SpdkState } from './state.ts';

/** `threadIsFree`: the thread of the completion queue's group is between two rounds. A look that changes nothing is no step. */
export function suppressedIrq(
  controller: SpdkState,
  cq: CompletionQueue,
  threadIsFree: () => boolean,
): Process {
  const wasTold = (): boolean => controller.lastTriggerTail.get(cq.qid) === cq.tail;
  const rests = (): boolean => controller.lastHead.get(cq.qid) === controller.headDoorbell(cq);
  const isPolled = (): boolean => controller.sqs.some((sq) => controller.isActive(sq) && sq.cqid === cq.qid);
  return {
    name: `CQ${cq.qid} handle_suppressed_irq`,
    party: 'controller',
    choices: () => {
      if (!controller.running || !cq.live || !cq.interrupts || !controller.isAdaptive(cq)) return 0;
      if (wasTold() || !isPolled() || !threadIsFree()) return 0;
      return rests() && controller.headDoorbell(cq) === cq.tail ? 0 : 1;
    },
    step: () => {
      const head = controller.headDoorbell(cq);
      if (rests() && head !== cq.tail) {
        controller.interruptWanted.set(cq.vector, 1);
        controller.lastTriggerTail.set(cq.qid, cq.tail);
      }
      controller.lastHead.set(cq.qid, head);
    },
    label: () => (rests() ? 'the head rests: trigger the interrupt' : 'remember the head'),
  };
}
