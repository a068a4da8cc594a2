/** What the real systems behind some models never do: a world that has it would say nothing about them. */
import type { Swarm } from './genes.ts';

interface Limit {
  readonly systems: RegExp;
  readonly never: readonly (keyof Swarm)[];
}

/** A queue pair for each CPU, both queues of one size: no other host's completions share the queue. */
const queuePairs = ['sharedCompletionQueues', 'unequalSizes', 'otherSizes'] as const;

const limits: readonly Limit[] = [
  // It refuses a second submission queue on a completion queue (openvmm #1945).
  { systems: /^openvmm-emulator\/(pre-1582|before|1582|after)$/, never: ['sharedCompletionQueues'] },
  {
    systems: /^openvmm-driver\//,
    never: [...queuePairs, 'shadowDoorbells', 'abort', 'reset', 'recreate'],
  },
  { systems: /^linux\//, never: queuePairs },
  {
    systems: /^cosmos\//,
    never: [
      ...queuePairs,
      'severalQueues',
      'shadowDoorbells',
      'inspect',
      'abort',
      'reset',
      'recreate',
      'restore',
    ],
  },
];

/** Whether the driver has a control plane that can be asked for something: for Save, or for the next event. */
export function takesRequests(driver: string): boolean {
  return !driver.startsWith('cosmos/');
}

/** The swarm of a world without what this driver or controller never does. */
export function withinLimits(swarm: Swarm, system: string): Swarm {
  const never = limits.flatMap(({ systems, never: features }) => (systems.test(system) ? features : []));
  return { ...swarm, ...Object.fromEntries(never.map((feature) => [feature, false])) };
}
