/** What an `expect` step states of the queues. */
import { entries } from '../spec/count.ts';
import type { Place } from './place.ts';
import type { Queues } from './queues.ts';
import type { Expectation } from './scenario.ts';
import type { Expected } from './words.ts';

/** `given` is what stands at `place`, with its names replaced by numbers. */
export function expectations(
  place: Place,
  given: Readonly<Record<string, Expected | undefined>>,
  queues: Queues,
): readonly Expectation[] {
  if (Object.keys(given).length === 0) place.wrong('nothing is expected here');
  return Object.entries(given).flatMap(([name, wanted]) => {
    const at = place.at(name);
    if (wanted === undefined) return [];
    if (typeof wanted === 'number')
      return [{ position: at.keyPosition, what: 'event', value: wanted } as const];
    const stated = Object.entries(wanted).filter((entry) => entry[1] !== undefined);
    if (stated.length === 0) at.wrong(`nothing is expected of ${name}`);
    return stated.flatMap(([what, value]) => one(at.at(what), name, what, value, queues) ?? []);
  });
}

/** The schema has seen to it that `what` fits the kind of queue that `name` says. */
function one(
  place: Place,
  name: string,
  what: string,
  value: number | boolean | undefined,
  queues: Queues,
): Expectation | undefined {
  const position = place.keyPosition;
  if (name === 'admin') return { position, what: 'status', sqid: 0, value: Number(value) };
  if (name.startsWith('sq')) {
    const sqid = queues.named(place, name, 'sq')?.qid;
    if (sqid === undefined) return undefined;
    return { position, what: what === 'fetched' ? what : 'status', sqid, value: Number(value) };
  }
  const cq = queues.named(place, name, 'cq');
  if (cq === undefined) return undefined;
  const cqid = cq.qid;
  if (what === 'full') return { position, what, cqid, value: value === true };
  if (what === 'unread' && Number(value) >= cq.size) {
    return place.wrong(`${name} has ${cq.size} slots and never holds more than ${entries(cq.size - 1)}`);
  }
  return { position, what: what === 'posted' ? what : 'unread', cqid, value: Number(value) };
}
