/** Plain text: wrapping, aligning, counting. Colours are put on afterwards, since they have no width. */

export { count, grouped } from '../spec/count.ts';

/** A blank at which `wrap` does not break a line; it comes out as a plain one. */
export const NO_BREAK = '\u00a0';

/**
 * `text` in lines of at most `width` columns; longer words stay whole. Line breaks of the text are kept, and
 * so are several blanks between two words of one line.
 */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, width));
}

function wrapParagraph(paragraph: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.match(/[^ ]+ */g) ?? []) {
    if (line !== '' && (line + word).trimEnd().length > width) {
      lines.push(line);
      line = '';
    }
    line += word;
  }
  return [...lines, line].map((each) => each.trimEnd().replaceAll(NO_BREAK, ' '));
}

/** `text` as one word for `wrap`. */
export function unbroken(text: string): string {
  return text.replaceAll(' ', NO_BREAK);
}

/** `text` wrapped behind `label`, further lines under its first word. `label` must contain no colour. */
export function hanging(label: string, text: string, width: number): string[] {
  const margin = ' '.repeat(label.length);
  return wrap(text, width - label.length).map((line, index) => (index === 0 ? label : margin) + line);
}

/** `text` wrapped, every line behind `margin`. */
export function indented(margin: string, text: string, width: number): string[] {
  return wrap(text, width - margin.length).map((line) => margin + line);
}

/** `text`, or its beginning and `ellipsis` if it is longer than `width`. */
export function clipped(text: string, width: number, ellipsis: string): string {
  return text.length <= width ? text : text.slice(0, Math.max(0, width - ellipsis.length)) + ellipsis;
}

/** Blocks of lines with an empty line between them, ending with a line break; empty blocks are left out. */
export function joined(blocks: readonly (readonly string[])[]): string {
  const texts = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${texts.join('\n\n')}\n`;
}

/** Text from a user's file, made safe for a terminal: no control characters, no direction marks. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

/** Columns that the longest of `texts` takes, but at most `most`. */
export function widest(texts: readonly string[], most: number): number {
  return Math.min(
    most,
    texts.reduce((longest, text) => Math.max(longest, text.length), 0),
  );
}

/** `word` as an argument in a shell: quoted if it has to be. */
export function shellWord(given: string): string {
  const word = printable(given);
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A text of several lines, a stack for one, with its line breaks. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** The same in one line. */
export function inOneLine(text: string): string {
  return printable(text.replace(/\s*\n\s*/g, ' '));
}
