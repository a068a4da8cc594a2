/** Reads genes as a scenario. Every value is legal: numbers count round what there is to choose from. */
import type { ModelChoice, Operation, Scenario, ThreadOperation } from '../scenario/scenario.ts';
import { controllerNamed, driverNamed } from '../targets/target.ts';
import { controllerOf, driverOf } from './conforming.ts';
import { controlOf, picked } from './control.ts';
import type { CommandGene, Genes, Swarm } from './genes.ts';
import { NOWHERE, topologyOf, type Topology } from './topology.ts';

/** The systems under test; undefined: the reference, with decisions that are generated and conform. */
export interface Target {
  readonly driver: ModelChoice | undefined;
  readonly controller: ModelChoice | undefined;
}

const operations: readonly Operation[] = ['read', 'write', 'flush'];
const doorbellBuffers = ['never', 'before-queues', 'after-queues', 'between-queues'] as const;
/** Blocks of the namespace that models have. */
export const BLOCKS = 8;
const simplest: CommandGene = { count: 0, sq: 0, operation: 0, lba: 0 };

/** A workload, and one pairing of the systems under test that is to conform. */
export function scenarioOf(genes: Genes, target: Target): Scenario {
  const driver = target.driver?.model ?? 'reference';
  const controller = target.controller?.model ?? 'reference';
  const never = [...(driverNamed(driver)?.never ?? []), ...(controllerNamed(controller)?.never ?? [])];
  const swarm: Swarm = {
    ...genes.swarm,
    ...Object.fromEntries(never.map((situation) => [situation, false])),
  };
  const topology = topologyOf(genes, swarm);
  const ended = never.includes('requests') ? { ...genes, end: 0 } : genes;
  const threads = threadsOf(genes, swarm, topology);
  const commands = (sqid: number): number => commandsOn(threads.flat(), sqid);
  const pairing = {
    driver: target.driver ?? driverOf(genes, swarm, topology),
    controller: target.controller ?? controllerOf(genes, swarm, topology),
    verdict: { kind: 'conforms' },
    position: NOWHERE,
  } as const;
  return {
    file: 'generated',
    title: 'A generated world',
    rules: [],
    provokes: [],
    doorbellBuffer: swarm.shadowDoorbells ? picked(doorbellBuffers, genes.doorbellBuffer) : 'never',
    queues: [...topology.cqs, ...topology.sqs],
    wakeup: undefined,
    body: { kind: 'workload', threads, control: controlOf(ended, swarm, topology, commands) },
    exploration: { scripted: true, random: { runs: 100, steps: 2000 }, exhaustive: undefined },
    pairings: [pairing],
  };
}

/** A thread without commands is none; without any thread there is one, with the simplest command. */
function threadsOf(genes: Genes, swarm: Swarm, { sqs }: Topology): (readonly ThreadOperation[])[] {
  const busy = genes.threads.filter((thread) => thread.length > 0);
  const [first = [simplest], ...others] = busy;
  return [first, ...(swarm.severalThreads ? others : [])].map((thread) =>
    thread.map(({ count, sq, operation, lba }): ThreadOperation => {
      const chosen = swarm.otherCommands ? picked(operations, operation) : 'read';
      return {
        sqid: picked(sqs, sq).qid,
        operation: chosen,
        count: count + 1,
        lba: chosen === 'flush' ? 0 : swarm.errors ? lba : lba % BLOCKS,
      };
    }),
  );
}

/** Commands that go to a submission queue. */
export function commandsOn(operations: readonly ThreadOperation[], sqid: number): number {
  return operations.reduce((sum, each) => sum + (each.sqid === sqid ? each.count : 0), 0);
}
