/** The small scope that tests, benchmarks and the nightly search share: reads on submission queues of one CQ. */
import type { ModelChoice, Pairing, QueuePlan, Scenario } from './scenario.ts';

const position = { line: 1, column: 1 };

export interface SmallScope {
  /** Slots of the completion queue and of every submission queue. */
  readonly size: number;
  /** For each submission queue, how many reads a thread of its own submits to it. */
  readonly reads: readonly number[];
  /** Whether shadow doorbells are configured after the queues. */
  readonly shadow?: boolean;
  readonly controller?: string;
  /** Decisions of the reference driver. */
  readonly decisions?: ModelChoice['decisions'];
}

export function smallScope(scope: SmallScope): [Scenario, Pairing] {
  const { size, reads, shadow = false, controller = 'reference', decisions = {} } = scope;
  const pairing: Pairing = {
    driver: { model: 'reference', decisions },
    controller: { model: controller, decisions: {} },
    verdict: { kind: 'conforms' },
    position,
  };
  const sqs = reads.map((_, index): QueuePlan => {
    const qid = index + 1;
    return { ring: 'sq', name: `sq${qid}`, qid, size, cqid: 1, created: true, position };
  });
  const scenario: Scenario = {
    file: 'small scope',
    title: 'small scope',
    rules: [],
    provokes: [],
    doorbellBuffer: shadow ? 'after-queues' : 'never',
    queues: [{ ring: 'cq', name: 'cq1', qid: 1, size, vector: 1, created: true, position }, ...sqs],
    wakeup: undefined,
    body: {
      kind: 'workload',
      threads: reads.map((count, index) => [{ sqid: index + 1, operation: 'read', count, lba: 0 }]),
      control: [],
    },
    exploration: { scripted: true, random: undefined, exhaustive: undefined },
    pairings: [pairing],
  };
  return [scenario, pairing];
}
