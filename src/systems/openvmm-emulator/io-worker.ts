/**
 * The I/O worker up to 722d203dc^ (`IoHandler::process`): one SQ on one CQ. It waits for room in the CQ even to fetch,
 * and looks at nothing else meanwhile; then it races the next entry against the next I/O that finishes.
 */
import type { Arena } from '../../arena/arena.ts';
import { postEntry } from '../../controller/poster.ts';
import { Program } from '../../link/program.ts';
import { status } from '../../spec/status.ts';
import { ended, type Exits, type Look, type Looking, sleeping } from './look.ts';
import { advanceEventIdx, catchesUp, storeHeadEventIdx } from './register-and-shadow.ts';
import type { Emulator, EmulatorSq, Worker } from './state.ts';

export const NO_QUEUE = 'no queue';
const exits: Exits = { room: 'race', full: 'await room', entry: 'fetch', nothing: 'poll the I/Os' };

export function ioWorker(
  arena: Arena,
  emulator: Emulator,
  worker: Worker,
  lookAt: (looking: Looking) => Look,
): Program {
  const cq = worker.cq;
  const sq = (): EmulatorSq => emulator.sq(worker.sqid);
  const look = lookAt({ emulator, worker, sq, exits });
  const finishes = (): boolean => worker.finished.length > 0;
  const drained = (): boolean => sq().deletedBy !== 0 && sq().inFlight === 0;

  return new Program(
    arena,
    { name: `I/O worker of CQ${cq.ring.qid}`, party: 'controller', ready: () => emulator.running },
    [
      {
        label: NO_QUEUE,
        when: () => emulator.served(worker).length > 0,
        run: () => {
          worker.sqid = (emulator.served(worker)[0] as EmulatorSq).ring.qid;
          return 'wait_ready';
        },
      },
      ...look.waitReady,
      ...(emulator.emulator.doorbells === 'one-memory' ? [sleeping(worker, exits.full, 'wait_ready')] : []),
      {
        label: exits.room,
        when: () => (finishes() && emulator.takes(sq()) ? 2 : 1), // `race` does not say whom it asks first
        run: (choice) => (choice === 0 && emulator.takes(sq()) ? 'next' : exits.nothing),
      },
      ...look.next,
      {
        label: exits.nothing,
        run: () => {
          if (finishes()) {
            worker.inHand = worker.finished.shift() + 1;
            emulator.countDown(sq());
            return 'write the entry';
          }
          if (!drained()) return 'await an event';
          sq().released = true;
          worker.sqid = 0;
          emulator.worker(0).woken = true;
          return NO_QUEUE;
        },
      },
      {
        label: 'await an event',
        when: () =>
          worker.woken ||
          worker.update ||
          finishes() ||
          drained() ||
          (emulator.takes(sq()) && look.stirred()),
        run: () => {
          worker.woken = false;
          if (worker.update) return 'update_shadow_db';
          if (finishes() || drained() || !look.stirred()) return exits.room;
          sq().ring.tail = emulator.doorbells.get(2 * worker.sqid);
          return sq().ring.tail < sq().ring.size ? exits.entry : 'next';
        },
      },
      {
        label: exits.entry,
        when: () => !emulator.isHeld('fetch'),
        run: () => {
          const command = emulator.take(worker, sq());
          const place = worker.inHand - 1;
          if (command.nsid === 1) {
            sq().inFlight++;
            worker.inHand = 0;
            const { inFlight } = sq();
            if (inFlight > 1) emulator.deferred.add(place); // whether or not there is an EventIdx yet
            return inFlight > 1 || !sq().ring.shadow ? 'wait_ready' : 'advance_evt_idx';
          }
          command.finish(status.invalidNamespace, 0);
          return sq().ring.shadow ? 'advance_evt_idx' : 'write the entry';
        },
      },
      {
        label: 'advance_evt_idx',
        run: () => {
          advanceEventIdx(emulator, sq());
          return worker.inHand === 0 ? 'wait_ready' : 'write the entry';
        },
      },
      {
        label: 'write the entry',
        when: () => !emulator.isHeld('post'),
        run: () => {
          postEntry(emulator, cq.ring, emulator.inHand(worker));
          if (catchesUp(cq, false, sq().inFlight)) return 'catch_up_evt_idx';
          return advancesLate();
        },
      },
      {
        label: 'catch_up_evt_idx',
        run: () => {
          storeHeadEventIdx(emulator, cq.ring);
          return advancesLate();
        },
      },
      ended,
    ],
  );

  function advancesLate(): string {
    const place = worker.inHand - 1;
    const late = emulator.deferred.has(place);
    emulator.deferred.delete(place);
    worker.inHand = 0;
    return late && sq().ring.shadow ? 'advance_evt_idx' : 'wait_ready';
  }
}
