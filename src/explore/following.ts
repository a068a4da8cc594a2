/** Schedules: the steps of a run by name, and a run that follows them as long as they fit. */
import { moveNamed, nameOf, type StepName } from '../world/naming.ts';
import { type Move, SCRIPT, type World } from '../world/world.ts';
import { type Choice, END, hasError } from './schedule.ts';

/** How far a schedule fitted. */
export interface Followed {
  readonly steps: number;
  /** Steps that fitted; the default policy took all after them. */
  readonly followed: number;
  /**
   * What could have stepped in the place of the first that did not fit, nothing if the run was over; undefined where
   * all did, or where a finding ended the run.
   */
  readonly instead: readonly StepName[] | undefined;
}

/** What the steps of the run that takes `moves` from the state after bring-up are called. */
export function scheduleOf(world: World, moves: readonly Move[]): readonly StepName[] {
  world.restart();
  const names = moves.map((move) => {
    const name = nameOf(world, move);
    if (move === SCRIPT) world.settle(false); // as a run does before the script goes on
    world.take(move);
    return name;
  });
  world.restart();
  return names;
}

/** Chooses the steps of one schedule, for one run, and comes to its end with it. */
export class Following {
  #followed = 0;
  #ended = false;
  #instead: readonly StepName[] | undefined;
  readonly #world: World;
  readonly #schedule: readonly StepName[];

  constructor(world: World, schedule: readonly StepName[]) {
    this.#world = world;
    this.#schedule = schedule;
  }

  readonly choice: Choice = (moves) => {
    const wanted = this.#schedule[this.#followed];
    if (this.#ended || this.#instead !== undefined) return undefined;
    if (wanted === undefined) {
      this.#ended = true;
      return END;
    }
    const move = moveNamed(this.#world, wanted);
    if (move === undefined) this.#misfit(moves);
    else this.#followed++;
    return move;
  };

  /** What came of it, now that the run is over. */
  ended(): Followed {
    const steps = this.#schedule.length;
    const isOver = this.#followed === steps || hasError(this.#world);
    return { steps, followed: this.#followed, instead: this.#instead ?? (isOver ? undefined : []) };
  }

  #misfit(moves: readonly Move[]): void {
    const script = this.#world.script;
    const enabled = moves.length === 0 && script !== undefined && !script.done ? [SCRIPT] : moves;
    this.#instead = enabled.map((move) => nameOf(this.#world, move));
  }
}
