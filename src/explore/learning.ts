/** Random runs that teach footprints before a reduced search begins, so that it seldom has to begin anew. */
import { type Move, SCRIPT, type World } from '../world/world.ts';
import { Reduced } from './branches.ts';
import type { Footprints } from './footprints.ts';
import { hasError } from './schedule.ts';
import { schedulerFor } from './scheduler.ts';

const RUNS_MAX = 400;
/** Runs in a row that teach nothing, after which enough was learned. */
const RUNS_IN_VAIN = 20;
const STEPS_MAX = 1000;

/** Leaves the world somewhere; its findings do not count. */
export function learn(world: World, footprints: Footprints, stop: () => boolean): void {
  const reduced = new Reduced(world, footprints, false);
  let vain = 0;
  for (let run = 0; run < RUNS_MAX && vain < RUNS_IN_VAIN && !stop(); run++) {
    world.restart();
    const choose = schedulerFor({ kind: 'uniform', seed: run }, world, STEPS_MAX);
    let last: Move | undefined;
    for (let steps = 0; steps < STEPS_MAX && !hasError(world); steps++) {
      const moves = reduced.everyMove();
      const over = world.script === undefined || world.script.done;
      if (moves.length === 0 && over) break;
      last = choose(moves, last) ?? SCRIPT;
      reduced.take(last, 0);
    }
    vain = footprints.settle() ? 0 : vain + 1;
  }
  world.restart();
}
