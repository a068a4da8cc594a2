/** A thread that calls Read, Write and Flush, one after the other: AcquireSlot, SubmitOnSlot, ReleaseSlot. */
import type { Arena } from '../../arena/arena.ts';
import { state, type StateOf, type Word, word } from '../../arena/state.ts';
import type { Io } from '../../driver/plan.ts';
import { type Instruction, Program } from '../../link/program.ts';
import { next } from '../../spec/ring.ts';
import { type Status, status } from '../../spec/status.ts';
import type { NvmeController, Slot } from './nvme-controller.ts';
import { polledSubmit } from './polled.ts';
import type { Thread } from './scheduler.ts';
import { waiting } from './wait.ts';

const fields = {
  /** Calls made so far. */
  made: word as Word,
  slot: word as Word<Slot>,
  /** MSI-X: the tail to be published. */
  tail: word as Word,
  /** Polled: the CID of the entry in hand. */
  cid: word as Word,
  /** Polled: its status. */
  status: word as Word<Status>,
  /** The waiter that ReleaseSlot took out, plus one. */
  toReady: word as Word,
};
const Fields: StateOf<typeof fields> = state(fields);
class Registers extends Fields {}

/** What the parts of SubmitOnSlot share. */
export interface Caller {
  readonly arena: Arena;
  readonly driver: NvmeController;
  readonly thread: Thread;
  readonly registers: Registers;
  /** The call that is being made. */
  readonly io: () => Io;
  /** The call returns a status: the caller is told, and says whose completion that was. */
  readonly returns: (status: Status) => string;
  /** The call throws. */
  readonly throws: () => string;
}

const CALL = 'call NvmeController';
const ACQUIRE = 'AcquireSlot';
const BLOCK = 'AcquireSlot: BlockThread';
const HALT = 'AcquireSlot: Halt';
const SUBMIT = 'SubmitOnSlot';
const RELEASE = 'ReleaseSlot';
const READY = 'ReleaseSlot: ReadyThread';

export function callingThread(
  arena: Arena,
  driver: NvmeController,
  thread: Thread,
  calls: readonly Io[],
): Program {
  const { decisions, scheduler, host } = driver;
  const registers = new Registers(arena);
  const io = (): Io => calls[registers.made - 1] as Io;
  const answer = (code: Status, cid: { cid?: Slot }): void =>
    host.link.emit({ type: 'command.end', caller: thread, sqid: io().sqid, status: code, ...cid });
  const over = (): string => {
    registers.slot = registers.tail = registers.cid = registers.status = registers.toReady = 0;
    return CALL;
  };
  const caller: Caller = {
    arena,
    driver,
    thread,
    registers,
    io,
    returns: (code) => {
      answer(code, { cid: registers.slot });
      return RELEASE;
    },
    throws: () => {
      answer(status.abortedByHost, {});
      return decisions.timedOutSlot === 'released' ? RELEASE : over();
    },
  };

  const instructions: Instruction[] = [
    {
      label: CALL,
      when: () => registers.made < calls.length,
      run: () => {
        registers.made++;
        const { sqid, opcode } = io();
        host.link.emit({ type: 'command.begin', caller: thread, sqid, opcode });
      },
    },
    {
      label: ACQUIRE, // under _slotLock, which nobody holds for longer than this
      run: () => {
        const slot = driver.takeSlot();
        if (slot >= 0) {
          registers.slot = slot;
          driver.slot(slot).status = 0;
          return SUBMIT;
        }
        driver.waitForSlot(thread);
        if (decisions.acquireBlocks === 'after-the-lock') return BLOCK;
        scheduler.blockThread(thread);
        return HALT;
      },
    },
    {
      label: BLOCK,
      run: () => {
        scheduler.blockThread(thread);
        return HALT;
      },
    },
    { label: HALT, when: () => !scheduler.isBlocked(thread), run: () => ACQUIRE },
    ...(host.decisions.completion === 'polled' ? polledSubmit(caller, SUBMIT) : msixSubmit(caller, SUBMIT)),
    {
      label: RELEASE, // under _slotLock
      run: () => {
        const waiter = driver.releaseSlot(registers.slot);
        if (waiter === undefined) return over();
        registers.toReady = waiter + 1;
        return READY;
      },
    },
    {
      label: READY,
      run: () => {
        scheduler.readyThread(registers.toReady - 1);
        return over();
      },
    },
  ];
  const ready = (): boolean =>
    host.up && host.link.ready(scheduler.cpuOf(thread)) && scheduler.canRun(thread);
  return new Program(arena, { name: `thread ${thread}`, party: 'host', ready }, instructions);
}

/** SubmitOnSlot with MSI-X: enqueues under `_submitSqLock`, then waits for the slot's event outside it. */
function msixSubmit(caller: Caller, label: string): Instruction[] {
  const { driver, thread, registers, io } = caller;
  const { decisions, scheduler, sq } = driver;
  const cpu = scheduler.cpuOf(thread);
  const underLock = decisions.tailDoorbell === 'under-the-lock';
  const unlock = (): void => void (driver.submitSqLock = 0);
  const store = (): void => void sq.write(driver.entry(io(), registers.slot));
  const ring = (tail: number): void => {
    sq.published = tail;
    sq.ringDoorbell(cpu, tail);
  };
  return [
    {
      label,
      when: () => (driver.submitSqLock === 0 ? (driver.reorders ? 2 : 1) : 0),
      run: (choice) => {
        driver.submitSqLock = thread + 1;
        if (choice === 1) {
          ring(next(sq.index, sq.size)); // nothing keeps the stores of the entry before this one
          return 'SubmitOnSlot: the entry’s stores arrive';
        }
        store();
        registers.tail = sq.index;
        if (!underLock) unlock();
        return 'SubmitOnSlot: ring the SQ doorbell';
      },
    },
    {
      label: 'SubmitOnSlot: the entry’s stores arrive',
      run: () => {
        store();
        unlock();
        return 'Wait: lock';
      },
    },
    {
      label: 'SubmitOnSlot: ring the SQ doorbell',
      run: () => ring(registers.tail),
    },
    {
      label: 'SubmitOnSlot: the doorbell write returns',
      run: () => {
        registers.tail = 0;
        if (underLock) unlock();
        return 'Wait: lock';
      },
    },
    ...waiting(caller),
  ];
}
