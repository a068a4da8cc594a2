/** The scope that is measured: one thread on one queue pair of the reference pair. */
import type { Pairing, Scenario } from '../src/scenario/scenario.ts';

const position = { line: 1, column: 1 };

export function scenarioOf(size: number, commands: number, shadow: boolean): [Scenario, Pairing] {
  const pairing: Pairing = {
    driver: { model: 'reference', decisions: {} },
    controller: { model: 'reference/trapped', decisions: {} },
    verdict: { kind: 'conforms' },
    position,
  };
  const scenario: Scenario = {
    file: 'bench',
    title: 'bench',
    rules: [],
    provokes: [],
    doorbellBuffer: shadow ? 'after-queues' : 'never',
    queues: [
      { ring: 'cq', name: 'cq1', qid: 1, size, vector: 1, created: true, position },
      { ring: 'sq', name: 'sq1', qid: 1, size, cqid: 1, created: true, position },
    ],
    wakeup: undefined,
    body: {
      kind: 'workload',
      threads: [[{ sqid: 1, operation: 'read', count: commands, lba: 0 }]],
      control: [],
    },
    exploration: { scripted: true, random: undefined, exhaustive: undefined },
    pairings: [pairing],
  };
  return [scenario, pairing];
}
