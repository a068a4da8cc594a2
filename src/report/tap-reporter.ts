/**
 * TAP version 14 with YAML diagnostics, for CI and for pipes. Results are written as they come; the plan stands at the
 * end, so that output that was cut short does not pass.
 */
import { stringify } from 'yaml';
import type { Counterexample, FuzzResult } from '../fuzz/result.ts';
import type { FindingReport, PairingResult, SuiteResult } from '../suite/result.ts';
import { commandText, replay, rerun, systemsIn } from './command.ts';
import { sizeText } from './counterexample.ts';
import { sectionOf } from './finding.ts';
import { sameRuleIn } from './on-record.ts';
import { isRandom, statedText, tellingFindings, verdictText, warningsOf, misfitText } from './outcome.ts';
import type { Ending, Header, Reporter } from './reporter.ts';
import { isInterrupted, resultPoint, sessionPoint, systemsOf, type TestPoint } from './standing.ts';
import { notApplicableText, warningsText } from './session.ts';
import { count, grouped, inOneLine, printable } from './text.ts';

/** Keys with `undefined` are left out. */
type Diagnostics = Readonly<Record<string, unknown>>;

export class TapReporter implements Reporter {
  readonly #header: Header;
  #points = 0;

  constructor(header: Header) {
    this.#header = header;
  }

  begin(): string {
    const { command, version, invocation } = this.#header;
    return `TAP version 14\n# nvme-conform ${version} ${command}, seed ${invocation.seed}\n`;
  }

  result(result: PairingResult): string {
    return this.#write(resultPoint(result), this.#resultDiagnostics(result));
  }

  counterexample(counterexample: Counterexample): string {
    const { finding, file, shrunk, scenario } = counterexample;
    const systems = this.#header.command === 'fuzz' ? ` on ${systemsOf(this.#header)}` : '';
    const name = `${finding.rule}${systems}: ${sizeText(counterexample)}`;
    return this.#write(
      { name, standing: 'failed', text: finding.inference },
      {
        title: printable(scenario.title),
        at: file === undefined ? undefined : { file: printable(file) },
        shrunk,
        findings: [findingDiagnostics(finding)],
        recorded: this.#recorded(counterexample),
        replay: file === undefined ? undefined : commandText(replay(file, systemsIn(scenario))),
        again: this.#sessionAgain(),
      },
    );
  }

  end(ending: Ending): string {
    if (ending.command === 'run') return warningsLine(ending.suite) + this.#close(ending.suite.interrupted);
    const { ended } = ending.session;
    const point = sessionPoint(ending.session);
    const diagnostics = isOk(point) ? undefined : { because: point.text, again: this.#sessionAgain() };
    const comments = sessionComments(ending.session);
    return comments + this.#write(point, diagnostics) + this.#close(isInterrupted(ended) ? ended : undefined);
  }

  #write(point: TestPoint, diagnostics: Diagnostics | undefined): string {
    this.#points++;
    const directive = point.standing === 'skipped' ? ` # SKIP ${escaped(point.text)}` : '';
    const line = `${isOk(point) ? 'ok' : 'not ok'} ${this.#points} - ${escaped(point.name)}${directive}\n`;
    return diagnostics === undefined ? line : line + block(diagnostics);
  }

  /** Everything about what did not pass, and how far a schedule fitted. */
  #resultDiagnostics(result: PairingResult): Diagnostics | undefined {
    const { file, position, title, unmet } = result;
    const point = resultPoint(result);
    const findings = tellingFindings(result);
    const followed = misfitText(result);
    if (isOk(point) && followed === undefined) return undefined;
    const verdict = verdictText(result);
    const { command, invocation } = this.#header;
    return {
      title: printable(title),
      at: { file: printable(file), line: position.line, column: position.column },
      stated: statedText(result),
      verdict,
      because: isOk(point) || point.text === verdict ? undefined : point.text,
      schedule: followed,
      unmet: unmet.length === 0 ? undefined : unmet.map((each) => placed(each.position, each.text)),
      findings: findings.length === 0 ? undefined : findings.map(findingDiagnostics),
      replay: command === 'fuzz' ? commandText(replay(file, result)) : undefined,
      again: command === 'run' ? commandText(rerun(result, invocation, isRandom(result))) : undefined,
    };
  }

  /** Findings on record in which the same system breaks the same rule. */
  #recorded(counterexample: Counterexample): readonly string[] | undefined {
    const files =
      this.#header.command === 'fuzz' ? sameRuleIn(counterexample, this.#header.records).map(printable) : [];
    return files.length === 0 ? undefined : files;
  }

  #sessionAgain(): string | undefined {
    return this.#header.command === 'fuzz' ? commandText(this.#header.again) : undefined;
  }

  /** TAP has no other word for a run that did not come to its end. */
  #close(interrupted: string | undefined): string {
    return interrupted === undefined ? `1..${this.#points}\n` : `Bail out! interrupted by ${interrupted}\n`;
  }
}

/** Warnings do not decide: one comment says how many there are of each rule. */
function warningsLine({ results }: SuiteResult): string {
  const counts = new Map<string, number>();
  for (const { rule } of results.flatMap(warningsOf)) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  if (counts.size === 0) return '';
  const all = [...counts.values()].reduce((sum, each) => sum + each, 0);
  const each = [...counts].map(([rule, times]) => `${rule} ${grouped(times)}`).join(', ');
  return `# ${count(all, 'warning')}, which --reporter pretty argues: ${each}\n`;
}

/** What does not decide, one comment for each. */
function sessionComments(session: FuzzResult): string {
  const { notApplicable, trouble } = session;
  const warnings = warningsText(session);
  const reasons = trouble.filter(({ kind }) => kind === 'not-applicable').map(({ text }) => inOneLine(text));
  return [
    ...(warnings === '' ? [] : [`warnings ${warnings}`]),
    ...(notApplicable === 0
      ? []
      : [[notApplicableText(session), reasons.join('; ')].filter(Boolean).join(': ')]),
  ]
    .map((text) => `# ${text}\n`)
    .join('');
}

function isOk({ standing }: TestPoint): boolean {
  return standing === 'passed' || standing === 'skipped';
}

function findingDiagnostics(finding: FindingReport): Diagnostics {
  const { rule, severity, party, queue, facts, inference, steps } = finding;
  return {
    rule,
    severity,
    party,
    queue,
    section: sectionOf(rule),
    facts: facts.map(({ event, text }) => `#${event} ${printable(text)}`),
    inference: printable(inference),
    steps,
  };
}

function placed({ line, column }: PairingResult['position'], text: string): string {
  return `${line}:${column} ${printable(text)}`;
}

/** In a description, `#` begins a directive, and a `{` at the end a subtest. */
function escaped(text: string): string {
  return printable(text)
    .replace(/[\\#]/g, String.raw`\$&`)
    .replace(/\{(?=\s*$)/, '(');
}

/** A YAML block behind a test point. */
function block(diagnostics: Diagnostics): string {
  const yaml = stringify(diagnostics, { lineWidth: 0, blockQuote: false });
  return `  ---\n${yaml.replace(/^/gm, '  ').trimEnd()}\n  ...\n`;
}
