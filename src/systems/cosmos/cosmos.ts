/**
 * The NVMe driver of Cosmos (nativeaot-patcher), NvmeController.cs and InterruptEvent.cs: the third seed document.
 * From 6c497186 (2026-05-08), which added the interrupt-driven path, to 1286e243 (2026-07); one I/O queue pair.
 *
 * Modelled: AcquireSlot, SubmitOnSlot, ReleaseSlot and QuarantineSlot, with the slot's index as CID and SQHD ignored;
 * OnIoCompletion on the CPU that the message interrupts, where it holds up every thread of that CPU; InterruptEvent
 * with its latch, lock and waiters; BlockThread and ReadyThread; interrupts masked by AcquireIrqSafe; the polled
 * fallback with `_polledIoMutex` and WaitCompletion; the main kernel thread, which polls the latch. Waits that time
 * out and messages that get lost happen only as often as a scenario says (`timeouts`, `lostMessages`).
 * A loop that spins is an instruction that waits. ReadyThread on a thread that still runs does nothing that lasts.
 *
 * Of the table in systems.md, 4.2: CO-1, CO-2, CO-3 never cross the link (a handler that spins for ever, a wake-up
 * that hits a running thread): what shows is a caller without an answer, at the driver's own door. CO-4, CO-6 and the
 * reversed doorbells of a tail without a lock show at the link. CO-5 is `architecture: arm64`: stores of an entry
 * that arrive after its doorbell, loads of an entry before its phase tag (in the handler only). CO-7 is
 * `lostMessages`. CO-9 is harmless: the handler runs for admin completions too and finds nothing.
 *
 * Left out: CO-8 (a queue longer than CAP.MQES is refused while the driver starts, before anything is explored),
 * CO-10 and CO-11 (start-up, other users of InterruptEvent), data of the bounce pages, callers before the scheduler
 * runs, the admin queue after start-up. Queues of another depth than 8 are taken as a scenario has them.
 */
import { type Description, type DriverSystem, overridden, queuePairs, type Situation } from '../system.ts';
import { type CosmosDecisions, cosmosDecisionValues, first, head, seed } from './decisions.ts';
import { CosmosDriver, cpusOf } from './driver.ts';

/** One queue pair from start-up to the end, and no control plane. */
const never: readonly Situation[] = [
  ...queuePairs,
  'severalQueues',
  'shadowDoorbells',
  'inspect',
  'abort',
  'reset',
  'recreate',
  'restore',
  'requests',
];

function system(description: Description, decisions: CosmosDecisions): DriverSystem {
  return {
    ...description,
    never,
    role: 'driver',
    decisions: cosmosDecisionValues,
    cpus: cpusOf,
    build: (arena, link, plan, { wakeup: _, ...overrides }) => {
      // A scenario's wake-up formula is for drivers with shadow doorbells.
      const driver = new CosmosDriver(arena, link, plan, overridden(decisions, overrides));
      return { processes: driver.processes, isUp: () => driver.isUp, rereadsEntries: driver.rereadsEntries };
    },
  };
}

export const cosmosDrivers: readonly DriverSystem[] = [
  system(
    {
      name: 'cosmos/first',
      aliases: ['cosmos/before'],
      describes:
        'Cosmos NVMe driver at 6c497186 (2026-05-08): InterruptEvent takes its lock with interrupts enabled.',
      knownFor:
        'the interrupt handler spins on a lock that the thread it interrupted holds; and what seed does',
      shownBy: 'systems/cosmos/handler-spins-on-event-lock',
      violates: ['ANSWER-OWED'],
    },
    first,
  ),
  system(
    {
      name: 'cosmos/seed',
      aliases: ['cosmos/after'],
      describes:
        'Cosmos NVMe driver from 2a69d046 to 2026-07-06: eight slots, MSI-X entry 0, IRQ-safe event lock.',
      knownFor:
        'wakes threads that are not blocked yet; as many slots as entries; reuses a CID after a time-out',
      shownBy: 'systems/cosmos/wake-up-before-block',
      violates: ['ANSWER-OWED'],
    },
    seed,
  ),
  system(
    {
      name: 'cosmos/head',
      aliases: [],
      describes:
        'Cosmos NVMe driver since 2026-07 (1286e243): blocks under the lock, one slot less, quarantine, entry 1.',
      knownFor:
        'a blocked thread makes no passes, so the bound of Wait does not end its wait for a lost message; ' +
        'when every slot is quarantined, later callers wait for ever',
      shownBy: 'systems/cosmos/lost-message',
      violates: ['ANSWER-OWED'],
    },
    head,
  ),
];
