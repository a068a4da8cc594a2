/** What was seen, against what was stated. */
import { rules } from '../spec/catalogue.ts';
import type { ModelChoice, Pairing, Scenario, Verdict } from '../scenario/scenario.ts';
import type { World } from '../world/world.ts';
import { optionsFor } from './pairings.ts';
import type { ExplorationReport, FindingReport, Outcome, PairingResult, UnmetExpectation } from './result.ts';

type RuleId = FindingReport['rule'];

export interface Trouble {
  readonly kind: 'not-applicable' | 'bad-scenario' | 'bad-plug-in' | 'inconclusive' | 'internal';
  readonly text: string;
}

/** Filled while a pairing is examined. */
export interface Seen {
  readonly findings: FindingReport[];
  readonly explorations: ExplorationReport[];
  readonly unmet: UnmetExpectation[];
  readonly provoked: Set<RuleId>;
  trouble: Trouble | undefined;
  /** Why every order could not be tried, where the scenario asks for that. */
  unsearched: string | undefined;
  world: World | undefined;
}

interface Conclusion {
  readonly outcome: Outcome;
  readonly reason: string | undefined;
}

export function conclude(scenario: Scenario, pairing: Pairing, strict: boolean, seen: Seen): PairingResult {
  const judge = seen.world?.judge;
  const exercised: Partial<Record<RuleId, number>> = {};
  for (const { id } of rules) {
    const count = judge?.exercisedCount(id) ?? 0;
    if (count > 0) exercised[id] = count;
  }
  const undecidable = scenario.rules.filter((rule) => judge !== undefined && !judge.decidable(rule));
  const { outcome, reason } = weigh(scenario, pairing, strict, seen, exercised, undecidable);
  return {
    ...statedOf(scenario, pairing),
    outcome,
    reason,
    findings: seen.findings,
    unmet: seen.unmet,
    explorations: seen.explorations,
    exercised,
    undecidable,
    // Only of pairs that the scenario names itself a pass can be vacuous.
    alone: outcome === 'vacuous' && scenario.pairings.length > 1 ? undefined : optionsFor(scenario, pairing),
  };
}

/** What a result says of its pair, whatever came out. */
export function statedOf(
  scenario: Scenario,
  pairing: Pairing,
): Pick<PairingResult, 'file' | 'title' | 'driver' | 'controller' | 'expected' | 'position' | 'rules'> {
  return {
    file: scenario.file,
    title: scenario.title,
    driver: scenario.body.kind === 'steps' ? undefined : pairing.driver.model,
    controller: labelOf(pairing.controller),
    expected: pairing.verdict,
    position: pairing.position,
    rules: scenario.rules,
  };
}

/** `linux/single-pass (tags 2)`: a system and the decisions that were set for it. */
export function labelOf({ model, decisions }: ModelChoice): string {
  const set = Object.entries(decisions).map(([name, value]) => `${name} ${value}`);
  return set.length === 0 ? model : `${model} (${set.join(', ')})`;
}

function weigh(
  scenario: Scenario,
  pairing: Pairing,
  strict: boolean,
  seen: Seen,
  exercised: Partial<Record<RuleId, number>>,
  undecidable: readonly RuleId[],
): Conclusion {
  const { trouble } = seen;
  if (trouble && trouble.kind !== 'inconclusive') return { outcome: trouble.kind, reason: trouble.text };
  const stated = pairing.verdict.kind === 'conforms' ? [] : pairing.verdict.rules;
  // A warning counts where it is what the scenario wants to see.
  const counts = ({ rule, severity }: FindingReport): boolean =>
    severity === 'error' || (severity === 'warning' && (strict || stated.includes(rule)));
  const errors = seen.findings.filter(counts);
  const [first] = errors;
  const script = scenario.body.kind === 'steps';
  // What comes after a fault of the controller's may be a consequence of it.
  const ownFault = script && first?.party === 'host' && !stated.includes(first.rule) ? first : undefined;
  if (ownFault) {
    return {
      outcome: 'bad-scenario',
      reason: `the script itself breaks ${ownFault.rule}: declare it under 'provokes'`,
    };
  }
  const violated = [...new Set(errors.map((finding) => finding.rule))];
  const other = faultOfTheOther(pairing, errors);
  if (other !== undefined)
    return { outcome: 'not-applicable', reason: `${other} breaks ${violated.join(', ')} here` };
  const cut = seen.explorations.find(
    (exploration) => exploration.kind === 'exhaustive' && !exploration.complete,
  );
  const incomplete =
    cut?.kind === 'exhaustive'
      ? `the search is not complete: ${cut.because}${remedy(cut.because)}`
      : undefined;
  const verdict = compare(pairing.verdict, violated);
  // What a search that was cut short did not find, it may have found behind its bound.
  if (
    verdict !== undefined &&
    incomplete !== undefined &&
    pairing.verdict.kind !== 'conforms' &&
    isMissing(violated, pairing.verdict.rules)
  )
    return { outcome: 'inconclusive', reason: incomplete };
  if (verdict !== undefined) return { outcome: 'unexpected', reason: verdict };
  if (pairing.verdict.kind !== 'conforms') return { outcome: 'as-expected', reason: undefined };
  if (seen.unmet.length > 0)
    return { outcome: 'unexpected', reason: 'an expectation of the script does not hold' };
  if (trouble) return { outcome: 'inconclusive', reason: trouble.text };
  if (incomplete !== undefined) return { outcome: 'inconclusive', reason: incomplete };
  if (seen.unsearched !== undefined) return { outcome: 'not-applicable', reason: seen.unsearched };
  const silent = scenario.provokes.filter((rule) => !seen.provoked.has(rule));
  if (silent.length > 0)
    return { outcome: 'unexpected', reason: `the script was to provoke ${silent.join(', ')}` };
  const decidable = scenario.rules.filter((rule) => !undecidable.includes(rule));
  if (scenario.rules.length > 0 && decidable.length === 0) {
    return { outcome: 'not-applicable', reason: 'this target shows too little to decide any of its rules' };
  }
  const idle = decidable.filter((rule) => (exercised[rule] ?? 0) === 0);
  if (idle.length > 0) {
    // Of a system that the scenario does not know, nobody said that it comes there.
    const outcome = pairing.named ? 'not-applicable' : 'vacuous';
    return { outcome, reason: `never exercised: ${idle.join(', ')}` };
  }
  return { outcome: 'as-expected', reason: undefined };
}

/**
 * The model of a real system that made all the errors, where the command line put another system beside it: they say
 * nothing of that one.
 */
function faultOfTheOther(
  { named, driver, controller }: Pairing,
  errors: readonly FindingReport[],
): string | undefined {
  if (named === undefined || named === 'both' || errors.length === 0) return undefined;
  const [other, party] = named === 'controller' ? [driver, 'host'] : [controller, 'controller'];
  if (other.model.startsWith('reference') || errors.some((error) => error.party !== party)) return undefined;
  return other.model;
}

/** Nothing is violated but what was stated. */
function isMissing(violated: readonly RuleId[], stated: readonly RuleId[]): boolean {
  return violated.every((rule) => stated.includes(rule));
}

/** Which bound to raise, if it was a bound that ended the search. */
function remedy(because = ''): string {
  const bound = ['states', 'depth', 'memory'].find((each) => because.includes(each));
  return bound === undefined ? '' : ` (--${bound} raises it)`;
}

/** What is wrong, in words, when the rules violated are not the ones stated. */
function compare(expected: Verdict, violated: readonly RuleId[]): string | undefined {
  const others = (rules: readonly RuleId[]): RuleId[] => violated.filter((rule) => !rules.includes(rule));
  switch (expected.kind) {
    case 'conforms':
      return violated.length === 0 ? undefined : `violates ${violated.join(', ')}`;
    case 'violates': {
      const missing = expected.rules.filter((rule) => !violated.includes(rule));
      const extra = others(expected.rules);
      if (missing.length === 0 && extra.length === 0) return undefined;
      const parts = [
        ...(missing.length > 0 ? [`${missing.join(', ')} was to be violated and was not`] : []),
        ...(extra.length > 0 ? [`violates ${extra.join(', ')} besides`] : []),
      ];
      return parts.join('; ');
    }
    case 'violates-any': {
      const extra = others(expected.rules);
      if (extra.length > 0) return `violates ${extra.join(', ')} besides`;
      return violated.length > 0 ? undefined : `none of ${expected.rules.join(', ')} was violated`;
    }
  }
}
