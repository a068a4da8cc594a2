/**
 * Propolis, Oxide's VMM: its NVMe controller (lib/propolis/src/hw/nvme/{queue,mod,admin,requests}.rs) and the
 * block layer under it (lib/propolis/src/block/{attachment,minder}.rs), from 6dae4dc3 (doorbell buffers,
 * September 2025) to 372a5744. Read for issue #1008; nothing after the fix e25e56ee (January 2026) touches
 * the CQ EventIdx.
 *
 * Modelled: `SubQueue::pop` with `reserve_entry`, `remit` and the corked set; `CompQueue::push` with permits,
 * its read of the shadow head and its write of EventIdx; one mutex for each queue, the minder's and the
 * workers' locks; doorbell handlers on the vCPU that rang, with the guest's other CPUs running meanwhile;
 * `notify`, `notify_workers` and the sleeping and waking of block workers as of #1080, before and after #973; admin
 * commands on the vCPU, one step each; Doorbell Buffer Config queue by queue; MSI-X with pending bits;
 * controller reset. A worker has one request in hand.
 *
 * Left out: the first writing of a completion entry with the phase inverted, which no guest can tell from
 * nothing; the sums of concurrent wake-up hints; the reassignment of workers to queues (each queue keeps its
 * own, so that a notification never meets a worker that is awake, which #973 is about as well); pause and migration;
 * error paths of guest memory that goes away. A completion that is under way when
 * the controller is reset is dropped at once, where Propolis finishes it on the queue object that it still
 * holds. Commands that fail in parsing are completed like any other, Number of Queues and the namespace are
 * the reference controller's.
 */
import type { ControllerSystem } from '../system.ts';
import { builtFrom, type Description, overridden } from '../system.ts';
import { PropolisController } from './controller.ts';
import { after, before, ideal, pre973, type PropolisDecisions, propolisDecisionValues } from './decisions.ts';

function propolis(description: Description, decisions: PropolisDecisions): ControllerSystem {
  return {
    ...description,
    role: 'controller',
    decisions: propolisDecisionValues,
    delivery: 'synchronous',
    build: (arena, link, shape, overrides) => {
      const controller = new PropolisController(
        arena,
        link,
        overridden(decisions, overrides),
        shape.ioQueues,
      );
      return builtFrom(controller);
    },
  };
}

export const propolisControllers: readonly ControllerSystem[] = [
  propolis(
    {
      name: 'propolis/pre-973',
      aliases: [],
      describes:
        'Propolis before 4726609f (#973, November 2025): idle workers that a notification does not wake are forgotten.',
      knownFor:
        'one worker is left for each queue, so that a slow request holds up those behind it; ' +
        'a worker leaves its queue to others that sleep on a full CQ; ' +
        'and everything that propolis/before is known for',
      shownBy: 'systems/propolis/cq-eventidx-at-tail',
      violates: ['EVENTIDX-CQ-LOST-WAKEUP'],
    },
    pre973,
  ),
  propolis(
    {
      name: 'propolis/before',
      aliases: ['propolis/pre-e25e56ee'],
      describes: 'Propolis before e25e56ee: every push stores the new tail in CQ EventIdx.',
      knownFor: 'sleeps on a full CQ for ever when the host rings by the strict formula (#1008)',
      shownBy: 'systems/propolis/cq-eventidx-at-tail',
      violates: ['EVENTIDX-CQ-LOST-WAKEUP'],
    },
    before,
  ),
  propolis(
    {
      name: 'propolis/after',
      aliases: ['propolis/e25e56ee'],
      describes:
        'Propolis since e25e56ee: a push that leaves more than one entry stores tail - 1 in CQ EventIdx.',
      knownFor:
        'sleeps for ever on a CQ of two entries, and on a shared CQ whose last slot a worker reserved in vain; ' +
        'with two workers SQHD passes an entry that is not read yet; leaves EventIdx alone where the doorbell buffer or ' +
        'the queue is new, stores older values in shadow entries that are in use, and takes a late ring for the tail',
      shownBy: 'systems/propolis/cq-of-two',
      violates: ['EVENTIDX-CQ-LOST-WAKEUP'],
    },
    after,
  ),
  propolis(
    {
      name: 'propolis/ideal',
      aliases: [],
      describes:
        'No revision of Propolis: CQ EventIdx is set and the head read again before an SQ is corked.',
      knownFor: '',
      shownBy: 'systems/propolis/cq-eventidx-at-tail',
      violates: [],
    },
    ideal,
  ),
];
