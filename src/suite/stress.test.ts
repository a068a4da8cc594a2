import fc from 'fast-check';
import t from 'tap';
import { byNumbers, runToEnd } from '../explore/schedule.ts';
import { numbersFrom, type Stress, stresses, worldOf } from './stress.fixture.ts';

const RUNS = 10;
/** Choices of a schedule; where they end, the default policy goes on. */
const CHOICES = 600;
/** More than any of these worlds takes to become quiet. */
const STEPS = 20_000;

/** What is wrong with a run, in words; nothing if all is well. */
function complaints(stress: Stress, seed: number): string[] {
  const world = worldOf(stress);
  if (!world.bringUp()) return ['bring-up does not come to its end'];
  for (let run = 0; run < RUNS; run++) {
    world.restart();
    const { ended } = runToEnd(world, STEPS, byNumbers(numbersFrom(seed + run, CHOICES)));
    const fired = world.findings.filter(({ severity }) => severity !== 'info');
    const found = fired.map(({ rule, party, severity }) => `${rule} (${party}, ${severity}) in run ${run}`);
    if (found.length > 0) return found;
    if (!ended) return [`run ${run} does not come to its end`];
  }
  return [];
}

t.test('no rule fires on the reference pair, whatever its sizes, decisions and control actions are', async (t) => {
  const property = fc.property(stresses, fc.nat(), (stress, seed) => {
    const wrong = complaints(stress, seed);
    if (wrong.length > 0) throw new Error(wrong.join('; '));
  });
  const { failed, counterexample, errorInstance } = fc.check(property, { numRuns: 400, seed: 1 });
  t.notOk(failed, `${String(errorInstance)} with ${JSON.stringify(counterexample)}`);
});
