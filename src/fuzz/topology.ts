/** The queues of a generated world. */
import type { CompletionQueuePlan, Position, SubmissionQueuePlan } from '../scenario/scenario.ts';
import type { Genes, Swarm } from './genes.ts';

/** Nobody wrote it: what is generated has no place in a file. */
export const NOWHERE: Position = { line: 0, column: 0 };

export interface Topology {
  readonly cqs: readonly CompletionQueuePlan[];
  readonly sqs: readonly SubmissionQueuePlan[];
}

const SQS_MAX = 4;
const SQS_PER_CQ_MAX = 3;

export function topologyOf(genes: Genes, swarm: Swarm): Topology {
  const shared = swarm.sharedCompletionQueues;
  const cqs = Array.from({ length: swarm.severalQueues ? Math.max(1, genes.cqs.length) : 1 }, (_, index) =>
    completionQueue(genes, swarm, index),
  );
  const wanted = shared ? Math.max(cqs.length, genes.sqs.length) : cqs.length;
  const most = Math.min(SQS_MAX, cqs.length * SQS_PER_CQ_MAX);
  const sqs: SubmissionQueuePlan[] = [];
  for (let index = 0; index < Math.min(wanted, most); index++) {
    const cq = cqs[completionQueueOf(genes, swarm, index, sqs, cqs.length)] as CompletionQueuePlan;
    const own = swarm.unequalSizes ? slots(genes.sqs[index]?.size, swarm) : cq.size;
    const qid = index + 1;
    sqs.push({
      ring: 'sq',
      name: `sq${qid}`,
      qid,
      size: own,
      cqid: cq.qid,
      created: true,
      position: NOWHERE,
    });
  }
  return { cqs, sqs };
}

function completionQueue(genes: Genes, swarm: Swarm, index: number): CompletionQueuePlan {
  const gene = genes.cqs[index];
  const qid = index + 1;
  const polled = swarm.polledQueues && gene?.polled === true;
  return {
    ring: 'cq',
    name: `cq${qid}`,
    qid,
    size: slots(gene?.size, swarm),
    vector: polled ? undefined : genes.sharedVector ? 1 : qid,
    created: true,
    position: NOWHERE,
  };
}

/** Index of the completion queue: the first submission queues take one each, the others what has room. */
function completionQueueOf(
  genes: Genes,
  swarm: Swarm,
  index: number,
  sqs: readonly SubmissionQueuePlan[],
  cqs: number,
): number {
  const crossed = swarm.unequalSizes ? genes.crossed : 0;
  if (index < cqs) return (index + crossed) % cqs;
  const users = (cq: number): number => sqs.filter(({ cqid }) => cqid === cq + 1).length;
  let cq = (genes.sqs[index]?.cq ?? 0) % cqs;
  while (users(cq) === SQS_PER_CQ_MAX) cq = (cq + 1) % cqs;
  return cq;
}

/** Slots of a queue, from 2. */
export function slots(gene: number | undefined, swarm: Swarm): number {
  return 2 + (swarm.largeQueues ? (gene ?? 0) : (gene ?? 0) % 3);
}
