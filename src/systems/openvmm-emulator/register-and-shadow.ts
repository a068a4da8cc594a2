/**
 * Doorbells up to 94889caeb^: a register and, once configured, the guest's page, which is copied over the register on
 * every look. What MMIO stored there between the load and the copy is gone. A task sleeps on the register alone.
 */
import type { Instruction } from '../../link/program.ts';
import { next } from '../../spec/ring.ts';
import { doorbellNumber, UNUSED } from './doorbells.ts';
import { end, type Look, type Looking } from './look.ts';
import type { Emulator, EmulatorCq, EmulatorSq, Worker } from './state.ts';

export function lookAtRegisters({ emulator, worker, sq, exits }: Looking): Look {
  const { link, doorbells: registers } = emulator;
  const cq = worker.cq.ring;
  const headRegister = doorbellNumber('cq', cq.qid);
  const tailRegister = (): number => doorbellNumber('sq', sq().ring.qid);
  const stirred = (): boolean => registers.get(tailRegister()) !== sq().ring.tail;

  const judgeRoom = (): string => {
    if (cq.head >= cq.size) return end(worker);
    return worker.cq.isFull ? exits.full : exits.room;
  };
  const judgeTail = (): string => {
    const { ring } = sq();
    if (ring.tail === ring.head && stirred()) ring.tail = registers.get(tailRegister());
    if (ring.tail >= ring.size) return end(worker);
    return ring.tail === ring.head ? exits.nothing : exits.entry;
  };

  return {
    stirred,
    waitReady: [
      {
        label: 'wait_ready',
        run: () => {
          const shadow = cq.shadow ? link.dmaRead32(emulator.shadowAddress('cq', cq.qid)) : UNUSED;
          if (shadow === UNUSED) return judgeRoom();
          cq.head = shadow;
          return 'copy the head to the register';
        },
      },
      {
        label: 'copy the head to the register',
        run: () => {
          registers.set(headRegister, cq.head);
          return judgeRoom();
        },
      },
      {
        label: exits.full,
        when: () => worker.update || registers.get(headRegister) !== cq.head,
        run: () => {
          if (worker.update) return UPDATE;
          cq.head = registers.get(headRegister);
          return judgeRoom();
        },
      },
      ...updating(emulator, worker),
    ],
    next: [
      {
        label: 'next',
        run: () => {
          const { ring } = sq();
          const shadow = ring.shadow ? link.dmaRead32(emulator.shadowAddress('sq', ring.qid)) : UNUSED;
          if (shadow === UNUSED) return judgeTail();
          ring.tail = shadow;
          return 'copy the tail to the register';
        },
      },
      {
        label: 'copy the tail to the register',
        run: () => {
          registers.set(tailRegister(), sq().ring.tail);
          return judgeTail();
        },
      },
    ],
  };
}

export const UPDATE = 'update_shadow_db';

/** The closure of Doorbell Buffer Config, run where the task would sleep; then the task begins anew. */
function updating(emulator: Emulator, worker: Worker): Instruction[] {
  return [
    {
      label: UPDATE,
      run: () => {
        for (const sq of emulator.served(worker)) shadowTail(emulator, sq);
        return `${UPDATE}: the completion queue`;
      },
    },
    {
      label: `${UPDATE}: the completion queue`,
      run: () => {
        worker.update = false;
        shadowHead(emulator, worker.cq);
        return 'wait_ready';
      },
    },
  ];
}

export function shadowTail(emulator: Emulator, sq: EmulatorSq): void {
  const { ring } = sq;
  ring.shadow = true;
  sq.eventIdx = ring.tail;
  emulator.link.dmaWrite32(emulator.shadowAddress('sq', ring.qid), UNUSED);
  if (emulator.emulator.configuredEventIdx === 'doorbell-values') storeTailEventIdx(emulator, sq);
}

export function shadowHead(emulator: Emulator, { ring }: EmulatorCq): void {
  ring.shadow = true;
  emulator.link.dmaWrite32(emulator.shadowAddress('cq', ring.qid), UNUSED);
  if (emulator.emulator.configuredEventIdx === 'doorbell-values') storeHeadEventIdx(emulator, ring);
}

/** `advance_evt_idx`: EventIdx follows the commands, not the tail. */
export function advanceEventIdx(emulator: Emulator, sq: EmulatorSq): void {
  sq.eventIdx = next(sq.eventIdx, sq.ring.size);
  storeTailEventIdx(emulator, sq);
}

/** `catch_up_evt_idx`: below three commands less than the queue has slots, the guest is left to itself. */
export function catchesUp({ ring }: EmulatorCq, force: boolean, inFlight: number): boolean {
  return ring.shadow && (force || inFlight >= (ring.size - 3) >>> 0); // unsigned: never with two slots
}

export function storeHeadEventIdx(emulator: Emulator, ring: EmulatorCq['ring']): void {
  emulator.link.dmaWrite32(emulator.eventIdxAddress('cq', ring.qid), ring.head);
}

function storeTailEventIdx(emulator: Emulator, { ring, eventIdx }: EmulatorSq): void {
  emulator.link.dmaWrite32(emulator.eventIdxAddress('sq', ring.qid), eventIdx);
}
