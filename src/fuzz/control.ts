/** What the control plane of a generated world is asked: episodes, whose actions belong together. */
import type {
  CompletionQueuePlan,
  ControlOperation,
  QueuePlan,
  SubmissionQueuePlan,
} from '../scenario/scenario.ts';
import type { EpisodeGene, Genes, Swarm } from './genes.ts';
import { NOWHERE, slots, type Topology } from './topology.ts';

/** What an episode is read from, and what the episodes before it have left. */
interface Setting {
  readonly gene: EpisodeGene;
  readonly swarm: Swarm;
  readonly planned: Topology;
  /** The submission queues as they are now: re-creation changes them, a reset brings the planned ones back. */
  readonly sqs: SubmissionQueuePlan[];
  /** Names of the queues that are deleted now. */
  readonly gone: Set<string>;
  /** The vectors that are masked now, and how many episodes more they stay so. */
  readonly masked: Map<number, number>;
  /** Commands that the threads submit to a submission queue. */
  readonly commands: (sqid: number) => number;
}

type Kind = Extract<
  keyof Swarm,
  'inspect' | 'abort' | 'mask' | 'doorbellBuffer' | 'reset' | 'recreate' | 'restore'
>;
/** How often each kind is met, those with simple consequences first. */
const weights: Readonly<Record<Kind, number>> = {
  inspect: 1,
  abort: 1,
  mask: 1,
  doorbellBuffer: 2,
  recreate: 3,
  reset: 2,
  restore: 1,
};
const kinds = Object.entries(weights).flatMap(([kind, weight]) =>
  Array.from({ length: weight }, () => kind as Kind),
);
const resetKinds = ['cc-en', 'flr', 'conventional', 'nssr'] as const;
const ends = [[], [bare('save')], [bare('next-aen')]] as const;

export function controlOf(
  genes: Genes,
  swarm: Swarm,
  planned: Topology,
  commands: Setting['commands'],
): ControlOperation[] {
  const offered = kinds.filter((kind) => swarm[kind] && (kind !== 'doorbellBuffer' || swarm.shadowDoorbells));
  const common = {
    swarm,
    planned,
    sqs: [...planned.sqs],
    gone: new Set<string>(),
    masked: new Map<number, number>(),
    commands,
  };
  const control: ControlOperation[] = [];
  for (const gene of genes.control) {
    const kind = offered[gene.kind % offered.length];
    if (kind === undefined) break;
    const setting = { gene, ...common };
    const needed = interruptsFor(kind, setting);
    for (const [vector, left] of common.masked) {
      if (left === 0 || needed === 'all' || needed.includes(vector)) control.push(unmask(setting, vector));
      else common.masked.set(vector, left - 1);
    }
    control.push(...episode(kind, setting));
  }
  for (const vector of common.masked.keys()) control.push(unmask(common, vector));
  return [...control, ...(ends[genes.end % ends.length] ?? [])];
}

/** The vectors without which an episode would not come to its end: a queue that is deleted has to be idle first. */
function interruptsFor(kind: Kind, setting: Setting): readonly number[] | 'all' {
  if (kind === 'abort') return 'all';
  if (kind !== 'recreate') return [];
  const queue = toRecreate(setting);
  if (setting.gone.has(queue.name)) return [];
  return [vectorOf(setting.planned.cqs[(queue.ring === 'cq' ? queue.qid : queue.cqid) - 1])];
}

function mask({ masked }: Pick<Setting, 'masked'>, vector: number, episodes: number): ControlOperation {
  masked.set(vector, episodes);
  return { position: NOWHERE, do: 'mask', vector };
}

function unmask({ masked }: Pick<Setting, 'masked'>, vector: number): ControlOperation {
  masked.delete(vector);
  return { position: NOWHERE, do: 'unmask', vector };
}

function episode(kind: Kind, setting: Setting): ControlOperation[] {
  const { gene, planned } = setting;
  switch (kind) {
    case 'inspect':
      return [bare('inspect')];
    case 'doorbellBuffer':
      return [bare('doorbell-buffer')];
    case 'restore':
      return [bare('save'), bare('restore')];
    case 'reset':
      return reset(setting);
    case 'abort': {
      const { qid } = picked(planned.sqs, gene.queue);
      const submitted = setting.commands(qid);
      if (submitted === 0) return [];
      return [{ position: NOWHERE, do: 'abort', sqid: qid, command: gene.detail % submitted }];
    }
    case 'mask':
      return maskedVectors(setting).map((vector) => mask(setting, vector, gene.also));
    case 'recreate':
      return recreated(setting);
  }
}

/** One vector that is not masked yet, or two of them. */
function maskedVectors({ gene: { queue, detail }, planned, masked }: Setting): readonly number[] {
  const free = [...new Set(planned.cqs.map(vectorOf))].filter((vector) => !masked.has(vector));
  const first = free.length === 0 ? 0 : queue % free.length;
  return [...free.slice(first), ...free.slice(0, first)].slice(0, 1 + (detail % 2));
}

function vectorOf(cq: CompletionQueuePlan | undefined): number {
  return cq?.vector ?? 0;
}

function reset({ gene, planned, sqs, gone }: Setting): ControlOperation[] {
  sqs.splice(0, sqs.length, ...planned.sqs);
  gone.clear();
  return [{ position: NOWHERE, do: 'reset', kind: picked(resetKinds, gene.detail) }];
}

/** As it is now. */
function toRecreate({ gene, planned, sqs }: Setting): QueuePlan {
  return picked<QueuePlan>([...sqs, ...planned.cqs], gene.queue);
}

/** A queue is deleted and, but for `detail: 0`, created again: with 1 as it was, from 2 on with another size. */
function recreated(setting: Setting): ControlOperation[] {
  const { gene, swarm, planned, sqs, gone } = setting;
  const { detail } = gene;
  const other = swarm.otherSizes && detail > 1;
  const queue = toRecreate(setting);
  const named = picked<QueuePlan>([...planned.sqs, ...planned.cqs], gene.queue);
  const deleted: ControlOperation = { position: NOWHERE, do: 'delete', queue: named };
  const users = queue.ring === 'cq' ? sqs.filter(({ cqid }) => cqid === queue.qid) : [];
  for (const { name } of [queue, ...users]) gone.add(name);
  if (detail === 0) return [deleted];
  const create = (again: QueuePlan): ControlOperation => {
    gone.delete(again.name);
    return { position: NOWHERE, do: 'create', queue: again };
  };
  const size = other ? slots(detail - 2, swarm) : queue.size;
  if (queue.ring === 'cq')
    return [deleted, ...maskedMeanwhile(setting, queue), create({ ...queue, size }), ...users.map(create)];
  const moved = other ? gene.also : 0;
  const cqid = ((queue.cqid - 1 + moved) % planned.cqs.length) + 1;
  const again = { ...queue, size, cqid };
  sqs[queue.qid - 1] = again;
  gone.delete(`cq${cqid}`); // created with it, if it is not there
  return [deleted, create(again)];
}

/** A completion queue may come back to a vector that is masked, and stays so: others can share it, and have entries. */
function maskedMeanwhile(setting: Setting, queue: CompletionQueuePlan): ControlOperation[] {
  const { gene, swarm, masked } = setting;
  const isAsked = swarm.mask && gene.also > 1 && queue.vector !== undefined && !masked.has(queue.vector);
  return isAsked ? [mask(setting, queue.vector, gene.also - 2)] : [];
}

function bare<Word extends 'save' | 'restore' | 'inspect' | 'next-aen' | 'doorbell-buffer'>(
  word: Word,
): { readonly position: typeof NOWHERE; readonly do: Word } {
  return { position: NOWHERE, do: word };
}

/** Any number picks one. */
export function picked<T>(among: readonly T[], number: number): T {
  return among[number % among.length] as T;
}
