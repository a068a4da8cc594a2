/** What a fuzz session did and found. Plain data: it crosses from the workers to the reporters. */
import type { RuleId } from '../spec/rule.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { FindingReport, PairingResult } from '../suite/result.ts';
import type { Shard } from '../suite/shard.ts';

export type { Shard };

/** How the next process is chosen. */
export type SchedulerKind = 'uniform' | 'pct' | 'starve-one' | 'bursts' | 'speeds';

/** A failing run, shrunk and saved. */
export interface Counterexample {
  /** Where it was saved, relative to the working directory; undefined if it could not be. */
  readonly file: string | undefined;
  /** The finding of the shrunk run, with its trace. */
  readonly finding: FindingReport;
  /** The shrunk run as a scenario, its schedule included. */
  readonly scenario: Scenario;
  readonly commands: number;
  readonly steps: number;
  /** Times that a process which could have moved on was interrupted by another. */
  readonly preemptions: number;
  /** False when the session was interrupted, or a worker failed, before it was as small as it gets. */
  readonly shrunk: boolean;
  /** The run that was shrunk to it: number of its block, and its number in the block, both from 0. */
  readonly block: number;
  readonly run: number;
  /** Further runs that came to the same rule and shape. */
  readonly duplicates: number;
}

/** What was fuzzed was inconclusive, or nvme-conform failed. */
export interface FuzzTrouble {
  readonly kind: 'bad-plug-in' | 'inconclusive' | 'not-applicable' | 'internal';
  readonly text: string;
  readonly block: number;
}

export interface FuzzResult {
  readonly seed: number;
  /** Which blocks of the session were run here. */
  readonly shard: Shard | undefined;
  /** Labels of the systems under test. */
  readonly driver: string;
  readonly controller: string;
  /** Runs that were to be made here; undefined: as many as there was time for. */
  readonly asked: number | undefined;
  /** Schedules run, and the generated worlds they were run in. */
  readonly runs: number;
  readonly worlds: number;
  /** Worlds that the systems cannot be in: an optional command is missing, a queue is too large. They are not run. */
  readonly notApplicable: number;
  /** Worlds whose bring-up failed: no schedule can be tried there, so each counts as one run, or as none. */
  readonly down: number;
  readonly steps: number;
  /** Runs that the bound on steps ended before the world was quiet. */
  readonly unfinished: number;
  readonly milliseconds: number;
  readonly exercised: Readonly<Partial<Record<RuleId, number>>>;
  /** Runs with a warning of each rule; none where warnings count as findings. */
  readonly warnings: Readonly<Partial<Record<RuleId, number>>>;
  /** In how many worlds each feature took part: `shadow doorbells`, `controller reset` … */
  readonly features: Readonly<Record<string, number>>;
  /** Runs of each scheduler. */
  readonly schedulers: Readonly<Record<SchedulerKind, number>>;
  readonly counterexamples: readonly Counterexample[];
  /** Failing runs of each rule that were counted and not shrunk. */
  readonly notShrunk: Readonly<Partial<Record<RuleId, number>>>;
  /** Counterexamples of earlier sessions, which were run first, with what came out now. */
  readonly corpus: readonly PairingResult[];
  /** Failing runs of this session that came down to one of those, by its file. */
  readonly foundAgain: Readonly<Record<string, number>>;
  /** Counterexamples of earlier sessions that are about other systems. */
  readonly corpusLeftAlone: number;
  /** Runs that were repeated, undone and redone. */
  readonly selfChecks: number;
  readonly trouble: readonly FuzzTrouble[];
  readonly ended: 'runs' | 'time' | 'bail' | 'SIGINT' | 'SIGTERM';
  readonly strict: boolean;
}

/** What is summed up over the blocks of a session. */
export type FuzzSums = Pick<
  FuzzResult,
  | 'runs'
  | 'worlds'
  | 'notApplicable'
  | 'down'
  | 'steps'
  | 'unfinished'
  | 'selfChecks'
  | 'exercised'
  | 'warnings'
  | 'features'
  | 'schedulers'
  | 'trouble'
>;

/** How a session is getting on. */
export interface FuzzProgress {
  readonly runs: number;
  readonly steps: number;
  readonly milliseconds: number;
  /** Rules exercised so far. */
  readonly rules: number;
  readonly findings: number;
  /** Rules whose failing runs are being shrunk now. */
  readonly shrinking: readonly RuleId[];
  /** What is left: runs, or milliseconds; undefined without a budget. */
  readonly left: { readonly runs: number } | { readonly milliseconds: number } | undefined;
}
