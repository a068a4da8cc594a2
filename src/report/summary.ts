/** The end of a report: what was searched, how many of each outcome, and the seed. */
import type { ExplorationReport, Outcome, PairingResult, SuiteResult } from '../suite/result.ts';
import type { Look } from './look.ts';
import { exercisedRules, isStated, warningsOf } from './outcome.ts';
import { count, grouped, unbroken, wrap } from './text.ts';

type Exhaustive = ExplorationReport & { readonly kind: 'exhaustive' };

export function renderSummary(suite: SuiteResult, look: Look): string[] {
  const { results } = suite;
  const rules = new Set(results.flatMap(exercisedRules)).size;
  const files = new Set(results.map(({ file }) => file)).size;
  const outcomes = outcomesText(results);
  const extent = [
    `${count(rules, 'rule')} exercised`,
    count(files, 'scenario'),
    ...(results.length === files ? [] : [count(results.length, 'verdict')]),
    `seed ${suite.seed}`,
  ].join('  ');
  const tone = isGood(suite) ? look.palette.good : look.palette.bad;
  const fits = outcomes.length + 4 + extent.length <= look.width;
  return [
    ...searched(results, look),
    ...(suite.interrupted === undefined
      ? []
      : [look.palette.warn(`interrupted by ${suite.interrupted}: the results so far`)]),
    ...(fits
      ? wrap(`${outcomes}    ${extent}`, look.width).map((line) => line.replace(/^.*inconclusive\b/, tone))
      : [...wrap(outcomes, look.width).map((line) => tone(line)), ...wrap(extent, look.width)]),
  ];
}

/** All kinds that a healthy run has are always told, so that the line reads the same every day. */
function outcomesText(results: readonly PairingResult[]): string {
  const of = (outcome: Outcome): number => results.filter((result) => result.outcome === outcome).length;
  const unexpected = results.filter(({ outcome }) => outcome === 'unexpected');
  const violations = unexpected.filter(isViolation).length;
  const others = unexpected.length - violations;
  const warnings = results.reduce((sum, result) => sum + warningsOf(result).length, 0);
  return [
    `${grouped(of('as-expected'))} as expected`,
    count(violations, 'violation'),
    ...when(others, `${grouped(others)} otherwise than stated`),
    `${grouped(of('vacuous'))} vacuous`,
    `${grouped(of('not-applicable'))} not applicable`,
    `${grouped(of('inconclusive'))} inconclusive`,
    ...when(of('bad-scenario'), count(of('bad-scenario'), 'bad scenario')),
    ...when(of('bad-plug-in'), count(of('bad-plug-in'), 'bad plug-in')),
    ...when(of('internal'), count(of('internal'), 'internal error')),
    ...when(warnings, count(warnings, 'warning')),
  ]
    .map(unbroken)
    .join(', ');
}

/** Unexpected because something was broken; else a stated violation was missed. */
function isViolation(result: PairingResult): boolean {
  return (
    result.unmet.length > 0 ||
    result.findings.some((finding) => finding.severity === 'error' && !isStated(finding, result))
  );
}

/** What a healthy run has none of is told only where there is some. */
function when(value: number, text: string): readonly string[] {
  return value > 0 ? [text] : [];
}

function isGood({ results, strict }: SuiteResult): boolean {
  return (
    results.some(({ outcome }) => outcome === 'as-expected') &&
    results.every((result) => result.outcome === 'as-expected' || result.outcome === 'not-applicable') &&
    !(strict && results.some((result) => warningsOf(result).length > 0))
  );
}

/** What the searches together were worth; a run without one says nothing here. */
function searched(results: readonly PairingResult[], look: Look): string[] {
  const explorations = results.flatMap((result) => result.explorations);
  const exhaustive = explorations.filter((each): each is Exhaustive => each.kind === 'exhaustive');
  const runs = explorations.reduce((sum, each) => sum + (each.kind === 'random' ? each.runs : 0), 0);
  const parts = [
    ...(exhaustive.length > 0 ? [exhaustiveText(exhaustive)] : []),
    ...(runs > 0 ? [count(runs, 'random run')] : []),
  ];
  if (parts.length === 0) return [];
  return wrap(`searched ${parts.join('; ')}`, look.width).map((line) => look.palette.dim(line));
}

function exhaustiveText(searches: readonly Exhaustive[]): string {
  const states = searches.reduce((sum, each) => sum + each.states, 0);
  const depth = searches.reduce((most, each) => Math.max(most, each.depth), 0);
  const complete = searches.filter((each) => each.complete).length;
  const collision = searches.reduce((sum, each) => sum + each.collision, 0);
  const chance = collision > 0 ? `, chance of a missed state ${collision.toExponential(0)}` : '';
  const reduced = searches.some((each) => each.reduced) ? 'reduced, ' : '';
  const which =
    complete === searches.length
      ? count(complete, 'complete search', 'complete searches')
      : `${count(searches.length, 'search', 'searches')}, ${complete} complete`;
  return `${count(states, 'state')} to depth ${depth} (${reduced}${which}${chance})`;
}
