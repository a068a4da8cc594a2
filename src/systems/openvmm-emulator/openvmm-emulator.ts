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
import type { RuleId } from '../../spec/rule.ts';
import { builtFrom, type ControllerSystem, overridden } from '../system.ts';
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

interface Description {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly describes: string;
  readonly knownFor: string;
  readonly shownBy: string;
  readonly violates: readonly RuleId[];
}

function emulator(description: Description, decisions: EmulatorDecisions): ControllerSystem {
  return {
    aliases: [],
    ...description,
    shownBy: `systems/openvmm-emulator/${description.shownBy}`,
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
      shownBy: 'two-truths',
      violates: ['SQ-FETCH-PAST-TAIL'],
    },
    pre1582,
  ),
  emulator(
    {
      name: 'openvmm-emulator/1582',
      aliases: ['openvmm-emulator/after'],
      describes:
        "OpenVMM's emulator since 94889caeb (2025-08-30): the guest's page is the doorbell, and is armed before sleep.",
      knownFor: 'keeps the page of doorbells after a reset; one SQ for each CQ',
      shownBy: 'reset-keeps-page',
      violates: ['DBC-CLR-LIFETIME'],
    },
    after1582,
  ),
  emulator(
    {
      name: 'openvmm-emulator/1945',
      describes:
        "OpenVMM's emulator since 722d203dc (2025-09-08): a task for each CQ, with any number of SQs.",
      knownFor: 'panics at a command that names no namespace; keeps the page of doorbells after a reset',
      shownBy: 'unknown-namespace',
      violates: ['CMD-COMPLETES'],
    },
    after1945,
  ),
  emulator(
    {
      name: 'openvmm-emulator/3474',
      describes:
        "OpenVMM's emulator since 36711face (2026-05-20): a command that names no namespace is counted right.",
      knownFor: 'keeps the page of doorbells after a reset',
      shownBy: 'reset-keeps-page',
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
      shownBy: 'reset-keeps-page',
      violates: [],
    },
    head,
  ),
];
