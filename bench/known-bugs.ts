/**
 * Models that are known to be wrong, each with the workloads that show it: all in which it is a matter of luck, or one
 * where every schedule shows it. Missing are bugs that only a script shows, and those of bring-up, which has no luck.
 */
import type { ControlOperation, QueuePlan, Scenario } from '../src/scenario/scenario.ts';
import { smallScope } from '../src/scenario/small-scope.fixture.ts';

export interface KnownBug {
  readonly model: string;
  readonly role: 'controller' | 'driver';
  /** By its name in the suite, or one that the suite has as a script only. */
  readonly scenario: string | Scenario;
}

const position = { line: 1, column: 1 };

/** The small scope with control actions of the host beside its threads. */
function withControl(title: string, shadow: boolean, control: (queues: Queues) => Control): Scenario {
  const [scenario] = smallScope({ size: 3, reads: [4], shadow });
  const [cq, sq] = scenario.queues;
  if (cq === undefined || sq === undefined || scenario.body.kind !== 'workload')
    throw new Error('two queues');
  return { ...scenario, title, body: { ...scenario.body, control: control({ cq, sq }) } };
}
type Control = readonly ControlOperation[];
interface Queues {
  readonly cq: QueuePlan;
  readonly sq: QueuePlan;
}

const queueReplaced = withControl('a queue is replaced', false, ({ sq }) => [
  { do: 'delete', queue: sq, position },
  { do: 'create', queue: sq, position },
]);
const shadowReset = withControl('a reset under shadow doorbells', true, () => [
  { do: 'reset', kind: 'cc-en', position },
]);

const controllers: Readonly<Record<string, readonly (string | Scenario)[]>> = {
  'propolis/before': [
    'command-identifiers',
    'eventidx-lagging-tail',
    'linux-head-after-tag',
    'msix-mask-under-load',
    'reset-under-load',
    'shadow-under-load',
    'shared-cq-idle-sibling',
    'three-slot-rings',
    'unequal-rings',
  ],
  'propolis/after': [
    'command-identifiers',
    'linux-head-after-tag',
    'msix-mask-under-load',
    'reset-under-load',
    'shadow-under-load',
    'shared-cq-idle-sibling',
    'three-slot-rings',
    'unequal-rings',
  ],
  'spdk-vfio-user/v0': [
    'command-identifiers',
    'eventidx-lagging-tail',
    'linux-head-after-tag',
    'reset-under-load',
    'shadow-under-load',
    'shared-cq-idle-sibling',
    'three-slot-rings',
    'unequal-rings',
  ],
  'spdk-vfio-user/v1': [
    'command-identifiers',
    'linux-head-after-tag',
    'reset-under-load',
    'shadow-under-load',
    'shared-cq-idle-sibling',
    'three-slot-rings',
    'unequal-rings',
  ],
  'spdk-vfio-user/v2': [
    'command-identifiers',
    'linux-head-after-tag',
    'reset-under-load',
    'shadow-under-load',
    'shared-cq-idle-sibling',
    'three-slot-rings',
    'unequal-rings',
  ],
  'mutant/fetches-newest-first': [
    'command-identifiers',
    'linux-head-after-tag',
    'msix-mask-under-load',
    'reset-under-load',
    'shadow-under-load',
    'shadow-wakeup',
    'three-slot-rings',
    'unequal-rings',
  ],
  'mutant/fetches-past-tail': [
    'command-identifiers',
    'linux-head-after-tag',
    'msix-mask-under-load',
    'reset-under-load',
    'shadow-under-load',
    'shadow-wakeup',
    'three-slot-rings',
    'unequal-rings',
  ],
  'mutant/overwrites-full-queue': [
    'command-identifiers',
    'eventidx-lagging-tail',
    'linux-head-after-tag',
    'reset-under-load',
    'shadow-under-load',
    'shared-cq-idle-sibling',
    'three-slot-rings',
    'unequal-rings',
  ],
  'mutant/discards-at-full-queue': [
    'command-identifiers',
    'linux-head-after-tag',
    'reset-under-load',
    'shadow-under-load',
    'shared-cq-idle-sibling',
    'three-slot-rings',
    'unequal-rings',
  ],
  'mutant/full-queue-stops-all': ['shadow-under-load'],
  'mutant/head-doorbell-wakes-nobody': [
    'command-identifiers',
    'eventidx-lagging-tail',
    'linux-head-after-tag',
    'reset-under-load',
    'shadow-under-load',
    'shared-cq-idle-sibling',
    'three-slot-rings',
    'unequal-rings',
  ],
  'mutant/wraps-one-slot-early': ['reset-under-load'],
  'mutant/constant-phase': ['command-identifiers'],
  'mutant/unwrapped-sqhd': [
    'command-identifiers',
    'reset-under-load',
    'shadow-under-load',
    'three-slot-rings',
    'unequal-rings',
  ],
  'mutant/sqhd-is-tail': [
    'command-identifiers',
    'linux-head-after-tag',
    'msix-mask-under-load',
    'reset-under-load',
    'shadow-under-load',
    'shadow-wakeup',
    'three-slot-rings',
    'unequal-rings',
  ],
  'mutant/zero-sqid': ['command-identifiers'],
  'mutant/queue-of-same-id': ['shared-cq-idle-sibling'],
  'mutant/error-path-drops-command': ['command-identifiers'],
  'mutant/posts-after-disable': ['reset-under-load'],
  'mutant/io-queues-survive-reset': ['reset-under-load'],
  'mutant/no-second-look-at-tail': ['eventidx-lagging-tail', 'shadow-under-load', 'shadow-wakeup'],
  'mutant/cq-eventidx-is-tail': ['shadow-under-load'],
  'mutant/interrupts-only-when-empty': [
    'command-identifiers',
    'linux-head-after-tag',
    'msix-mask-under-load',
    'reset-under-load',
    'shadow-under-load',
    'shadow-wakeup',
    'three-slot-rings',
    'unequal-rings',
  ],
  'mutant/ignores-mask': ['msix-mask-under-load'],
  'mutant/unmask-keeps-pending': ['msix-mask-under-load'],
  'mutant/create-keeps-indices': [queueReplaced],
  'mutant/doorbell-pages-survive-reset': [shadowReset],
};

const drivers: Readonly<Record<string, readonly (string | Scenario)[]>> = {
  'openvmm-driver/before': ['sq-backpressure-save-inspect'],
  'mutant/tail-wraps-late': ['reset-under-load', 'sq-backpressure-save-inspect'],
  'mutant/as-many-tags-as-slots': [
    'eventidx-lagging-tail',
    'shadow-under-load',
    'shared-cq-idle-sibling',
    'three-slot-rings',
  ],
  'mutant/head-wraps-at-sq-size': ['command-identifiers'],
  'mutant/head-one-further': [
    'command-identifiers',
    'msix-mask-under-load',
    'reset-under-load',
    'shadow-under-load',
    'shadow-wakeup',
    'three-slot-rings',
  ],
  'mutant/same-cid-for-all': [
    'command-identifiers',
    'msix-mask-under-load',
    'reset-under-load',
    'shadow-under-load',
    'shadow-wakeup',
    'three-slot-rings',
    'unequal-rings',
  ],
  'mutant/no-barrier-before-eventidx': ['eventidx-lagging-tail', 'shadow-under-load', 'shadow-wakeup'],
  'mutant/rings-old-value': ['shadow-under-load'],
};

export const known: readonly KnownBug[] = [
  ...Object.entries(controllers).flatMap(([model, scenarios]) =>
    scenarios.map((scenario): KnownBug => ({ model, role: 'controller', scenario })),
  ),
  ...Object.entries(drivers).flatMap(([model, scenarios]) =>
    scenarios.map((scenario): KnownBug => ({ model, role: 'driver', scenario })),
  ),
];
