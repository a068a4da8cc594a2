/** Makes a failing world small: fewest commands, no control actions, few and small queues, default decisions. */
import { smallestFailing } from '../explore/smallest.ts';
import { type CommandGene, type Genes, genes as anyGenes } from './genes.ts';

/**
 * The smallest genes found that still fail, after `attempts` calls of `fails` at most. `given` must fail. Genes with the
 * same `world` are the same world, such as those that differ in a feature that nothing uses: `fails` is asked once for
 * each world, and what is returned was asked for. `stop` ends it with what there is.
 *
 * fast-check takes the parts in their order. A part that could not become smaller sometimes can when those after it
 * are small, so it begins again until nothing changes.
 */
export function shrinkCase(
  given: Genes,
  fails: (genes: Genes) => boolean,
  attempts: number,
  world: (genes: Genes) => string = (genes) => JSON.stringify(genes),
  stop: () => boolean = () => false,
): Genes {
  const known = new Map([[world(given), { genes: given, fails: true }]]);
  let left = attempts;
  const failing = (tried: Genes): boolean => {
    const key = world(tried);
    let answer = known.get(key);
    if (answer === undefined) {
      if (left-- <= 0) return false;
      answer = { genes: tried, fails: fails(tried) };
      known.set(key, answer);
    }
    return answer.fails;
  };
  let smallest = given;
  for (;;) {
    const found = smallestFailing(anyGenes, smallest, failing, () => left <= 0 || stop());
    const merged = oneThread(found);
    const next = anyGenes.canShrinkWithoutContext(merged) && failing(merged) ? merged : found;
    if (left <= 0 || stop() || JSON.stringify(next) === JSON.stringify(smallest))
      return known.get(world(next))?.genes ?? given;
    smallest = next;
  }
}

/** All commands in one thread, equal ones that follow each other as one burst: fast-check only takes away. */
function oneThread(given: Genes): Genes {
  const merged: CommandGene[] = [];
  for (const command of given.threads.flat()) {
    const last = merged.at(-1);
    if (last !== undefined && JSON.stringify({ ...last, count: command.count }) === JSON.stringify(command))
      merged[merged.length - 1] = { ...last, count: last.count + command.count + 1 };
    else merged.push(command);
  }
  return { ...given, threads: [merged] };
}
