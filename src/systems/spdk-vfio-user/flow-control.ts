/** The flow control of handle_sq_tdbl_write (systems study, 6.2): may the next entry be taken? */
import type { CompletionQueue } from '../../controller/queues.ts';
import type { SlotIndex } from '../../spec/units.ts';
import type { SpdkState } from './state.ts';

/** Whether the gate is open with `free` slots in the completion queue. */
function isOpen(controller: SpdkState, cq: CompletionQueue, free: number, fetched: number): boolean {
  switch (controller.spdk.fetchGate) {
    case 'none':
      return true;
    case 'fetched-in-this-call-below-free':
      return fetched < free;
    case 'free-above-outstanding':
      return free > cq.reserved;
  }
}

/**
 * The cached head first, the doorbell only when that says no. `remember` stores what was read, as the code
 * does; without it the same question is asked in a guard.
 */
export function gateOpens(
  controller: SpdkState,
  cq: CompletionQueue,
  fetched: number,
  remember: boolean = false,
): boolean {
  if (isOpen(controller, cq, controller.freeSlots(cq), fetched)) return true;
  const head: SlotIndex = controller.headDoorbell(cq);
  if (remember) controller.lastHead.set(cq.qid, head);
  return isOpen(controller, cq, controller.freeSlots(cq, head), fetched);
}
