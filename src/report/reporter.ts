/**
 * What a run or a fuzz session tells, event by event, and who turns it into text. A reporter is pure: it gives text
 * and writes nothing. Same events, same text; no clock.
 */
import type { Counterexample, FuzzResult } from '../fuzz/result.ts';
import type { PairingResult, SuiteResult } from '../suite/result.ts';
import type { Invocation } from './command.ts';
import type { SystemOnRecord } from './on-record.ts';

/** What is known before anything has run. */
export type Header = {
  /** Version of the program. */
  readonly version: string;
  readonly invocation: Invocation;
} & ({ readonly command: 'run' } | FuzzHeader);

export interface FuzzHeader {
  readonly command: 'fuzz';
  /** Labels of the systems under test. */
  readonly driver: string;
  readonly controller: string;
  /** The words of the command that does this session again, its seed included. */
  readonly again: readonly string[];
  /** What is known of them. */
  readonly records: readonly SystemOnRecord[];
}

/** What came out of it all. */
export type Ending = { readonly exitCode: number } & (
  | { readonly command: 'run'; readonly suite: SuiteResult }
  | { readonly command: 'fuzz'; readonly session: FuzzResult }
);

/**
 * Made for one run with its header. First `begin`, once. Then each result: in a fuzz session these are the
 * counterexamples of earlier sessions. Then each counterexample of the session. Then `end`, once, with all of them again, in the same order, and an
 * interrupted run too. Each gives the text to write now, often none; what was not asked for `end` was cut short.
 */
export interface Reporter {
  begin(): string;
  result(result: PairingResult): string;
  /** How many duplicates it has is not yet known: `end` has the number. */
  counterexample(counterexample: Counterexample): string;
  end(ending: Ending): string;
}
