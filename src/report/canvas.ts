/** One line of a drawing: characters are put into columns, later ones over earlier ones, and painted at the end. */
import type { Look, Palette } from './look.ts';

type Tone = keyof Palette | 'plain';

interface Cell {
  readonly character: string;
  readonly tone: Tone;
}
const BLANK: Cell = { character: ' ', tone: 'plain' };

export class Canvas {
  readonly #look: Look;
  readonly #cells: Cell[] = [];

  constructor(look: Look) {
    this.#look = look;
  }

  /** `text` from `column` on; columns count from 0. */
  text(column: number, text: string, tone: Tone): void {
    Array.from(text).forEach((character, index) => this.#put(column + index, { character, tone }));
  }

  /** `text` up to `end`, which it leaves free. */
  textEndingAt(end: number, text: string, tone: Tone): void {
    this.text(end - Array.from(text).length, text, tone);
  }

  /** The line without blanks at its end. */
  line(): string {
    const runs: { text: string; tone: Tone }[] = [];
    for (const { character, tone } of this.#cells) {
      const last = runs.at(-1);
      if (last?.tone === tone) last.text += character;
      else runs.push({ text: character, tone });
    }
    const { palette } = this.#look;
    return runs.map(({ text, tone }) => (tone === 'plain' ? text : palette[tone](text))).join('');
  }

  #put(column: number, cell: Cell): void {
    if (column < 0) return;
    while (this.#cells.length < column) this.#cells.push(BLANK);
    this.#cells[column] = cell;
  }
}
