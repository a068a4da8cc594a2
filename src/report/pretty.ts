/** The report for people: results by section, what failed and why, warnings, and a summary at the end. */
import type { SuiteResult } from '../suite/result.ts';
import type { Invocation } from './command.ts';
import { isFailure, renderFailure } from './failure.ts';
import type { Look } from './look.ts';
import { renderNotes, renderWarnings } from './notes.ts';
import { columnsFor, renderResult, type Columns } from './result-line.ts';
import { bySection, scenarioNames, shortCitation, type Group } from './sections.ts';
import { renderSummary } from './summary.ts';
import { joined, wrap } from './text.ts';

/** The whole report, ending with a line break. `invocation` goes into the commands that it tells. */
export function renderReport(suite: SuiteResult, invocation: Invocation, look: Look): string {
  const { results } = suite;
  const names = scenarioNames(results);
  const columns = columnsFor(results, names);
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
