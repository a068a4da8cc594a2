/** The fetcher of one submission queue: looks at the tail, waits for a completion slot, takes entries. */
import type { Arena } from '../arena/arena.ts';
import { Program } from '../link/program.ts';
import { advance, distance, next } from '../spec/ring.ts';
import type { Command } from './command.ts';
import type { CompletionQueue, SubmissionQueue } from './queues.ts';
import type { ControllerState } from './state.ts';

export function fetcher(arena: Arena, controller: ControllerState, sq: SubmissionQueue): Program {
  const { link, decisions } = controller;
  const cq = (): CompletionQueue => controller.cqs[sq.cqid] as CompletionQueue;
  const hasWork = (): boolean => sq.head !== sq.tail;
  /** After the last entry: with shadow doorbells nobody may have rung for what came meanwhile, so look again. */
  const nextLook = (): string => {
    if (hasWork()) return 'fetch';
    if (sq.shadow) sq.awake = true;
    return 'look at the tail';
  };
  const look = (): void => {
    const tail = sq.shadow ? readTail(controller, sq) : sq.doorbell;
    if (tail !== undefined) sq.tail = tail;
  };

  const canFetch = (): boolean => {
    if (controller.isHeld('fetch') || controller.pool.free() === undefined) return false;
    if (decisions.reserveSlot === 'before-post') return controller.hasCommandFor(cq());
    return cq().hasRoom && !stoppedByOthers(controller);
  };

  return new Program(
    arena,
    {
      name: `SQ${sq.qid} fetcher`,
      party: 'controller',
      ready: () => controller.running && sq.live && !sq.frozen,
    },
    [
      {
        label: 'look at the tail',
        when: () => sq.awake,
        run: () => {
          sq.awake = false; // before the look: a ring that comes after it is news
          look();
          if (hasWork()) return 'fetch';
          return sq.shadow && decisions.sqEventIdx === 'head' ? 'store EventIdx' : 'look at the tail';
        },
      },
      {
        label: 'store EventIdx',
        run: () => {
          link.dmaWrite32(controller.eventIdxAddress('sq', sq.qid), sq.head);
          return decisions.sqReread ? 'look again' : 'look at the tail';
        },
      },
      {
        label: 'look again',
        run: () => {
          look();
          return hasWork() ? 'fetch' : 'look at the tail';
        },
      },
      {
        label: 'fetch',
        when: () => canFetch() || (!cq().hasRoom && decisions.reserveSlot === 'before-fetch'),
        run: () => {
          if (!canFetch()) {
            sq.parked = true; // in the same breath as the look at the queue: a head that moves now unparks
            return cq().shadow && decisions.cqEventIdx === 'head-when-blocked'
              ? 'store CQ EventIdx'
              : 'parked';
          }
          take(controller, sq, cq());
          if (!hasWork() && decisions.fetchUntil === 'one-past-tail') takeOneMore(controller, sq);
          return nextLook();
        },
      },
      {
        label: 'store CQ EventIdx',
        run: () => {
          link.dmaWrite32(controller.eventIdxAddress('cq', sq.cqid), cq().head);
          return decisions.cqReread ? 'read shadow head' : 'parked';
        },
      },
      {
        label: 'read shadow head',
        run: () => {
          readHead(controller, cq());
          if (cq().hasRoom) sq.parked = false;
          return 'parked';
        },
      },
      {
        label: 'parked',
        when: () => !sq.parked,
        run: () => {
          if (cq().shadow) readHead(controller, cq()); // what the ring announced
          return 'fetch';
        },
      },
    ],
  );
}

/** The shadow tail, or nothing when it is out of range or claims more than is free: the queue is then frozen. */
function readTail(controller: ControllerState, sq: SubmissionQueue): number | undefined {
  const tail = controller.link.dmaRead32(controller.shadowAddress('sq', sq.qid));
  if (tail < sq.size) return tail;
  sq.frozen = true;
  controller.errorEvents |= 2;
  return undefined;
}

/**
 * Takes over the shadow head, unless it points where nothing was posted. Whoever else waits for a slot of this queue
 * looks again: the host rang for none of them if it rang at all.
 */
export function readHead(controller: ControllerState, cq: CompletionQueue): void {
  const head = controller.link.dmaRead32(controller.shadowAddress('cq', cq.qid));
  if (head === cq.head || head >= cq.size || distance(cq.head, head, cq.size) > cq.occupied) return;
  cq.head = head;
  controller.wakeWaiters(cq);
}

function stoppedByOthers(controller: ControllerState): boolean {
  if (controller.decisions.fullQueueStops === 'its-submission-queues') return false;
  return controller.cqs.some((cq) => cq.live && cq.qid > 0 && !cq.hasRoom);
}

function take(controller: ControllerState, sq: SubmissionQueue, cq: CompletionQueue): void {
  const { nextFetch, reserveSlot } = controller.decisions;
  const slot = nextFetch === 'head' ? sq.head : advance(sq.tail, sq.size - 1, sq.size);
  const words = controller.link.fetch(sq.qid, slot, sq.addressOf(slot));
  sq.head = next(sq.head, sq.size);
  const command = controller.pool.free() as Command;
  command.load(words, sq.qid, controller.decisions.postTo === 'bound-queue' ? sq.cqid : sq.qid);
  if (controller.decisions.sqhdTaken === 'at-fetch') command.sqhd = sq.head;
  if (reserveSlot === 'before-fetch') {
    command.cqid = cq.qid;
    command.reserved = 1;
    cq.reserved++;
  }
}

/** `fetchUntil: one-past-tail`: the empty test compares with the tail before the last entry was taken. */
function takeOneMore(controller: ControllerState, sq: SubmissionQueue): void {
  const cq = controller.cqs[sq.cqid] as CompletionQueue;
  if (sq.qid === 0 || controller.pool.free() === undefined || !cq.hasRoom) return;
  take(controller, sq, cq);
  sq.tail = sq.doorbell = sq.head;
}
