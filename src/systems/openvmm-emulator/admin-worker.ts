/**
 * The admin worker (`AdminHandler`): waits for room in the admin CQ, then for the next command or for an I/O worker that
 * has let go of a queue (`SqDeleteComplete`), and handles one of them to its end.
 */
import type { Arena } from '../../arena/arena.ts';
import { postEntry } from '../../controller/poster.ts';
import { Program } from '../../link/program.ts';
import { ADMIN } from '../../spec/units.ts';
import { completeDeletion, execute } from './admin.ts';
import { ended, type Exits, type Look, type Looking, sleeping } from './look.ts';
import { advanceEventIdx, catchesUp, storeHeadEventIdx } from './register-and-shadow.ts';
import type { Emulator, EmulatorSq } from './state.ts';

const exits: Exits = {
  room: 'next_event',
  full: 'await room',
  entry: 'fetch',
  nothing: 'poll the deletions',
};

/** `restart`: the worker of a completion queue begins anew. */
export function adminWorker(
  arena: Arena,
  emulator: Emulator,
  lookAt: (looking: Looking) => Look,
  restart: (cqid: number) => void,
): Program {
  const worker = emulator.worker(ADMIN);
  const sq = emulator.sq(ADMIN);
  const cq = worker.cq;
  const look = lookAt({ emulator, worker, sq: () => sq, exits });
  const released = (): EmulatorSq | undefined => emulator.emulatorSqs.find((one) => one.released);
  const program = new Program(
    arena,
    { name: 'admin worker', party: 'controller', ready: () => emulator.running },
    [
      ...look.waitReady,
      ...(emulator.emulator.doorbells === 'one-memory' ? [sleeping(worker, exits.full, 'wait_ready')] : []),
      {
        label: exits.room,
        when: () => (released() === undefined ? 1 : 2),
        run: (choice) => (choice === 1 ? EVENT : 'next'),
      },
      ...look.next,
      { label: exits.nothing, run: () => (released() === undefined ? 'await an event' : EVENT) },
      {
        label: 'await an event',
        when: () => worker.woken || released() !== undefined || look.stirred(),
        run: () => {
          worker.woken = false;
          if (released() !== undefined || !look.stirred()) return exits.room;
          sq.ring.tail = emulator.doorbells.get(0);
          return sq.ring.tail < sq.ring.size ? exits.entry : 'next';
        },
      },
      {
        label: exits.entry,
        run: () => {
          emulator.take(worker, sq);
          return sq.ring.shadow ? 'advance_evt_idx' : 'execute';
        },
      },
      { label: EVENT, run: () => (sq.ring.shadow ? 'advance_evt_idx' : 'complete the deletion') },
      {
        label: 'advance_evt_idx', // for every event, before it is known which it is
        run: () => {
          advanceEventIdx(emulator, sq);
          return worker.inHand === 0 ? 'complete the deletion' : 'execute';
        },
      },
      {
        label: 'execute',
        run: () => {
          const command = emulator.inHand(worker);
          execute(emulator, command, restart);
          if (command.stage === 'done') return 'write the entry';
          worker.inHand = 0; // an event request, or a deletion that waits for the queue's I/Os
          return 'wait_ready';
        },
      },
      {
        label: 'complete the deletion',
        run: () => {
          worker.inHand = completeDeletion(emulator, released() as EmulatorSq) + 1;
          return 'write the entry';
        },
      },
      {
        label: 'write the entry',
        run: () => {
          postEntry(emulator, cq.ring, emulator.inHand(worker));
          worker.inHand = 0;
          return catchesUp(cq, true, 0) ? 'catch_up_evt_idx' : 'wait_ready';
        },
      },
      {
        label: 'catch_up_evt_idx',
        run: () => {
          storeHeadEventIdx(emulator, cq.ring);
          return 'wait_ready';
        },
      },
      ended,
    ],
  );
  return program;
}

const EVENT = 'SqDeleteComplete';
