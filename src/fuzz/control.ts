/** What the control plane of a generated world is asked: episodes, whose actions belong together. */
import type { ControlOperation, QueuePlan, SubmissionQueuePlan } from '../scenario/scenario.ts';
import type { EpisodeGene, Genes, Swarm } from './genes.ts';
import { NOWHERE, slots, type Topology } from './topology.ts';

/** What an episode is read from. */
interface Setting {
  readonly gene: EpisodeGene;
  readonly swarm: Swarm;
  readonly planned: Topology;
  /** The submission queues as they are now: re-creation changes them, a reset brings the planned ones back. */
  readonly sqs: SubmissionQueuePlan[];
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
  doorbellBuffer: 1,
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
  const setting = { swarm, planned, sqs: [...planned.sqs], commands };
  const control: ControlOperation[] = [];
  let mask: Mask | undefined;
  const unmask = (): void => {
    if (mask !== undefined) control.push({ position: NOWHERE, do: 'unmask', vector: mask.vector });
    mask = undefined;
  };
  for (const gene of genes.control) {
    const kind = offered[gene.kind % offered.length];
    if (kind === undefined) break;
    if (mask?.left === 0 || !undisturbed.includes(kind)) unmask();
    if (mask !== undefined) mask.left--;
    control.push(...episode(kind, { gene, ...setting }));
    if (kind === 'mask') mask = { vector: vectorOf(gene, planned), left: gene.also };
  }
  unmask();
  return [...control, ...(ends[genes.end % ends.length] ?? [])];
}

/** A vector that is masked, and how many episodes more it stays so. */
interface Mask {
  readonly vector: number;
  left: number;
}
/** What comes to its end without interrupts: a queue that is deleted has to be idle first. */
const undisturbed: readonly Kind[] = ['inspect', 'doorbellBuffer', 'reset', 'restore'];

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
      return [{ position: NOWHERE, do: 'mask', vector: vectorOf(gene, planned) }];
    case 'recreate':
      return recreated(setting);
  }
}

function vectorOf({ queue }: EpisodeGene, { cqs }: Topology): number {
  return picked(cqs, queue).vector ?? 0;
}

function reset({ gene, planned, sqs }: Setting): ControlOperation[] {
  sqs.splice(0, sqs.length, ...planned.sqs);
  return [{ position: NOWHERE, do: 'reset', kind: picked(resetKinds, gene.detail) }];
}

/** A queue is deleted and, but for `detail: 0`, created again: with 1 as it was, from 2 on with another size. */
function recreated({ gene, swarm, planned, sqs }: Setting): ControlOperation[] {
  const { detail } = gene;
  const other = swarm.otherSizes && detail > 1;
  const queue = picked<QueuePlan>([...sqs, ...planned.cqs], gene.queue);
  const named = picked<QueuePlan>([...planned.sqs, ...planned.cqs], gene.queue);
  const deleted: ControlOperation = { position: NOWHERE, do: 'delete', queue: named };
  if (detail === 0) return [deleted];
  const create = (again: QueuePlan): ControlOperation => ({ position: NOWHERE, do: 'create', queue: again });
  const size = other ? slots(detail - 2, swarm) : queue.size;
  if (queue.ring === 'cq') {
    const users = sqs.filter(({ cqid }) => cqid === queue.qid);
    return [deleted, create({ ...queue, size }), ...users.map(create)];
  }
  const moved = other ? gene.also : 0;
  const cqid = ((queue.cqid - 1 + moved) % planned.cqs.length) + 1;
  const again = { ...queue, size, cqid };
  sqs[queue.qid - 1] = again;
  return [deleted, create(again)];
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
