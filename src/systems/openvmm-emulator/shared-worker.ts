/**
 * The I/O worker from 722d203dc on (#1945): any number of SQs on one CQ. Whatever the CQ looks like, entries are
 * taken and I/Os are taken in; a completion that finds no room goes to the end of a list, and one that comes later may
 * be written before it. An error of one queue ends the task, and with it all of them.
 */
import type { Arena } from '../../arena/arena.ts';
import { postEntry } from '../../controller/poster.ts';
import { Program } from '../../link/program.ts';
import { status } from '../../spec/status.ts';
import { NO_QUEUE } from './io-worker.ts';
import { ended, ENDED, type Exits, sleeping } from './look.ts';
import { lookAtMemory, probe } from './one-memory.ts';
import type { Emulator, EmulatorSq, Worker } from './state.ts';

const exits: Exits = { room: 'write the oldest', full: 'await room', entry: 'fetch', nothing: 'next queue' };

export function sharedWorker(arena: Arena, emulator: Emulator, worker: Worker): Program {
  const cq = worker.cq;
  const sq = (): EmulatorSq => emulator.sq(worker.sqid);
  const look = lookAtMemory({ emulator, worker, sq, exits });
  /** The queue after `qid` that there is something to ask of; or the I/Os. */
  const from = (qid: number): string => {
    const asked = emulator.served(worker).find((one) => one.ring.qid >= qid && mayAnswer(one));
    worker.sqid = asked?.ring.qid ?? 0;
    if (asked === undefined) return 'poll the I/Os';
    return isDrained(asked) ? 'release the queue' : 'next';
  };
  const mayAnswer = (one: EmulatorSq): boolean => emulator.takes(one) || isDrained(one);
  const isDrained = ({ deletedBy, inFlight }: EmulatorSq): boolean => deletedBy !== 0 && inFlight === 0;

  return new Program(
    arena,
    { name: `I/O worker of CQ${cq.ring.qid}`, party: 'controller', ready: () => emulator.running },
    [
      { label: NO_QUEUE, when: () => cq.ring.live && emulator.served(worker).length > 0, run: () => 'poll' },
      { label: 'poll', run: () => from(0) },
      ...look.next,
      { label: exits.nothing, run: () => from(worker.sqid + 1) },
      {
        label: 'release the queue',
        run: () => {
          sq().released = true;
          worker.sqid = 0;
          emulator.worker(0).woken = true;
          return 'poll';
        },
      },
      {
        label: exits.entry,
        when: () => !emulator.isHeld('fetch'),
        run: () => {
          const command = emulator.take(worker, sq());
          if (command.nsid === 1) {
            sq().inFlight++;
            worker.inHand = worker.sqid = 0;
            return 'poll';
          }
          command.finish(status.invalidNamespace, 0);
          if (emulator.emulator.unknownNamespace === 'counted-down') emulator.countDown(sq());
          return 'complete';
        },
      },
      {
        label: 'poll the I/Os',
        run: () => {
          if (worker.finished.length > 0) {
            worker.inHand = worker.finished.shift() + 1;
            emulator.countDown(emulator.sq(emulator.inHand(worker).sqid));
            return 'complete';
          }
          return worker.completions.length > 0 ? 'wait_ready' : 'await an event';
        },
      },
      {
        label: 'complete',
        when: () => !emulator.isHeld('post'),
        run: () => {
          worker.sqid = 0;
          if (cq.isFull && probe(emulator, worker, 'cq', cq) === ENDED) return ENDED;
          if (!cq.isFull) return 'write the entry';
          worker.completions.push(worker.inHand - 1);
          worker.inHand = 0;
          return 'poll';
        },
      },
      {
        label: 'write the entry',
        run: () => {
          postEntry(emulator, cq.ring, emulator.inHand(worker));
          worker.inHand = 0;
          return 'poll';
        },
      },
      ...look.waitReady,
      {
        label: exits.room,
        when: () => !emulator.isHeld('post'),
        run: () => {
          worker.inHand = worker.completions.shift() + 1;
          postEntry(emulator, cq.ring, emulator.inHand(worker));
          worker.inHand = 0;
          return 'poll';
        },
      },
      sleeping(worker, exits.full, 'poll'),
      sleeping(worker, 'await an event', 'poll'),
      ended,
    ],
  );
}
