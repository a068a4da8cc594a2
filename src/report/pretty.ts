/** The report for people: results by section, what failed and why, warnings, and a summary at the end. */
import type { PairingResult, SuiteResult } from '../suite/result.ts';
import type { Invocation } from './command.ts';
import { isFailure, renderFailure } from './failure.ts';
import type { Look } from './look.ts';
import { markOf, targetOf, verdictText, worthText } from './outcome.ts';
import { renderNotes, renderWarnings } from './notes.ts';
import { bySection, scenarioNames, shortCitation, type Group } from './sections.ts';
import { renderSummary } from './summary.ts';
import { indented, joined, NO_BREAK, printable, widest, wrap } from './text.ts';

type Names = ReadonlyMap<string, string>;
interface Columns {
  readonly names: Names;
  readonly name: number;
  readonly target: number;
}

/** Widest column for the name of a scenario, and for a target; longer ones push the rest of their line. */
const NAME_MOST = 28;
const TARGET_MOST = 20;
const BELOW = '      ';

/** The whole report, ending with a line break. `invocation` goes into the commands that it tells. */
export function renderReport(suite: SuiteResult, invocation: Invocation, look: Look): string {
  const { results } = suite;
  const names = scenarioNames(results);
  const columns: Columns = {
    names,
    name: widest([...names.values()], NAME_MOST),
    target: widest(results.map(targetOf), TARGET_MOST),
  };
  return joined([
    ...bySection(results).map((group) => renderGroup(group, columns, look)),
    ...results.filter(isFailure).map((result) => renderFailure(result, names, invocation, look)),
    ...renderWarnings(results, names, invocation, look),
    renderNotes(results, names, look),
    renderSummary(suite, look),
  ]);
}

function renderGroup({ section, results }: Group, columns: Columns, look: Look): string[] {
  const title = section === undefined ? 'No rule named' : `${shortCitation(section)}  ${section.title}`;
  return [
    ...wrap(title, look.width).map((line) => look.palette.heading(line)),
    ...results.flatMap((result) => renderResult(result, columns, look)),
  ];
}

/** Mark, scenario, target, verdict, worth; what does not fit goes below, indented. */
function renderResult(result: PairingResult, { names, name, target }: Columns, look: Look): string[] {
  const { mark, tone } = markOf(result.outcome, look);
  const paint = look.palette[tone];
  const title = printable(names.get(result.file) ?? result.file).padEnd(name);
  const subject = `${title}  ${targetOf(result).padEnd(target)}`;
  const isOdd = result.outcome === 'not-applicable' || result.outcome === 'inconclusive';
  const worth = isOdd && result.reason !== undefined ? printable(result.reason) : worthText(result);
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
