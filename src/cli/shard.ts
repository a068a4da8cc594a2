/** `--shard`: which machine of several this one is, given or found in the environment of the CI system. */
import type { Shard } from '../suite/shard.ts';
import type { Environment } from './colour.ts';

/** Where a CI system says which of several equal jobs this is. */
interface Numbering {
  readonly index: string;
  /** The number that its first job has. */
  readonly first: 0 | 1;
  readonly total: string | undefined;
}

const numberings: readonly Numbering[] = [
  { index: 'JOB_COMPLETION_INDEX', first: 0, total: undefined }, // Kubernetes, Indexed Job
  { index: 'CI_NODE_INDEX', first: 1, total: 'CI_NODE_TOTAL' }, // GitLab, `parallel`
  { index: 'CIRCLE_NODE_INDEX', first: 0, total: 'CIRCLE_NODE_TOTAL' },
  { index: 'BUILDKITE_PARALLEL_JOB', first: 0, total: 'BUILDKITE_PARALLEL_JOB_COUNT' },
];

/** More machines than anybody has. */
const MOST = 100_000;

/** `2/8`; `auto/8` or `auto`: from the environment. Throws an Error with a sentence for the user. */
export function parseShard(text: string, environment: Environment): Shard {
  const [, index, of] = /^(auto|\d+)(?:\/(\d+))?$/.exec(text) ?? [];
  if (index === undefined || (index !== 'auto' && of === undefined))
    throw new Error("'i/n' is needed, such as 2/8, or 'auto/8', or 'auto'.");
  const total = of === undefined ? undefined : whole(of, 'the number of shards');
  const shard = index === 'auto' ? found(environment, total) : { index: Number(index), of: total ?? 1 };
  if (shard.index < 1 || shard.index > shard.of)
    throw new Error(`Shards are numbered from 1 to ${shard.of}; there is no shard ${shard.index}.`);
  return shard;
}

function found(environment: Environment, total: number | undefined): Shard {
  const numbering = numberings.find(({ index }) => isSet(environment[index]));
  if (numbering === undefined)
    throw new Error(`'auto' needs one of ${numberings.map(({ index }) => index).join(', ')} to be set.`);
  const index = whole(environment[numbering.index] ?? '', numbering.index) + 1 - numbering.first;
  const name = numbering.total;
  const told =
    name !== undefined && isSet(environment[name]) ? whole(environment[name] ?? '', name) : undefined;
  if (total !== undefined && told !== undefined && total !== told)
    throw new Error(`${name} is ${told}, but ${total} shards were asked for: some work would not be done.`);
  const of = total ?? told;
  if (of === undefined)
    throw new Error(`${numbering.index} does not say how many shards there are: use 'auto/n'.`);
  return { index, of };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

function whole(text: string, what: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value <= MOST)) throw new Error(`A whole number is needed for ${what}, not '${text}'.`);
  return value;
}
