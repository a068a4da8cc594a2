/** The portfolio: which scheduler a run gets. Each finds soon what the others hardly ever do. */
import fc from 'fast-check';
import type { SchedulerSpec } from './scheduler.ts';

const seed: fc.Arbitrary<number> = fc.nat({ max: 0x7fff_ffff });
const depth: fc.Arbitrary<2 | 3 | 4> = fc.constantFrom(2, 3, 4);

/**
 * Records of primitives: cheap to generate, and sent to workers as they are. Half of the runs are uniform, so that a
 * bug that only uniform choices find takes at most twice as many runs; priorities find most of what those do not.
 */
export const portfolio: fc.Arbitrary<SchedulerSpec> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('uniform'), seed }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pct'), seed, depth }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('speeds'), seed }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('starve-one'), seed }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bursts'), seed }) },
);
