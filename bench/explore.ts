/**
 * How many exhaustive states and transitions, and how many random runs, a second. Several rounds, so that the
 * machine's noise shows beside the figures. Run by `npm run bench`; builds first.
 */
import { Bench } from 'tinybench';
import { build } from '../src/scenario/build.ts';
import { exploreExhaustively } from '../src/explore/exhaustive.ts';
import { exploreRandomly } from '../src/explore/random.ts';
import { smallScope } from '../src/scenario/small-scope.fixture.ts';

const ROUNDS = 7;
const controller = 'reference/trapped';
const never = (): boolean => false;
const out = (line: string): void => void process.stdout.write(`${line}\n`);

interface Case {
  readonly name: string;
  readonly size: number;
  readonly commands: number;
  readonly shadow: boolean;
}
const cases: readonly Case[] = [
  { name: '2 slots, 9 commands, shadow doorbells', size: 2, commands: 9, shadow: true },
  { name: '3 slots, 7 commands', size: 3, commands: 7, shadow: false },
  { name: '4 slots, 5 commands', size: 4, commands: 5, shadow: false },
];

out(`exhaustive, no reduction, all rules on; ${ROUNDS} rounds after one to warm up; node ${process.version}`);
out(
  'scope'.padEnd(44) +
    'states'.padStart(10) +
    'kstates/s'.padStart(11) +
    'ktrans/s'.padStart(10) +
    '   spread',
);
for (const one of cases) {
  const { world } = build(
    ...smallScope({ size: one.size, reads: [one.commands], shadow: one.shadow, controller }),
  );
  world.bringUp();
  let states = 0;
  let transitions = 0;
  const seconds = measure(() => {
    world.restart();
    ({ states, transitions } = exploreExhaustively(world, { states: 5_000_000, depth: 100_000 }, never));
  });
  const rate = (count: number): string => (count / seconds.median / 1000).toFixed(0);
  out(
    one.name.padEnd(44) +
      String(states).padStart(10) +
      rate(states).padStart(11) +
      rate(transitions).padStart(10) +
      spread(seconds),
  );
}

out('');
out('random runs by fast-check, 2 slots, 9 commands, shadow doorbells');
const { world } = build(...smallScope({ size: 2, reads: [9], shadow: true, controller }));
world.bringUp();
const RUNS = 500;
const bench = new Bench({ iterations: ROUNDS, time: 0, warmupIterations: 1, warmupTime: 0 });
bench.add('random', () => void exploreRandomly(world, { runs: RUNS, steps: 500, seed: 1 }, never));
await bench.run();
const result = bench.tasks[0]?.result;
if (result !== undefined && 'latency' in result) {
  const { p50, min, max } = result.latency;
  out(`runs/s ${((RUNS * 1000) / p50).toFixed(0)}${spread({ median: p50, min, max })}`);
}

interface Times {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

function measure(work: () => void): Times {
  work();
  const times = Array.from({ length: ROUNDS }, () => {
    const start = process.hrtime.bigint();
    work();
    return Number(process.hrtime.bigint() - start) / 1e9;
  }).toSorted((a, b) => a - b);
  const at = (index: number): number => times[index] as number;
  return { median: at(ROUNDS >> 1), min: at(0), max: at(ROUNDS - 1) };
}

/** The machine's noise: slowest and fastest round against the median. */
function spread({ median, min, max }: Times): string {
  const percent = (time: number): string => `${(((time - median) / median) * 100).toFixed(0)} %`;
  return `   ${percent(min)} … +${percent(max)}`;
}
