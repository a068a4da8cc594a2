/** What a scenario asks of a host, in the words of the driver. */
import type { HostPlan } from '../targets/target.ts';
import { nvmOpcode } from '../spec/opcodes.ts';
import type { ControlOperation, Scenario, Step, ThreadOperation } from './scenario.ts';

type Control = HostPlan['control'][number];
type Io = HostPlan['threads'][number][number];

/** Commands that a script may have outstanding at once: enough to overrun the largest queue on purpose. */
const SCRIPT_OUTSTANDING_MIN = 4;

export function hostPlan(scenario: Scenario): HostPlan {
  const { body, queues } = scenario;
  const threads = body.kind === 'workload' ? body.threads.map((thread) => thread.flatMap(expand)) : [];
  const control = body.kind === 'workload' ? body.control.map(controlAction) : [];
  const commands = threads.flat().length;
  const submitted = body.kind === 'steps' ? scriptCommands(body.steps) : 0;
  const eventRequests = control.filter((action) => action.do === 'next-aen').length;
  return {
    adminEntries: 8,
    cqs: queues.flatMap((queue) => (queue.ring === 'cq' ? [queue] : [])),
    sqs: queues.flatMap((queue) => (queue.ring === 'sq' ? [queue] : [])),
    doorbellBuffer: scenario.doorbellBuffer,
    threads,
    control,
    eventRequests,
    outstandingMax: Math.max(SCRIPT_OUTSTANDING_MIN, commands, submitted) + eventRequests,
  };
}

/** One command of the operation. */
export function ioOf({ sqid, operation, lba, nsid }: Omit<ThreadOperation, 'count'>): Io {
  return { sqid, opcode: nvmOpcode[operation], lba, ...(nsid === undefined ? {} : { nsid }) };
}

function expand(operation: ThreadOperation): Io[] {
  return Array.from({ length: operation.count }, () => ioOf(operation));
}

function scriptCommands(steps: readonly Step[]): number {
  const admin = 2; // one admin command at a time, and one to spare
  return steps.reduce(
    (sum, step) => sum + (step.do === 'submit' ? step.count : step.do === 'aer' ? 1 : 0),
    admin,
  );
}

function controlAction(operation: ControlOperation): Control {
  switch (operation.do) {
    case 'save':
    case 'restore':
    case 'inspect':
    case 'next-aen':
      return { do: operation.do };
    case 'doorbell-buffer':
      return { do: 'doorbell-buffer' };
    case 'mask':
    case 'unmask':
      return { do: operation.do, vector: operation.vector };
    case 'create': {
      const { queue } = operation;
      const { qid, size } = queue;
      return queue.ring === 'sq'
        ? { do: 'create-sq', qid, size, cqid: queue.cqid }
        : { do: 'create-cq', qid, size };
    }
    case 'delete':
      return { do: operation.queue.ring === 'sq' ? 'delete-sq' : 'delete-cq', qid: operation.queue.qid };
    case 'abort':
      return { do: 'abort', sqid: operation.sqid, command: operation.command };
    case 'reset':
      return { do: 'reset', kind: operation.kind };
  }
}
