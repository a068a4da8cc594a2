/** What a host is asked to set up and to do: plain data that a scenario turns into. */
import type { CommandId, EntryCount, QueueId, Vector } from '../spec/units.ts';

export interface CompletionQueueSetup {
  readonly qid: QueueId;
  readonly size: EntryCount;
  /** Interrupt vector, or undefined for a polled queue (IEN=0). */
  readonly vector: Vector | undefined;
  /** Whether bring-up creates it. */
  readonly created: boolean;
}
export interface SubmissionQueueSetup {
  readonly qid: QueueId;
  readonly size: EntryCount;
  readonly cqid: QueueId;
  readonly created: boolean;
}

export interface Io {
  readonly sqid: QueueId;
  readonly opcode: number;
  readonly lba: number;
}

export type ControlAction =
  | { readonly do: 'save' | 'inspect' | 'next-aen' }
  | { readonly do: 'doorbell-buffer' }
  | { readonly do: 'mask' | 'unmask'; readonly vector: Vector }
  | { readonly do: 'delete-sq' | 'create-sq' | 'delete-cq' | 'create-cq'; readonly qid: QueueId }
  | { readonly do: 'abort'; readonly sqid: QueueId; readonly cid: CommandId }
  | { readonly do: 'reset' };

export interface HostPlan {
  readonly adminEntries: EntryCount;
  readonly cqs: readonly CompletionQueueSetup[];
  readonly sqs: readonly SubmissionQueueSetup[];
  readonly doorbellBuffer: 'never' | 'before-queues' | 'after-queues';
  /** For each thread, the commands it submits in order. */
  readonly threads: readonly (readonly Io[])[];
  readonly control: readonly ControlAction[];
  /** Asynchronous Event Requests submitted in bring-up. */
  readonly eventRequests: number;
  /** Commands that may be outstanding on one queue: bounds the host's tables. */
  readonly outstandingMax: number;
}
