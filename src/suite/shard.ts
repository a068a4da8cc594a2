/** One machine of several that share the work without overlap. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/** Whether piece `number` of the work, from 0, is for this machine: every `of`-th one is. */
export function isFor(shard: Shard | undefined, number: number): boolean {
  return shard === undefined || number % shard.of === shard.index - 1;
}
