/** What a rule found, and how it is argued from the trace. */
import type { LinkEvent } from '../link/events.ts';
import type { RuleId, Severity } from '../spec/rule.ts';

/** One event the argument rests on, by its number in the history, and what it says. */
export interface Fact {
  readonly event: number;
  readonly text: string;
}

export interface Argument {
  readonly facts: readonly Fact[];
  readonly inference: string;
}

/** A recorded run from its start: the number of an event is its index. */
export interface History {
  readonly events: readonly LinkEvent[];
}

export interface Finding {
  readonly rule: RuleId;
  readonly party: 'host' | 'controller';
  readonly severity: Severity;
  /** Other rules that the same facts speak of. */
  readonly tags: readonly RuleId[];
  /** `SQ1`, `CQ0`; absent where no single queue is meant. */
  readonly queue?: string;
  argue(history: History): Argument;
}
