/** Whether a stream gets colours and which characters it can show. Decided once for each stream. */
import { Chalk } from 'chalk';
import { plainPalette, type Palette } from '../report/look.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * NO_COLOR, if not empty, wins over FORCE_COLOR, and that over the terminal. One level is enough: the sixteen
 * colours that the user has chosen for the terminal.
 */
export function hasColour(environment: Environment, isTerminal: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTerminal && TERM !== 'dumb';
}

export function paletteFor(environment: Environment, isTerminal: boolean): Palette {
  if (!hasColour(environment, isTerminal)) return plainPalette;
  const chalk = new Chalk({ level: 1 });
  return {
    good: (text) => chalk.green(text),
    bad: (text) => chalk.red(text),
    warn: (text) => chalk.yellow(text),
    dim: (text) => chalk.dim(text),
    strong: (text) => chalk.bold(text),
    heading: (text) => chalk.bold.cyan(text),
  };
}

/** Whether the locale is UTF-8. Windows has no such variables, and its terminals show Unicode. */
export function showsUnicode(environment: Environment, platform: NodeJS.Platform): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = environment;
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== '');
  return locale === undefined ? platform === 'win32' : /utf-?8/i.test(locale);
}
