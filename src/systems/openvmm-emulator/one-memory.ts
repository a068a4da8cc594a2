/**
 * Doorbells from 94889caeb on: `DoorbellState` with `probe`. EventIdx moves only when the task is about to sleep, to
 * the value that was read, and the doorbell is read once more after that.
 */
import type { Instruction } from '../../link/program.ts';
import { doorbellNumber, readDoorbell, type Ring } from './doorbells.ts';
import { end, type Look, type Looking } from './look.ts';
import type { Emulator, EmulatorCq, EmulatorSq, Worker } from './state.ts';

export function lookAtMemory({ emulator, worker, sq, exits }: Looking): Look {
  const cq = worker.cq;
  return {
    stirred: () => false, // the task is woken, and then polls everything
    waitReady: polling(emulator, worker, {
      ring: 'cq',
      first: 'wait_ready',
      idle: () => cq.isFull,
      state: () => cq,
      ready: exits.room,
      pending: exits.full,
    }),
    next: polling(emulator, worker, {
      ring: 'sq',
      first: 'next',
      idle: () => sq().ring.tail === sq().ring.head,
      state: sq,
      ready: exits.entry,
      pending: exits.nothing,
    }),
  };
}

interface Poll {
  readonly ring: Ring;
  readonly first: string;
  /** Whether the value known is of no use, so that the doorbell is polled. */
  readonly idle: () => boolean;
  readonly state: () => EmulatorSq | EmulatorCq;
  /** Where to go on with a value that is of use, and without. */
  readonly ready: string;
  readonly pending: string;
}

function polling(emulator: Emulator, worker: Worker, poll: Poll): Instruction[] {
  const { ring, state, ready, pending } = poll;
  const goOn = (probed: string): string =>
    probed === 'moved' ? (poll.idle() ? poll.first : ready) : probed === 'not moved' ? pending : probed;
  const arm = `arm EventIdx of the ${ring === 'sq' ? 'tail' : 'head'}`;
  const again = `read the ${ring === 'sq' ? 'tail' : 'head'} again`;
  return [
    {
      label: poll.first,
      run: () => {
        if (!poll.idle()) return ready;
        const { qid } = state().ring;
        emulator.wakers.add(doorbellNumber(ring, qid)); // the waker first, then the value
        const probed = probe(emulator, worker, ring, state());
        if (probed !== 'not moved') return goOn(probed);
        const armed = emulator.eventIdxPage === 0 || state().eventIdx === current(ring, state());
        return armed ? pending : arm;
      },
    },
    {
      label: arm,
      run: () => {
        const value = current(ring, state());
        emulator.link.dmaWrite32(emulator.eventIdxAddress(ring, state().ring.qid), value);
        state().eventIdx = value;
        return again;
      },
    },
    {
      label: again,
      run: () => goOn(probe(emulator, worker, ring, state())),
    },
  ];
}

function current(ring: Ring, { ring: queue }: EmulatorSq | EmulatorCq): number {
  return ring === 'sq' ? (queue as EmulatorSq['ring']).tail : queue.head;
}

/** `probe`: takes the doorbell's value over if it moved; out of range it ends the task. */
export function probe(
  emulator: Emulator,
  worker: Worker,
  ring: Ring,
  { ring: queue }: EmulatorSq | EmulatorCq,
): string {
  const value = readDoorbell(emulator, ring, queue.qid);
  const known = ring === 'sq' ? (queue as EmulatorSq['ring']).tail : queue.head;
  if (value === known) return 'not moved';
  if (value >= queue.size) return end(worker);
  if (ring === 'sq') (queue as EmulatorSq['ring']).tail = value;
  else queue.head = value;
  return 'moved';
}
