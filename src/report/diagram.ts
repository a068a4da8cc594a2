/**
 * A trace as a sequence diagram with three lanes: host, link, controller. Memory, registers and interrupts
 * are the link's; an arrow ends where the event does. A posted write is drawn twice: when it is issued, and
 * when it arrives.
 */
import type { LinkEvent } from '../link/events.ts';
import type { TraceRow } from '../suite/result.ts';
import { eventText } from './event-text.ts';
import { excerpt, type Excerpt } from './excerpt.ts';
import type { Look } from './look.ts';
import { clipped, count } from './text.ts';

type Lane = 'host' | 'link' | 'controller';
/** From a lane to itself: a note beside it. */
interface Stroke {
  readonly from: Lane;
  readonly to: Lane;
  readonly text: string;
}

/** Lines of the diagram; the events in `facts` are marked. */
export function renderDiagram(rows: readonly TraceRow[], facts: ReadonlySet<number>, look: Look): string[] {
  const digits = Math.max(3, String(rows.reduce((last, row) => row.number ?? last, 0)).length);
  const gutter = digits + 5;
  const half = Math.max(20, Math.floor((Math.min(look.width, 100) - gutter - 3) / 2));
  const posted = rows.some((row) => row.party === 'link');
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

function leftOut(part: Excerpt & { kind: 'left-out' }, gutter: number, look: Look): string {
  const silent = part.rows - part.events;
  const what = [
    ...(part.events > 0 ? [count(part.events, 'event')] : []),
    ...(silent > 0 ? [count(silent, 'step')] : []),
  ];
  const margin = `${look.glyphs.ellipsis}  `.padStart(gutter);
  return look.palette.dim(`${margin}${part.bringUp ? 'bring-up: ' : ''}${what.join(', ')}`);
}

/** `posted`: register writes end at the link, and arrive by a step of their own. */
function strokeOf(row: TraceRow, posted: boolean): Stroke {
  const { event, party, process, step } = row;
  if (event !== undefined) return { ...lanesOf(event, posted), text: eventText(event) };
  if (party === 'link') return { from: 'link', to: 'controller', text: step };
  return { from: party, to: party, text: `${process}: ${step}` };
}

function lanesOf(event: LinkEvent, posted: boolean): { readonly from: Lane; readonly to: Lane } {
  switch (event.type) {
    case 'reg.w':
    case 'db.sq':
    case 'db.cq':
      return { from: 'host', to: posted ? 'link' : 'controller' };
    case 'reset':
    case 'irq.mask':
      return { from: 'host', to: 'controller' };
    case 'shadow.sq':
    case 'shadow.cq':
    case 'ei.sq':
    case 'ei.cq':
      return { from: event.writer, to: 'link' };
    case 'sqe.write':
      return { from: 'host', to: 'link' };
    case 'ei.read':
      return { from: 'link', to: 'host' };
    case 'sqe.fetch':
      return { from: 'link', to: 'controller' };
    case 'cqe.post':
      return { from: 'controller', to: 'link' };
    case 'irq':
    case 'reg.r':
      return { from: 'controller', to: 'host' };
    case 'irq.pending':
      return { from: 'controller', to: 'controller' };
    case 'request.begin':
    case 'request.end':
    case 'aen.arrived':
    case 'command.begin':
    case 'command.end':
    case 'host.sleep':
    case 'host.wake':
      return { from: 'host', to: 'host' };
  }
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
