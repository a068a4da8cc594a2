/** How a report looks: colours, drawing characters, width. Chosen once for each stream. */

/** Colours by meaning. What they say is always said by a word or a mark too. */
export interface Palette {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly heading: (text: string) => string;
}

/** Marks and strokes. All are one column wide, except `ellipsis`. */
export interface Glyphs {
  readonly ok: string;
  readonly fail: string;
  readonly unknown: string;
  readonly none: string;
  readonly warning: string;
  /** An event that an argument rests on; a rule that is judged. */
  readonly fact: string;
  readonly lane: string;
  /** Where a stroke begins at a lane, to the right or to the left, and where it crosses one. */
  readonly fromLeft: string;
  readonly fromRight: string;
  readonly crossing: string;
  readonly line: string;
  readonly toRight: string;
  readonly toLeft: string;
  readonly ellipsis: string;
}

export interface Look {
  readonly palette: Palette;
  readonly glyphs: Glyphs;
  /** Columns to fill at most. */
  readonly width: number;
}

export const plainPalette: Palette = {
  good: same,
  bad: same,
  warn: same,
  dim: same,
  strong: same,
  heading: same,
};

export const unicodeGlyphs: Glyphs = {
  ok: '✔',
  fail: '✘',
  unknown: '?',
  none: '–',
  warning: '!',
  fact: '●',
  lane: '│',
  fromLeft: '├',
  fromRight: '┤',
  crossing: '┼',
  line: '─',
  toRight: '▶',
  toLeft: '◀',
  ellipsis: '…',
};

/** For locales that are not UTF-8. */
export const asciiGlyphs: Glyphs = {
  ok: '+',
  fail: 'x',
  unknown: '?',
  none: '-',
  warning: '!',
  fact: '*',
  lane: '|',
  fromLeft: '|',
  fromRight: '|',
  crossing: '+',
  line: '-',
  toRight: '>',
  toLeft: '<',
  ellipsis: '...',
};

/** No colours, 80 columns: what a pipe gets, and what tests compare with. */
export const plainLook: Look = { palette: plainPalette, glyphs: unicodeGlyphs, width: 80 };

const replacements: Readonly<Record<string, string>> = {
  '–': '-',
  '—': '-',
  '…': '...',
  '·': '*',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
};

/** `text` for a terminal that shows ASCII only; accents are dropped, what has no counterpart becomes `?`. */
export function toAscii(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[\u0080-\u{10ffff}]/gu, (character) => replacements[character] ?? '?');
}

function same(text: string): string {
  return text;
}
