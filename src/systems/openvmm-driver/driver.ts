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
import { type Driver, eventTask, thread } from './clients.ts';
import { controlPlane } from './control-plane.ts';
import type { OpenvmmDecisions } from './decisions.ts';
import { Door } from './door.ts';
import { DrainBarrier } from './drain.ts';
import { KEYS } from './pending-commands.ts';
import { creationEntries } from './queue-creation.ts';
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
    const door = new Door(arena, link, plan, creationEntries(host));
    const barrier = new DrainBarrier(arena);
    const common = { messages: door.calls.length + plan.control.length, commands: tags };
    const pair = (parts: Omit<QueuePairParts, keyof typeof common>): QueuePair =>
      new QueuePair(arena, door, decisions, { ...common, ...parts });

    const requests = plan.control.some(concernsAdminQueue);
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

    for (const { drain } of io) barrier.add(drain);

    const driver: Driver = { host, door, admin, io, barrier };
    const pairs = admin === undefined ? io : [admin, ...io];
    const queues = pairs.map((each) => queueTask(arena, host, each, door, barrier, decisions));
    const threads = plan.threads.map((_, index) => thread(arena, driver, index));
    this.processes = [
      ...controlPlane(arena, driver, { queues, threads }, DRIVER_CPU, decisions),
      ...queues,
      ...threads,
      ...(events ? [eventTask(arena, driver)] : []),
    ];
  }

  get isUp(): boolean {
    return this.#host.up;
  }
}

function concernsAdminQueue({ do: what }: ControlAction): boolean {
  return what === 'save' || what === 'inspect' || what === 'next-aen' || what === 'create-sq';
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
function check({ cqs, sqs, control }: HostPlan): void {
  const shared = (sq: SubmissionQueueSetup): boolean =>
    sqs.some((other) => other !== sq && other.cqid === sq.cqid);
  if (sqs.some(shared))
    throw new NotOffered('OpenVMM gives each submission queue a completion queue of its own');
  const atStart = (sq: SubmissionQueueSetup): boolean =>
    cqs.find(({ qid }) => qid === sq.cqid)?.created === sq.created;
  if (!sqs.every(atStart)) throw new NotOffered('OpenVMM creates both queues of a pair together');
  for (const action of control) {
    switch (action.do) {
      case 'create-sq': {
        const setup = sqs.find(({ qid }) => qid === action.qid);
        if (setup?.created === true) throw new NotOffered('OpenVMM creates an I/O queue once');
        if (setup?.cqid !== (action.cqid ?? setup?.cqid))
          throw new NotOffered('OpenVMM gives a submission queue the completion queue of its own pair');
        break;
      }
      case 'delete-sq':
      case 'delete-cq':
      case 'create-cq':
      case 'abort':
      case 'reset':
        throw new NotOffered(`OpenVMM’s driver offers no ${action.do} while it runs`);
      case 'save':
      case 'restore':
      case 'inspect':
      case 'next-aen':
      case 'doorbell-buffer':
      case 'mask':
      case 'unmask':
    }
  }
}
