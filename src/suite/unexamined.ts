/** The result of a pairing that nobody could examine. */
import type { Pairing, Scenario } from '../scenario/scenario.ts';
import { optionsFor } from './pairings.ts';
import type { Outcome, PairingResult } from './result.ts';
import { statedOf } from './verdict.ts';

interface Task {
  readonly scenario: Scenario;
  readonly pairing: Pairing;
}

export function unexamined({ scenario, pairing }: Task, outcome: Outcome, reason: string): PairingResult {
  return {
    ...statedOf(scenario, pairing),
    outcome,
    reason,
    findings: [],
    unmet: [],
    explorations: [],
    exercised: {},
    undecidable: [],
    alone: optionsFor(scenario, pairing),
  };
}
