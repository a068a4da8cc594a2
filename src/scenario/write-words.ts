/** Words of a script and operations of a workload, as they are written. */
import { Document } from 'yaml';
import type {
  ControlOperation,
  Expectation,
  QueuePlan,
  Step,
  SubmissionQueuePlan,
  ThreadOperation,
  WriteTarget,
} from './scenario.ts';
import { events, registers, statuses } from './words.ts';

export type Plain = Record<string, unknown>;

/** `value` on one line. */
export function flow(value: unknown): unknown {
  return new Document().createNode(value, { flow: true, aliasDuplicateObjects: false });
}

function taking(word: string, given: unknown): Plain {
  return { [word]: flow(given) };
}

export class Words {
  readonly #queues: readonly QueuePlan[];

  constructor(queues: readonly QueuePlan[]) {
    this.#queues = queues;
  }

  operation({ sqid, operation, count, lba, nsid }: ThreadOperation): Plain {
    const namespace = nsid === undefined ? {} : { nsid };
    return { sq: `sq${sqid}`, [operation]: count, ...(lba === 0 ? {} : { lba }), ...namespace };
  }

  step(step: Step): unknown {
    switch (step.do) {
      case 'enable':
      case 'disable':
      case 'doorbell-buffer':
      case 'aer':
      case 'settle':
        return step.do;
      case 'submit':
        return taking(step.do, { ...this.operation(step), ...(step.ring ? {} : { ring: false }) });
      case 'ring':
        return { ring: `sq${step.sqid}` };
      case 'consume':
      case 'reap': {
        const cq = `cq${step.cqid}`;
        return taking(step.do, step.entries === 'all' ? cq : { cq, entries: step.entries });
      }
      case 'reset':
        return { reset: step.kind };
      case 'create':
      case 'delete':
        return taking(step.do, this.#queue(step.queue));
      case 'abort':
        return taking(step.do, { sq: `sq${step.sqid}`, command: step.command });
      case 'mask':
      case 'unmask':
        return taking(step.do, step.vector === 'function' ? step.vector : { vector: step.vector });
      case 'write':
        return taking(step.do, { ...target(step.target), value: step.value });
      case 'hold':
      case 'release':
        return { [step.do]: step.what };
      case 'expect':
        return taking(step.do, stated(step.expectations));
    }
  }

  control(operation: ControlOperation): unknown {
    switch (operation.do) {
      case 'save':
      case 'restore':
      case 'inspect':
      case 'next-aen':
      case 'doorbell-buffer':
        return operation.do;
      case 'mask':
      case 'unmask':
        return taking(operation.do, { vector: operation.vector });
      case 'create':
      case 'delete':
        return taking(operation.do, this.#queue(operation.queue));
      case 'reset':
        return { reset: operation.kind };
      case 'abort':
        return taking(operation.do, { sq: `sq${operation.sqid}`, command: operation.command });
    }
  }

  /** By its name, or in full where the command says something else than the plan. */
  #queue(queue: QueuePlan): unknown {
    const plan = this.#queues.find(({ name }) => name === queue.name);
    if (plan !== undefined && isSame(plan, queue)) return queue.name;
    const { name, qid, size } = queue;
    const common = { queue: name, ...(name === `${queue.ring}${qid}` ? {} : { qid }), size };
    if (queue.ring === 'sq') return { ...common, cq: queue.cqid };
    return { ...common, ...(queue.vector === undefined ? { polled: true } : { vector: queue.vector }) };
  }
}

function isSame(a: QueuePlan, b: QueuePlan): boolean {
  const { position: _a, ...one } = a;
  const { position: _b, ...other } = b;
  const keys = Object.keys(one) as (keyof Omit<SubmissionQueuePlan, 'position'>)[];
  return keys.every((key) => (one as Plain)[key] === (other as Plain)[key]);
}

function target(write: WriteTarget): Plain {
  if (write.kind === 'register') return { register: nameOf(registers, write.offset) };
  return { [write.kind]: `${write.ring}${write.qid}` };
}

/** By queue, in the order of their first mention. */
function stated(expectations: readonly Expectation[]): Plain {
  const wanted: Record<string, Plain | string | number> = {};
  const of = (name: string): Plain => (wanted[name] ??= {}) as Plain;
  for (const expectation of expectations) {
    const { what, value } = expectation;
    if (what === 'event') wanted['event'] = nameOf(events, value);
    else if (what === 'status') {
      of(expectation.sqid === 0 ? 'admin' : `sq${expectation.sqid}`)['status'] = nameOf(statuses, value);
    } else if (what === 'fetched') of(`sq${expectation.sqid}`)['fetched'] = value;
    else of(`cq${expectation.cqid}`)[what] = value;
  }
  return wanted;
}

/** The name of a value that has one. */
function nameOf(names: ReadonlyMap<string, number>, value: number): string | number {
  return [...names].find(([, each]) => each === value)?.[0] ?? value;
}
