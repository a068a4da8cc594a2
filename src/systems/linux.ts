/**
 * Linux nvme-pci (drivers/nvme/host/pci.c), the host side of the linux-nvme thread on a full completion queue
 * (February 2026): as it is since 5.7, as the patch of that thread would have it, and with more tags than it has.
 *
 * Modelled: one SQ for each CQ of the same size (q_depth), tags limited to one less than that, whatever the slots, SQ
 * lock held from the entry to the doorbell, SQHD ignored; the completion loop of nvme_poll_cq with one head doorbell
 * after it; shadow doorbells with nvme_dbbuf_need_event, configured by one admin command after the I/O queues are
 * there (nvme_dbbuf_set), with pages that are cleared, and never for queue 0. A scenario whose CQ is smaller than its
 * SQ still gets no more tags than the CQ holds entries, but for `over-commit`.
 *
 * Left out: batching of submissions by the block layer (commit_rqs), time-outs (they poll the queue and would hide
 * hangs), generations in command identifiers, IPIs to the submitting CPU. The admin queue (32 entries, 30 tags and
 * one identifier kept for the single Asynchronous Event Request) completes requests by the same code as any other
 * queue, and scenarios let the first I/O queue pair stand for it.
 */
import type { DriverDecisions } from '../driver/decisions.ts';
import type { HostPlan } from '../driver/plan.ts';
import { driverByDecisions } from './reference.ts';
import { type DriverSystem, queuePairs, type Situation } from './system.ts';

type Description = Parameters<typeof driverByDecisions>[0];

/** nvme_dbbuf_set follows nvme_setup_io_queues. */
function ofThisDriver(plan: HostPlan): HostPlan {
  return plan.doorbellBuffer === 'never' ? plan : { ...plan, doorbellBuffer: 'after-queues' };
}

/** Tags of a queue pair, if a completion queue holds less than its submission queue; 0: what the SQ holds. */
function tagsOf({ sqs, cqs }: HostPlan): number {
  const pairs = sqs.map(({ size, cqid }) => ({
    sq: size,
    cq: cqs.find(({ qid }) => qid === cqid)?.size ?? size,
  }));
  return pairs.every(({ sq, cq }) => sq <= cq) ? 0 : Math.min(...pairs.flatMap(({ sq, cq }) => [sq, cq])) - 1;
}

/** Queues come and go, and the doorbell buffer is configured, only in nvme_reset_work: no command is under way then. */
const never: readonly Situation[] = [...queuePairs, 'recreate', 'doorbellBuffer'];

function system(
  description: Description,
  decisions: Partial<DriverDecisions>,
  tags: (plan: HostPlan) => number = tagsOf,
): DriverSystem {
  const linux = driverByDecisions(description, { wakeup: 'strict', headDoorbell: 'batch', ...decisions });
  return {
    ...linux,
    never,
    build: (arena, link, plan, overrides) =>
      linux.build(arena, link, ofThisDriver(plan), { tags: tags(plan), ...overrides }),
  };
}

/** The entry is read again when its request is completed, after the device was told that the slot is free. */
const headFirst: Partial<DriverDecisions> = {
  completes: 'after-head-doorbell',
  entryRead: 'when-completed',
};

export const linuxDrivers: readonly DriverSystem[] = [
  system(
    {
      name: 'linux/single-pass',
      aliases: [],
      describes:
        'Linux nvme-pci since 5.7: nvme_handle_cqe frees the tag, nvme_ring_cq_doorbell follows the loop.',
      knownFor: 'conforms; exposes controllers that lose completions at a full CQ',
      shownBy: 'systems/linux/head-after-tag',
      violates: [],
    },
    { completes: 'before-head-doorbell' },
  ),
  system(
    {
      name: 'linux/doorbell-first',
      aliases: ['linux/patched', 'linux/two-pass'],
      describes:
        'Linux nvme-pci with the proposed patch (and 4.18 to 5.6): head doorbell before requests are completed.',
      knownFor:
        'conforms with tags below the queue size; hides controllers that lose completions at a full CQ',
      shownBy: 'systems/linux/head-before-tag',
      violates: [],
    },
    headFirst,
  ),
  system(
    {
      name: 'linux/over-commit',
      aliases: [],
      describes:
        'Linux nvme-pci with the proposed patch, and (hypothetical) as many tags as the SQ holds, if the CQ is smaller.',
      knownFor: 'reads completion entries that the controller has overwritten: requests without an answer',
      shownBy: 'systems/linux/overwritten-entry',
      violates: ['ANSWER-OWED'],
    },
    { ...headFirst, callers: 'shown' },
    () => 0,
  ),
];
