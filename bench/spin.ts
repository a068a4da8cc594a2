/**
 * Exhaustive search against SPIN: two submission queues on one completion queue with shadow doorbells, the reference
 * pair here and bench/spin/queues.pml there. First that both are the same thing: the same number of states and of
 * transitions but for what our ledger remembers, and the same seeded bugs found. Then CPU time, in turns: ours, SPIN's.
 *
 * Exit 0 also when SPIN is not installed, with a line that says so; 1 when the two models disagree.
 */
import { noise, print, ROUNDS, spreadOf, table } from './measure.ts';
import { modelGraph, search, worldOf } from './spin/ours.ts';
import { Pan, spinVersion } from './spin/pan.ts';
import { type Scope, seededBugs, titleOf } from './spin/scopes.ts';

const smaller: readonly Scope[] = [
  { size: 2, reads: [1, 1] },
  { size: 2, reads: [2, 1] },
  { size: 3, reads: [1, 1] },
];
const timed: readonly Scope[] = [
  { size: 3, reads: [2, 1] },
  { size: 4, reads: [2, 1] },
  { size: 2, reads: [2, 2] },
];
/** The smallest scope where every seeded bug shows. */
const buggy: Scope = { size: 2, reads: [2, 1] };
/** SPIN searches a scope this many times in a round: one search is too short for the shell's clock. */
const REPEATS = 8;

const version = spinVersion();
if (version === undefined) print('skipped: SPIN or gcc is not installed (Debian: spin, gcc)');
else {
  print(
    `SPIN ${version}, gcc -O2 -DSAFETY; node ${process.version}; ${ROUNDS} rounds after one to warm up\n`,
  );
  compareGraphs();
  compareBugs();
  compareTimes(false);
  compareTimes(true);
}

function count(figure: number): string {
  return Math.round(figure).toLocaleString('en-GB').replaceAll(',', ' ');
}

function compareGraphs(): void {
  const rows = [...smaller, ...timed].map((scope) => {
    const world = worldOf(scope);
    const all = search(world, false);
    const models = modelGraph(world);
    const spin = searchOnce(scope);
    const same = models.states === spin.states && models.transitions === spin.transitions;
    if (!same) process.exitCode = 1;
    return [
      titleOf(scope),
      count(spin.states),
      count(models.states),
      count(spin.transitions),
      count(models.transitions),
      same ? 'the same' : 'DIFFERENT',
      count(all.states),
      `${(all.states / models.states).toFixed(2)} ×`,
    ];
  });
  const head = [
    'scope',
    'SPIN: states',
    'our models',
    'SPIN: transitions',
    'our models',
    '',
    'with ledger',
    '',
  ];
  print(`State graphs, not reduced. The ledger is our observer: what it remembers tells states apart.\n`);
  print(`${table(head, rows)}\n`);
}

function searchOnce(scope: Scope, bug?: string): ReturnType<Pan['search']> {
  const pan = new Pan(scope, bug === undefined ? { reduce: false } : { reduce: false, bug });
  try {
    return pan.search();
  } finally {
    pan.remove();
  }
}

function compareBugs(): void {
  const rows = seededBugs.map((bug) => {
    const { found } = search(worldOf(buggy, bug), false);
    const errors = found.filter(({ finding }) => finding.severity === 'error');
    const least = Math.min(...errors.map(({ moves }) => moves.length));
    const rules = [...new Set(errors.map(({ finding }) => finding.rule))].join(', ');
    const { error } = searchOnce(buggy, bug.define);
    if (errors.length === 0 || error === undefined) process.exitCode = 1;
    const [decision] = Object.entries({ ...bug.driver, ...bug.controller });
    return [
      decision?.join(': ') ?? '',
      errors.length === 0 ? 'MISSED' : `${rules} after ${least} steps`,
      error === undefined ? 'MISSED' : `assertion violated after ${error} steps`,
    ];
  });
  print(`Seeded bugs, ${titleOf(buggy)}\n`);
  print(`${table(['decision', 'ours', 'SPIN'], rows)}\n`);
}

function compareTimes(reduce: boolean): void {
  const rows = timed.map((scope) => {
    const world = worldOf(scope);
    const pan = new Pan(scope, { reduce });
    search(world, reduce);
    pan.search();
    const rounds = Array.from({ length: ROUNDS }, () => {
      const ours = search(world, reduce);
      const spin = pan.search(REPEATS);
      return {
        ours,
        spin,
        rate: ours.states / ours.seconds / (spin.states / spin.seconds),
        steps: ours.transitions / ours.seconds / (spin.transitions / spin.seconds),
        time: spin.seconds / ours.seconds,
      };
    });
    pan.remove();
    const of = (figure: (round: (typeof rounds)[number]) => number) => spreadOf(rounds.map(figure));
    const ratio = (spread: ReturnType<typeof spreadOf>) => `${spread.median.toFixed(3)} (${noise(spread)})`;
    const { ours, spin } = rounds[0] as (typeof rounds)[number];
    return [
      titleOf(scope),
      count(ours.states),
      count(spin.states),
      count(of((round) => round.ours.states / round.ours.seconds).median / 1000),
      count(of((round) => round.spin.states / round.spin.seconds).median / 1000),
      ratio(of(({ rate }) => rate)),
      ratio(of(({ steps }) => steps)),
      of((round) => round.ours.seconds).median.toFixed(2),
      of((round) => round.spin.seconds).median.toFixed(2),
      ratio(of(({ time }) => time)),
    ];
  });
  const head = [
    'scope',
    'our states',
    'SPIN’s',
    'ours, 1000/s',
    'SPIN’s',
    'states/s, ours : SPIN’s',
    'transitions/s',
    'ours, s',
    'SPIN, s',
    'how much faster to the verdict',
  ];
  print(`${reduce ? 'Both reduced' : 'Not reduced'}, CPU time: a ratio above 1 is in our favour\n`);
  print(`${table(head, rows)}\n`);
}
