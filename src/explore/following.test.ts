import t from 'tap';
import { build } from '../scenario/build.ts';
import { pairingWith, suiteScenario } from '../suite/examine.fixture.ts';
import type { World } from '../world/world.ts';
import { Following, scheduleOf } from './following.ts';
import { byNumbers, runToEnd } from './schedule.ts';

function worldOf(name: string): World {
  const scenario = suiteScenario(name);
  const { world } = build(scenario, pairingWith(scenario, {}));
  world.bringUp();
  world.restart();
  return world;
}
const numbers = Array.from({ length: 300 }, (_, index) => (index * index) % 5);

t.test('a run is followed by the names of its steps, the script included', async (t) => {
  for (const name of ['unequal-rings', 'shadow-under-load', 'cq-full-parked-sq']) {
    const world = worldOf(name);
    const run = runToEnd(world, 1000, byNumbers(numbers));
    const end = [world.arena.hashLow, world.arena.hashHigh];
    const schedule = scheduleOf(world, run.moves);
    world.restart();
    const following = new Following(world, schedule);
    t.same(runToEnd(world, 1000, following.choice), run, name);
    t.same([world.arena.hashLow, world.arena.hashHigh], end, 'it ends in the same state');
    t.same(following.ended(), { steps: schedule.length, followed: schedule.length, instead: undefined });
  }
});

t.test('what does not fit is told once, and the default policy goes on', async (t) => {
  const world = worldOf('unequal-rings');
  const { moves } = runToEnd(world, 1000, byNumbers(numbers));
  const schedule = scheduleOf(world, moves);
  const changed = schedule.with(3, { process: 'SQ1 fetcher', step: 'no such step' });
  world.restart();
  const following = new Following(world, changed);
  const run = runToEnd(world, 1000, following.choice);
  t.ok(run.ended);
  const end = following.ended();
  t.match(end, { steps: schedule.length, followed: 3 });
  t.ok(
    end.instead?.some(({ process, step }) => process === schedule[3]?.process && step === schedule[3]?.step),
  );
  t.same(scheduleOf(world, run.moves).slice(0, 3), schedule.slice(0, 3));
});

t.test('a run that is over before its schedule', async (t) => {
  const world = worldOf('unequal-rings');
  const { moves } = runToEnd(world, 1000, byNumbers(numbers));
  const schedule = scheduleOf(world, moves);
  const [first] = schedule;
  world.restart();
  const following = new Following(world, [...schedule, ...(first ? [first] : [])]);
  runToEnd(world, 1000, following.choice);
  t.same(following.ended(), { steps: moves.length + 1, followed: moves.length, instead: [] });
});
