/**
 * Records for programs, one JSON object in a line: a header, a record for each result and counterexample as they come,
 * a footer. Output without a footer was cut short. Keys are only ever added within one `version`.
 */
import type { Counterexample, FuzzResult } from '../fuzz/result.ts';
import type { FindingReport, Outcome, PairingResult, SuiteResult } from '../suite/result.ts';
import { commandText, replay, rerun, systemsIn } from './command.ts';
import { sectionOf } from './finding.ts';
import { sameRuleIn } from './on-record.ts';
import { isRandom } from './outcome.ts';
import type { Ending, Header, Reporter } from './reporter.ts';
import { isInterrupted, sessionPoint, standingOf } from './standing.ts';

const VERSION = 1;

export class NdjsonReporter implements Reporter {
  readonly #header: Header;

  constructor(header: Header) {
    this.#header = header;
  }

  begin(): string {
    const { command, version, invocation } = this.#header;
    const { seed, controller, driver, runs, strict = false } = invocation;
    return line({
      type: 'header',
      format: 'nvme-conform',
      version: VERSION,
      program: version,
      command,
      ...(command === 'fuzz'
        ? { controller: this.#header.controller, driver: this.#header.driver }
        : { controller, driver }),
      seed,
      runs,
      strict,
    });
  }

  result(result: PairingResult): string {
    const { findings, ...rest } = result;
    const { command, invocation } = this.#header;
    return line({
      type: 'result',
      ...rest,
      standing: standingOf(result.outcome),
      findings: findings.map(findingRecord),
      again: commandText(
        command === 'fuzz' ? replay(result.file, result) : rerun(result, invocation, isRandom(result)),
      ),
    });
  }

  counterexample(counterexample: Counterexample): string {
    const { file, finding, scenario, commands, steps, preemptions, shrunk, block, run } = counterexample;
    return line({
      type: 'counterexample',
      file,
      shrunk,
      title: scenario.title,
      commands,
      steps,
      preemptions,
      block,
      run,
      finding: findingRecord(finding),
      recorded: this.#header.command === 'fuzz' ? sameRuleIn(counterexample, this.#header.records) : [],
      again: file === undefined ? undefined : commandText(replay(file, systemsIn(scenario))),
    });
  }

  end({ exitCode, ...ending }: Ending): string {
    return line({
      type: 'footer',
      ...(ending.command === 'run' ? suiteTotals(ending.suite) : sessionTotals(ending.session)),
      exitCode,
    });
  }
}

function suiteTotals({ results, interrupted }: SuiteResult): object {
  return { totals: outcomeTotals(results), interrupted };
}

function sessionTotals(session: FuzzResult): object {
  const { asked, runs, worlds, notApplicable, down, steps, unfinished, selfChecks, ended } = session;
  const { counterexamples, corpus, corpusLeftAlone, foundAgain } = session;
  return {
    totals: {
      asked,
      runs,
      worlds,
      notApplicable,
      down,
      steps,
      unfinished,
      selfChecks,
      counterexamples: counterexamples.length,
      known: Object.keys(foundAgain).length,
      corpus: outcomeTotals(corpus),
      corpusLeftAlone,
    },
    standing: sessionPoint(session).standing,
    shard: session.shard,
    exercised: session.exercised,
    warnings: session.warnings,
    features: session.features,
    schedulers: session.schedulers,
    notShrunk: session.notShrunk,
    foundAgain,
    /** In the order of the counterexamples. */
    duplicates: counterexamples.map(({ duplicates }) => duplicates),
    trouble: session.trouble,
    ended,
    interrupted: isInterrupted(ended) ? ended : undefined,
  };
}

/** Every outcome by its name, so that nobody has to know which were possible. */
function outcomeTotals(results: readonly PairingResult[]): Readonly<Record<Outcome | 'all', number>> {
  const of = (outcome: Outcome): number => results.filter((result) => result.outcome === outcome).length;
  return {
    'all': results.length,
    'as-expected': of('as-expected'),
    'unexpected': of('unexpected'),
    'vacuous': of('vacuous'),
    'inconclusive': of('inconclusive'),
    'not-applicable': of('not-applicable'),
    'bad-scenario': of('bad-scenario'),
    'bad-plug-in': of('bad-plug-in'),
    'internal': of('internal'),
  };
}

function findingRecord(finding: FindingReport): object {
  return { ...finding, section: sectionOf(finding.rule) };
}

/** Undefined becomes null, so that every record of a type has the same keys; entries become lists of words. */
function line(record: object): string {
  const json = JSON.stringify(record, (_, value: unknown) => {
    if (value === undefined) return null;
    return ArrayBuffer.isView(value) ? Array.from(value as Int32Array) : value;
  });
  return `${json.replace(UNSAFE, escape)}\n`;
}

/** What JSON allows in a line, and terminals and readers of lines do not. */
const UNSAFE = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

function escape(character: string): string {
  return String.raw`\u` + character.charCodeAt(0).toString(16).padStart(4, '0');
}
