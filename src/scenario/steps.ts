/** The words of a `steps` body, one after the other, with what each may assume of those before it. */
import { count } from '../spec/count.ts';
import { expectations } from './expectations.ts';
import type { Place } from './place.ts';
import type { PlanOf, Queues, Ring } from './queues.ts';
import type { Step, SubmissionQueuePlan, WriteTarget } from './scenario.ts';
import { stepWord, type RawWrite, type StepWords, type Submission } from './words.ts';
import { transfer } from './workload.ts';

/** Reads the list at `place`. Steps with mistakes are left out. */
export function readSteps(place: Place, queues: Queues): readonly Step[] {
  const reader = new StepReader(queues);
  return place.entries().flatMap(([, at]) => reader.step(at) ?? []);
}

class StepReader {
  readonly #queues: Queues;
  /** Queues that bring-up or an earlier step asked for. */
  readonly #asked: Set<string>;
  readonly #submitted = new Map<string, number>();
  /** Nothing acted since the last `settle`. */
  #settled = false;

  constructor(queues: Queues) {
    this.#queues = queues;
    this.#asked = new Set(queues.plans.filter(({ created }) => created).map(({ name }) => name));
  }

  step(place: Place): Step | undefined {
    const spoken = place.read(stepWord);
    const { position } = place;
    if (spoken === undefined) {
      // It may have been meant as `settle`; its own mistake is enough.
      this.#settled = true;
      return undefined;
    }
    const settled = this.#settled;
    this.#settled = spoken.word === 'settle' || (spoken.word === 'expect' && settled);
    const inner = place.at(spoken.word);
    switch (spoken.word) {
      case 'enable':
      case 'disable':
      case 'doorbell-buffer':
      case 'aer':
      case 'settle':
        return { position, do: spoken.word };
      case 'submit':
        return this.#submit(place, inner, spoken.given);
      case 'ring': {
        const sq = this.#use(...reference(inner, spoken.given, 'sq'), 'sq');
        return sq && { position, do: 'ring', sqid: sq.qid };
      }
      case 'consume':
      case 'reap':
        return this.#take(place, inner, spoken.word, spoken.given);
      case 'create':
      case 'delete':
        return this.#command(place, inner, spoken.word, spoken.given);
      case 'reset':
        return { position, do: 'reset', kind: spoken.given };
      case 'abort':
        return this.#abort(place, inner, spoken.given);
      case 'mask':
      case 'unmask':
        return {
          position,
          do: spoken.word,
          vector: spoken.given === 'function' ? 'function' : spoken.given.vector,
        };
      case 'write': {
        const target = writeTarget(inner, spoken.given, this.#queues);
        return target && { position, do: 'write', target, value: spoken.given.value };
      }
      case 'hold':
      case 'release':
        return { position, do: spoken.word, what: spoken.given };
      case 'expect':
        if (!settled) {
          return place.wrong(
            'expect stands only after settle: elsewhere anything may have happened',
            'add: - settle',
          );
        }
        return { position, do: 'expect', expectations: expectations(inner, spoken.given, this.#queues) };
    }
  }

  /** A queue that a step acts on: it must have been asked for. */
  #use<R extends Ring>(place: Place, name: string, ring: R): PlanOf[R] | undefined {
    const plan = this.#queues.named(place, name, ring);
    if (plan === undefined || this.#asked.has(name)) return plan;
    return place.wrong(`${name} is used before it is created`, `add before this: - create: ${name}`);
  }

  #submit(place: Place, inner: Place, given: Submission): Step | undefined {
    const sq =
      given.sq === undefined ? this.#queues.onlySq(inner) : this.#use(inner.at('sq'), given.sq, 'sq');
    const operation = transfer(inner, given);
    if (sq === undefined || operation === undefined) return undefined;
    const { count } = operation;
    this.#submitted.set(sq.name, (this.#submitted.get(sq.name) ?? 0) + count);
    this.#fits(inner.at(operation.operation), sq, count);
    return { position: place.position, do: 'submit', sqid: sq.qid, ...operation, ring: given.ring ?? true };
  }

  /** Whether one ring can announce them. */
  #fits(place: Place, sq: SubmissionQueuePlan, count: number): void {
    if (count < sq.size) return;
    // A whole lap or more leaves a tail that looks like fewer commands: it would not even be seen.
    const { name, size } = sq;
    const why = `${count} commands at once, but ${name} has ${size} slots and holds at most ${size - 1}`;
    place.wrong(why, 'submit them in parts, with settle between');
  }

  #take(place: Place, inner: Place, word: 'consume' | 'reap', given: StepWords['reap']): Step | undefined {
    const cq = this.#use(...reference(inner, given, 'cq'), 'cq');
    const entries = typeof given === 'string' ? undefined : given.entries;
    return cq && { position: place.position, do: word, cqid: cq.qid, entries: entries ?? 'all' };
  }

  #command(
    place: Place,
    inner: Place,
    word: 'create' | 'delete',
    given: StepWords['create'],
  ): Step | undefined {
    const queue = this.#queues.commanded(inner, given);
    if (queue === undefined) return undefined;
    this.#asked.add(queue.name);
    return { position: place.position, do: word, queue };
  }

  #abort(place: Place, inner: Place, { sq: name, command }: StepWords['abort']): Step | undefined {
    const sq = this.#use(inner.at('sq'), name, 'sq');
    if (sq === undefined) return undefined;
    const submitted = this.#submitted.get(name) ?? 0;
    if (command < submitted) return { position: place.position, do: 'abort', sqid: sq.qid, command };
    const before = submitted === 0 ? 'no commands' : count(submitted, 'command');
    return inner.at('command').wrong(`${before} submitted to ${name} before this`, 'commands count from 0');
  }
}

/** `ring: sq1` and `ring: { sq: sq1 }`: where the name stands, and the name. */
function reference<Key extends string>(
  place: Place,
  given: string | { readonly [K in Key]: string },
  key: Key,
): [Place, string] {
  return typeof given === 'string' ? [place, given] : [place.at(key), given[key]];
}

function writeTarget(place: Place, given: RawWrite, queues: Queues): WriteTarget | undefined {
  const [kind, second] = (['doorbell', 'shadow', 'register'] as const).filter(
    (key) => given[key] !== undefined,
  );
  if (kind === undefined) return place.wrong('what is written? doorbell, shadow or register');
  if (second !== undefined)
    return place.at(second).wrongKey(`one target at a time: here are ${kind} and ${second}`);
  if (kind === 'register') return { kind, offset: given.register ?? 0 };
  const name = given[kind] ?? '';
  if (name === 'sq0' || name === 'cq0') return { kind, ring: name === 'sq0' ? 'sq' : 'cq', qid: 0 };
  // It need not be created: to write to a queue that is not there may be the point.
  const queue = queues.any(place.at(kind), name);
  return queue && { kind, ring: queue.ring, qid: queue.qid };
}
