/**
 * A block worker: `block_for_req` polls its queue through `next_req` and `SubQueue::pop`, and sleeps when
 * there is nothing; the request is carried out and completed (`Permit::complete`) by the same thread.
 *
 * One step is one access to guest memory, or taking a lock that somebody else may hold. What happens under a
 * lock without touching guest memory belongs to the step that took it.
 */
import type { Arena } from '../../arena/arena.ts';
import { executeIo } from '../../controller/executor.ts';
import { type Instruction, Program } from '../../link/program.ts';
import { nvmOpcode } from '../../spec/opcodes.ts';
import { next } from '../../spec/ring.ts';
import { status } from '../../spec/status.ts';
import {
  eventIdxAfterPush,
  readHead,
  readTail,
  writeCqEventIdx,
  writeSqEventIdx,
} from './doorbell-buffer.ts';
import { Notifications, notifying } from './notify.ts';
import type { CompQueue, SubQueue } from './queues.ts';
import type { Propolis, Worker } from './state.ts';

/** What the parts of a worker's program share. */
interface Thread {
  readonly propolis: Propolis;
  readonly worker: Worker;
  readonly wid: number;
  readonly sq: SubQueue;
  /** Filled only by `kickWhenAvailRises`: nobody else but the CQ doorbell kicks. */
  readonly kicks: Notifications;
}

export interface WorkerProgram {
  readonly program: Program;
  /** A controller reset takes away whatever it was doing. */
  readonly abandon: () => void;
}

export function blockWorker(arena: Arena, propolis: Propolis, sqid: number, wid: number): WorkerProgram {
  const sq = propolis.sq(sqid);
  const worker = (propolis.workers[sqid] ?? [])[wid] as Worker;
  const kicks = new Notifications(arena);
  const thread: Thread = { propolis, worker, wid, sq, kicks };
  const afterKicks = (): string =>
    worker.command.stage === 'executing' ? 'process the request' : 'next_req';
  const program = new Program(
    arena,
    { name: `SQ${sqid} worker ${wid}`, party: 'controller', ready: () => !propolis.panicked },
    [...polling(thread), ...completing(thread), ...notifying(propolis, kicks, afterKicks)],
  );
  return {
    program,
    abandon: () => {
      worker.clear();
      kicks.clear();
      if (worker.running) program.jump('next_req');
    },
  };
}

/** `block_for_req`, `next_req`, `pop`. */
function polling({ propolis, worker, wid, sq, kicks }: Thread): Instruction[] {
  const { controller, decisions, link } = propolis;
  const cq = (): CompQueue => propolis.cq(sq.ring.cqid);
  const leavePop = (): string => {
    sq.locked = sq.polled = worker.polling = false;
    return kicks.pending ? 'num_occupied' : 'process the request';
  };
  const reserved = (): string => {
    if (decisions.kickWhenAvailRises && cq().avail > 0) kicks.add(cq().kick());
    return 'read shadow tail';
  };
  const corked = (): string => {
    cq().corked.add(sq.ring.qid);
    sq.locked = false;
    return 'set notify_workers';
  };
  return [
    {
      label: 'asleep',
      when: () => worker.notified,
      run: () => {
        worker.notified = false;
        worker.running = worker.polling = true;
      },
    },
    {
      label: 'next_req',
      when: () => !sq.ring.live || (!sq.polled && !sq.locked && !controller.isHeld('fetch')),
      run: () => {
        worker.polling = true;
        if (!sq.ring.live) return 'sleep';
        sq.polled = true;
        if (decisions.nextReq === 'leaves-it-to-idle-workers' && !sq.idle.empty) return 'set notify_workers';
        sq.locked = true;
        return decisions.looksBeforeItReserves ? 'look for an entry' : 'reserve_entry';
      },
    },
    {
      label: 'look for an entry',
      run: () => {
        readTail(propolis, sq);
        if (sq.occupied > 0) return 'reserve_entry';
        sq.locked = false;
        return 'set notify_workers';
      },
    },
    {
      label: 'reserve_entry',
      when: () => !cq().locked,
      run: () => {
        if (cq().avail === 0) readHead(propolis, cq());
        if (cq().takeAvail()) return reserved();
        if (decisions.cqEventIdx !== 'head-when-reservation-fails' || !cq().ring.shadow) return corked();
        cq().locked = true;
        return 'store CQ EventIdx, then look again';
      },
    },
    {
      label: 'store CQ EventIdx, then look again',
      run: () => {
        writeCqEventIdx(propolis, cq(), cq().ring.head);
        return 'read shadow head again';
      },
    },
    {
      label: 'read shadow head again',
      run: () => {
        readHead(propolis, cq());
        cq().locked = false;
        return cq().takeAvail() ? reserved() : corked();
      },
    },
    {
      label: 'read shadow tail',
      run: () => {
        readTail(propolis, sq);
        if (sq.occupied > 0) {
          const head = next(sq.ring.head, sq.ring.size);
          if (decisions.sqHeadPublished === 'before-entry-is-read') sq.curHead = head;
          return 'read the entry';
        }
        sq.locked = false; // before the permit is remitted, which takes the lock of the CQ
        return 'remit';
      },
    },
    {
      label: 'read the entry',
      run: () => {
        const { ring } = sq;
        worker.command.load(link.fetch(ring.qid, ring.head, ring.addressOf(ring.head)), ring.qid, ring.cqid);
        worker.cqid = ring.cqid;
        ring.head = next(ring.head, ring.size);
        if (decisions.sqHeadPublished === 'after-entry-is-read') sq.curHead = ring.head;
        return ring.shadow ? 'store SQ EventIdx' : leavePop();
      },
    },
    {
      label: 'store SQ EventIdx',
      run: () => {
        writeSqEventIdx(propolis, sq);
        return 'read shadow tail again';
      },
    },
    {
      label: 'read shadow tail again',
      run: () => {
        readTail(propolis, sq);
        return leavePop();
      },
    },
    {
      label: 'remit',
      when: () => !cq().locked,
      run: () => {
        cq().releaseAvail();
        if (decisions.kickWhenAvailRises) kicks.add(cq().kick());
        if (!kicks.pending) return 'set notify_workers';
        sq.polled = worker.polling = false;
        return 'num_occupied';
      },
    },
    {
      label: 'set notify_workers',
      run: () => {
        sq.idle.add(wid);
        sq.polled = false;
        return 'sleep';
      },
    },
    {
      label: 'sleep',
      run: () => {
        worker.running = worker.polling = false;
        return 'asleep';
      },
    },
  ];
}

/** The backend, then `QueueMinder::complete`, `Permit::complete`, `CompQueue::push`. */
function completing({ propolis, worker, sq, kicks }: Thread): Instruction[] {
  const { controller, decisions, link } = propolis;
  const { command } = worker;
  const cq = (): CompQueue => propolis.cq(worker.cqid);
  const finished = (): string => {
    worker.clear();
    return kicks.pending ? 'num_occupied' : 'next_req';
  };
  const availRose = (): void => {
    if (decisions.kickWhenAvailRises && cq().avail > 0) kicks.add(cq().kick());
  };
  return [
    {
      label: 'process the request',
      when: () => !controller.isHeld('execute'),
      run: () => {
        if (command.opcode > nvmOpcode.read) command.finish(status.internalError, 0);
        else executeIo(controller, command);
      },
    },
    {
      label: 'complete',
      // The minder's lock, to take the request out of `in_flight`.
      when: () => !sq.polled && !controller.isHeld('post'),
      run: () => (worker.orphaned ? 'release_avail' : 'annotate_completion'),
    },
    {
      label: 'annotate_completion',
      run: () => {
        worker.sqhd = sq.curHead; // without the lock of the SQ, and before that of the CQ is taken
      },
    },
    {
      label: 'write the entry',
      when: () => !cq().locked,
      run: () => {
        const place = cq().pushTail();
        if (place === undefined) {
          propolis.panicked = true; // "CQ should have available space for assigned permit"
          return 'write the entry';
        }
        const { ring } = cq();
        link.post(ring.qid, place.slot, ring.addressOf(place.slot), {
          dw0: command.dw0,
          sqhd: worker.sqhd,
          sqid: command.sqid,
          cid: command.cid,
          phase: place.phase,
          status: command.status,
          dnr: command.status !== 0,
        });
        command.free();
        worker.sqhd = 0;
        if (!ring.shadow) return 'fire_interrupt';
        cq().locked = true;
        return 'read shadow head';
      },
    },
    {
      label: 'read shadow head',
      run: () => {
        readHead(propolis, cq());
        availRose();
        if (eventIdxAfterPush(propolis, cq()) !== undefined) return 'store CQ EventIdx';
        cq().locked = false;
        return 'fire_interrupt';
      },
    },
    {
      label: 'store CQ EventIdx',
      run: () => {
        writeCqEventIdx(propolis, cq(), eventIdxAfterPush(propolis, cq()) ?? 0);
        cq().locked = false;
        return 'fire_interrupt';
      },
    },
    {
      label: 'fire_interrupt',
      when: () => !cq().locked,
      run: () => {
        propolis.fireInterrupt(cq());
        return finished();
      },
    },
    {
      label: 'release_avail',
      when: () => !cq().locked,
      run: () => {
        if (worker.cqid !== 0) cq().releaseAvail();
        if (worker.cqid !== 0) availRose();
        return finished();
      },
    },
  ];
}
