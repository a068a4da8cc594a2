/**
 * SPDK's NVMe-oF vfio-user transport, lib/nvmf/vfio_user.c: the controller side of the linux-nvme thread on
 * a full completion queue (February 2026). Four stages of its completion queue flow control, up to
 * 23b518a013 (2023-02) and from 6e1d0b50c1 (2024-11, review 25473) on. Base 2.1, 3.3.1.2.1 is what they are
 * about.
 *
 * Modelled: poll groups, each a thread that polls the submission queues of one completion queue and posts
 * its completions; sq_poll, handle_sq_tdbl_write, cq_is_full with its cached head, post_completion,
 * fail_ctrlr after which everything goes on; doorbells as memory; polling mode, and interrupt mode with
 * re-arming and self-wakes; shadow doorbells, never for queue 0; one request for each slot of a submission
 * queue; Delete I/O SQ that drains. In polling mode BAR0 may be mapped, so a doorbell write wakes nobody;
 * in interrupt mode the wake-up follows the value on its own.
 *
 * Adaptive interrupts (dd17459701) are a decision; v0 to v3 are with `disable_adaptive_irq`, v3-adaptive is without.
 *
 * Left out: migration, quiescing,
 * removal of memory regions, the copy of queue memory with zeroes at creation, SGLs, the switch between
 * modes while running. Commands that are not about queues or doorbells are the reference controller's.
 */
import { builtFrom, type ControllerSystem, type Description, overridden } from '../system.ts';
import { SpdkController } from './controller.ts';
import { type SpdkDecisions, spdkDecisionValues, v0, v1, v2, v3, v3Adaptive } from './decisions.ts';

function system(description: Description, decisions: SpdkDecisions): ControllerSystem {
  return {
    ...description,
    role: 'controller',
    decisions: spdkDecisionValues,
    delivery: 'value-then-wake',
    build: (arena, link, shape, overrides) => {
      // In interrupt mode all queues are in the controller's own group, unless SQ spreading is asked for.
      const interrupts = overrides['mode'] === 'interrupt';
      const base: SpdkDecisions = interrupts ? { ...decisions, pollGroups: 'one' } : decisions;
      const controller = new SpdkController(arena, link, overridden(base, overrides), shape);
      return builtFrom(controller);
    },
  };
}

export const spdkControllers: readonly ControllerSystem[] = [
  system(
    {
      name: 'spdk-vfio-user/v0',
      aliases: ['spdk-vfio-user/before'],
      describes:
        'SPDK vfio-user up to 23b518a013 (2023-02): fetches whatever is there; a full CQ sets CSTS.CFS.',
      knownFor: 'loses completions at a full CQ',
      shownBy: 'systems/spdk-vfio-user/full-cq-lost-completion',
      violates: ['CQ-FULL-NO-LOSS'],
    },
    v0,
  ),
  system(
    {
      name: 'spdk-vfio-user/v1',
      aliases: [],
      describes:
        'SPDK vfio-user 23b518a013..4bcab9fb9b: a call fetches no more than there are free CQ slots.',
      knownFor: 'loses completions at a full CQ, counting none of the commands already in flight',
      shownBy: 'systems/spdk-vfio-user/full-cq-lost-completion',
      violates: ['CQ-FULL-NO-LOSS'],
    },
    v1,
  ),
  system(
    {
      name: 'spdk-vfio-user/v2',
      aliases: [],
      describes: "SPDK vfio-user 4bcab9fb9b..6e1d0b50c1: as v1; a gated SQ writes its poll group's eventfd.",
      knownFor: 'loses completions at a full CQ; re-arming a gated SQ fails the controller',
      shownBy: 'systems/spdk-vfio-user/full-cq-lost-completion',
      violates: ['CQ-FULL-NO-LOSS'],
    },
    v2,
  ),
  system(
    {
      name: 'spdk-vfio-user/v3',
      aliases: ['spdk-vfio-user/after'],
      describes:
        'SPDK vfio-user from 6e1d0b50c1 (2024-11, review 25473) on: a CQ slot for every fetched command.',
      knownFor:
        'keeps the cached CQ head when a queue is created again; has one request for each SQ slot; an invalid tail ' +
        'starves the queues behind it; a host with shadow doorbells on queue 0 loses its admin queue',
      shownBy: 'systems/spdk-vfio-user/cached-head-of-former-life',
      violates: ['CQ-FULL-NO-POST'],
    },
    v3,
  ),
  system(
    {
      name: 'spdk-vfio-user/v3-adaptive',
      aliases: [],
      describes:
        'SPDK vfio-user v3 in polling mode with adaptive interrupts (dd17459701), as it is by default.',
      knownFor:
        "sends no interrupt when the tail has come round to where the last one was sent, if only in the queue's former " +
        'life; and everything that spdk-vfio-user/v3 is known for',
      shownBy: 'systems/spdk-vfio-user/adaptive-interrupt-lap',
      violates: ['INT-OWED'],
    },
    v3Adaptive,
  ),
];
