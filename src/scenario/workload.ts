/** What the host threads and the control plane of a `workload` want. */
import type { Place } from './place.ts';
import type { Queues } from './queues.ts';
import { readControl } from './control.ts';
import type { Body, ThreadOperation } from './scenario.ts';
import { threadOperation, type Transfer } from './words.ts';

/** Reads the map at `place`. Operations with mistakes are left out. */
export function readWorkload(place: Place, queues: Queues): Body {
  const threads = place
    .at('threads')
    .entries()
    .map(([, thread]) => thread.entries().flatMap(([, operation]) => threadStep(operation, queues) ?? []));
  return { kind: 'workload', threads, control: readControl(place.at('control'), queues, threads) };
}

/** The one operation that `given` names. */
export function transfer(place: Place, given: Transfer): Omit<ThreadOperation, 'sqid'> | undefined {
  const [operation, second] = (['read', 'write', 'flush'] as const).filter((key) => given[key] !== undefined);
  if (operation === undefined) return place.wrong('what is submitted? read, write or flush, with a count');
  if (second !== undefined) {
    return place.at(second).wrongKey(`one operation at a time: here are ${operation} and ${second}`);
  }
  const namespace = given.nsid === undefined ? {} : { nsid: given.nsid };
  return { operation, count: given[operation] ?? 0, lba: given.lba ?? 0, ...namespace };
}

function threadStep(place: Place, queues: Queues): ThreadOperation | undefined {
  const given = place.read(threadOperation);
  if (given === undefined) return undefined;
  const sq = given.sq === undefined ? queues.onlySq(place) : queues.named(place.at('sq'), given.sq, 'sq');
  const operation = transfer(place, given);
  return sq && operation && { sqid: sq.qid, ...operation };
}
