/** How a run is getting on: one line on stderr, rewritten on a terminal, elsewhere a new one now and then. */
import { clipped, count, grouped, printable } from '../report/text.ts';
import type { PairingResult } from '../suite/result.ts';
import type { Channel } from './output.ts';

const TERMINAL_INTERVAL = 100;
const LOG_INTERVAL = 10_000;

export interface ProgressLine {
  readonly show: (result: PairingResult, done: number, total: number) => void;
  /** Takes the line away before something else is written. */
  readonly clear: () => void;
}

/** `now` gives milliseconds. A first interval passes in silence, so that short runs say nothing. */
export function progressLine(
  channel: Channel,
  isTerminal: boolean,
  now: () => number = () => performance.now(),
): ProgressLine {
  const interval = isTerminal ? TERMINAL_INTERVAL : LOG_INTERVAL;
  let next = now() + interval;
  let failures = 0;
  let isShown = false;
  return {
    show: (result, done, total) => {
      if (result.outcome !== 'as-expected' && result.outcome !== 'not-applicable') failures++;
      if (now() < next) return;
      next = now() + interval;
      const { width, glyphs, palette } = channel.look;
      const failed = failures > 0 ? `, ${grouped(failures)} not as expected` : '';
      const where = `${printable(result.file)} on ${result.controller}`;
      const text = `${grouped(done)} of ${count(total, 'verdict')}${failed}  ${where}`;
      if (isTerminal) channel.write(`\r\u001b[K${palette.dim(clipped(text, width - 1, glyphs.ellipsis))}`);
      else channel.write(`${text}\n`);
      isShown = isTerminal;
    },
    clear: () => {
      if (isShown) channel.write('\r\u001b[K');
      isShown = false;
    },
  };
}
