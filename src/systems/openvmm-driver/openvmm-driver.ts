/**
 * OpenVMM's user-mode NVMe driver, `nvme_driver` (vm/devices/storage/disk_nvme), from before 86a1cba42 (#2708, in
 * release 1.7.2511 as #2723; January 2026), which splits the channel into the task of a queue pair, to 1488a37b.
 *
 * Modelled: a task for each queue pair (QueueHandler::run), its channels, interrupt latch and wakers;
 * submission slots that are freed by SQHD as the latest completion says it, so that more commands can be
 * outstanding than either queue has slots; PendingCommands and its command identifiers; doorbells that are
 * rung when nothing else can be done; Save (admin queue first, then the I/O queues; the loops end), Inspect, and
 * NextAen with the AER handler of the admin queue, if a scenario asks for events. Restore over the same memory,
 * with detached callers; DrainAfterRestore of one queue or of all of them; I/O queues that are created later,
 * through the admin queue's task, by the driver's worker, which does one request at a time: a Save that comes
 * meanwhile waits. A client that lost a command over a restore sends it again. A panic is a step named after its
 * reason, and stops the driver and all its callers: what they wait for stays owed.
 *
 * Left out: bring-up through the admin queue's task, which takes the queue over afterwards; the other CPU's queue
 * that serves a client whose own could not be created; queues that are restored when a CPU first uses them;
 * DiagnosticDump (#2872); fused keepalive (#3811, #3998); the log page that follows an event. Queues of unequal
 * size, which OpenVMM never makes, are taken as a scenario has them. The driver does not use a doorbell buffer
 * and does not poll: a scenario that asks for one gets registers and interrupts.
 */
import { type Description, type DriverSystem, overridden, queuePairs } from '../system.ts';
import { type OpenvmmDecisions, openvmmDecisionValues, revisions } from './decisions.ts';
import { cpusOf, OpenvmmDriver } from './driver.ts';

function system(description: Description, decisions: OpenvmmDecisions): DriverSystem {
  return {
    ...description,
    never: [...queuePairs, 'shadowDoorbells', 'abort', 'reset', 'recreate'],
    role: 'driver',
    decisions: openvmmDecisionValues,
    cpus: cpusOf,
    build: (arena, link, plan, { wakeup: _, ...overrides }) => {
      // A scenario's wake-up formula is for drivers with shadow doorbells.
      const driver = new OpenvmmDriver(arena, link, plan, overridden(decisions, overrides));
      return { processes: driver.processes, isUp: () => driver.isUp, rereadsEntries: false };
    },
  };
}

const shows = (scenario: string): string => `systems/openvmm-driver/${scenario}`;

export const openvmmDrivers: readonly DriverSystem[] = [
  system(
    {
      name: 'openvmm-driver/pre-2708',
      aliases: ['openvmm-driver/before'],
      describes: 'OpenVMM nvme_driver before #2708: one channel for commands and control requests.',
      knownFor: 'Save, Inspect and NextAen wait while the submission queue or the table of commands is full',
      shownBy: shows('save-while-sq-full'),
      violates: ['SAVE-NO-BACKPRESSURE'],
    },
    revisions['pre-2708'],
  ),
  system(
    {
      name: 'openvmm-driver/2708',
      aliases: ['openvmm-driver/after'],
      describes: 'OpenVMM nvme_driver with #2708 (86a1cba42): control requests have a channel of their own.',
      knownFor: 'a Save that follows a restore waits until the saved commands are complete',
      shownBy: shows('save-while-draining'),
      violates: ['SAVE-NO-BACKPRESSURE'],
    },
    revisions['2708'],
  ),
  system(
    {
      name: 'openvmm-driver/2736',
      aliases: [],
      describes: 'OpenVMM nvme_driver with #2736 (d02d292b0): control requests are looked for in drain mode.',
      knownFor: 'after a restore each queue drains for itself: a new write can be overtaken by a saved one',
      shownBy: shows('order-after-restore'),
      violates: ['RESTORE-FENCE', 'RESTORE-RING'],
    },
    revisions['2736'],
  ),
  system(
    {
      name: 'openvmm-driver/2833',
      aliases: [],
      describes: 'OpenVMM nvme_driver with #2833 (c1541ef31): the drain is a barrier over all queues.',
      knownFor: 'a queue created after a restore does not wait at the barrier',
      shownBy: shows('queue-created-while-draining'),
      violates: ['RESTORE-FENCE'],
    },
    revisions['2833'],
  ),
  system(
    {
      name: 'openvmm-driver/2864',
      aliases: [],
      describes: 'OpenVMM nvme_driver with #2864 (831eb3db3): new queues wait at the barrier too.',
      knownFor: 'entries that were written and not announced at the save are never announced',
      shownBy: shows('saved-before-the-doorbell'),
      violates: ['RESTORE-RING'],
    },
    revisions['2864'],
  ),
  system(
    {
      name: 'openvmm-driver/head',
      aliases: [],
      describes: 'OpenVMM nvme_driver at 1488a37b (2026): the channels outlive the loop (#3431).',
      knownFor:
        'entries that were written and not announced at the save are never announced; ' +
        'an SQ head reported late makes it overrun its submission queue; ' +
        'a Save waits while it creates a queue',
      shownBy: shows('saved-before-the-doorbell'),
      violates: ['RESTORE-RING'],
    },
    revisions.head,
  ),
  system(
    {
      name: 'openvmm-driver/ideal',
      aliases: [],
      describes:
        'OpenVMM nvme_driver as it would have to be: the drain announces, no SQ head is taken back, no Save waits.',
      knownFor: '',
      shownBy: shows('saved-before-the-doorbell'),
      violates: [],
    },
    revisions.ideal,
  ),
];
