/**
 * DrainAfterRestore: what was in flight at the save is completed before new commands are taken, because whoever
 * asked for it may have asked again, on any queue.
 */
import type { Arena } from '../../arena/arena.ts';
import { flag, type Flag, state, type StateOf, type Word, word } from '../../arena/state.ts';
import type { Task } from './channel.ts';

/** In the order of a queue pair's life after restore; the first is what every other queue pair is in. */
export type DrainState = 'AllDrained' | 'Draining' | 'SelfDrained';
const states: readonly DrainState[] = ['AllDrained', 'Draining', 'SelfDrained'];

const fields = {
  stateNumber: word as Word,
  /** The task's waker is registered with the signal (the waiter of `SelfDrained`). */
  waker: flag as Flag,
};
const Fields: StateOf<typeof fields> = state(fields);

/** Where one queue pair is in the drain. */
export class Drain extends Fields {
  readonly #task: Task;

  constructor(arena: Arena, task: Task) {
    super(arena);
    this.#task = task;
  }

  get state(): DrainState {
    return states[this.stateNumber] as DrainState;
  }
  set state(state: DrainState) {
    this.stateNumber = states.indexOf(state);
  }

  wake(): void {
    if (!this.waker) return;
    this.waker = false;
    this.#task.woken = true;
  }
}

const barrierFields = {
  /** Queue pairs that drain. */
  counter: word as Word,
  signalled: flag as Flag,
};
const BarrierFields: StateOf<typeof barrierFields> = state(barrierFields);

/**
 * What the queue pairs of one restored driver share (DrainAfterRestoreBuilder). The waiters of all queue pairs
 * exist before a saved one can run, so nobody misses the signal.
 */
export class DrainBarrier extends BarrierFields {
  readonly #waiting: Drain[] = [];

  /** While the driver is built: `drain` hears the signal. */
  add(drain: Drain): void {
    this.#waiting.push(drain);
  }

  start(draining: number): void {
    this.counter = draining;
    this.signalled = false;
  }

  /** Whether whoever comes now has to wait (new_for_new_queue, which looks twice so that this is one step). */
  get isUp(): boolean {
    return this.counter > 0;
  }

  signal(): void {
    this.signalled = true;
    for (const drain of this.#waiting) drain.wake();
  }
}
