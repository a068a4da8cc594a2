/** How a run is getting on: one line on stderr, rewritten on a terminal, elsewhere a new one now and then. */
import type { FuzzProgress } from '../fuzz/result.ts';
import { clipped, count, grouped, printable } from '../report/text.ts';
import type { PairingResult } from '../suite/result.ts';
import type { Channel } from './output.ts';

const TERMINAL_INTERVAL = 100;
const LOG_INTERVAL = 10_000;
const SESSION_PATIENCE = 1000;

export interface ProgressLine {
  readonly show: (result: PairingResult, done: number, total: number) => void;
  /** Takes the line away before something else is written. */
  readonly clear: () => void;
}

/** A line that says how things stand, however often it is told. */
interface StatusLine {
  /** `text` is asked for only when it is shown. */
  readonly show: (text: () => string) => void;
  readonly clear: () => void;
}

/** `now` gives milliseconds. `patience` milliseconds pass in silence first. */
function statusLine(channel: Channel, isTerminal: boolean, patience: number, now: () => number): StatusLine {
  const interval = isTerminal ? TERMINAL_INTERVAL : LOG_INTERVAL;
  let next = now() + Math.max(interval, patience);
  let isShown = false;
  return {
    show: (text) => {
      if (now() < next) return;
      next = now() + interval;
      const { width, glyphs, palette } = channel.look;
      if (isTerminal) channel.write(`\r\u001b[K${palette.dim(clipped(text(), width - 1, glyphs.ellipsis))}`);
      else channel.write(`${text()}\n`);
      isShown = isTerminal;
    },
    clear: () => {
      if (isShown) channel.write('\r\u001b[K');
      isShown = false;
    },
  };
}

/** `now` gives milliseconds. A first interval passes in silence, so that short runs say nothing. */
export function progressLine(
  channel: Channel,
  isTerminal: boolean,
  now: () => number = () => performance.now(),
): ProgressLine {
  const line = statusLine(channel, isTerminal, 0, now);
  let failures = 0;
  return {
    show: (result, done, total) => {
      if (result.outcome !== 'as-expected' && result.outcome !== 'not-applicable') failures++;
      const failed = failures > 0 ? `, ${grouped(failures)} not as expected` : '';
      line.show(
        () =>
          `${grouped(done)} of ${count(total, 'verdict')}${failed}  ${printable(result.file)} on ${result.controller}`,
      );
    },
    clear: line.clear,
  };
}

export interface SessionLine {
  readonly show: (progress: FuzzProgress) => void;
  readonly clear: () => void;
}

/** Of a fuzz session. `now` gives milliseconds. A first second passes in silence. */
export function sessionLine(
  channel: Channel,
  isTerminal: boolean,
  now: () => number = () => performance.now(),
): SessionLine {
  const line = statusLine(channel, isTerminal, SESSION_PATIENCE, now);
  return { show: (progress) => line.show(() => sessionText(progress)), clear: line.clear };
}

/**
 * `12,300 runs, 4,100/s, 910k steps/s, 28 rules, 2 findings, 7,700 runs left`, or, as nothing moves so fast meanwhile,
 * `12,300 runs, 2 findings, 7,700 runs left, shrinking CQ-FULL-RESUME +1`: that one and another
 */
function sessionText({ runs, steps, milliseconds, rules, findings, shrinking, left }: FuzzProgress): string {
  const more = shrinking.length - 1;
  const perSecond = (value: number): number => Math.round((value * 1000) / Math.max(1, milliseconds));
  const parts = [
    count(runs, 'run'),
    ...(shrinking.length > 0
      ? []
      : [
          `${grouped(perSecond(runs))}/s`,
          `${grouped(Math.round(perSecond(steps) / 1000))}k steps/s`,
          count(rules, 'rule'),
        ]),
    count(findings, 'finding'),
    ...(left === undefined ? [] : [leftText(left)]),
    ...(shrinking.length > 0 ? [`shrinking ${shrinking[0]}${more > 0 ? ` +${more}` : ''}`] : []),
  ];
  return parts.join(', ');
}

/** Time may be up long before all is shrunk. */
function leftText(left: NonNullable<FuzzProgress['left']>): string {
  if ('runs' in left) return `${count(left.runs, 'run')} left`;
  return left.milliseconds === 0 ? 'time is up' : `${clock(left.milliseconds)} left`;
}

/** `1:04:09`, `9:12` */
function clock(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, ...rest] = parts;
  const shown = hours > 0 ? parts : rest;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}
