/** What a host is asked to set up and to do: plain data that a scenario turns into. */
import type { ResetKind } from '../link/events.ts';
import type { EntryCount, QueueId, Vector } from '../spec/units.ts';

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
  /** Namespace; absent: 1, the one that controllers have. */
  readonly nsid?: number;
}

export type ControlAction =
  | { readonly do: 'save' | 'restore' | 'inspect' | 'next-aen' }
  | { readonly do: 'doorbell-buffer' }
  | { readonly do: 'mask' | 'unmask'; readonly vector: Vector }
  | { readonly do: 'delete-sq' | 'delete-cq'; readonly qid: QueueId }
  /** What is not said is as the queue's setup has it. */
  | { readonly do: 'create-cq'; readonly qid: QueueId; readonly size?: EntryCount }
  | {
      readonly do: 'create-sq';
      readonly qid: QueueId;
      readonly size?: EntryCount;
      readonly cqid?: QueueId;
    }
  /** Commands of a queue are numbered from 0, as they are written to it in a run. */
  | { readonly do: 'abort'; readonly sqid: QueueId; readonly command: number }
  | { readonly do: 'reset'; readonly kind: ResetKind };

export interface HostPlan {
  readonly adminEntries: EntryCount;
  readonly cqs: readonly CompletionQueueSetup[];
  readonly sqs: readonly SubmissionQueueSetup[];
  /** In bring-up. Between: after the completion queues and the first half of the submission queues. */
  readonly doorbellBuffer: 'never' | 'before-queues' | 'between-queues' | 'after-queues';
  /** For each thread, the commands it submits in order. */
  readonly threads: readonly (readonly Io[])[];
  readonly control: readonly ControlAction[];
  /** Asynchronous Event Requests submitted in bring-up. */
  readonly eventRequests: number;
  /** Commands that may be outstanding on one queue: bounds the host's tables. */
  readonly outstandingMax: number;
}

/** Slots that a queue needs memory for: the most that it is ever created with. */
export function slotsOf({ cqs, sqs, control }: HostPlan, ring: 'sq' | 'cq', qid: QueueId): EntryCount {
  const setup = (ring === 'sq' ? sqs : cqs).find((queue) => queue.qid === qid);
  const sizes = control.map((action) =>
    (action.do === 'create-sq' || action.do === 'create-cq') &&
    action.do === `create-${ring}` &&
    action.qid === qid
      ? (action.size ?? 0)
      : 0,
  );
  return Math.max(setup?.size ?? 0, ...sizes);
}

/** Slots of the largest I/O queue there ever is. */
export function largestIo(plan: HostPlan): EntryCount {
  const of = (ring: 'sq' | 'cq') => (setup: { readonly qid: QueueId }) => slotsOf(plan, ring, setup.qid);
  return Math.max(0, ...plan.sqs.map(of('sq')), ...plan.cqs.map(of('cq')));
}

/** Slots of the largest submission queue there ever is, the admin queue's included. */
export function largestSq(plan: HostPlan): EntryCount {
  return Math.max(plan.adminEntries, ...plan.sqs.map(({ qid }) => slotsOf(plan, 'sq', qid)));
}
