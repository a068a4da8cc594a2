/** The words of a workload's control plane, one after the other. */
import { count } from '../spec/count.ts';
import type { Place } from './place.ts';
import type { Queues } from './queues.ts';
import type { ControlOperation, QueuePlan, ThreadOperation } from './scenario.ts';
import { controlWord, MAX_SLOTS, type RawQueue } from './words.ts';

/** Reads the list at `place`. Operations with mistakes are left out. */
export function readControl(
  place: Place,
  queues: Queues,
  threads: readonly (readonly ThreadOperation[])[],
): readonly ControlOperation[] {
  let last: string | undefined;
  return place.entries().flatMap(([, at]) => {
    const operation = controlStep(at, queues, threads, last);
    last = at.read(controlWord)?.word;
    return operation ?? [];
  });
}

function controlStep(
  place: Place,
  queues: Queues,
  threads: readonly (readonly ThreadOperation[])[],
  last: string | undefined,
): ControlOperation | undefined {
  const spoken = place.read(controlWord);
  if (spoken === undefined) return undefined;
  const { position } = place;
  switch (spoken.word) {
    case 'restore':
      if (last !== 'save')
        return place.wrong('nothing was saved just before this', 'restore follows save at once');
      return { position, do: 'restore' };
    case 'save':
    case 'inspect':
    case 'next-aen':
    case 'doorbell-buffer':
      return { position, do: spoken.word };
    case 'mask':
    case 'unmask':
      return { position, do: spoken.word, vector: spoken.given.vector };
    case 'create':
    case 'delete': {
      const queue = changed(place.at(spoken.word), spoken.word, spoken.given, queues);
      return queue && { position, do: spoken.word, queue };
    }
    case 'abort': {
      const inner = place.at('abort');
      const { sq: name, command } = spoken.given;
      const sq = queues.named(inner.at('sq'), name, 'sq');
      if (sq === undefined) return undefined;
      const all = threads.flat().filter(({ sqid }) => sqid === sq.qid);
      const submitted = all.reduce((sum, { count }) => sum + count, 0);
      if (command < submitted) return { position, do: 'abort', sqid: sq.qid, command };
      const most = submitted === 0 ? 'no commands' : `only ${count(submitted, 'command')}`;
      return inner.at('command').wrong(`the threads submit ${most} to ${name}`, 'commands count from 0');
    }
    case 'reset':
      return { position, do: 'reset', kind: spoken.given };
  }
}

/** The queue as it is to be: one of the scenario's, created with another size or, if it is an SQ, on another CQ. */
function changed(
  place: Place,
  word: 'create' | 'delete',
  given: string | RawQueue,
  queues: Queues,
): QueuePlan | undefined {
  if (typeof given === 'string') return queues.any(place, given);
  const plan = queues.any(place.at('queue'), given.queue);
  const wanted = plan && queues.commanded(place, given);
  if (plan === undefined || wanted === undefined) return undefined;
  const keeps = (key: keyof RawQueue, what: string): undefined =>
    place.at(key).wrong(`in a workload ${plan.name} keeps its ${what}`, 'size and cq can be new');
  if (wanted.qid !== plan.qid) return keeps('qid', 'qid');
  if (wanted.ring === 'cq' && plan.ring === 'cq' && wanted.vector !== plan.vector)
    return keeps(given.polled === undefined ? 'vector' : 'polled', 'vector');
  if (word === 'delete') return plan;
  const { size } = wanted;
  if (size < 2) return place.at('size').wrong('a queue has at least 2 slots (Base 2.1, 3.3.3.1)');
  if (size > MAX_SLOTS) return place.at('size').wrong(`size over the limit of ${MAX_SLOTS} slots`);
  if (wanted.ring === 'cq' || plan.ring === 'cq') return { ...plan, size };
  const cq = queues.named(place.at('cq'), `cq${wanted.cqid}`, 'cq');
  return cq && { ...plan, size, cqid: cq.qid };
}
