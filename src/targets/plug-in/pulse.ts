/**
 * Shows to another thread whether this one is inside a plug-in that does not come back: two words of shared memory,
 * the calls into plug-ins so far and how deep in them this thread is.
 */

/** Shared words: calls from outside into a plug-in so far; calls that have not returned. */
export type Pulse = Int32Array;

/** Seconds that a single call into a plug-in may take. */
export const ANSWER_SECONDS = 10;

let pulse: Pulse = newPulse();

export function newPulse(): Pulse {
  return new Int32Array(new SharedArrayBuffer(8));
}

/** From here on the calls of this thread are shown there. */
export function showPulse(shared: Pulse): void {
  pulse = shared;
}

export function enter(): void {
  if (pulse[1] === 0) pulse[0] = (pulse[0] as number) + 1;
  pulse[1] = (pulse[1] as number) + 1;
}

export function leave(): void {
  pulse[1] = (pulse[1] as number) - 1;
}

/** At how many looks in a row the same call was under way. */
export function watcher(shared: Pulse): () => number {
  let calls = -1;
  let looks = 0;
  return () => {
    const before = calls;
    calls = Atomics.load(shared, 0);
    looks = calls === before && Atomics.load(shared, 1) > 0 ? looks + 1 : 0;
    return looks;
  };
}
