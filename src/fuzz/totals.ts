/** Sums up the blocks of a session. */
import type { RuleId } from '../spec/rule.ts';
import type { BlockResult } from './block.ts';
import type { FuzzSums, FuzzTrouble } from './result.ts';

export class Totals {
  readonly #trouble = new Map<string, FuzzTrouble>();
  #sums: Omit<FuzzSums, 'trouble'> = {
    runs: 0,
    worlds: 0,
    notApplicable: 0,
    down: 0,
    steps: 0,
    unfinished: 0,
    selfChecks: 0,
    exercised: {},
    warnings: {},
    features: {},
    schedulers: { 'uniform': 0, 'pct': 0, 'starve-one': 0, 'bursts': 0, 'speeds': 0 },
  };

  get sums(): FuzzSums {
    return { ...this.#sums, trouble: [...this.#trouble.values()] };
  }

  add(block: BlockResult): void {
    const { runs, worlds, notApplicable, down, steps, unfinished, selfChecks } = this.#sums;
    const { exercised, warnings, features, schedulers } = this.#sums;
    this.#sums = {
      runs: runs + block.runs,
      worlds: worlds + block.worlds,
      notApplicable: notApplicable + block.notApplicable,
      down: down + block.down,
      steps: steps + block.steps,
      unfinished: unfinished + block.unfinished,
      selfChecks: selfChecks + block.selfChecks,
      exercised: sumOf<RuleId>(exercised, block.exercised),
      warnings: sumOf<RuleId>(warnings, block.warnings),
      features: sumOf(features, block.features) as Record<string, number>,
      schedulers: sumOf(schedulers, block.schedulers) as typeof schedulers,
    };
    for (const trouble of block.trouble) this.tell(trouble);
  }

  /** The same trouble is told once. */
  tell(trouble: FuzzTrouble): void {
    const key = `${trouble.kind}/${trouble.text}`;
    if (!this.#trouble.has(key)) this.#trouble.set(key, trouble);
  }
}

type Counts<Name extends string> = Readonly<Partial<Record<Name, number>>>;

function sumOf<Name extends string>(one: Counts<Name>, other: Counts<Name>): Counts<Name> {
  const sum: Partial<Record<Name, number>> = { ...one };
  for (const name of Object.keys(other) as Name[]) sum[name] = (sum[name] ?? 0) + (other[name] ?? 0);
  return sum;
}
