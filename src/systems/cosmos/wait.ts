/**
 * InterruptEvent.Wait on the event of the caller's slot. A scheduled thread blocks; the main kernel thread, which is
 * the scheduler's idle thread, polls the latch instead.
 */
import type { Instruction } from '../../link/program.ts';
import type { InterruptEvent } from './interrupt-event.ts';
import type { Caller } from './thread.ts';

const LOCK = 'Wait: lock';
const TEST = 'Wait: test the signal';
const BLOCK = 'Wait: BlockThread';
const HALT = 'Wait: Halt';
const POLL = 'Wait: poll the latch';

/** Begins at `Wait: lock`. */
export function waiting({ driver, thread, registers, returns, throws }: Caller): Instruction[] {
  const { decisions, scheduler } = driver;
  const masks = decisions.eventLock === 'irq-safe';
  const polls = decisions.mainThread && thread === 0;
  const done = (): InterruptEvent => driver.slot(registers.slot).done;
  const unlock = (): void => {
    done().lock = 0;
    if (masks) scheduler.unmask(thread);
  };
  return [
    {
      label: LOCK,
      when: () => done().lock === 0,
      run: () => {
        done().lock = thread + 1;
        if (masks) scheduler.mask(thread);
      },
    },
    {
      label: TEST,
      run: () => {
        if (done().signaled) {
          done().signaled = false;
          unlock();
          return returns(driver.slot(registers.slot).status);
        }
        if (!polls) done().addWaiter(thread);
        if (!polls && decisions.waitBlocks === 'inside-the-lock') scheduler.blockThread(thread);
        unlock();
        if (polls) return POLL;
        return decisions.waitBlocks === 'inside-the-lock' ? HALT : BLOCK;
      },
    },
    {
      label: BLOCK,
      run: () => {
        scheduler.blockThread(thread);
        return HALT;
      },
    },
    // A blocked thread makes no passes: whatever bound they have, only ReadyThread gets it out of here.
    { label: HALT, when: () => !scheduler.isBlocked(thread), run: () => LOCK },
    {
      label: POLL,
      when: () => done().signaled || (decisions.waitBound === 'counted' && driver.timeouts > 0),
      run: () => {
        if (done().signaled) return LOCK;
        driver.timeouts--;
        return throws();
      },
    },
  ];
}
