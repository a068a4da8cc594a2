/** OnIoCompletion: the handler of the I/O completion queue's MSI-X message. It allocates nothing and waits for nobody. */
import type { Arena } from '../../arena/arena.ts';
import { flag, type Flag, state, type StateOf, type Word, word } from '../../arena/state.ts';
import type { Listener } from '../../link/msix.ts';
import type { Process } from '../../link/process.ts';
import { type Instruction, Program } from '../../link/program.ts';
import type { Status } from '../../spec/status.ts';
import type { NvmeController } from './nvme-controller.ts';
import { INTERRUPT_CPU } from './scheduler.ts';

const fields = {
  /** The entry in hand: its CID plus one (0: none), and its status. */
  cid: word as Word,
  status: word as Word<Status>,
  /** Without a barrier: CID (plus one) and status that were loaded before the phase tag. */
  earlyCid: word as Word,
  earlyStatus: word as Word<Status>,
  /** The waiter that Signal took out, plus one. */
  toReady: word as Word,
  drained: flag as Flag,
};
const Fields: StateOf<typeof fields> = state(fields);
class Registers extends Fields {}

const LOOK = 'OnIoCompletion: compare the phase';
const SIGNAL = 'OnIoCompletion: Done.Signal';
const READY = 'Signal: ReadyThread';
const RING = 'OnIoCompletion: ring the CQ doorbell';
const RETURN = 'OnIoCompletion: return';

export function interruptHandler(arena: Arena, driver: NvmeController, listener: Listener): Program {
  const { decisions, scheduler } = driver;
  const { link } = driver.host;
  const registers = new Registers(arena);
  const eachRings = decisions.headDoorbell === 'before-each-signal';

  /** What the entry says; of what was loaded too early, nothing is loaded again. */
  const consume = (): void => {
    const entry = driver.cq.consume();
    const early = registers.earlyCid > 0;
    registers.cid = (early ? registers.earlyCid - 1 : entry.cid) + 1;
    registers.status = early ? registers.earlyStatus : entry.status;
    registers.earlyCid = registers.earlyStatus = 0;
  };
  const signalled = (): string => {
    registers.cid = registers.status = registers.toReady = 0;
    return LOOK;
  };
  const instructions: Instruction[] = [
    {
      label: 'interrupt',
      when: () => link.msix.latched(listener) && scheduler.canInterrupt,
      run: () => {
        link.msix.take(listener);
        scheduler.inHandler = true;
      },
    },
    {
      label: LOOK,
      when: () => (driver.reorders && !driver.cq.hasEntry && registers.earlyCid === 0 ? 2 : 1),
      run: (choice) => {
        const { cq } = driver;
        if (choice === 1) {
          const { cid, status } = cq.read(cq.index);
          registers.earlyCid = cid + 1;
          registers.earlyStatus = status;
          return LOOK;
        }
        if (!cq.hasEntry) {
          registers.earlyCid = registers.earlyStatus = 0;
          return registers.drained && !eachRings ? RING : RETURN;
        }
        consume();
        registers.drained = true;
        return eachRings ? RING : SIGNAL;
      },
    },
    {
      label: SIGNAL,
      when: () => (driver.slots[registers.cid - 1]?.done.lock ?? 0) === 0, // spins on `_lockGuard`
      run: () => {
        const slot = driver.slots[registers.cid - 1];
        if (slot === undefined) return signalled();
        slot.status = registers.status;
        const waiter = slot.done.signal();
        if (waiter === undefined) return signalled();
        registers.toReady = waiter + 1;
        return READY;
      },
    },
    {
      label: READY,
      run: () => {
        scheduler.readyThread(registers.toReady - 1);
        return signalled();
      },
    },
    {
      label: RING,
      run: () => {
        const { cq } = driver;
        cq.published = cq.index;
        cq.ringDoorbell(INTERRUPT_CPU, cq.index);
        return eachRings ? SIGNAL : RETURN;
      },
    },
    {
      label: RETURN,
      run: () => {
        registers.drained = false;
        scheduler.inHandler = false;
        return 'interrupt';
      },
    },
  ];
  const ready = (): boolean => link.ready(INTERRUPT_CPU) && driver.host.up;
  return new Program(arena, { name: 'OnIoCompletion', party: 'host', ready }, instructions);
}

/** The way of a message from the controller to the CPU, on which it may get lost. */
export function lossyPlatform(driver: NvmeController, listener: Listener): Process {
  const { link } = driver.host;
  return {
    name: 'platform',
    party: 'host',
    choices: () =>
      driver.lostMessages > 0 && driver.host.up && driver.cq.hasEntry && link.msix.latched(listener) ? 1 : 0,
    step: () => {
      driver.lostMessages--;
      link.msix.take(listener);
    },
    label: () => 'the message gets lost',
  };
}
