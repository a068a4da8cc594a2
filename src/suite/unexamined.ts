/** The result of a pairing that nobody could examine. */
import type { Pairing, Scenario } from '../scenario/scenario.ts';
import { optionsFor } from './pairings.ts';
import type { Outcome, PairingResult } from './result.ts';
import { labelOf } from './verdict.ts';

interface Task {
  readonly scenario: Scenario;
  readonly pairing: Pairing;
}

export function unexamined({ scenario, pairing }: Task, outcome: Outcome, reason: string): PairingResult {
  return {
    file: scenario.file,
    title: scenario.title,
    driver: scenario.body.kind === 'steps' ? undefined : pairing.driver.model,
    controller: labelOf(pairing.controller),
    expected: pairing.verdict,
    outcome,
    reason,
    position: pairing.position,
    rules: scenario.rules,
    findings: [],
    unmet: [],
    explorations: [],
    exercised: {},
    undecidable: [],
    alone: optionsFor(scenario, pairing),
  };
}
