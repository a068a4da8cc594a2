/** Decisions of the reference pair that all conform. What is left out is the default. */
import { wakeupFormulas } from '../spec/wakeup.ts';
import type { ModelChoice } from '../scenario/scenario.ts';
import { picked } from './control.ts';
import type { Genes, Swarm } from './genes.ts';
import type { Topology } from './topology.ts';

/** Where command identifiers begin: FFFFh stands for no command, and is not reached (4.1.1). */
const firstCids = [0, 0x1000, 0x8000, 0xff00] as const;

/** What generated controllers are. */
export const generatedControllers: readonly string[] = ['reference', 'reference/trapped'];

export function driverOf({ driver: genes }: Genes, swarm: Swarm, { sqs }: Topology): ModelChoice {
  if (!swarm.driverDecisions) return { model: 'reference', decisions: {} };
  // One tag less than the smallest queue has slots: more would overrun it.
  const tags = Math.min(genes.tags, ...sqs.map(({ size }) => size - 1));
  const firstCid = picked(firstCids, genes.firstCid);
  return {
    model: 'reference',
    decisions: {
      ...(genes.wakeup > 0 && { wakeup: wakeupFormulas[genes.wakeup % wakeupFormulas.length] ?? 'strict' }),
      ...(tags > 0 && { tags }),
      ...(genes.freeSlots && { freeSlots: 'sqhd' }),
      ...(genes.tailDoorbell && { tailDoorbell: 'batch' }),
      ...(genes.headDoorbell && { headDoorbell: 'entry' }),
      ...(genes.completes && { completes: 'after-head-doorbell' }),
      ...(genes.completion && { completion: 'polled' }),
      ...(genes.callers && { callers: 'shown' }),
      ...(genes.otherPages && swarm.shadowDoorbells && { doorbellPages: 'in-turn' }),
      ...(firstCid > 0 && { firstCid }),
    },
  };
}

export function controllerOf({ controller: genes }: Genes, swarm: Swarm, { cqs }: Topology): ModelChoice {
  if (!swarm.controllerDecisions) return { model: 'reference', decisions: {} };
  return {
    model: genes.trapped ? 'reference/trapped' : 'reference',
    decisions: {
      ...(genes.reserveSlot && { reserveSlot: 'before-post' }),
      ...(genes.sqhdTaken && { sqhdTaken: 'at-fetch' }),
      ...(genes.abort && { abort: 'never' }),
      // With one command for each completion queue, all of them waiting for room, admin commands need one more.
      ...(genes.commands > 0 && { commands: cqs.length + genes.commands }),
    },
  };
}
