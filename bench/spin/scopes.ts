/** The scopes and the seeded bugs that both sides explore. */
import type { SmallScope } from '../../src/scenario/small-scope.fixture.ts';
import type { ModelChoice } from '../../src/scenario/scenario.ts';

export interface Scope {
  /** Slots of every ring. */
  readonly size: number;
  /** Commands of the two threads. */
  readonly reads: readonly [number, number];
}

type Decisions = ModelChoice['decisions'];

/** A mistake that queues.pml makes under `-DBUG_…` and ours by a decision of one side. */
export interface SeededBug {
  readonly define: string;
  readonly driver?: Decisions;
  readonly controller?: Decisions;
}

export const seededBugs: readonly SeededBug[] = [
  { define: 'HEAD_EVENTIDX_NEVER_WRITTEN', controller: { cqEventIdx: 'never-written' } },
  { define: 'HEAD_EVENTIDX_IS_TAIL', controller: { cqEventIdx: 'tail-after-post' } },
  { define: 'NO_HEAD_REREAD', controller: { cqReread: false } },
  { define: 'TAIL_EVENTIDX_NEVER_WRITTEN', controller: { sqEventIdx: 'never-written' } },
  { define: 'NO_TAIL_REREAD', controller: { sqReread: false } },
  { define: 'HEAD_WAKES_NOBODY', controller: { headDoorbellWakes: 'nobody' } },
  { define: 'NO_INTERRUPT', controller: { interrupt: 'never' } },
  { define: 'PHASE_CONSTANT', controller: { phase: 'constant' } },
  { define: 'NO_FENCE', driver: { fence: 'none' } },
];

export function titleOf({ size, reads }: Scope): string {
  return `${size} slots, ${reads.join(' + ')} commands`;
}

/** What tests and the nightly search call this scope. */
export function smallScopeOf({ size, reads }: Scope, driver: Decisions = {}): SmallScope {
  return { size, reads, shadow: true, controller: 'reference/trapped', decisions: driver };
}
