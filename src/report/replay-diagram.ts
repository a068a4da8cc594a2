/**
 * A whole run as a sequence diagram: a lane for each host process that acts, one for the link, one for the controller.
 * A line says who acts from there on; what follows is one burst, and each such line after the first a change of process.
 */
import type { TraceRow } from '../suite/result.ts';
import { Canvas } from './canvas.ts';
import { leftOut } from './diagram.ts';
import { excerpt } from './excerpt.ts';
import type { Look } from './look.ts';
import { isPosted, type Stroke, strokeOf } from './stroke.ts';
import { clipped } from './text.ts';

/** Host lanes at most; those that act later share the last one. */
const HOSTS_MOST = 10;
/** Host lanes up to this number stand three columns apart, more of them two. */
const HOSTS_WIDE = 6;

/** Lines of the diagram; the events in `facts` are marked. */
export function renderReplayDiagram(
  rows: readonly TraceRow[],
  facts: ReadonlySet<number>,
  look: Look,
): string[] {
  const diagram = new ReplayDiagram(rows, facts, look);
  return [diagram.heading(), ...excerpt(rows, facts, Infinity).flatMap((part) => diagram.part(part))];
}

type Tone = Parameters<Canvas['text']>[2];
type Part = ReturnType<typeof excerpt>[number];

class ReplayDiagram {
  readonly #facts: ReadonlySet<number>;
  readonly #look: Look;
  readonly #posted: boolean;
  readonly #digits: number;
  /** The columns of the lanes. */
  readonly #hosts: ReadonlyMap<string, number>;
  readonly #lastHost: number;
  readonly #link: number;
  readonly #controller: number;
  #acting: string | undefined;

  constructor(rows: readonly TraceRow[], facts: ReadonlySet<number>, look: Look) {
    this.#facts = facts;
    this.#look = look;
    this.#posted = isPosted(rows);
    this.#digits = Math.max(3, String(rows.reduce((last, row) => row.number ?? last, 0)).length);
    const first = this.#digits + 5;
    const names = [...new Set(rows.flatMap((row) => (isHost(row) ? [row.process] : [])))];
    const pitch = names.length <= HOSTS_WIDE ? 3 : 2;
    this.#hosts = new Map(
      names.map((name, index) => [name, first + pitch * Math.min(index, HOSTS_MOST - 1)]),
    );
    this.#lastHost = Math.max(first, ...this.#hosts.values());
    this.#controller = Math.min(look.width, 100) - 1;
    // What a controller posts is the longest text of all.
    this.#link = this.#lastHost + Math.ceil((this.#controller - this.#lastHost) * 0.47);
  }

  heading(): string {
    const canvas = new Canvas(this.#look);
    canvas.text(this.#digits + 5, 'host', 'dim');
    canvas.text(this.#link - 2, 'link', 'dim');
    canvas.textEndingAt(this.#controller, 'controller', 'dim');
    return canvas.line();
  }

  part(part: Part): string[] {
    if (part.kind === 'left-out') return [leftOut(part, this.#digits + 5, this.#look)];
    const { row } = part;
    if (row.bringUp) return [this.#row(row)];
    const changed = row.process !== this.#acting && row.party !== 'link';
    this.#acting = row.process;
    return changed ? [this.#burst(row), this.#row(row)] : [this.#row(row)];
  }

  /** Who acts from here on. */
  #burst({ process, party }: TraceRow): string {
    const canvas = this.#lanes();
    if (party === 'controller') {
      canvas.textEndingAt(this.#controller - 1, `${process}:`, 'heading');
    } else {
      canvas.text(this.#lastHost + 2, `${process}:`, 'heading');
    }
    return canvas.line();
  }

  #row(row: TraceRow): string {
    const isFact = row.number !== undefined && this.#facts.has(row.number);
    const tone = isFact ? 'strong' : row.event === undefined ? 'dim' : 'plain';
    const canvas = this.#lanes();
    if (isFact) canvas.text(1, this.#look.glyphs.fact, 'bad');
    canvas.textEndingAt(this.#digits + 3, String(row.number ?? ''), isFact ? 'strong' : 'dim');
    this.#stroke(canvas, row, tone);
    return canvas.line();
  }

  #lanes(): Canvas {
    const canvas = new Canvas(this.#look);
    for (const column of [...this.#hosts.values(), this.#link, this.#controller]) {
      canvas.text(column, this.#look.glyphs.lane, 'dim');
    }
    return canvas;
  }

  #stroke(canvas: Canvas, row: TraceRow, tone: Tone): void {
    const { from, to, text } = strokeOf(row, this.#posted);
    if (from === to) return this.#note(canvas, row, row.event === undefined ? row.step : text, tone);
    const { glyphs } = this.#look;
    const start = this.#column(from, row);
    const end = this.#column(to, row);
    const isRight = start < end;
    const [left, right] = isRight ? [start, end] : [end, start];
    for (let column = left + 1; column < right; column++) {
      const isLane = column === this.#link || [...this.#hosts.values()].includes(column);
      canvas.text(column, isLane ? glyphs.crossing : glyphs.line, tone);
    }
    canvas.text(start, isRight ? glyphs.fromLeft : glyphs.fromRight, tone);
    canvas.text(isRight ? end - 1 : end + 1, isRight ? glyphs.toRight : glyphs.toLeft, tone);
    const free = Math.max(left, this.#lastHost) + 1;
    const gaps = this.#link > free && this.#link < right ? [this.#link, right] : [right];
    const fit = gaps.find((gap) => text.length + 4 <= gap - free);
    if (fit !== undefined && isRight) return canvas.text(free + 1, ` ${text} `, tone);
    if (fit !== undefined) return canvas.textEndingAt(right - 1, ` ${text} `, tone);
    this.#overlong(canvas, text, isRight, left >= this.#link ? right : undefined, tone);
  }

  /** A text that is wider than its gap runs on across the lane of the link, and its arrow with it. */
  #overlong(canvas: Canvas, text: string, isRight: boolean, end: number | undefined, tone: Tone): void {
    const { line, toLeft, toRight, ellipsis } = this.#look.glyphs;
    const shown = clipped(text, this.#controller - this.#lastHost - 6, ellipsis);
    const arrow = isRight ? `${line} ${shown} ${toRight}` : `${toLeft} ${shown} ${line}`;
    if (end === undefined) canvas.text(this.#lastHost + 1, arrow, tone);
    else canvas.textEndingAt(end, arrow, tone);
  }

  #note(canvas: Canvas, row: TraceRow, text: string, tone: Tone): void {
    const { glyphs } = this.#look;
    const shown = clipped(text, this.#controller - this.#lastHost - 4, glyphs.ellipsis);
    if (row.party === 'controller') return canvas.textEndingAt(this.#controller - 1, shown, tone);
    canvas.text(this.#column('host', row), glyphs.fromLeft, tone);
    canvas.text(this.#lastHost + 2, shown, tone);
  }

  #column(lane: Stroke['from'], row: TraceRow): number {
    if (lane === 'link') return this.#link;
    if (lane === 'controller') return this.#controller;
    // Who is interrupted is not said: the arrow ends at the first lane it meets.
    return this.#hosts.get(row.process) ?? this.#lastHost;
  }
}

function isHost(row: TraceRow): boolean {
  return row.party === 'host' && !row.bringUp;
}
