/** SubmitOnSlot without MSI-X: one command at a time under `_polledIoMutex`, and WaitCompletion for its entry. */
import type { Instruction } from '../../link/program.ts';
import type { Caller } from './thread.ts';

const RING = 'SubmitOnSlot: ring the SQ doorbell';
const WAIT = 'WaitCompletion';
const HEAD = 'WaitCompletion: ring the CQ doorbell';
const AFTER = 'WaitCompletion: compare the CID';

export function polledSubmit(caller: Caller, label: string): Instruction[] {
  const { driver, thread, registers, io, returns, throws } = caller;
  const { decisions, scheduler, sq, cq } = driver;
  const cpu = scheduler.cpuOf(thread);
  return [
    {
      label,
      when: () => driver.polledIoMutex === 0,
      run: () => {
        driver.polledIoMutex = thread + 1;
        sq.write(driver.entry(io(), registers.slot));
        return RING;
      },
    },
    {
      label: RING,
      run: () => {
        sq.published = sq.index;
        sq.ringDoorbell(cpu, sq.index);
      },
    },
    {
      label: WAIT, // spins until the phase matches, 50 million times
      when: () => cq.hasEntry || driver.timeouts > 0,
      run: () => {
        if (!cq.hasEntry) {
          driver.timeouts--;
          driver.polledIoMutex = 0;
          return throws();
        }
        const { cid, status } = cq.consume();
        registers.status = status;
        registers.cid = cid;
        return HEAD;
      },
    },
    {
      label: HEAD,
      run: () => {
        cq.published = cq.index;
        cq.ringDoorbell(cpu, cq.index);
      },
    },
    {
      label: AFTER,
      run: () => {
        const other = registers.cid !== registers.slot;
        registers.cid = 0;
        if (other && decisions.otherCid === 'discarded') {
          registers.status = 0;
          return WAIT;
        }
        driver.polledIoMutex = 0;
        return returns(registers.status);
      },
    },
  ];
}
