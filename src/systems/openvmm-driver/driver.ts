/** The driver as a whole: its queue pairs, their tasks, and who uses them. */
import type { Arena } from '../../arena/arena.ts';
import { conforming } from '../../driver/decisions.ts';
import { Host } from '../../driver/host.ts';
import type { ControlAction, HostPlan, SubmissionQueueSetup } from '../../driver/plan.ts';
import type { Link } from '../../link/link.ts';
import type { Process } from '../../link/process.ts';
import type { CpuIndex, Vector } from '../../spec/units.ts';
import { NotOffered } from '../system.ts';
import { AerHandler } from './aer-handler.ts';
import { controlPlane, type Driver, eventTask, thread } from './clients.ts';
import type { OpenvmmDecisions } from './decisions.ts';
import { Door } from './door.ts';
import { KEYS } from './pending-commands.ts';
import { queueTask } from './queue-handler.ts';
import { QueuePair, type QueuePairParts } from './queue-pair.ts';

/**
 * The control plane and the admin queue's task issue their register writes from here, each I/O queue from its
 * own.
 */
const DRIVER_CPU: CpuIndex = 0;
const ADMIN_VECTOR: Vector = 0;

export function cpusOf(plan: HostPlan): number {
  return 1 + plan.sqs.length;
}

export class OpenvmmDriver {
  readonly processes: readonly Process[];
  readonly #host: Host;

  /** Throws `NotOffered`. */
  constructor(arena: Arena, link: Link, plan: HostPlan, decisions: OpenvmmDecisions) {
    check(plan);
    const tags = Math.min(KEYS, decisions.pendingCapacity, plan.outstandingMax + 1);
    const host = new Host(arena, link, ofThisDriver(plan), { ...conforming, tags });
    this.#host = host;
    const door = new Door(arena, link, plan);
    const common = { messages: door.calls.length + plan.control.length, commands: tags };
    const pair = (parts: Omit<QueuePairParts, keyof typeof common>): QueuePair =>
      new QueuePair(arena, decisions, { ...common, ...parts });

    const requests = plan.control.some(isRequest);
    const events = plan.control.some((action) => action.do === 'next-aen');
    const admin = requests
      ? pair({
          sq: host.adminSq,
          cq: host.adminCq,
          cpu: DRIVER_CPU,
          listener: link.msix.listen(ADMIN_VECTOR),
          buffers: [],
          aer: events ? new AerHandler(arena, link, door) : undefined,
        })
      : undefined;
    const io = host.plan.sqs.map((setup, index) => {
      const sq = host.sq(setup.qid);
      return pair({
        sq: sq.ring,
        cq: host.cq(setup.cqid),
        cpu: DRIVER_CPU + 1 + index,
        listener: link.msix.listen(
          host.plan.cqs.find(({ qid }) => qid === setup.cqid)?.vector ?? ADMIN_VECTOR,
        ),
        buffers: sq.buffers,
        aer: undefined,
      });
    });

    const driver: Driver = { host, door, admin, io };
    const pairs = admin === undefined ? io : [admin, ...io];
    const tasks = pairs.map((each) => queueTask(arena, host, each, door, decisions));
    this.processes = [
      controlPlane(arena, driver, tasks, DRIVER_CPU),
      ...tasks,
      ...plan.threads.map((_, index) => thread(arena, driver, index)),
      ...(events ? [eventTask(arena, driver)] : []),
    ];
  }

  get isUp(): boolean {
    return this.#host.up;
  }
}

function isRequest(action: ControlAction): boolean {
  return action.do === 'save' || action.do === 'inspect' || action.do === 'next-aen';
}

/**
 * No doorbell buffer, and interrupts always: without a vector of its own a queue shares the admin queue's.
 */
function ofThisDriver(plan: HostPlan): HostPlan {
  return {
    ...plan,
    doorbellBuffer: 'never',
    cqs: plan.cqs.map((cq) => ({ ...cq, vector: cq.vector ?? ADMIN_VECTOR })),
  };
}

/** What no caller of this driver can have. */
function check(plan: HostPlan): void {
  const shared = (sq: SubmissionQueueSetup): boolean =>
    plan.sqs.some((other) => other !== sq && other.cqid === sq.cqid);
  if (plan.sqs.some(shared))
    throw new NotOffered('OpenVMM gives each submission queue a completion queue of its own');
  if (![...plan.sqs, ...plan.cqs].every((queue) => queue.created)) {
    throw new NotOffered('OpenVMM creates its queues while the driver starts');
  }
  for (const { do: action } of plan.control) {
    switch (action) {
      case 'delete-sq':
      case 'delete-cq':
      case 'create-sq':
      case 'create-cq':
      case 'abort':
      case 'restore':
      case 'reset':
        throw new NotOffered(`OpenVMM’s driver offers no ${action} while it runs`);
      case 'save':
      case 'inspect':
      case 'next-aen':
      case 'doorbell-buffer':
      case 'mask':
      case 'unmask':
    }
  }
}
