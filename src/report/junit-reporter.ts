/**
 * JUnit's XML, for CI servers: a suite for each scenario, a case for each target. The counts stand before what is
 * counted, so everything is written at the end. No times: the same seed gives the same bytes.
 */
import type { Counterexample, FuzzResult } from '../fuzz/result.ts';
import type { PairingResult, SuiteResult } from '../suite/result.ts';
import { renderCounterexample, sizeText } from './counterexample.ts';
import { renderFailure } from './failure.ts';
import { plainLook } from './look.ts';
import { renderWarnings } from './notes.ts';
import { sameRuleIn } from './on-record.ts';
import { misfitText, targetOf, tellingFindings } from './outcome.ts';
import type { Ending, Header, Reporter } from './reporter.ts';
import { scenarioNames } from './sections.ts';
import { isInterrupted, resultPoint, sessionPoint, systemsOf, type Standing } from './standing.ts';
import { joined, printable } from './text.ts';
import { element, xmlText } from './xml.ts';

type Names = ReadonlyMap<string, string>;

interface Case {
  readonly name: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly standing: Standing;
  /** In one line, and what kind of trouble it is. */
  readonly message: string;
  readonly type: string;
  /** For people. */
  readonly text: string;
}
interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

export class JunitReporter implements Reporter {
  readonly #header: Header;

  constructor(header: Header) {
    this.#header = header;
  }

  begin(): string {
    return '';
  }

  result(): string {
    return '';
  }

  counterexample(): string {
    return '';
  }

  end(ending: Ending): string {
    const suites =
      ending.command === 'run' ? this.#runSuites(ending.suite) : this.#sessionSuites(ending.session);
    const { command, invocation } = this.#header;
    const all = suites.flatMap(({ cases }) => cases);
    const content = suites.map((suite) => suiteXml(suite, invocation.seed));
    const root = element('testsuites', { name: `nvme-conform ${command}`, ...counts(all) }, content);
    return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
  }

  #runSuites({ results, interrupted }: SuiteResult): readonly Suite[] {
    const files = this.#resultSuites(results);
    if (interrupted === undefined) return files;
    const message = `interrupted by ${interrupted}`;
    const text = 'Only the results so far are here.\n';
    const cut: Case = {
      name: 'the run came to its end',
      standing: 'error',
      message,
      type: 'interrupted',
      text,
    };
    return [...files, { name: 'nvme-conform run', cases: [cut] }];
  }

  #sessionSuites(session: FuzzResult): readonly Suite[] {
    const { counterexamples, corpus, ended } = session;
    const { name, standing, text } = sessionPoint(session);
    const type = isInterrupted(ended) ? 'interrupted' : standing;
    const whole: Case = { name, standing, message: text, type, text: '' };
    return [
      ...this.#resultSuites(corpus),
      {
        name: 'nvme-conform fuzz',
        cases: [...counterexamples.map((each) => this.#counterexampleCase(each, session)), whole],
      },
    ];
  }

  /** By file, in the order in which the files come first. */
  #resultSuites(results: readonly PairingResult[]): readonly Suite[] {
    const names = scenarioNames(results);
    const files = new Map<string, Case[]>();
    for (const result of results) {
      const cases = files.get(result.file) ?? [];
      files.set(result.file, cases);
      cases.push(this.#resultCase(result, names));
    }
    return [...files].map(([name, cases]) => ({ name, cases }));
  }

  #resultCase(result: PairingResult, names: Names): Case {
    const { file, position, title, outcome } = result;
    const { invocation } = this.#header;
    const { standing, text: message } = resultPoint(result);
    const followed = misfitText(result);
    const rules = [...new Set(tellingFindings(result).map(({ rule }) => rule))];
    const text =
      standing === 'passed'
        ? [
            followed === undefined ? [] : [followed],
            ...renderWarnings([result], names, invocation, plainLook),
          ]
        : [renderFailure(result, names, invocation, plainLook)];
    return {
      name: `${printable(title)} on ${targetOf(result)}`,
      file,
      line: position.line,
      standing,
      message,
      type: rules.length > 0 ? rules.join(' ') : outcome,
      text: text.flat().length === 0 ? '' : joined(text),
    };
  }

  #counterexampleCase(counterexample: Counterexample, session: FuzzResult): Case {
    const { finding, file } = counterexample;
    const { again, records } = this.#header.command === 'fuzz' ? this.#header : { again: [], records: [] };
    const recorded = sameRuleIn(counterexample, records).map(
      (each) => `${printable(each)} breaks the same rule`,
    );
    const systems = systemsOf(session);
    return {
      name: `${finding.rule} on ${systems}: ${sizeText(counterexample)}`,
      file,
      standing: 'failed',
      message: `${finding.rule}: ${finding.inference}`,
      type: finding.rule,
      text: joined([renderCounterexample(counterexample, systems, again, plainLook), recorded]),
    };
  }
}

/** Every case is counted once: what neither failed, nor was in error, nor was skipped has passed. */
function counts(cases: readonly Case[]): Readonly<Record<string, number>> {
  const of = (standing: Standing): number => cases.filter((each) => each.standing === standing).length;
  return { tests: cases.length, failures: of('failed'), errors: of('error'), skipped: of('skipped') };
}

function suiteXml({ name, cases }: Suite, seed: number): string {
  const properties = element('properties', {}, [element('property', { name: 'seed', value: seed })]);
  const content = [properties, ...cases.map((each) => caseXml(each, name))];
  return element('testsuite', { name, ...counts(cases) }, content);
}

function caseXml({ name, file, line, standing, message, type, text }: Case, suite: string): string {
  return element('testcase', { name, classname: suite, file, line }, detail());

  function detail(): readonly string[] {
    switch (standing) {
      case 'failed':
        return [element('failure', { message, type }, xmlText(text))];
      case 'error':
        return [element('error', { message, type }, xmlText(text))];
      case 'skipped':
        return [element('skipped', { message })];
      case 'passed':
        return text === '' ? [] : [element('system-out', {}, xmlText(text))];
    }
  }
}
