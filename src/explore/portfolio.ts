/** The portfolio: which scheduler a run gets. Each finds in few runs what the others need thousands for. */
import fc from 'fast-check';
import type { SchedulerSpec } from './scheduler.ts';

const seed: fc.Arbitrary<number> = fc.nat({ max: 0x7fff_ffff });
const depth: fc.Arbitrary<2 | 3 | 4> = fc.constantFrom(2, 3, 4);

/** Records of primitives: cheap to generate, and sent to workers as they are. */
export const portfolio: fc.Arbitrary<SchedulerSpec> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('uniform'), seed }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pct'), seed, depth }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('starve-one'), seed }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bursts'), seed }) },
);
