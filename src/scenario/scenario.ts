/** A scenario as loaded: plain data, checked, with defaults filled in. Everything here can cross to a worker. */
import type { ResetKind } from '../link/events.ts';
import type { RuleId } from '../spec/rule.ts';
import type { WakeupFormula } from '../spec/wakeup.ts';
import type { Status } from '../spec/status.ts';

/** Line and column, both from 1, of a place in the scenario's file. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface CompletionQueuePlan {
  readonly ring: 'cq';
  /** As written: `cq1`. The number is the queue identifier. */
  readonly name: string;
  readonly qid: number;
  /** Slots, N = QSIZE + 1. */
  readonly size: number;
  /** Interrupt vector; undefined for a polled queue (IEN=0). */
  readonly vector: number | undefined;
  /** Whether bring-up creates it; if not, a `create` step does. */
  readonly created: boolean;
  readonly position: Position;
}
export interface SubmissionQueuePlan {
  readonly ring: 'sq';
  readonly name: string;
  readonly qid: number;
  readonly size: number;
  /** Queue identifier of its completion queue. */
  readonly cqid: number;
  readonly created: boolean;
  readonly position: Position;
}
export type QueuePlan = CompletionQueuePlan | SubmissionQueuePlan;

export type Operation = 'read' | 'write' | 'flush';
export type HoldPoint = 'fetch' | 'execute' | 'post';

/** One word of a script. `position` is where it stands in the file. */
export type Step = { readonly position: Position } & (
  | {
      readonly do: 'submit';
      readonly sqid: number;
      readonly operation: Operation;
      readonly count: number;
      readonly ring: boolean;
      readonly lba: number;
      readonly nsid?: number;
    }
  | { readonly do: 'ring'; readonly sqid: number }
  | { readonly do: 'consume' | 'reap'; readonly cqid: number; readonly entries: number | 'all' }
  | { readonly do: 'enable' | 'disable' | 'doorbell-buffer' | 'aer' | 'settle' }
  | { readonly do: 'reset'; readonly kind: ResetKind }
  | { readonly do: 'create'; readonly queue: QueuePlan }
  | { readonly do: 'delete'; readonly queue: QueuePlan }
  | { readonly do: 'abort'; readonly sqid: number; readonly command: number }
  | { readonly do: 'mask' | 'unmask'; readonly vector: number | 'function' }
  | { readonly do: 'write'; readonly target: WriteTarget; readonly value: number }
  | { readonly do: 'hold' | 'release'; readonly what: HoldPoint }
  | { readonly do: 'expect'; readonly expectations: readonly Expectation[] }
);
export type WriteTarget =
  | { readonly kind: 'register'; readonly offset: number }
  | { readonly kind: 'doorbell' | 'shadow'; readonly ring: 'sq' | 'cq'; readonly qid: number };

export type Expectation = { readonly position: Position } & (
  | { readonly what: 'posted' | 'unread'; readonly cqid: number; readonly value: number }
  | { readonly what: 'full'; readonly cqid: number; readonly value: boolean }
  | { readonly what: 'fetched'; readonly sqid: number; readonly value: number }
  /** Status of the command completed last on this queue (0: admin). */
  | { readonly what: 'status'; readonly sqid: number; readonly value: Status }
  /** DW0 of the latest asynchronous event, without reserved bits. */
  | { readonly what: 'event'; readonly value: number }
);

/** What one host thread wants, in order. */
export interface ThreadOperation {
  readonly sqid: number;
  readonly operation: Operation;
  readonly count: number;
  readonly lba: number;
  /** Namespace; absent: the one that there is. */
  readonly nsid?: number;
}
export type ControlOperation = { readonly position: Position } & (
  | { readonly do: 'save' | 'restore' | 'inspect' | 'next-aen' }
  | { readonly do: 'mask' | 'unmask'; readonly vector: number }
  | { readonly do: 'doorbell-buffer' }
  /** `queue` as it is to be, which need not be as the scenario defines it. */
  | { readonly do: 'delete' | 'create'; readonly queue: QueuePlan }
  /** Commands of a queue are numbered from 0, as they are submitted in a run. */
  | { readonly do: 'abort'; readonly sqid: number; readonly command: number }
  | { readonly do: 'reset'; readonly kind: ResetKind }
);

export type Body =
  | { readonly kind: 'steps'; readonly steps: readonly Step[] }
  | {
      readonly kind: 'workload';
      readonly threads: readonly (readonly ThreadOperation[])[];
      readonly control: readonly ControlOperation[];
    };

export type Verdict =
  | { readonly kind: 'conforms' }
  /** Exactly these error ids, after blame, over the whole budget. */
  | { readonly kind: 'violates'; readonly rules: readonly RuleId[] }
  /** At least one of these and nothing else. */
  | { readonly kind: 'violates-any'; readonly rules: readonly RuleId[] };

/** A system under test: a model's name and the decisions set for it. */
export interface ModelChoice {
  readonly model: string;
  readonly decisions: Readonly<Record<string, string | number | boolean>>;
}
/** One pair to run the scenario against, and what must come out. `driver` is unused by a `steps` body. */
export interface Pairing {
  readonly driver: ModelChoice;
  readonly controller: ModelChoice;
  readonly verdict: Verdict;
  readonly position: Position;
  /** What the command line named: of it the scenario does not promise that it comes to what the rules ask for. */
  readonly named?: 'driver' | 'controller' | 'both';
}

export interface Exploration {
  /** The default policy, once. Always done. */
  readonly scripted: true;
  readonly random: { readonly runs: number; readonly steps: number } | undefined;
  readonly exhaustive: { readonly states: number; readonly depth: number } | undefined;
}

/** One choice of a schedule: the process that steps, and what its step is called. */
export interface ScheduledStep {
  readonly position: Position;
  readonly process: string;
  readonly step: string;
}

export interface Scenario {
  /** As given on the command line, relative to the working directory. */
  readonly file: string;
  readonly title: string;
  /** Rules that must be exercised, or the pass is vacuous. */
  readonly rules: readonly RuleId[];
  /** Host rules that the script breaks on purpose: each must fire, and does not count. */
  readonly provokes: readonly RuleId[];
  /** When Doorbell Buffer Config is issued in bring-up. */
  readonly doorbellBuffer: 'never' | 'before-queues' | 'between-queues' | 'after-queues';
  readonly queues: readonly QueuePlan[];
  readonly wakeup: WakeupFormula | undefined;
  readonly body: Body;
  /** A counterexample: exactly these steps after bring-up. Undefined where the explorer chooses. */
  readonly schedule?: readonly ScheduledStep[];
  readonly exploration: Exploration;
  readonly pairings: readonly Pairing[];
}
