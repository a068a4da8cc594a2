import fc from 'fast-check';
import t from 'tap';
import { build } from '../scenario/build.ts';
import { smallScope } from '../scenario/small-scope.fixture.ts';
import type { Move, World } from '../world/world.ts';
import { exploreExhaustively, shortest } from './exhaustive.ts';
import { exploreRandomly } from './random.ts';
import { byDefault, byNumbers, runToEnd } from './schedule.ts';
import { Visited } from './visited.ts';

const never = (): boolean => false;

interface Setting {
  readonly size: number;
  readonly commands: number;
  readonly shadow?: boolean;
  readonly controller?: string;
}

function worldOf({ size, commands, ...rest }: Setting): World {
  const { world } = build(...smallScope({ size, reads: [commands], ...rest }));
  world.bringUp();
  return world;
}

/** The same search with whole states for keys, nothing hashed: what the fingerprints must agree with. */
function statesByFullVector(world: World): number {
  const seen = new Set<string>();
  const visit = (): void => {
    const key = world.arena.vector().join();
    if (seen.has(key)) return;
    seen.add(key);
    const mark = world.arena.mark();
    for (const move of world.moves()) {
      world.take(move);
      visit();
      world.arena.undo(mark);
    }
    world.arena.drop(mark);
  };
  visit();
  return seen.size;
}

t.test('fingerprints tell apart exactly the states that differ', async (t) => {
  for (const setting of [
    { size: 2, commands: 3 },
    { size: 3, commands: 2 },
    { size: 2, commands: 1, shadow: true },
  ]) {
    const bounds = { states: 1e6, depth: 1e5, reduce: false };
    const result = exploreExhaustively(worldOf(setting), bounds, never);
    t.equal(result.complete, true);
    t.equal(result.states, statesByFullVector(worldOf(setting)), JSON.stringify(setting));
  }
});

t.test('a step undone and done again leads to the same state', async (t) => {
  const world = worldOf({ size: 3, commands: 4, shadow: true });
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 59 }), { maxLength: 60 }), (numbers) => {
      world.restart();
      for (const number of numbers) {
        const moves = world.moves();
        if (moves.length === 0) break;
        const move = moves[number % moves.length] as Move;
        const mark = world.arena.mark();
        const before = world.arena.vector().join();
        world.take(move);
        const after = world.arena.vector().join();
        world.arena.undo(mark);
        t.equal(world.arena.vector().join(), before);
        world.take(move);
        t.equal(world.arena.vector().join(), after);
        world.findings.length = 0;
      }
    }),
    { numRuns: 20 },
  );
});

t.test(
  'equal schedules give equal traces, and the list form shrinks towards the default policy',
  async (t) => {
    const world = worldOf({ size: 2, commands: 3 });
    const once = (numbers: readonly number[]): readonly Move[] => {
      world.restart();
      return runToEnd(world, 1000, byNumbers(numbers)).moves;
    };
    t.same(once([5, 3, 8, 1]), once([5, 3, 8, 1]));
    world.restart();
    const plain = runToEnd(world, 1000, byDefault).moves;
    t.same(once([]), plain);
  },
);

t.test('a bound that ends the search is said, and is not a complete search', async (t) => {
  const states = exploreExhaustively(worldOf({ size: 3, commands: 4 }), { states: 50, depth: 1000 }, never);
  t.match(states, { complete: false, because: /states/ });
  const depth = exploreExhaustively(worldOf({ size: 3, commands: 4 }), { states: 1e6, depth: 10 }, never);
  t.match(depth, { complete: false, because: /depth/ });
  const stopped = exploreExhaustively(
    worldOf({ size: 3, commands: 7 }),
    { states: 1e6, depth: 1e5 },
    () => true,
  );
  t.match(stopped, { complete: false, because: /stopped/ });
});

t.test('what a search finds is found again by a shorter way, and by random schedules', async (t) => {
  const setting = { size: 2, commands: 3, controller: 'mutant/constant-phase' };
  const world = worldOf(setting);
  const { found } = exploreExhaustively(world, { states: 1e6, depth: 1e5 }, never);
  const [first] = found;
  if (first === undefined) throw new Error('nothing found');
  const best = shortest(world, first, 1e5, never);
  t.equal(best.finding.rule, 'PHASE-EXPECTED');
  t.ok(best.moves.length <= first.moves.length);
  world.restart();
  const random = exploreRandomly(world, { runs: 20, steps: 300, seed: 7 }, never);
  t.equal(random.found[0]?.finding.rule, 'PHASE-EXPECTED');
  t.ok((random.found[0]?.moves.length ?? 0) >= best.moves.length, 'no random schedule beats the shortest');
});

t.test('a visited set keeps the least depth, or who slept each time, where it is asked to', async (t) => {
  const plain = new Visited(4);
  t.equal(plain.add(1, 2), true);
  t.equal(plain.add(1, 2), false);
  for (let low = 0; low < 100; low++) plain.add(low, low);
  t.equal(plain.size, 101, 'it grows, and counts each state once');
  t.ok(plain.bytes >= 101 * 12);
  const bounded = new Visited(4);
  t.equal(bounded.addAtDepth(1, 2, 5), true);
  t.equal(bounded.addAtDepth(1, 2, 3), true, 'seen again higher up');
  t.equal(bounded.addAtDepth(1, 2, 4), false);
  const sleeping = new Visited(4);
  t.equal(sleeping.addAsleep(1, 2, 0b0110), -1, 'everybody else is followed');
  t.equal(sleeping.addAsleep(1, 2, 0b1110), 0, 'more asleep than before: nothing new');
  t.equal(sleeping.addAsleep(1, 2, 0b0100), 0b0010, 'only the one who slept before');
  t.equal(sleeping.addAsleep(1, 2, 0b0100), 0);
});
