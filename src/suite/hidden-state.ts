/** Plug-ins whose state is not where they say: what is repeated or undone then comes out otherwise. */
import { runToEnd } from '../explore/schedule.ts';
import { schedulerFor } from '../explore/scheduler.ts';
import { selfCheck } from '../explore/self-check.ts';
import { PlugInFault } from '../targets/plug-in/fault.ts';
import type { Move, World } from '../world/world.ts';

/** `build`: makes the same world anew, which must come up to the same state. Throws `PlugInFault`. */
export function checkBringUp(world: World, plugIn: string, build: () => World): void {
  const other = build();
  other.bringUp();
  const { hashLow, hashHigh } = other.arena;
  if (hashLow === world.arena.hashLow && hashHigh === world.arena.hashHigh) return;
  throw new PlugInFault(
    plugIn,
    'two worlds that are built in the same way do not come up to the same state. Likely causes: a variable of the ' +
      'module, a clock or a random number',
  );
}

/** Random runs that are checked besides the one by the default policy, and their steps. */
const RUNS = 4;
const STEPS = 2000;

/** Repeats a few runs, and undoes their steps where that can be done. Throws `PlugInFault`. Restarts the world. */
export function checkState(world: World, plugIn: string, moves: readonly Move[]): void {
  checkRun(world, plugIn, moves);
  for (let seed = 0; seed < RUNS; seed++) {
    world.restart();
    const choice = schedulerFor({ kind: 'uniform', seed }, world, moves.length);
    checkRun(world, plugIn, runToEnd(world, STEPS, choice).moves);
  }
}

/** Throws `PlugInFault`. */
export function checkRun(world: World, plugIn: string, moves: readonly Move[]): void {
  const difference = selfCheck(world, moves);
  if (difference !== undefined) throw hiddenState(world, plugIn, difference.text);
}

/** `difference`: what the self-check says. */
export function hiddenState(world: World, plugIn: string, difference: string): PlugInFault {
  const claim = world.rewinds
    ? "some of its state is not in the arena that build() was given. Put it there, or say state: 'plain': then " +
      'only whole runs are tried'
    : 'build() does not begin anew: the same steps come out otherwise';
  return new PlugInFault(plugIn, `${claim}. ${difference}`);
}

export function notRepeatable(plugIn: string, rule: string): PlugInFault {
  return new PlugInFault(
    plugIn,
    `${rule} was found in a run and not when that run was repeated. Likely causes: state that build() does not ` +
      'begin anew (a variable of the module), a clock or a random number',
  );
}

export function cannotBeSearched(plugIn: string): string {
  return (
    `${plugIn} keeps its state in plain JavaScript, which cannot be undone: random runs show nothing, and not every ` +
    'order can be tried. State in the arena can be searched'
  );
}
