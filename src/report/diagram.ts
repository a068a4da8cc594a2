/**
 * A trace as a sequence diagram with three lanes: host, link, controller. Memory, registers and interrupts
 * are the link's; an arrow ends where the event does. A posted write is drawn twice: when it is issued, and
 * when it arrives.
 */
import type { TraceRow } from '../suite/result.ts';
import { excerpt, type Excerpt } from './excerpt.ts';
import type { Look } from './look.ts';
import { isPosted, type Lane, type Stroke, strokeOf } from './stroke.ts';
import { clipped, count } from './text.ts';

/** Lines of the diagram; the events in `facts` are marked. */
export function renderDiagram(rows: readonly TraceRow[], facts: ReadonlySet<number>, look: Look): string[] {
  const digits = Math.max(3, String(rows.reduce((last, row) => row.number ?? last, 0)).length);
  const gutter = digits + 5;
  const half = Math.max(20, Math.floor((Math.min(look.width, 100) - gutter - 3) / 2));
  const posted = isPosted(rows);
  const draw = (part: Excerpt): string => {
    if (part.kind === 'left-out') return leftOut(part, gutter, look);
    const { row } = part;
    const isFact = row.number !== undefined && facts.has(row.number);
    const number = String(row.number ?? '').padStart(digits);
    const line = ` ${number}  ${strokeLine(strokeOf(row, posted), half, look)}`;
    if (isFact) return ` ${look.palette.bad(look.glyphs.fact)}${look.palette.strong(line)}`;
    return `  ${row.event === undefined ? look.palette.dim(line) : line}`;
  };
  return [heading(gutter, half, look), ...excerpt(rows, facts).map((part) => draw(part).trimEnd())];
}

function heading(gutter: number, half: number, look: Look): string {
  const left = 'host'.padEnd(half - 1);
  const right = 'controller'.padStart(half);
  return look.palette.dim(`${' '.repeat(gutter)}${left}link${right}`);
}

/** One line for rows that are not shown. */
export function leftOut(part: Excerpt & { kind: 'left-out' }, gutter: number, look: Look): string {
  const silent = part.rows - part.events;
  const what = [
    ...(part.events > 0 ? [count(part.events, 'event')] : []),
    ...(silent > 0 ? [count(silent, 'step')] : []),
  ];
  const margin = `${look.glyphs.ellipsis}  `.padStart(gutter);
  return look.palette.dim(`${margin}${part.bringUp ? 'bring-up: ' : ''}${what.join(', ')}`);
}

const order: readonly Lane[] = ['host', 'link', 'controller'];

/** The lanes with one stroke. A text too long for one gap runs on across the link's lane. */
function strokeLine({ from, to, text }: Stroke, half: number, look: Look): string {
  const { lane, ellipsis } = look.glyphs;
  const whole = 2 * half + 1;
  const isRight = order.indexOf(to) > order.indexOf(from);
  const onLeft = from === 'host' || to === 'host';
  const isNote = from === to;
  const room = isNote ? 2 : 4;
  const isLong = text.length > half - room || (from !== to && from !== 'link' && to !== 'link');
  const width = isLong ? whole : half;
  const shown = clipped(text, width - room, ellipsis);
  const drawn = isNote ? note(shown, width, onLeft) : arrow(shown, width, isRight, look);
  if (isLong) return `${lane}${drawn}${lane}`;
  const blank = ' '.repeat(half);
  return onLeft ? `${lane}${drawn}${lane}${blank}${lane}` : `${lane}${blank}${lane}${drawn}${lane}`;
}

function note(text: string, width: number, onLeft: boolean): string {
  return onLeft ? ` ${text}`.padEnd(width) : `${text} `.padStart(width);
}

function arrow(text: string, width: number, isRight: boolean, look: Look): string {
  const { line, toLeft, toRight } = look.glyphs;
  const fill = line.repeat(width - text.length - 4);
  return isRight ? `${line} ${text} ${fill}${toRight}` : `${toLeft}${fill} ${text} ${line}`;
}
