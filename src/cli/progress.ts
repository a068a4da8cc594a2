/** How a run is getting on: one line on stderr, rewritten on a terminal, and now and then a new one elsewhere. */
import { clipped, count, grouped } from '../report/text.ts';
import type { SuiteProgress } from './connections.ts';
import type { Channel } from './output.ts';

const TERMINAL_INTERVAL = 100;
const LOG_INTERVAL = 10_000;

export interface ProgressLine {
  show(progress: SuiteProgress): void;
  /** Takes the line away before something else is written. */
  clear(): void;
}

/** `now` gives milliseconds. A first interval passes in silence, so that short runs say nothing. */
export function progressLine(channel: Channel, isQuiet: boolean, now: () => number = () => performance.now()): ProgressLine {
  const interval = channel.isTerminal ? TERMINAL_INTERVAL : LOG_INTERVAL;
  let next = now() + interval;
  let isShown = false;
  return {
    show: (progress) => {
      if (isQuiet || now() < next) return;
      next = now() + interval;
      const text = progressText(progress);
      const { width, glyphs, palette } = channel.look;
      if (channel.isTerminal) channel.write(`\r\u001b[K${palette.dim(clipped(text, width - 1, glyphs.ellipsis))}`);
      else channel.write(`${text}\n`);
      isShown = channel.isTerminal;
    },
    clear: () => {
      if (isShown) channel.write('\r\u001b[K');
      isShown = false;
    },
  };
}

function progressText({ done, total, violations, current, states, runs }: SuiteProgress): string {
  return [
    `${grouped(done)}/${grouped(total)}`,
    ...(violations > 0 ? [count(violations, 'violation')] : []),
    ...(states > 0 ? [count(states, 'state')] : []),
    ...(runs > 0 ? [count(runs, 'run')] : []),
    ...(current === undefined ? [] : [current]),
  ].join('  ');
}
