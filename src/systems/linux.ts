/**
 * Linux nvme-pci, the host side of the linux-nvme thread on a full completion queue (February 2026).
 *
 * Modelled: one SQ for each CQ of the same size, tags limited to one less than that (5.1), SQ lock held from the
 * entry to the doorbell, shadow doorbells with nvme_dbbuf_need_event, the completion loop of nvme_poll_cq with one
 * head doorbell after it. Left out: batching of submissions, time-outs (which poll the queue and would hide hangs),
 * the admin queue's tag set, IPIs to the submitting CPU.
 */
import { driverByDecisions } from './reference.ts';
import type { DriverSystem } from './system.ts';

/** 5.7 and later: a request is completed, and its tag free for another CPU, before the head doorbell is written. */
const singlePass: DriverSystem = driverByDecisions(
  {
    name: 'linux/single-pass',
    aliases: [],
    describes:
      'Linux nvme-pci since 5.7: nvme_handle_cqe frees the tag, nvme_ring_cq_doorbell follows the loop.',
    knownFor: 'conforms; exposes controllers that lose completions at a full CQ',
  },
  { wakeup: 'strict', completes: 'before-head-doorbell', headDoorbell: 'batch' },
);

/** The patch of 2026-02-09, and the two-pass completion of 4.18 to 5.6: head doorbell first. */
const doorbellFirst: DriverSystem = driverByDecisions(
  {
    name: 'linux/doorbell-first',
    aliases: ['linux/patched'],
    describes:
      'Linux nvme-pci with the proposed patch: the head doorbell is written before requests are completed.',
    knownFor: 'conforms with tags below the queue size; hides controllers that lose completions at a full CQ',
  },
  { wakeup: 'strict', completes: 'after-head-doorbell', entryRead: 'when-completed', headDoorbell: 'batch' },
);

export const linuxDrivers: readonly DriverSystem[] = [singlePass, doorbellFirst];
