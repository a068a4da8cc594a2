/**
 * OpenVMM's user-mode NVMe driver, `nvme_driver` (vm/devices/storage/disk_nvme), at revisions 86a1cba42^ and
 * 86a1cba42: pull request #2708, in release 1.7.2511 as #2723. One commit, which splits the channel into the
 * task of a queue pair.
 *
 * Modelled: a task for each queue pair (QueueHandler::run), its channels, interrupt latch and wakers;
 * submission slots that are freed by SQHD as the latest completion says it, so that more commands can be
 * outstanding than either queue has slots; PendingCommands and its command identifiers; doorbells that are
 * rung when nothing else can be done; Save (admin queue first, then the I/O queues; the loops end, what they
 * dropped is answered with an error), Inspect, and NextAen with the AER handler of the admin queue, if a
 * scenario asks for events. A panic is a step named after its reason, and stops the driver and all its
 * callers: what they wait for stays owed.
 *
 * Left out: restore, and the drain mode after it (#2736 and later, systems of their own to come); admin
 * commands after bring-up, and bring-up through the admin queue's task, which takes the queue over
 * afterwards; the log page that follows an event; queues of unequal size, which OpenVMM never makes, are
 * taken as a scenario has them. The driver does not use a doorbell buffer and does not poll: a scenario that
 * asks for one gets registers and interrupts.
 */
import { type DriverSystem, overridden } from '../system.ts';
import { after, before, type OpenvmmDecisions, openvmmDecisionValues } from './decisions.ts';
import { cpusOf, OpenvmmDriver } from './driver.ts';

type Description = Pick<DriverSystem, 'name' | 'aliases' | 'describes' | 'knownFor'>;

function system(description: Description, decisions: OpenvmmDecisions): DriverSystem {
  return {
    ...description,
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

export const openvmmDrivers: readonly DriverSystem[] = [
  system(
    {
      name: 'openvmm-driver/before',
      aliases: ['openvmm-driver/pre-2708'],
      describes: 'OpenVMM nvme_driver before #2708: one channel for commands and control requests.',
      knownFor: 'Save, Inspect and NextAen wait while the submission queue or the table of commands is full',
    },
    before,
  ),
  system(
    {
      name: 'openvmm-driver/after',
      aliases: ['openvmm-driver/2708'],
      describes: 'OpenVMM nvme_driver with #2708 (86a1cba42): control requests have a channel of their own.',
      knownFor: '',
    },
    after,
  ),
];
