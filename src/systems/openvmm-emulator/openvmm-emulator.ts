/**
 * OpenVMM's NVMe emulator, vm/devices/storage/nvme/src/{queue,pci}.rs and workers/{io,admin,coordinator}.rs, and how its
 * doorbells became what they are: the pull request that #1582 was (94889caeb, 2025-08-30), before it and after it up
 * to b6cd54439 (#4011, 2026-07-30).
 *
 * Modelled: `DoorbellRegister` beside the shadow page with the EventIdx heuristics, `advance_evt_idx` for each command
 * and `catch_up_evt_idx`; `DoorbellMemory` and `DoorbellState` with `probe` and a waker for each doorbell; the I/O task
 * of one queue pair, and from #1945 on that of a completion queue with any number of submission queues; the admin task;
 * at most eight I/Os in flight of each queue; Doorbell Buffer Config, in the registers' time by closures that the tasks
 * run later; Delete I/O SQ that waits for the queue's I/Os; reset; queue 0 takes part in shadow doorbells. Doorbell
 * writes are trapped and take no lock that a task holds.
 *
 * Left out: namespaces that come and go, and with them AERs that are answered; the lock of `replace_mem`, which nobody
 * else wants while the guest waits for the command; save and restore; builds that stop at an unsigned underflow
 * (`len - 3` with two slots); memory that the guest takes away. Identify, features and Get Log Page are the reference
 * controller's.
 */
import { builtFrom, type ControllerSystem, type Description, overridden, type Situation } from '../system.ts';
import { EmulatorController } from './controller.ts';
import {
  after1582,
  after1945,
  after3474,
  type EmulatorDecisions,
  emulatorDecisionValues,
  head,
  pre1582,
} from './decisions.ts';

/** A second submission queue on a completion queue was refused until #1945. */
const never: readonly Situation[] = ['sharedCompletionQueues'];

const shows = (scenario: string): string => `systems/openvmm-emulator/${scenario}`;

function emulator(
  description: Omit<Description, 'aliases'> & Partial<Description>,
  decisions: EmulatorDecisions,
): ControllerSystem {
  return {
    aliases: [],
    ...description,
    role: 'controller',
    decisions: emulatorDecisionValues,
    delivery: 'synchronous',
    build: (arena, link, shape, overrides) => {
      const controller = new EmulatorController(arena, link, overridden(decisions, overrides), shape);
      return builtFrom(controller);
    },
  };
}

export const emulatorControllers: readonly ControllerSystem[] = [
  emulator(
    {
      name: 'openvmm-emulator/pre-1582',
      aliases: ['openvmm-emulator/before'],
      describes:
        "OpenVMM's emulator before 94889caeb: each doorbell is a register and a shadow entry, and EventIdx is guessed.",
      knownFor: 'register and shadow diverge; sleeps on a full CQ for ever; one SQ for each CQ',
      shownBy: shows('two-truths'),
      violates: ['SQ-FETCH-PAST-TAIL'],
      never,
    },
    pre1582,
  ),
  emulator(
    {
      name: 'openvmm-emulator/1582',
      aliases: ['openvmm-emulator/after'],
      describes:
        "OpenVMM's emulator since 94889caeb (2025-08-30): the guest's page is the doorbell, and is armed before sleep.",
      knownFor:
        'keeps the page of doorbells after a reset; one SQ for each CQ; and everything that openvmm-emulator/head is ' +
        'known for',
      shownBy: shows('reset-keeps-page'),
      violates: ['DBC-CLR-LIFETIME'],
      never,
    },
    after1582,
  ),
  emulator(
    {
      name: 'openvmm-emulator/1945',
      describes:
        "OpenVMM's emulator since 722d203dc (2025-09-08): a task for each CQ, with any number of SQs.",
      knownFor:
        'panics at a command that names no namespace; and everything that openvmm-emulator/3474 is known for',
      shownBy: shows('unknown-namespace'),
      violates: ['CMD-COMPLETES'],
    },
    after1945,
  ),
  emulator(
    {
      name: 'openvmm-emulator/3474',
      describes:
        "OpenVMM's emulator since 36711face (2026-05-20): a command that names no namespace is counted right.",
      knownFor:
        'keeps the page of doorbells after a reset; and everything that openvmm-emulator/head is known for',
      shownBy: shows('reset-keeps-page'),
      violates: ['DBC-CLR-LIFETIME'],
    },
    after3474,
  ),
  emulator(
    {
      name: 'openvmm-emulator/head',
      describes: "OpenVMM's emulator since b6cd54439 (2026-07-30): a reset takes the doorbells back.",
      knownFor:
        'EventIdx left behind where the page is new or another life has written it; a late ring takes a newer tail back',
      shownBy: 'systems/propolis/late-ring',
      violates: ['SQ-FETCH-PAST-TAIL'],
    },
    head,
  ),
];
