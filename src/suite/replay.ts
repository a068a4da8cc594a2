/** Runs the schedule of a counterexample exactly, in this thread, and keeps what happened. */
import type { Pairing, ScheduledStep, Scenario } from '../scenario/scenario.ts';
import { examine } from './examine.ts';
import { pairingsOf, type Replacement } from './pairings.ts';
import type { Followed, PairingResult, TraceRow } from './result.ts';

/** The first step of a schedule that could not be taken. */
export interface Misfit {
  readonly wanted: ScheduledStep;
  /** Steps taken before it. */
  readonly after: number;
  /** Steps of the whole schedule. */
  readonly steps: number;
  /** What could step instead; nothing if the run was over. */
  readonly instead: NonNullable<Followed['instead']>;
}

export interface Replay {
  readonly result: PairingResult;
  /** The whole run, bring-up included. */
  readonly trace: readonly TraceRow[];
  readonly misfit: Misfit | undefined;
}

export interface ReplayRequest extends Replacement {
  readonly scenario: Scenario;
  readonly strict: boolean;
}

/** One replay for each pair of systems; the scenario must have a schedule. */
export function replay({ scenario, strict, ...replacement }: ReplayRequest): readonly Replay[] {
  return pairingsOf(scenario, replacement).map((pairing) => replayed(scenario, pairing, strict));
}

function replayed(scenario: Scenario, pairing: Pairing, strict: boolean): Replay {
  let trace: readonly TraceRow[] = [];
  const watch = (rows: readonly TraceRow[]): void => {
    trace = [...rows];
  };
  const options = { seed: 0, runs: undefined, strict, connection: undefined, watch };
  const result = examine(scenario, pairing, options, () => false);
  // A bring-up that fails is not watched: its finding has what there is.
  if (trace.length === 0) trace = result.findings[0]?.trace ?? [];
  return { result, trace, misfit: misfitOf(scenario, result) };
}

function misfitOf({ schedule }: Scenario, { explorations }: PairingResult): Misfit | undefined {
  const [run] = explorations;
  const followed = run?.kind === 'scripted' ? run.schedule : undefined;
  const wanted = followed && schedule?.[followed.followed];
  if (followed?.instead === undefined || wanted === undefined) return undefined;
  return { wanted, after: followed.followed, steps: followed.steps, instead: followed.instead };
}
