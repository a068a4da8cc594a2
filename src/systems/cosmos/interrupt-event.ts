/** InterruptEvent (Cosmos.Kernel.Core/Scheduler): a latch with one token that `Wait` consumes, and its waiters. */
import type { Arena } from '../../arena/arena.ts';
import { Fifo } from '../../arena/containers.ts';
import { flag, type Flag, state, type StateOf, type Word, word } from '../../arena/state.ts';
import type { Thread } from './scheduler.ts';

const fields = {
  signaled: flag as Flag,
  /** The thread that holds `_lockGuard`, plus one. */
  lock: word as Word,
};
const Fields: StateOf<typeof fields> = state(fields);

export class InterruptEvent extends Fields {
  readonly waiters: Fifo;

  constructor(arena: Arena, threads: number) {
    super(arena);
    this.waiters = new Fifo(arena, threads);
  }

  addWaiter(thread: Thread): void {
    if (this.waiters.indexOf(thread) < 0) this.waiters.push(thread);
  }

  /** Under the lock: sets the token, and takes out the first waiter, if there is one. */
  signal(): Thread | undefined {
    this.signaled = true;
    return this.waiters.length > 0 ? this.waiters.shift() : undefined;
  }
}
