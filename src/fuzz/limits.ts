/** What the real systems behind some models never do: a world that has it would say nothing about them. */
import type { Swarm } from './genes.ts';

interface Limit {
  readonly systems: RegExp;
  readonly never: readonly (keyof Swarm)[];
}

/** A queue pair for each CPU, both queues of one size: no other host's completions share the queue. */
const queuePairs = ['sharedCompletionQueues', 'unequalSizes', 'otherSizes'] as const;

const driverLimits: readonly Limit[] = [
  {
    systems: /^openvmm-driver\//,
    never: [...queuePairs, 'shadowDoorbells', 'abort', 'reset', 'recreate', 'restore'],
  },
  { systems: /^linux\//, never: queuePairs },
];

/** The swarm of a world without what this driver never does. */
export function withinLimits(swarm: Swarm, driver: string): Swarm {
  const never = driverLimits.flatMap((limit) => (limit.systems.test(driver) ? limit.never : []));
  return { ...swarm, ...Object.fromEntries(never.map((feature) => [feature, false])) };
}
