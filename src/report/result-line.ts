/** One result among others: a line with columns. */
import type { PairingResult } from '../suite/result.ts';
import type { Look } from './look.ts';
import { markOf, targetOf, verdictText, worthText } from './outcome.ts';
import { indented, inOneLine, NO_BREAK, printable, widest } from './text.ts';

export interface Columns {
  readonly names: ReadonlyMap<string, string>;
  readonly name: number;
  readonly target: number;
}

/** Widest column for the name of a scenario, and for a target; longer ones push the rest of their line. */
const NAME_MOST = 28;
const TARGET_MOST = 20;
const BELOW = '      ';

/** `names`: what to call each scenario, by file. */
export function columnsFor(results: readonly PairingResult[], names: ReadonlyMap<string, string>): Columns {
  return {
    names,
    name: widest([...names.values()], NAME_MOST),
    target: widest(results.map(targetOf), TARGET_MOST),
  };
}

/** Mark, scenario, target, verdict, worth; what does not fit goes below, indented. */
export function renderResult(result: PairingResult, { names, name, target }: Columns, look: Look): string[] {
  const { mark, tone } = markOf(result.outcome, look);
  const paint = look.palette[tone];
  const title = printable(names.get(result.file) ?? result.file).padEnd(name);
  const subject = `${title}  ${targetOf(result).padEnd(target)}`;
  const isOdd = result.outcome === 'not-applicable' || result.outcome === 'inconclusive';
  const worth = isOdd && result.reason !== undefined ? inOneLine(result.reason) : worthText(result);
  const verdict = verdictText(result).padEnd('conforms'.length);
  const beginning = `  ${paint(mark)} ${subject}`;
  const room = look.width - subject.length - 6;
  if (verdict.length > room) {
    const [first = '', ...rest] = indented(BELOW, `${verdict}  ${worth}`, look.width);
    return [beginning.trimEnd(), first.replace(verdict, paint), ...rest];
  }
  const line = `${beginning}  ${paint(verdict)}`;
  if (worth === '') return [line.trimEnd()];
  if (verdict.length + 2 + worth.length <= room) return [`${line}  ${worth.replaceAll(NO_BREAK, ' ')}`];
  return [line.trimEnd(), ...indented(BELOW, worth, look.width)];
}
