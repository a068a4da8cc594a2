/** What the exploration of a small world finds, as tests of the driver ask for it. */
import type { Test } from 'tap';
import { type ExhaustiveResult, exploreExhaustively } from '../../explore/exhaustive.ts';
import { choiceOf, processOf, type World } from '../../world/world.ts';
import { type Setting, worldOf } from './world.fixture.ts';

export const BOUNDS: { readonly states: number; readonly depth: number } = { states: 400_000, depth: 10_000 };
export const BACKPRESSURE = 'SAVE-NO-BACKPRESSURE';
const never = (): boolean => false;

export function explored(setting: Setting): ExhaustiveResult {
  return exploreExhaustively(worldOf(setting), BOUNDS, never);
}

export function rules(result: ExhaustiveResult): string[] {
  return [...new Set(result.found.map(({ finding }) => `${finding.rule} of the ${finding.party}`))];
}

export function fails(t: Test, setting: Setting, what: string): void {
  const result = explored(setting);
  t.same(rules(result), [`${BACKPRESSURE} of the host`], what);
  t.ok(result.complete, `${what}: everything was explored`);
}

export function conforms(t: Test, setting: Setting, what: string): void {
  const result = explored(setting);
  t.same(rules(result), [], what);
  t.ok(result.complete, `${what}: everything was explored`);
}

/** Runs by the default policy to the end, and returns the steps that hosts took. */
export function stepsOf(world: World): string[] {
  const steps: string[] = [];
  for (let move = world.defaultMove(undefined); move !== undefined; move = world.defaultMove(move)) {
    const process = world.processes[processOf(move)];
    if (process?.party === 'host') steps.push(`${process.name}: ${process.label(choiceOf(move))}`);
    world.take(move);
  }
  return steps;
}
