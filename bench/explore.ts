/** How many exhaustive states and transitions, and how many random runs, a second. */
import { exploreExhaustively } from '../src/explore/exhaustive.ts';
import { exploreRandomly } from '../src/explore/random.ts';
import { build } from '../src/scenario/build.ts';
import { type SmallScope, smallScope } from '../src/scenario/small-scope.fixture.ts';
import type { World } from '../src/world/world.ts';
import { measure, noise, print, ROUNDS, table } from './measure.ts';

const RUNS = 500;
const never = (): boolean => false;

const shadow: SmallScope = { size: 2, reads: [9], shadow: true };
const scopes: readonly (readonly [name: string, SmallScope])[] = [
  ['2 slots, 9 commands, shadow doorbells', shadow],
  ['3 slots, 7 commands', { size: 3, reads: [7] }],
  ['4 slots, 5 commands', { size: 4, reads: [5] }],
];

print(`Exhaustive, all rules on; ${ROUNDS} rounds; node ${process.version}\n`);
const rows: string[][] = [];
for (const [name, scope, reduce] of scopes.flatMap(([name, scope]) => [
  [name, scope, false] as const,
  [`${name}, reduced`, scope, true] as const,
])) {
  const world = broughtUp(scope);
  let states = 0;
  let transitions = 0;
  const seconds = await measure(() => {
    world.restart();
    ({ states, transitions } = exploreExhaustively(
      world,
      { states: 5_000_000, depth: 100_000, reduce },
      never,
    ));
  });
  const rate = (count: number): string => (count / seconds.median / 1000).toFixed(0);
  rows.push([name, `${states}`, rate(states), rate(transitions), noise(seconds)]);
}
print(table(['scope', 'states', 'kstates/s', 'ktrans/s', 'spread'], rows));

print(`\nRandom runs of ${scopes[0]?.[0]}\n`);
const world = broughtUp(shadow);
const seconds = await measure(() => {
  exploreRandomly(world, { runs: RUNS, steps: 500, seed: 1 }, never);
});
print(table(['runs', 'runs/s', 'spread'], [[`${RUNS}`, (RUNS / seconds.median).toFixed(0), noise(seconds)]]));

function broughtUp(scope: SmallScope): World {
  const { world } = build(...smallScope({ ...scope, controller: 'reference/trapped' }));
  world.bringUp();
  return world;
}
