/**
 * Random interleavings a second, against fast-check's own way: the same property of the same pair, written with
 * `fc.asyncProperty` and `fc.scheduler`. There every process is an async loop, and each of its steps waits to be
 * scheduled. It is tuned as its users could tune it: nothing awaited without need, no labels, and blocked processes
 * sleep until something has changed. Twice it is even lent this project's undo, so that one world is used again; once it
 * builds a world for each run, as code without an arena has to.
 */
import fc from 'fast-check';
import { exploreRandomly } from '../src/explore/random.ts';
import type { Process } from '../src/link/process.ts';
import { build } from '../src/scenario/build.ts';
import { smallScope } from '../src/scenario/small-scope.fixture.ts';
import { moveOf, type World } from '../src/world/world.ts';
import { inTurn, noise, print, ROUNDS, spreadOf, table } from './measure.ts';

type Wait = 'waitAll' | 'waitIdle';

const RUNS = 200;
const STEPS = 500;
const world = broughtUp();

const bounds = { runs: RUNS, steps: STEPS, seed: 1 };
/** Taken in the round that runs. */
let steps = 0;
const ready = Promise.resolve();

/**
 * One interleaving to its end. `waitIdle` waits 50 ticks before each choice for whoever may still ask to be scheduled;
 * the older `waitAll` does not, is faster, and may have to be called again for those that were late.
 */
async function interleaving(s: fc.Scheduler, wait: Wait, world: World): Promise<void> {
  const blocked = new Map<Process, () => void>();
  const wakeOthers = (): void => {
    for (const [process, wake] of blocked) {
      if (process.choices() === 0) continue;
      blocked.delete(process);
      wake();
    }
  };
  const live = async (process: Process, index: number): Promise<void> => {
    for (;;) {
      if (process.choices() === 0) await new Promise<void>((wake) => blocked.set(process, wake));
      await s.schedule(ready);
      if (process.choices() === 0) continue; // another one's step came first
      world.take(moveOf(index, 0));
      steps++;
      wakeOthers();
    }
  };
  world.processes.forEach((process, index) => void live(process, index));
  do await s[wait]();
  while (blocked.size < world.processes.length);
  world.settle(true);
  if (world.findings.length > 0) throw new Error(`${world.findings[0]?.rule} was broken`);
}

async function byFastCheck(wait: Wait, next: () => World): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), (s) => interleaving(s, wait, next())),
    { seed: 1, numRuns: RUNS },
  );
}

const ways: readonly (readonly [name: string, () => void | Promise<void>])[] = [
  ['this project', () => void (steps += exploreRandomly(world, bounds, () => false).steps)],
  ['fc.scheduler, waitAll, lent undo', () => byFastCheck('waitAll', usedAgain)],
  ['fc.scheduler, waitIdle, lent undo', () => byFastCheck('waitIdle', usedAgain)],
  ['fc.scheduler, waitIdle, a world each', () => byFastCheck('waitIdle', broughtUp)],
];

function broughtUp(): World {
  const { world } = build(
    ...smallScope({ size: 2, reads: [9], shadow: true, controller: 'reference/trapped' }),
  );
  world.bringUp();
  return world;
}

function usedAgain(): World {
  world.restart();
  return world;
}

print(
  `Random interleavings of 2 slots, 9 commands, shadow doorbells; ${ROUNDS} rounds of ${RUNS} runs each\n`,
);
const length = new Map<string, number>();
const rounds = await inTurn(
  ways.map(([name, work]) => async () => {
    steps = 0;
    await work();
    length.set(name, steps / RUNS);
  }),
);
const rows = ways.map(([name], way) => {
  const seconds = spreadOf(rounds.map((round) => round[way] as number));
  const ratio = spreadOf(rounds.map((round) => (round[way] as number) / (round[0] as number)));
  return [
    name,
    (RUNS / seconds.median).toFixed(0),
    noise(seconds),
    (length.get(name) as number).toFixed(0),
    way === 0 ? '' : `${ratio.median.toFixed(1)} (${ratio.min.toFixed(1)} … ${ratio.max.toFixed(1)})`,
  ];
});
print(table(['', 'runs/s', 'spread', 'steps a run', 'ours: times as many'], rows));
