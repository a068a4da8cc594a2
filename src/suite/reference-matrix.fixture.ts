/**
 * The scopes in which the reference pair is searched exhaustively: every size, tag limit, doorbell order, way of
 * noticing completions, wake-up formula and number of submission queues. Those that are small enough are a test; all
 * of them are a nightly command.
 */
import { exploreExhaustively, type ExhaustiveResult } from '../explore/exhaustive.ts';
import { build } from '../scenario/build.ts';
import { smallScope } from '../scenario/small-scope.fixture.ts';
import { wakeupFormulas, type WakeupFormula } from '../spec/wakeup.ts';

export interface Scope {
  /** Register writes: trapped as in a VMM, or posted as by hardware. */
  readonly controller: 'reference/trapped' | 'reference';
  readonly size: number;
  readonly sqs: 1 | 2;
  readonly tags: 'size-1' | 'over-committed';
  readonly completes: 'before-head-doorbell' | 'after-head-doorbell';
  readonly completion: 'interrupt' | 'polled';
  /** The formula of a host with shadow doorbells; `off` without them. */
  readonly shadow: WakeupFormula | 'off';
}

/** 2N+1 commands on the first queue, so that indices and phase wrap twice; N+1 for the largest size. */
export function commandsOf({ size }: Scope): number {
  return size < 4 ? 2 * size + 1 : size + 1;
}

export function everyScope(): Scope[] {
  const scopes: Scope[] = [];
  for (const controller of ['reference/trapped', 'reference'] as const)
    for (const size of [2, 3, 4])
      for (const sqs of [1, 2] as const)
        for (const tags of ['size-1', 'over-committed'] as const)
          for (const completes of ['before-head-doorbell', 'after-head-doorbell'] as const)
            for (const completion of ['interrupt', 'polled'] as const)
              for (const shadow of ['off', ...wakeupFormulas] as const)
                scopes.push({ controller, size, sqs, tags, completes, completion, shadow });
  return scopes;
}

export function nameOf(scope: Scope): string {
  const { controller, size, sqs, tags, completes, completion, shadow } = scope;
  const mmio = controller === 'reference' ? 'posted' : 'trapped';
  const doorbells = shadow === 'off' ? 'registers' : `shadow ${shadow}`;
  const order = completes === 'before-head-doorbell' ? 'completes first' : 'doorbell first';
  return `N=${size} K=${commandsOf(scope)} ${sqs} SQ ${mmio}, ${tags}, ${order}, ${completion}, ${doorbells}`;
}

export function searched(scope: Scope, states: number): ExhaustiveResult {
  const { controller, size, sqs, tags, completes, completion, shadow } = scope;
  const commands = commandsOf(scope);
  const decisions = {
    completes,
    completion,
    ...(shadow === 'off' ? {} : { wakeup: shadow }),
    ...(tags === 'over-committed' ? { tags: commands, freeSlots: 'sqhd' } : {}),
  };
  const reads = sqs === 2 ? [commands, 1] : [commands];
  const { world } = build(...smallScope({ size, reads, shadow: shadow !== 'off', controller, decisions }));
  if (!world.bringUp()) throw new Error(`${nameOf(scope)}: bring-up does not end`);
  return exploreExhaustively(world, { states, depth: 1_000_000, reduce: false }, () => false);
}
