/**
 * What a module of one's own needs to be a controller or a driver under test: `--controller ./mine.mjs`,
 * `--driver ./mine.mjs`. README, "Your own controller", has examples.
 */

// The plug-in itself.
export {
  type ControllerPlugIn,
  defineController,
  defineDriver,
  type DriverPlugIn,
  type PlugInDriver,
  type StateKind,
} from './targets/plug-in/define.ts';
export { referenceController, referenceDriver } from './targets/plug-in/by-decisions.ts';
export type { ControllerDecisions } from './controller/decisions.ts';
export type { DriverDecisions } from './driver/decisions.ts';
export type {
  BuiltController,
  BuiltDriver,
  ControllerShape,
  DecisionTable,
  Overrides,
  Situation,
} from './systems/system.ts';
export { NotOffered } from './systems/system.ts';
export { BringUpRefused } from './driver/bring-up.ts';
export type {
  CompletionQueueSetup,
  ControlAction,
  HostPlan,
  Io,
  SubmissionQueueSetup,
} from './driver/plan.ts';

// The link: memory, registers, interrupts.
export type { EventType, LinkEvent, ResetKind } from './link/events.ts';
export { type Link, readCqe } from './link/link.ts';
export { type HostMemory, MemoryFault, PAGE_BYTES } from './link/memory.ts';
export type { Listener, Msix } from './link/msix.ts';
export type { ControllerPort, MmioDelivery } from './link/port.ts';
// What runs concurrently.
export type { Process, ProcessParty } from './link/process.ts';
export { type Instruction, Program, type ProgramOptions } from './link/program.ts';

// State that can be undone.
export type { Arena } from './arena/arena.ts';
export { BitSet, Fifo, Table, WordArray } from './arena/containers.ts';
export { flag, type Flag, loose, type Loose, state, type StateOf, word, type Word } from './arena/state.ts';

// The vocabulary of the specification.
export {
  type CompletionEntry,
  CQE_BYTES,
  decodeCqe,
  decodeSqe,
  encodeCqe,
  encodeSqe,
  SQE_BYTES,
  type SubmissionEntry,
} from './spec/entries.ts';
export { adminOpcode, feature, nvmOpcode } from './spec/opcodes.ts';
export {
  csts,
  decodeCap,
  decodeCc,
  doorbellAt,
  doorbellOffset,
  encodeCap,
  encodeCc,
  register,
  shadowOffset,
} from './spec/registers.ts';
export { advance, distance, isFull, next } from './spec/ring.ts';
export { status, type Status } from './spec/status.ts';
export type {
  Address,
  CommandId,
  CpuIndex,
  EntryCount,
  PhaseTag,
  QueueId,
  RegisterOffset,
  SlotIndex,
  Vector,
} from './spec/units.ts';
export { rings, type WakeupFormula } from './spec/wakeup.ts';
