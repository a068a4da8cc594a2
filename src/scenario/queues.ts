/** The queues of a scenario: their plans, and names that refer to them. */
import { quote } from './diagnostic.ts';
import { suggestion } from './nearest.ts';
import type { Place } from './place.ts';
import type { CompletionQueuePlan, QueuePlan, SubmissionQueuePlan } from './scenario.ts';
import { completionQueue, submissionQueue } from './schema.ts';
import type { RawQueue } from './words.ts';

export type Ring = 'sq' | 'cq';
export interface PlanOf {
  readonly sq: SubmissionQueuePlan;
  readonly cq: CompletionQueuePlan;
}
const titles: Readonly<Record<Ring, string>> = { sq: 'submission queue', cq: 'completion queue' };

export class Queues {
  readonly #plans = new Map<string, QueuePlan>();
  /** Names whose own definition has a mistake, which is enough: what refers to them is passed over. */
  readonly #broken = new Set<string>();

  get plans(): readonly QueuePlan[] {
    return [...this.#plans.values()];
  }

  add(plan: QueuePlan): void {
    this.#plans.set(plan.name, plan);
  }

  addBroken(name: string): void {
    this.#broken.add(name);
  }

  isBroken(name: string): boolean {
    return this.#broken.has(name);
  }

  /** The queue that the name at `place` means. */
  named<R extends Ring>(place: Place, name: string, ring: R): PlanOf[R] | undefined {
    const plan = this.any(place, name);
    if (plan === undefined || plan.ring === ring) return plan as PlanOf[R] | undefined;
    return place.wrong(`${name} is a ${titles[plan.ring]}: a ${titles[ring]} is wanted`);
  }

  any(place: Place, name: string): QueuePlan | undefined {
    const plan = this.#plans.get(name);
    if (plan !== undefined || this.isBroken(name)) return plan;
    return place.wrong(
      `${quote(name)} is no queue of this scenario`,
      suggestion(name, [...this.#plans.keys()]),
    );
  }

  /** The only submission queue there is, for operations that name none; `place` is the operation. */
  onlySq(place: Place): SubmissionQueuePlan | undefined {
    const [first, second] = this.plans.filter((plan) => plan.ring === 'sq');
    if (this.#broken.size > 0) return undefined;
    if (first === undefined)
      return place.wrong('there is no submission queue to use', 'define sq1 under queues');
    if (second !== undefined) return place.wrong('which queue? there are several', `add sq: ${first.name}`);
    return first;
  }

  /** The queue of a `create` or `delete`; `place` is what the word was given. */
  commanded(place: Place, given: string | RawQueue): QueuePlan | undefined {
    return typeof given === 'string' ? this.any(place, given) : this.#raw(place, given);
  }

  /** As written, right or wrong: the scenario wants to see what the controller answers. */
  #raw(place: Place, given: RawQueue): QueuePlan | undefined {
    const { queue: name, qid, size, vector, polled } = given;
    const called = queueName(name);
    if (called === undefined)
      return place.at('queue').wrong(`${quote(name)} is no queue name`, 'cq1 … cq16, sq1 … sq16');
    const plan = this.#plans.get(name);
    const common = {
      name,
      qid: qid ?? called.qid,
      size: size ?? plan?.size ?? 2,
      created: false,
      ...at(place),
    };
    if (called.ring === 'cq') {
      if (given.cq !== undefined) return place.at('cq').wrongKey('a completion queue has no cq');
      const usual = plan?.ring === 'cq' ? plan.vector : called.qid;
      return { ring: 'cq', ...common, vector: polled === true ? undefined : (vector ?? usual) };
    }
    for (const key of ['vector', 'polled'] as const) {
      if (given[key] !== undefined) return place.at(key).wrongKey(`a submission queue has no ${key}`);
    }
    const usual = plan?.ring === 'sq' ? plan.cqid : called.qid;
    const cqid = typeof given.cq === 'string' ? this.named(place.at('cq'), given.cq, 'cq')?.qid : given.cq;
    return given.cq !== undefined && cqid === undefined
      ? undefined
      : { ring: 'sq', ...common, cqid: cqid ?? usual };
  }
}

/** `sq3` → its ring and queue identifier. */
function queueName(name: string): { readonly ring: Ring; readonly qid: number } | undefined {
  const [, ring, number] = /^(sq|cq)([1-9]|1[0-6])$/.exec(name) ?? [];
  return ring === undefined ? undefined : { ring: ring as Ring, qid: Number(number) };
}

/** Reads the map `queues`; completion queues first, since submission queues name them. */
export function readQueues(place: Place): Queues {
  const queues = new Queues();
  const order = place.entries().toSorted(([a], [b]) => rank(a) - rank(b));
  for (const [name, at] of order) {
    const called = queueName(name);
    const plan =
      called?.ring === 'cq' ? cqPlan(at, name, called.qid) : called && sqPlan(at, name, called.qid, queues);
    if (plan === undefined) queues.addBroken(name);
    else queues.add(plan);
  }
  return queues;
}

function rank(name: string): number {
  return name.startsWith('cq') ? 0 : 1;
}

function cqPlan(place: Place, name: string, qid: number): CompletionQueuePlan | undefined {
  const raw = place.read(completionQueue);
  if (raw === undefined) return undefined;
  const { size, polled = false, created = true } = raw;
  if (polled && raw.vector !== undefined) place.at('vector').wrongKey('a polled queue has no vector');
  return {
    ring: 'cq',
    name,
    qid,
    size,
    vector: polled ? undefined : (raw.vector ?? qid),
    created,
    ...at(place),
  };
}

function sqPlan(place: Place, name: string, qid: number, queues: Queues): SubmissionQueuePlan | undefined {
  const raw = place.read(submissionQueue);
  if (raw === undefined) return undefined;
  const { size, created = true } = raw;
  const cqs = queues.plans.filter((plan) => plan.ring === 'cq');
  const cq = cqs.find((plan) => plan.name === raw.cq);
  if (cq === undefined) {
    if (queues.isBroken(raw.cq)) return undefined;
    const hint = suggestion(
      raw.cq,
      cqs.map((plan) => plan.name),
    );
    return place.at('cq').wrong(`${name} names ${quote(raw.cq)}, a cq that no queue defines`, hint);
  }
  if (created && !cq.created) {
    place
      .at('cq')
      .wrong(`${name} is created in bring-up, but its ${cq.name} is not`, `add created: false to ${name}`);
  }
  return { ring: 'sq', name, qid, size, cqid: cq.qid, created, ...at(place) };
}

function at(place: Place): { readonly position: Place['position'] } {
  return { position: place.keyPosition };
}
