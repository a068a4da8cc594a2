/** A failing run as a guide through another world: one that has fewer commands, threads or queues. */
import type { Choice } from '../explore/schedule.ts';
import type { StepName } from '../world/naming.ts';
import { choiceOf, type Move, processOf, type World } from '../world/world.ts';

/**
 * Lets the processes of `world` have their turns as they had in the run of these steps: numbers of processes differ
 * between worlds, and their names do not. Whoever cannot move, or is not there, is passed over; of several
 * alternatives the one of the same name is taken. Where the steps end, the default policy goes on.
 */
export function guidedBy(world: World, steps: readonly StepName[]): Choice {
  const numbers = new Map(world.processes.map(({ name }, index) => [name, index]));
  let at = 0;
  return (moves) => {
    while (at < steps.length) {
      const { process, step } = steps[at++] as StepName;
      const number = numbers.get(process);
      const move = number === undefined ? undefined : turnOf(world, moves, number, step);
      if (move !== undefined) return move;
    }
    return undefined;
  };
}

function turnOf(world: World, moves: readonly Move[], process: number, step: string): Move | undefined {
  const own = moves.filter((move) => processOf(move) === process);
  return own.find((move) => world.processes[process]?.label(choiceOf(move)) === step) ?? own[0];
}
