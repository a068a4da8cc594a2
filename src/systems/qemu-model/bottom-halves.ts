/**
 * The bottom halves of the queues, nvme_process_sq and nvme_post_cqes, and the callbacks of the block layer. The
 * main loop runs one of them at a time, under the big lock. One step is one access to guest memory.
 */
import type { Arena } from '../../arena/arena.ts';
import type { Command } from '../../controller/command.ts';
import { executeIo } from '../../controller/executor.ts';
import type { CompletionQueue, SubmissionQueue } from '../../controller/queues.ts';
import type { Process } from '../../link/process.ts';
import { Program } from '../../link/program.ts';
import { opcodeName } from '../../spec/opcodes.ts';
import { ADMIN } from '../../spec/units.ts';
import { adminCommand } from './admin.ts';
import {
  cqFull,
  hasWork,
  irqAssert,
  postFirst,
  take,
  updateCqEventIdx,
  updateCqHead,
  updateSqEventIdx,
  updateSqTail,
} from './queues.ts';
import type { QemuState } from './state.ts';

/** `sq->bh`. `me` tells the holders of the lock apart. */
export function sqBottomHalf(arena: Arena, qemu: QemuState, sq: SubmissionQueue, me: number): Program {
  const { bql } = qemu;
  const leave = (): string => {
    bql.holder = 0;
    return 'nvme_process_sq';
  };
  const loop = (): string => (hasWork(qemu, sq) ? 'read the entry' : leave());
  return new Program(
    arena,
    { name: `SQ${sq.qid} bh`, party: 'controller', ready: () => bql.free || bql.holder === me },
    [
      {
        label: 'nvme_process_sq',
        when: () => qemu.sqScheduled.has(sq.qid) && !qemu.isHeld('fetch'),
        run: () => {
          qemu.sqScheduled.delete(sq.qid);
          bql.holder = me;
          return qemu.dbbufEnabled ? 'nvme_update_sq_tail' : loop();
        },
      },
      {
        label: 'nvme_update_sq_tail',
        run: () => {
          updateSqTail(qemu, sq);
          return loop();
        },
      },
      {
        label: 'read the entry',
        run: () => {
          const command = take(qemu, sq);
          if (sq.qid === ADMIN) adminCommand(qemu, command);
          return qemu.dbbufEnabled ? 'nvme_update_sq_eventidx' : loop();
        },
      },
      {
        label: 'nvme_update_sq_eventidx',
        run: () => {
          updateSqEventIdx(qemu, sq);
          return 'nvme_update_sq_tail';
        },
      },
    ],
  );
}

/** `cq->bh` */
export function cqBottomHalf(arena: Arena, qemu: QemuState, cq: CompletionQueue, me: number): Program {
  const { bql } = qemu;
  const leave = (): string => {
    if (cq.head !== cq.tail && cq.interrupts) return 'nvme_irq_assert';
    bql.holder = 0;
    return 'nvme_post_cqes';
  };
  const postOrLeave = (): string => (cqFull(cq) ? leave() : 'write the entry');
  const loop = (): string => {
    if (qemu.firstFinished(cq) === undefined) return leave();
    if (!qemu.dbbufEnabled) return postOrLeave();
    return qemu.qemu.cqEventIdx === 'never-written' ? 'nvme_update_cq_head' : 'nvme_update_cq_eventidx';
  };
  return new Program(
    arena,
    { name: `CQ${cq.qid} bh`, party: 'controller', ready: () => bql.free || bql.holder === me },
    [
      {
        label: 'nvme_post_cqes',
        when: () => qemu.cqScheduled.has(cq.qid) && !qemu.isHeld('post'),
        run: () => {
          qemu.cqScheduled.delete(cq.qid);
          bql.holder = me;
          return loop();
        },
      },
      { label: 'nvme_update_cq_eventidx', run: () => updateCqEventIdx(qemu, cq) },
      {
        label: 'nvme_update_cq_head',
        run: () => {
          updateCqHead(qemu, cq);
          return postOrLeave();
        },
      },
      {
        label: 'write the entry',
        run: () => {
          postFirst(qemu, cq);
          return loop();
        },
      },
      {
        label: 'nvme_irq_assert',
        run: () => {
          irqAssert(qemu, cq);
          bql.holder = 0;
          return 'nvme_post_cqes';
        },
      },
    ],
  );
}

/** A command that the block layer carries out, and its callback. */
export function blockRequest(qemu: QemuState, command: Command, index: number): Process {
  return {
    name: `request ${index}`,
    party: 'controller',
    choices: () => {
      if (command.stage !== 'executing' || command.sqid === ADMIN) return 0;
      return qemu.bql.free && !qemu.isHeld('execute') ? 1 : 0;
    },
    step: () => finishIo(qemu, command),
    label: () =>
      `execute ${opcodeName(command.sqid, command.opcode)} cid ${command.cid} of SQ${command.sqid}`,
  };
}

export function finishIo(qemu: QemuState, command: Command): void {
  executeIo(qemu, command);
  qemu.enqueue(command);
}
