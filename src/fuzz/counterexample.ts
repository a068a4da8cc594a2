/** A failing run as a scenario: what is saved, and what `replay` follows. */
import { scheduleOf } from '../explore/following.ts';
import type { FindingKey } from '../explore/finding-key.ts';
import { preemptionsOf } from '../explore/shrink.ts';
import type { Pairing, Scenario } from '../scenario/scenario.ts';
import { Evidence } from '../suite/evidence.ts';
import type { FindingReport, PairingResult } from '../suite/result.ts';
import type { StepName } from '../world/naming.ts';
import type { Move, World } from '../world/world.ts';
import type { Failing } from './block.ts';
import type { Case, Stage } from './case.ts';
import { NotRepeatable } from './not-repeatable.ts';
import type { Counterexample } from './result.ts';

/** Not saved yet. */
export type Draft = Pick<
  Counterexample,
  'finding' | 'scenario' | 'commands' | 'steps' | 'preemptions' | 'shrunk'
>;

/** One way to a finding. */
export interface Way {
  readonly finding: World['findings'][number];
  readonly moves: readonly Move[];
}

const position = { line: 1, column: 1 };

/** `seed`: of the session. */
export function draftOf(
  given: Case,
  stage: Stage,
  way: Way,
  seed: number,
  { block, run, key }: Failing,
): Draft {
  const { world, isDown } = stage;
  const reports: FindingReport[] = [];
  const evidence = new Evidence(world, reports);
  if (isDown) evidence.ofThisRun('random', []);
  else evidence.of('random', way.finding, way.moves, { seed, path: `${block}:${run}` });
  const finding = reports.find(({ rule, party }) => rule === key.rule && party === key.party);
  if (finding === undefined) throw new NotRepeatable(key.rule);
  const schedule = isDown ? [] : scheduleOf(world, way.moves);
  return {
    finding,
    scenario: counterexampleOf(given, key, schedule),
    commands: commandsOf(given.scenario),
    steps: way.moves.length,
    preemptions: isDown ? 0 : preemptionsOf(world, way.moves),
    shrunk: true,
  };
}

/** A case with a schedule, which bring-up may leave empty. It is stated to conform: as a regression test it passes once what it shows is repaired. */
export function counterexampleOf(
  { scenario, pairing }: Case,
  key: FindingKey,
  schedule: readonly StepName[],
): Scenario {
  return {
    ...scenario,
    title: titleOf(pairing, key),
    rules: [],
    schedule: schedule.map((step) => ({ position, ...step })),
    exploration: { scripted: true, random: undefined, exhaustive: undefined },
    pairings: [{ ...pairing, verdict: { kind: 'conforms' } }],
  };
}

/** It says what is broken: so one case that breaks two rules makes two counterexamples. */
function titleOf(pairing: Pairing, key: FindingKey): string {
  return `${key.rule} is broken by ${targetOf(pairing, key)}`;
}

/** Whether a counterexample came out again as what it was saved for. */
export function stillShows({ title, pairings }: Scenario, { findings }: PairingResult): boolean {
  return pairings.some((pairing) => findings.some((finding) => titleOf(pairing, finding) === title));
}

/** The model that broke the rule. */
export function targetOf({ driver, controller }: Pairing, { party }: Pick<FindingKey, 'party'>): string {
  return party === 'host' ? driver.model : controller.model;
}

/** Commands that its host submits. */
export function commandsOf({ body }: Scenario): number {
  const counts =
    body.kind === 'workload'
      ? body.threads.flat().map(({ count }) => count)
      : body.steps.map((step) => (step.do === 'submit' ? step.count : 0));
  return counts.reduce((sum, count) => sum + count, 0);
}
