/**
 * The exits of one vCPU: a guest's register write traps, and the vCPU's thread runs the handler before the
 * guest goes on. Handlers take the queues' locks; other CPUs of the guest run meanwhile.
 */
import type { Arena } from '../../arena/arena.ts';
import { state, type StateOf, type Word, word } from '../../arena/state.ts';
import { clearQueues } from '../../controller/lifecycle.ts';
import { type Instruction, Program } from '../../link/program.ts';
import { adminOpcode } from '../../spec/opcodes.ts';
import { status } from '../../spec/status.ts';
import type { CpuIndex, QueueId } from '../../spec/units.ts';
import { beginDoorbellBufferConfig, canExecute, executeAdmin, popAdmin, pushAdmin } from './admin.ts';
import {
  setCqDoorbellBuffer,
  setSqDoorbellBuffer,
  takeRungHead,
  takeRungTail,
  writeBack,
} from './doorbell-buffer.ts';
import { Notifications, notifying } from './notify.ts';
import type { CompQueue, SubQueue } from './queues.ts';
import type { Propolis } from './state.ts';

const fields = {
  qid: word as Word<QueueId>,
  value: word as Word,
  /** Doorbell Buffer Config: the queue that is next, completion queues first. */
  cursor: word as Word,
};
const Fields: StateOf<typeof fields> = state(fields);
class Registers extends Fields {}

const GUEST = 'the guest runs';

export type Handler = 'notify_tail' | 'notify_head' | 'admin notify_tail' | 'admin notify_head' | 'reset';

export interface Exit {
  readonly program: Program;
  /** The write traps; the handler's first instruction is next. */
  readonly enter: (handler: Handler, qid: QueueId, value: number) => void;
  /** Forgets the handler, e.g. because the device was reset from outside. */
  readonly abandon: () => void;
}

export function vcpuExit(arena: Arena, propolis: Propolis, cpu: CpuIndex, resetWorkers: () => void): Exit {
  const { link } = propolis;
  const registers = new Registers(arena);
  const notifications = new Notifications(arena);
  const back = (): string => {
    registers.qid = registers.value = registers.cursor = 0;
    link.resume(cpu);
    return GUEST;
  };
  const program = new Program(
    arena,
    { name: `vCPU ${cpu} exit`, party: 'controller', ready: () => !propolis.panicked },
    [
      { label: GUEST, when: () => false, run: () => GUEST },
      ...ringDoorbell(propolis, registers, notifications, back),
      ...notifying(propolis, notifications, back),
      ...processAdminQueue(propolis, registers, back),
      {
        label: 'reset',
        // `queue_dissociate` waits for the polls that are under way.
        when: () => !propolis.locked && propolis.sqs.every((sq) => !sq.polled && !sq.flushing),
        run: () => {
          clearQueues(propolis.controller);
          for (const queue of [...propolis.sqs, ...propolis.cqs]) queue.reset();
          resetWorkers();
          propolis.refreshAssignments();
          propolis.controller.ready = false;
          return back();
        },
      },
    ],
  );
  return {
    program,
    enter: (handler, qid, value) => {
      registers.qid = qid;
      registers.value = value & 0xffff; // "ignore reserved top 16-bits"
      link.trap(cpu);
      program.jump(handler);
    },
    abandon: () => {
      notifications.clear();
      program.jump(back());
    },
  };
}

/** `ring_doorbell` for an I/O queue. A value that the queue refuses is logged, and nobody is notified. */
function ringDoorbell(
  propolis: Propolis,
  registers: Registers,
  notifications: Notifications,
  back: () => string,
): Instruction[] {
  const sq = (): SubQueue => propolis.sq(registers.qid);
  const cq = (): CompQueue => propolis.cq(registers.qid);
  return [
    {
      label: 'notify_tail',
      when: () => !sq().locked,
      run: () => {
        if (!sq().ring.live || !takeRungTail(propolis, sq(), registers.value)) return back();
        notifications.add([registers.qid]);
        notifications.hint(sq().occupied);
        return 'take_notifications';
      },
    },
    {
      label: 'notify_head',
      when: () => !cq().locked,
      run: () => (cq().ring.live && takeRungHead(propolis, cq(), registers.value) ? 'kick' : back()),
    },
    {
      label: 'kick',
      when: () => !cq().locked,
      run: () => {
        notifications.add(cq().kick());
        return notifications.pending ? 'num_occupied' : back();
      },
    },
  ];
}

/** Admin commands are processed by the vCPU that rings. */
function processAdminQueue(propolis: Propolis, registers: Registers, back: () => string): Instruction[] {
  const sq = propolis.sq(0);
  const cq = propolis.cq(0);
  const finish = (): string => {
    propolis.fireInterrupt(cq);
    propolis.locked = false;
    return back();
  };
  return [
    {
      label: 'admin notify_tail',
      when: () => !propolis.locked,
      run: () => {
        if (!sq.ring.live || !sq.pushTailTo(registers.value)) return back();
        if (sq.ring.shadow) writeBack(propolis, 'sq', sq.ring.tail);
        propolis.locked = true;
        return 'process_admin_queue';
      },
    },
    {
      label: 'admin notify_head',
      when: () => !propolis.locked,
      run: () => {
        if (!cq.ring.live || !cq.popHeadTo(registers.value)) return back();
        if (cq.ring.shadow) writeBack(propolis, 'cq', cq.ring.head);
        if (cq.kick().length === 0) return back();
        propolis.locked = true;
        return 'process_admin_queue';
      },
    },
    {
      label: 'process_admin_queue',
      run: () => {
        if (!popAdmin(propolis)) return finish();
        if (propolis.adminCommand.opcode !== adminOpcode.doorbellBufferConfig) return 'execute';
        const answer = beginDoorbellBufferConfig(propolis);
        propolis.adminCommand.finish(answer, 0);
        return answer === status.success ? 'set_db_buf' : 'push';
      },
    },
    {
      label: 'execute',
      when: () => canExecute(propolis),
      run: () => {
        executeAdmin(propolis);
        pushAdmin(propolis);
        return 'process_admin_queue';
      },
    },
    {
      label: 'set_db_buf',
      when: () => !queueAt(propolis, registers.cursor).locked,
      run: () => {
        const { cqs, sqs } = propolis;
        const cqNext = cqs[registers.cursor];
        const sqNext = sqs[registers.cursor - cqs.length];
        if (cqNext?.ring.live) setCqDoorbellBuffer(propolis, cqNext, cqNext.ring.shadow);
        if (sqNext?.ring.live) setSqDoorbellBuffer(propolis, sqNext, sqNext.ring.shadow);
        registers.cursor++;
        if (registers.cursor < cqs.length + sqs.length) return 'set_db_buf';
        registers.cursor = 0;
        return 'push';
      },
    },
    {
      label: 'push',
      run: () => {
        pushAdmin(propolis);
        return 'process_admin_queue';
      },
    },
  ];
}

function queueAt({ cqs, sqs }: Propolis, cursor: number): SubQueue | CompQueue {
  return (cqs[cursor] ?? sqs[cursor - cqs.length]) as SubQueue | CompQueue;
}
