/**
 * How many schedules it takes to find a known bug: uniform choices alone against the portfolio, over 50 seeds. Every
 * model that is known to be wrong runs in every workload of the suite, and in three more, in which its bug is a matter
 * of luck; what each schedule shows has one row for the model.
 */
import fc from 'fast-check';
import { portfolio } from '../src/explore/portfolio.ts';
import { hasError, runToEnd } from '../src/explore/schedule.ts';
import { lengthByDefault, schedulerFor, type SchedulerSpec } from '../src/explore/scheduler.ts';
import { build } from '../src/scenario/build.ts';
import { suiteScenario } from '../src/suite/examine.fixture.ts';
import type { World } from '../src/world/world.ts';
import { known } from './known-bugs.ts';
import { print, table } from './measure.ts';

const SEEDS = 50;
/** Schedules after which a search is given up; it then counts as one that took so many. */
const CAP = 300;
const STEPS = 3000;

interface Figures {
  readonly median: number;
  /** 90th percentile. */
  readonly high: number;
  readonly missed: number;
}
interface Row {
  readonly name: string;
  readonly uniform: Figures;
  readonly mixed: Figures;
}

const specs = fc.sample(portfolio, { seed: 1, numRuns: SEEDS * CAP });
const uniform = ({ seed }: SchedulerSpec): SchedulerSpec => ({ kind: 'uniform', seed });

const rows: Row[] = [];
for (const { model, role, scenario } of known) {
  const loaded = typeof scenario === 'string' ? suiteScenario(scenario) : scenario;
  const pairing = loaded.pairings.find(({ verdict }) => verdict.kind === 'conforms');
  if (pairing === undefined) throw new Error(`${loaded.title}: no pairing conforms`);
  const { world } = build(loaded, { ...pairing, [role]: { model, decisions: {} } });
  if (!world.bringUp()) throw new Error(`${model} hangs in bring-up`);
  const name = `${model}, ${typeof scenario === 'string' ? scenario : scenario.title}`;
  rows.push({ name, uniform: figures(world, uniform), mixed: figures(world, (spec) => spec) });
}

function figures(world: World, choose: (spec: SchedulerSpec) => SchedulerSpec): Figures {
  const expected = lengthByDefault(world, STEPS);
  const counts = Array.from({ length: SEEDS }, (_, seed) => {
    const tried = specs.slice(seed * CAP, (seed + 1) * CAP).findIndex((spec) => {
      world.restart();
      runToEnd(world, STEPS, schedulerFor(choose(spec), world, expected));
      return hasError(world);
    });
    return tried < 0 ? Infinity : tried + 1;
  }).toSorted((a, b) => a - b);
  const at = (part: number): number => Math.min(CAP, counts[Math.floor(part * SEEDS)] as number);
  return { median: at(0.5), high: at(0.9), missed: counts.filter((count) => count === Infinity).length };
}

const ratio = ({ uniform, mixed }: Row): number => mixed.median / uniform.median;
const count = (of: number): string => (of === CAP ? `${CAP}+` : String(of));
const hardest = rows.toSorted(
  (a, b) => b.uniform.median - a.uniform.median || b.uniform.high - a.uniform.high,
);
print(
  table(
    ['model, workload', 'uniform', '90 %', 'missed', 'portfolio', '90 %', 'missed', 'portfolio / uniform'],
    hardest.map((row) => [
      row.name,
      ...[row.uniform, row.mixed].flatMap((of) => [count(of.median), count(of.high), String(of.missed)]),
      ratio(row).toFixed(2),
    ]),
  ),
);

const worst = rows.reduce((a, b) => (ratio(b) > ratio(a) ? b : a));
const quarter = hardest.slice(0, Math.ceil(rows.length / 4));
const sum = (of: 'uniform' | 'mixed'): number => quarter.reduce((total, row) => total + row[of].median, 0);
const mean = Math.exp(quarter.reduce((total, row) => total - Math.log(ratio(row)), 0) / quarter.length);
print(`\nmedian schedules to the first error of ${SEEDS} seeds; ${CAP}+: given up`);
print(
  `largest ratio portfolio / uniform: ${ratio(worst).toFixed(2)} (${worst.name}); at most 2 is the target`,
);
print(
  `hardest quarter (${quarter.length} rows): ${mean.toFixed(1)} times fewer (geometric mean of the ratios), ` +
    `${(sum('uniform') / sum('mixed')).toFixed(1)} times fewer in all; 5 is the target`,
);
