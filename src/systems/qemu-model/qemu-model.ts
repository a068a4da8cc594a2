/**
 * QEMU's NVMe controller, hw/nvme/ctrl.c, from the first shadow doorbells (7.1, 2022) on: the device model that
 * two bug fixes of seven years' and eleven years' standing were found in, fa5db2aa168b ("hw/nvme: fix missing cq
 * eventidx update", 2023) and 9529aa6bb4d1 ("hw/nvme: fix handling of over-committed queues", November 2024).
 * Described in section 7 of the systems study; the real program is the target `qemu`.
 *
 * Modelled: one bottom half for each queue, nvme_process_sq and nvme_post_cqes, and the block layer's callbacks, all
 * in the main loop under the big lock; doorbell and register writes that trap and wait for that lock; one request
 * for each slot of a submission queue, which returns when its completion is posted; shadow doorbells for every
 * queue, the admin queue's mirrored from its registers; Doorbell Buffer Config that leaves EventIdx alone; doorbell
 * values of which only those outside the queue are refused; Delete I/O SQ that drains; MSI-X.
 *
 * Left out: ioeventfd (off by default), INTx, arbitration, zones and the other command sets, Abort of what the
 * block layer has in hand (QEMU 9.2 and later; the model never aborts). In QEMU one round of the main loop runs
 * all bottom halves that are scheduled before a vCPU gets the lock; here a vCPU may come in between. Commands that
 * fail in parsing are finished by a callback, like any other. What is not about queues, doorbells or events is the
 * reference controller's.
 */
import { builtFrom, type ControllerSystem, type Description, overridden } from '../system.ts';
import { QemuController } from './controller.ts';
import { head, pre9529aa6b, preFa5db2aa, type QemuDecisions, qemuDecisionValues } from './decisions.ts';

function qemuModel(description: Description, decisions: QemuDecisions): ControllerSystem {
  return {
    ...description,
    role: 'controller',
    decisions: qemuDecisionValues,
    delivery: 'synchronous',
    build: (arena, link, shape, overrides) => {
      const controller = new QemuController(arena, link, overridden(decisions, overrides), shape);
      return builtFrom(controller);
    },
  };
}

export const qemuModelControllers: readonly ControllerSystem[] = [
  qemuModel(
    {
      name: 'qemu-model/pre-fa5db2aa',
      aliases: [],
      describes: "QEMU's hw/nvme before fa5db2aa168b (7.1 to 7.2.0): CQ EventIdx is never written.",
      knownFor: 'a completion that found its queue full under shadow doorbells waits for ever',
      shownBy: 'systems/qemu-model/missing-cq-eventidx',
      violates: ['EVENTIDX-CQ-LOST-WAKEUP'],
    },
    preFa5db2aa,
  ),
  qemuModel(
    {
      name: 'qemu-model/pre-9529aa6b',
      aliases: [],
      describes:
        "QEMU's hw/nvme from fa5db2aa168b to 9529aa6bb4d1^ (8.0 to 9.1): nobody comes back to an SQ that ran out of requests.",
      knownFor: 'leaves the last commands of a host that goes by SQHD unfetched',
      shownBy: 'systems/qemu-model/over-committed-queue',
      violates: ['CMD-COMPLETES'],
    },
    pre9529aa6b,
  ),
  qemuModel(
    {
      name: 'qemu-model/head',
      aliases: [],
      describes: "QEMU's hw/nvme with both fixes, 9529aa6bb4d1 (9.2, November 2024) and later.",
      knownFor:
        'Doorbell Buffer Config leaves SQ EventIdx behind on queues that have moved, and to guests that did not clear ' +
        'it; stores older values in shadow entries that are in use',
      shownBy: 'shadow-hand-over-late',
      violates: ['EVENTIDX-SQ-LOST-WAKEUP'],
    },
    head,
  ),
];
