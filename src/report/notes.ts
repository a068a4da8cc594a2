/** What is worth knowing of results in order: warnings, searches that did not end, rules not decidable. */
import type { FindingReport, PairingResult } from '../suite/result.ts';
import type { Invocation } from './command.ts';
import { renderArgument, renderClaim, renderOrigin } from './finding.ts';
import type { Look } from './look.ts';
import { targetOf, tellingFindings, warningsOf } from './outcome.ts';
import { count, hanging, printable } from './text.ts';

type Names = ReadonlyMap<string, string>;
interface Warning {
  readonly finding: FindingReport;
  readonly result: PairingResult;
}

/** One block for each rule: the first warning argued, the others by name. */
export function renderWarnings(
  results: readonly PairingResult[],
  names: Names,
  invocation: Invocation,
  look: Look,
): string[][] {
  const byRule = new Map<string, Warning[]>();
  for (const result of results) {
    const told = tellingFindings(result);
    for (const finding of warningsOf(result).filter((each) => !told.includes(each))) {
      const others = byRule.get(finding.rule);
      if (others === undefined) byRule.set(finding.rule, [{ finding, result }]);
      else others.push({ finding, result });
    }
  }
  return [...byRule.values()].map((warnings) => renderWarning(warnings, names, invocation, look));
}

function renderWarning(
  warnings: readonly Warning[],
  names: Names,
  invocation: Invocation,
  look: Look,
): string[] {
  const [first, ...others] = warnings;
  if (first === undefined) return [];
  const { finding, result } = first;
  const where = `${look.glyphs.warning} warning: ${placeOf(result, names)}`;
  return [
    look.palette.strong(look.palette.warn(where)),
    ...renderClaim(finding, look),
    '',
    ...renderArgument(finding, look),
    '',
    ...renderOrigin(finding, result, invocation, look),
    ...alsoOn(others, names, look),
  ];
}

const ALSO_MOST = 6;

function alsoOn(others: readonly Warning[], names: Names, look: Look): string[] {
  if (others.length === 0) return [];
  const places = [...new Set(others.map(({ result }) => placeOf(result, names)))];
  const more = places.length > ALSO_MOST ? `; ${count(places.length - ALSO_MOST, 'more', 'more')}` : '';
  return hanging('  also   ', places.slice(0, ALSO_MOST).join('; ') + more, look.width);
}

/** One line for each target that cannot decide something, each search that did not end or goes round, each remark of a rule. */
export function renderNotes(results: readonly PairingResult[], names: Names, look: Look): string[] {
  const incomplete = results
    .filter(({ outcome }) => outcome !== 'inconclusive')
    .flatMap((result) =>
      unfinished(result).map(
        (because) => `search incomplete: ${placeOf(result, names)}: ${printable(because)}`,
      ),
    );
  const idle = results.flatMap((result) => idleText(result, names));
  const notes = [...undecidableText(results), ...incomplete, ...idle, ...remarks(results, names)];
  return notes.flatMap((note) => hanging(`${look.glyphs.none} `, note, look.width));
}

function undecidableText(results: readonly PairingResult[]): readonly string[] {
  const byTarget = new Map<string, Set<string>>();
  for (const result of results) {
    const target = targetOf(result);
    const rules = byTarget.get(target) ?? new Set<string>();
    for (const rule of result.undecidable) rules.add(rule);
    if (rules.size > 0) byTarget.set(target, rules);
  }
  return [...byTarget].map(
    ([target, rules]) => `not decidable on this target: ${[...rules].join(', ')} (${target})`,
  );
}

/** Findings that are information only: the first of each rule. */
function remarks(results: readonly PairingResult[], names: Names): readonly string[] {
  const told = new Map<string, string>();
  for (const result of results) {
    for (const { rule, severity, inference } of result.findings) {
      if (severity !== 'info' || told.has(rule)) continue;
      told.set(rule, `${rule}: ${placeOf(result, names)}: ${inference}`);
    }
  }
  return [...told.values()];
}

/** A poller that never rests, for one: nothing is owed, so nothing is wrong. */
function idleText(result: PairingResult, names: Names): readonly string[] {
  const ways = result.explorations.reduce(
    (sum, each) => sum + (each.kind === 'exhaustive' ? each.idleCircles : 0),
    0,
  );
  if (ways === 0) return [];
  return [
    `busy while idle: ${placeOf(result, names)}: ${count(ways, 'way')} to go round for ever, with nothing owed`,
  ];
}

function unfinished({ explorations }: PairingResult): readonly string[] {
  return explorations.flatMap((each) =>
    each.kind === 'exhaustive' && !each.complete ? [each.because ?? 'its bound was reached'] : [],
  );
}

function placeOf(result: PairingResult, names: Names): string {
  return `${printable(names.get(result.file) ?? result.file)} on ${targetOf(result)}`;
}
