/** What is wrong with a file, for people: one sentence, where it stands, and what might have been meant. */
import type { Position } from './scenario.ts';

export interface Problem {
  /** Undefined when the whole file is meant. */
  readonly position?: Position | undefined;
  readonly message: string;
  readonly hint?: string | undefined;
}
export interface Diagnostic extends Problem {
  readonly file: string;
}

/** Longest piece of a source line that is shown. */
const WIDTH = 100;

/** The sentence with its place, the line with carets under the word, the hint. Ends without a line break. */
export function renderDiagnostic(diagnostic: Diagnostic, sourceText: string | undefined): string {
  const { file, position, message, hint } = diagnostic;
  const place = position === undefined ? file : `${file}:${position.line}:${position.column}`;
  const lines = [`error: ${printable(place)}: ${message}`];
  const source = position === undefined ? undefined : sourceText?.split(/\r?\n/)[position.line - 1];
  const margin = ' '.repeat(String(position?.line ?? '').length);
  if (position !== undefined && source !== undefined) {
    const { text, before, length } = excerpt(source, position.column - 1);
    // Tabs stay tabs, so that the caret stands under its word whatever their width.
    const indent = printable(text.slice(0, before)).replace(/[^\t]/g, ' ');
    lines.push(`  ${position.line} | ${printable(text)}`, `  ${margin} | ${indent}${'^'.repeat(length)}`);
  }
  if (hint !== undefined) lines.push(`  ${margin} = ${hint}`);
  return lines.join('\n');
}

/** By file, then by place; problems of a whole file first. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  const lines = (a.position?.line ?? 0) - (b.position?.line ?? 0);
  return lines === 0 ? (a.position?.column ?? 0) - (b.position?.column ?? 0) : lines;
}

/** `text` with control characters and direction marks made harmless; every character keeps its column. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) =>
    character === '\t' ? character : '\ufffd',
  );
}

/** A piece of the user's text inside a sentence. */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  return `"${printable(short.replace(/\s/g, ' '))}"`;
}

/** The window of `line` that is shown, where the word at `start` stands in it, and how long that word is. */
function excerpt(line: string, start: number): { text: string; before: number; length: number } {
  const from = line.length > WIDTH && start > WIDTH / 2 ? start - WIDTH / 2 : 0;
  const cut = line.slice(from, from + WIDTH);
  const text = `${from > 0 ? '…' : ''}${cut}${from + WIDTH < line.length ? '…' : ''}`;
  const before = start - from + (from > 0 ? 1 : 0);
  const word = /^[\p{L}\p{N}_./-]+/u.exec(text.slice(before))?.[0] ?? '';
  return { text, before, length: Math.max(1, word.length) };
}
