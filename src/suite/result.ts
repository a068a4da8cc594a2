/** What a run of the suite found. Plain data: it crosses from the workers to the reporters. */
import type { RuleId, Severity } from '../spec/rule.ts';
import type { Followed } from '../explore/following.ts';
import type { TraceRow } from '../world/recorder.ts';
import type { Position, Verdict } from '../scenario/scenario.ts';

export type { Followed, TraceRow };

export interface FindingReport {
  readonly rule: RuleId;
  readonly party: 'host' | 'controller';
  readonly severity: Severity;
  readonly tags: readonly RuleId[];
  readonly queue: string | undefined;
  /** The events it rests on by number, and what follows from them. */
  readonly facts: readonly { readonly event: number; readonly text: string }[];
  readonly inference: string;
  readonly trace: readonly TraceRow[];
  readonly foundBy: 'scripted' | 'schedule' | 'random' | 'exhaustive';
  /** Steps of the shortest schedule found, bring-up not counted. */
  readonly steps: number;
  /** Reproduces a random run: the seed and fast-check's path. */
  readonly seed: number | undefined;
  readonly path: string | undefined;
}

export type ExplorationReport =
  | { readonly kind: 'scripted'; readonly steps: number; readonly schedule?: Followed }
  | { readonly kind: 'random'; readonly runs: number; readonly steps: number; readonly seed: number }
  | {
      readonly kind: 'exhaustive';
      readonly states: number;
      readonly transitions: number;
      readonly depth: number;
      /** False when a bound ended the search, or bytes declared dead were read. */
      readonly complete: boolean;
      /** Why it is not complete. */
      readonly because: string | undefined;
      /** Whether steps were left out whose order cannot matter. */
      readonly reduced: boolean;
      /** Chance that two different states shared a fingerprint. */
      readonly collision: number;
      /** Ways that go round for ever with nothing owed: somebody is busy while idle. */
      readonly idleCircles: number;
    };

export interface UnmetExpectation {
  readonly position: Position;
  /** `cq1: posted 4 expected, 3 seen` */
  readonly text: string;
}

export type Outcome =
  /** The verdict came out as stated, and every rule it names was exercised. */
  | 'as-expected'
  /** Another verdict than stated, or an `expect` that does not hold. */
  | 'unexpected'
  /** As stated, but a rule named in `rules` was never exercised. */
  | 'vacuous'
  /** The target died or stopped answering, or a budget ended before the verdict. */
  | 'inconclusive'
  /** This target cannot run this scenario, or can decide none of its rules. */
  | 'not-applicable'
  /** The script itself broke a host rule that it does not declare. */
  | 'bad-scenario'
  /** A plug-in threw, returned nonsense, or broke what its port promises. */
  | 'bad-plug-in'
  /** nvme-conform failed. */
  | 'internal';

/** What the command line names to have one pair run alone. */
export interface PairOptions {
  readonly controller?: string;
  readonly driver?: string;
}

export interface PairingResult {
  readonly file: string;
  readonly title: string;
  readonly driver: string | undefined;
  readonly controller: string;
  readonly expected: Verdict;
  readonly outcome: Outcome;
  /** One sentence for an outcome other than `as-expected`. */
  readonly reason: string | undefined;
  readonly position: Position;
  readonly rules: readonly RuleId[];
  readonly findings: readonly FindingReport[];
  readonly unmet: readonly UnmetExpectation[];
  readonly explorations: readonly ExplorationReport[];
  readonly exercised: Readonly<Partial<Record<RuleId, number>>>;
  /** Rules named by the scenario that this target does not show enough for. */
  readonly undecidable: readonly RuleId[];
  /** With these options `run` runs this pair alone and says the same of it; undefined where none do. */
  readonly alone: PairOptions | undefined;
}

export interface SuiteResult {
  readonly results: readonly PairingResult[];
  readonly seed: number;
  readonly interrupted: 'SIGINT' | 'SIGTERM' | undefined;
  readonly strict: boolean;
}
