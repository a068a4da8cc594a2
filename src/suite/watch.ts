/** Watches from outside a worker that runs plug-ins: whether it comes back from each call, and what that costs in memory. */
import { freemem } from 'node:os';
import { ANSWER_SECONDS, type Pulse, watcher } from '../targets/plug-in/pulse.ts';

const MIB = 2 ** 20;
/** MiB by which the program may grow during a single call: buffers are outside the heap, which has its own limit. */
const CALL_MEMORY = 2048;
/** MiB that are left on the machine, or to its container, when a leak through many calls is ended. */
const RESERVE = 128;
const LOOKS_A_SECOND = 4;

/** Bytes; Node before 20.13 does not know what a container is left. */
function available(): number {
  return 'availableMemory' in process ? process.availableMemory() : freemem();
}

/** Calls `end` once, with the reason in words, if the worker has to be ended. Returns what stops watching. */
export function watch(pulse: Pulse, plugIns: string, end: (reason: string) => void): () => void {
  const looks = watcher(pulse);
  let before = 0;
  const look = (): string | undefined => {
    const seen = looks();
    const { rss } = process.memoryUsage();
    if (seen === 0) before = rss;
    if (seen >= ANSWER_SECONDS * LOOKS_A_SECOND)
      return `${plugIns} did not come back from a call within ${ANSWER_SECONDS} seconds`;
    if (rss - before > CALL_MEMORY * MIB)
      return `${plugIns} used up ${CALL_MEMORY} MiB of memory in a single call`;
    if (available() < RESERVE * MIB)
      return `${plugIns} took part when memory ran out: less than ${RESERVE} MiB were left`;
    return undefined;
  };
  const timer = setInterval(() => {
    const reason = look();
    if (reason === undefined) return;
    clearInterval(timer);
    end(reason);
  }, 1000 / LOOKS_A_SECOND);
  return () => clearInterval(timer);
}
