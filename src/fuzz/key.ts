/** What counts as a finding of a run, and when two are of one kind. */
import type { FindingKey } from '../explore/shrink.ts';
import type { World } from '../world/world.ts';

/** The kinds of finding that the run which just ended has, each once. `strict`: warnings count. */
export function keysOf({ findings }: World, strict: boolean): FindingKey[] {
  const keys = new Map<string, FindingKey>();
  for (const { rule, party, severity } of findings) {
    if (severity === 'info' || (severity === 'warning' && !strict)) continue;
    const name = `${rule}/${party}`;
    if (!keys.has(name)) keys.set(name, { rule, party, severity });
  }
  return [...keys.values()];
}

/** Whether the run which just ended has a finding of this kind. */
export function shows(world: World, key: FindingKey): boolean {
  return keysOf(world, true).some(
    ({ rule, party, severity }) =>
      rule === key.rule && party === key.party && severity === (key.severity ?? 'error'),
  );
}
