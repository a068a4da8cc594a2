/** Runs in a world that is busy for ever: where they are judged, how their schedules are shrunk, and followed. */
import fc from 'fast-check';
import t from 'tap';
import type { Move, World } from '../world/world.ts';
import { Following, scheduleOf } from './following.ts';
import { recorded } from './recorded.ts';
import { byMoves, runToEnd } from './schedule.ts';
import { schedulerFor } from './scheduler.ts';
import { preemptionsOf, shrinkSchedule } from './shrink.ts';
import { smallestFailing } from './smallest.ts';
import { withWatchdog } from './watchdog.fixture.ts';

const never = (): boolean => false;
const key = { rule: 'CQ-FULL-RESUME', party: 'controller' } as const;
const bounds = { attempts: 2000, steps: 20_000 };

function shows({ findings }: World): boolean {
  return findings.some(({ rule, party }) => rule === key.rule && party === key.party);
}

/** Whether exactly these moves lead to where the finding shows. */
function leadsThere(world: World, moves: readonly Move[]): boolean {
  world.restart();
  const run = runToEnd(world, moves.length + 1, byMoves(moves));
  return (
    shows(world) && run.moves.length === moves.length && run.moves.every((move, at) => move === moves[at])
  );
}

t.test(
  'what is owed in a world that is never idle is shrunk, and its schedule leads there again',
  async (t) => {
    const world = withWatchdog('mutant/head-doorbell-wakes-nobody');
    world.bringUp();
    let shrunk = 0;
    for (let seed = 0; seed < 12; seed++) {
      world.restart();
      const { choice, numbers } = recorded(schedulerFor({ kind: 'starve-one', seed }, world, 300));
      runToEnd(world, 20_000, choice);
      if (!shows(world)) continue;
      shrunk++;
      const found = shrinkSchedule(world, numbers, key, bounds, never);
      if (found === undefined) throw new Error('not found again');
      t.match(found, { finding: key, minimal: true });
      const { moves, preemptions } = found;
      t.ok(moves.length <= 40, `${moves.length} steps`);
      t.ok(leadsThere(world, moves), 'exactly these moves lead to it');
      const droppable = moves.filter((_, at) => leadsThere(world, moves.toSpliced(at, 1)));
      t.same(droppable, [], 'no step can be left out');
      t.equal(preemptionsOf(world, moves), preemptions);
      t.same(shrinkSchedule(world, numbers, key, bounds, never)?.moves, moves, 'every time the same');

      const schedule = scheduleOf(world, moves);
      const following = new Following(world, schedule);
      t.same(runToEnd(world, 200_000, following.choice), { moves, ended: true }, 'no step more is taken');
      t.ok(shows(world), 'followed by name, it shows again');
      t.match(following.ended(), { followed: schedule.length, instead: undefined });
    }
    t.ok(shrunk >= 2, `${shrunk} runs failed`);
  },
);

t.test(
  'shrinking that is led from outside comes to what fast-check comes to, and stops at once',
  async (t) => {
    const lists = fc.array(fc.nat(), { size: 'max', maxLength: 20_000 });
    const fails = (list: readonly number[]): boolean => list.filter((each) => each > 50).length >= 2;
    const given = Array.from({ length: 60 }, (_, index) => index * 2);
    const property = fc.property(lists, (list) => !fails(list));
    const { counterexample } = fc.check(property, { numRuns: 1, seed: 0, examples: [[given]] });
    const smallest = smallestFailing(lists, given, fails, never);
    t.same(smallest, counterexample?.[0]);
    t.same(smallest, [51, 51]);
    let asked = 0;
    const long = Array.from({ length: 20_000 }, () => 99);
    t.equal(
      smallestFailing(
        lists,
        long,
        () => (asked++, false),
        () => asked === 5,
      ),
      long,
    );
    t.equal(asked, 5);
  },
);
