/**
 * The two streams. stdout carries the report alone; progress, hints and errors go to stderr. Nothing else
 * in the program writes. A reader that goes away (`| head -1`) ends the writing, not the run: the exit code
 * stays the verdict.
 */
import { asciiGlyphs, toAscii, unicodeGlyphs, type Look } from '../report/look.ts';
import { paletteFor, showsUnicode, type Environment } from './colour.ts';

export interface Channel {
  readonly look: Look;
  readonly isTerminal: boolean;
  readonly hasColour: boolean;
  /** Exactly: in UTF-8 whatever the locale, for what programs read. */
  write(text: string, exactly?: boolean): void;
}

export interface Output {
  /** For the report alone. */
  readonly report: Channel;
  /** For everything else. */
  readonly notes: Channel;
}

/** Lines wider than this are hard to read, however wide the terminal is. */
const WIDEST = 110;
const NARROWEST = 60;
const USUAL = 80;

export function processOutput(): Output {
  return { report: channel(process.stdout, process.env), notes: channel(process.stderr, process.env) };
}

function channel(stream: NodeJS.WriteStream, environment: Environment): Channel {
  // Absent where the stream is a pipe, whatever its type says.
  const isTerminal = (stream as { readonly isTTY?: boolean }).isTTY ?? false;
  const isUnicode = showsUnicode(environment, process.platform);
  const palette = paletteFor(environment, isTerminal);
  const columns = isTerminal ? stream.columns : USUAL;
  let isOpen = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    isOpen = false;
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    look: {
      palette,
      glyphs: isUnicode ? unicodeGlyphs : asciiGlyphs,
      width: Math.max(NARROWEST, Math.min(WIDEST, columns)),
    },
    isTerminal,
    hasColour: palette.strong('x') !== 'x',
    write: (text, exactly = false) => {
      if (isOpen) stream.write(isUnicode || exactly ? text : toAscii(text));
    },
  };
}
