/** How a worker's program looks at its doorbells: what the two kinds of doorbells have in common. */
import type { Instruction } from '../../link/program.ts';
import type { Emulator, EmulatorSq, Worker } from './state.ts';

/** Labels that the parts of a worker's program go on at. */
export interface Exits {
  /** The completion queue has room. */
  readonly room: string;
  /** It has none, and the task sleeps until it was woken for that. */
  readonly full: string;
  /** The submission queue has an entry. */
  readonly entry: string;
  /** It has none. */
  readonly nothing: string;
}

export interface Look {
  /** Instructions, the first of them `wait_ready`: looks for room in the completion queue. */
  readonly waitReady: Instruction[];
  /** Instructions, the first of them `next`: looks for an entry in the submission queue at hand. */
  readonly next: Instruction[];
  /** Whether the task, asleep on the submission queue at hand and on its I/Os, is to be polled for the former. */
  readonly stirred: () => boolean;
}

export interface Looking {
  readonly emulator: Emulator;
  readonly worker: Worker;
  /** The submission queue at hand. */
  readonly sq: () => EmulatorSq;
  readonly exits: Exits;
}

/** The task returns with an error, and nobody looks at its queues any more. */
export function end(worker: Worker): string {
  worker.ended = true;
  return ENDED;
}

export const ENDED = 'ended';
export const ended: Instruction = { label: ENDED, when: () => false, run: () => ENDED };

/** A task that was woken is polled from `then` on, by whichever of its wakers that was. */
export function sleeping(worker: Worker, label: string, then: string): Instruction {
  return {
    label,
    when: () => worker.woken,
    run: () => {
      worker.woken = false;
      return then;
    },
  };
}
