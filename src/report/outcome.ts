/** One result in a line: its mark, its verdict in words, and what that verdict was worth. */
import type { RuleId } from '../spec/rule.ts';
import type { ExplorationReport, FindingReport, Outcome, PairingResult } from '../suite/result.ts';
import type { Look } from './look.ts';
import { count, grouped, printable, unbroken } from './text.ts';

type Tone = 'good' | 'bad' | 'warn' | 'dim';

/** How an outcome is marked and coloured. */
export function markOf(outcome: Outcome, look: Look): { readonly mark: string; readonly tone: Tone } {
  switch (outcome) {
    case 'as-expected':
      return { mark: look.glyphs.ok, tone: 'good' };
    case 'unexpected':
    case 'vacuous':
    case 'bad-scenario':
    case 'bad-plug-in':
    case 'internal':
      return { mark: look.glyphs.fail, tone: 'bad' };
    case 'inconclusive':
      return { mark: look.glyphs.unknown, tone: 'warn' };
    case 'not-applicable':
      return { mark: look.glyphs.none, tone: 'dim' };
  }
}

/** Against whom: the controller, and the driver where one takes part. */
export function targetOf({ driver, controller }: PairingResult): string {
  return printable(
    driver === undefined || driver === 'reference' ? controller : `${controller} with ${driver}`,
  );
}

/** What came out. */
export function verdictText(result: PairingResult): string {
  switch (result.outcome) {
    case 'as-expected':
      return result.expected.kind === 'conforms'
        ? 'conforms'
        : `violates ${brokenRules(result).join(', ')}, as stated`;
    case 'unexpected':
      return unexpectedText(result);
    case 'vacuous':
      return 'vacuous';
    case 'inconclusive':
      return 'inconclusive';
    case 'not-applicable':
      return 'not applicable';
    case 'bad-scenario':
      return 'bad scenario';
    case 'bad-plug-in':
      return 'bad plug-in';
    case 'internal':
      return 'internal error';
  }
}

function unexpectedText(result: PairingResult): string {
  const broken = brokenRules(result);
  const hasError = result.findings.some(({ severity }) => severity === 'error');
  if (result.unmet.length > 0 && !hasError) return `${count(result.unmet.length, 'expectation')} not met`;
  if (broken.length > 0) return `violates ${broken.join(', ')}`;
  return result.expected.kind === 'conforms' ? 'not as stated' : 'conforms, which was not stated';
}

/** What the scenario says must come out. */
export function statedText({ expected }: PairingResult): string {
  if (expected.kind === 'conforms') return 'conforms';
  return `violates ${expected.rules.join(expected.kind === 'violates' ? ', ' : ' or ')}`;
}

/** The rules that were broken, each once; where no error was found, warnings: `--strict` lets them decide. */
function brokenRules({ findings }: PairingResult): readonly RuleId[] {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const deciding = errors.length > 0 ? errors : findings.filter(({ severity }) => severity === 'warning');
  return [...new Set(deciding.map(({ rule }) => rule))];
}

/** Whether the scenario says that this rule is broken. */
export function isStated({ rule }: FindingReport, { expected }: PairingResult): boolean {
  return expected.kind !== 'conforms' && expected.rules.includes(rule);
}

/** The findings that make a failure: of a bad scenario every error, else what the scenario does not state. */
export function tellingFindings(result: PairingResult): readonly FindingReport[] {
  const { outcome, findings } = result;
  if (outcome === 'as-expected' || outcome === 'not-applicable') return [];
  const odd = findings.filter((finding) => outcome === 'bad-scenario' || !isStated(finding, result));
  const errors = odd.filter(({ severity }) => severity === 'error');
  return errors.length > 0 || outcome !== 'unexpected'
    ? errors
    : odd.filter(({ severity }) => severity === 'warning');
}

/** Warnings that the scenario does not state. */
export function warningsOf(result: PairingResult): readonly FindingReport[] {
  return result.findings.filter((finding) => finding.severity === 'warning' && !isStated(finding, result));
}

/** How much was looked at: states and runs, rules exercised, warnings met on the way. To be wrapped. */
export function worthText(result: PairingResult): string {
  const warnings = warningsOf(result).length;
  const rules = exercisedRules(result).length;
  return [
    ...explored(result),
    ...(rules > 0 ? [count(rules, 'rule')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ]
    .map(unbroken)
    .join(', ');
}

export function exercisedRules({ exercised }: PairingResult): readonly RuleId[] {
  return (Object.keys(exercised) as RuleId[]).filter((rule) => (exercised[rule] ?? 0) > 0);
}

/** Whether the seed can decide what comes out. */
export function isRandom({ explorations }: PairingResult): boolean {
  return explorations.some(({ kind }) => kind === 'random');
}

/** The plain run is told only where nothing else was done. */
function explored({ explorations }: PairingResult): readonly string[] {
  const searches = explorations.flatMap((exploration) => {
    switch (exploration.kind) {
      case 'exhaustive':
        return exploration.complete
          ? [`all ${count(exploration.states, 'state')}`]
          : [count(exploration.states, 'state'), 'incomplete'];
      case 'random':
        return [count(exploration.runs, 'run')];
      case 'scripted':
        return [];
    }
  });
  if (searches.length > 0) return searches;
  const scripted = explorations.filter((exploration) => exploration.kind === 'scripted');
  const steps = scripted.reduce((sum, exploration) => sum + exploration.steps, 0);
  return [...(steps > 0 ? [count(steps, 'step')] : []), ...scripted.flatMap(followed)];
}

/** How far the schedule of a counterexample was followed, if it does not fit any more. */
export function misfitText({ explorations }: PairingResult): string | undefined {
  return explorations.flatMap((each) => (each.kind === 'scripted' ? followed(each) : []))[0];
}

/** A schedule that does not fit any more is still a test, of another order. */
function followed({ schedule }: Extract<ExplorationReport, { kind: 'scripted' }>): readonly string[] {
  if (schedule?.instead === undefined) return [];
  return [
    `followed ${grouped(schedule.followed)} of ${count(schedule.steps, 'step')}, then the default policy`,
  ];
}
