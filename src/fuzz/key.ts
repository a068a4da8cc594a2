/** What counts as a finding of a run. */
import { type FindingKey, isKey, keyName } from '../explore/finding-key.ts';
import type { RuleId } from '../spec/rule.ts';
import type { World } from '../world/world.ts';

/** The kinds of finding that the run which just ended has, each once. `strict`: warnings count. */
export function keysOf({ findings }: World, strict: boolean): FindingKey[] {
  const keys = new Map<string, FindingKey>();
  for (const { rule, party, severity } of findings) {
    if (severity === 'info' || (severity === 'warning' && !strict)) continue;
    const key = { rule, party, severity };
    if (!keys.has(keyName(key))) keys.set(keyName(key), key);
  }
  return [...keys.values()];
}

/** The rules of the warnings that the run which just ended has, each once; none if they count as findings. */
export function warningsOf({ findings }: World, strict: boolean): ReadonlySet<RuleId> {
  const warnings = strict ? [] : findings.filter(({ severity }) => severity === 'warning');
  return new Set(warnings.map(({ rule }) => rule));
}

/** Whether the run which just ended has a finding of this kind. */
export function shows({ findings }: World, key: FindingKey): boolean {
  return findings.some((finding) => isKey(finding, key));
}
