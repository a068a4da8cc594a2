/**
 * What crosses the link between host and controller, as events. Rules see nothing else.
 *
 * Host writes appear when they are issued, controller actions when they are performed; using the newest
 * head and tail therefore errs on the lenient side only.
 */
import type { RegisterName } from '../spec/registers.ts';
import type { Status } from '../spec/status.ts';
import type { CommandId, PhaseTag, QueueId, RegisterOffset, SlotIndex, Vector } from '../spec/units.ts';

export type Writer = 'host' | 'controller';
export type ResetKind = 'cc-en' | 'flr' | 'conventional' | 'nssr';

/** A register write below the doorbells; 64-bit registers are written as two halves. */
export interface RegisterWrite {
  readonly type: 'reg.w';
  readonly offset: RegisterOffset;
  readonly value: number;
}
export interface RegisterRead {
  readonly type: 'reg.r';
  readonly offset: RegisterOffset;
  readonly value: number;
}
/** An MMIO doorbell write with its raw 32-bit value. */
export interface DoorbellWrite {
  readonly type: 'db.sq' | 'db.cq';
  readonly qid: QueueId;
  readonly value: number;
}
/** A write into the shadow doorbell page. */
export interface ShadowWrite {
  readonly type: 'shadow.sq' | 'shadow.cq';
  readonly qid: QueueId;
  readonly value: number;
  readonly writer: Writer;
}
/** A write into the EventIdx page. */
export interface EventIdxWrite {
  readonly type: 'ei.sq' | 'ei.cq';
  readonly qid: QueueId;
  readonly value: number;
  readonly writer: Writer;
}
/** The host's read of EventIdx, which decides whether it rings. */
export interface EventIdxRead {
  readonly type: 'ei.read';
  readonly ring: 'sq' | 'cq';
  readonly qid: QueueId;
  readonly value: number;
}
/**
 * The host wrote an entry into an SQ slot; it is not submitted yet. Where fetches are not visible, this is how an
 * observer learns which command a slot holds.
 */
export interface EntryWrite {
  readonly type: 'sqe.write';
  readonly sqid: QueueId;
  readonly slot: SlotIndex;
  readonly cid: CommandId;
  readonly opcode: number;
  readonly words: Int32Array;
}
/** The controller took an entry for execution. `words` are its 16 dwords as they were read. */
export interface Fetch {
  readonly type: 'sqe.fetch';
  readonly sqid: QueueId;
  readonly slot: SlotIndex;
  readonly cid: CommandId;
  readonly opcode: number;
  readonly words: Int32Array;
}
/** The controller wrote a completion entry. */
export interface Post {
  readonly type: 'cqe.post';
  readonly cqid: QueueId;
  readonly slot: SlotIndex;
  readonly sqid: QueueId;
  readonly sqhd: SlotIndex;
  readonly cid: CommandId;
  readonly phase: PhaseTag;
  readonly status: Status;
  readonly dw0: number;
}
/** The controller stored a dword of a completion entry apart from posting it: before that, or after the phase tag. */
export interface CompletionWrite {
  readonly type: 'cqe.write';
  readonly cqid: QueueId;
  readonly slot: SlotIndex;
  /** 0 to 3; the phase tag is in dword 3. */
  readonly dword: number;
  readonly value: number;
  /** What was there. */
  readonly was: number;
}
/** An interrupt message reached the host. */
export interface Interrupt {
  readonly type: 'irq';
  readonly vector: Vector;
}
/** The host masked or unmasked a vector, or the whole function. */
export interface InterruptMask {
  readonly type: 'irq.mask';
  readonly vector: Vector | 'function';
  readonly masked: boolean;
}
/** A pending bit changed. */
export interface InterruptPending {
  readonly type: 'irq.pending';
  readonly vector: Vector;
  readonly pending: boolean;
}
/** A Controller Level Reset other than by CC.EN, which shows as a register write. */
export interface Reset {
  readonly type: 'reset';
  readonly kind: ResetKind;
}

export type RequestKind = 'save' | 'restore' | 'inspect' | 'next-aen';
/** The driver's own door: a control-plane request was received. `id` counts from 0 in a run. */
export interface RequestBegin {
  readonly type: 'request.begin';
  readonly id: number;
  readonly request: RequestKind;
}
export interface RequestEnd {
  readonly type: 'request.end';
  readonly id: number;
  readonly request: RequestKind;
  /** Of a restore: whoever asked for a saved command has lost it, and asks again for what is still on its way. */
  readonly detached?: boolean;
}
/** The driver's own door: an asynchronous event that a NextAen request would return has arrived. */
export interface AsynchronousEventArrived {
  readonly type: 'aen.arrived';
}
/** The driver's own door: what a caller asked for, and what it was answered. */
export interface CommandBegin {
  readonly type: 'command.begin';
  readonly caller: number;
  readonly sqid: QueueId;
  readonly opcode: number;
}
export interface CommandEnd {
  readonly type: 'command.end';
  readonly caller: number;
  readonly sqid: QueueId;
  readonly status: Status;
  /**
   * The command that the driver says was completed, where it says so: when it takes the completion up, before it gives
   * the identifier to another command.
   */
  readonly cid?: CommandId;
}
/** An interrupt-driven host goes to sleep on a vector, or wakes. */
export interface HostSleep {
  readonly type: 'host.sleep' | 'host.wake';
  readonly vector: Vector;
}

export type LinkEvent =
  | RegisterWrite
  | RegisterRead
  | DoorbellWrite
  | ShadowWrite
  | EventIdxWrite
  | EventIdxRead
  | EntryWrite
  | Fetch
  | Post
  | CompletionWrite
  | Interrupt
  | InterruptMask
  | InterruptPending
  | Reset
  | RequestBegin
  | RequestEnd
  | AsynchronousEventArrived
  | CommandBegin
  | CommandEnd
  | HostSleep;
export type EventType = LinkEvent['type'];
export type { RegisterName };

/** Event types of the link itself. */
export const linkEvents: readonly EventType[] = [
  'reg.w',
  'reg.r',
  'db.sq',
  'db.cq',
  'shadow.sq',
  'shadow.cq',
  'ei.sq',
  'ei.cq',
  'ei.read',
  'sqe.write',
  'sqe.fetch',
  'cqe.post',
  'cqe.write',
  'irq',
  'irq.mask',
  'irq.pending',
  'reset',
];

/** Event types of the driver's own door, seen only when the driver is a model that shows them. */
export const driverDoor: readonly EventType[] = [
  'request.begin',
  'request.end',
  'aen.arrived',
  'command.begin',
  'command.end',
  'host.sleep',
  'host.wake',
];
