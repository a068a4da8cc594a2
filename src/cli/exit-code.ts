/** The exit codes: what each means, which wins when several apply, and which one a suite result gives. */
import type { FuzzResult } from '../fuzz/result.ts';
import type { Outcome, SuiteResult } from '../suite/result.ts';

export type ExitCode = 0 | 1 | 2 | 3 | 4 | 6 | 70 | 130 | 143;

export interface ExitCodeRow {
  readonly code: ExitCode;
  readonly name: string;
  readonly meaning: string;
}

export const exitCodes: readonly ExitCodeRow[] = [
  { code: 0, name: 'as expected', meaning: 'everything that ran came out as expected, and something ran' },
  {
    code: 1,
    name: 'violation',
    meaning:
      'a violation, or a warning with --strict; a verdict other than the stated one; a vacuous pass: a ' +
      'rule that the scenario names was never exercised',
  },
  { code: 2, name: 'usage', meaning: 'wrong usage: an unknown command, option, rule, section or system' },
  {
    code: 3,
    name: 'input',
    meaning:
      'bad input: a scenario that does not parse or validate, or breaks rules it does not declare; a plug-in ' +
      'that cannot be imported, throws, or does not do what its interface promises',
  },
  {
    code: 4,
    name: 'nothing ran',
    meaning:
      'nothing matched or nothing ran: a path that does not exist, a folder without scenarios, or only ' +
      'scenarios that are not applicable to the target',
  },
  {
    code: 6,
    name: 'inconclusive',
    meaning: 'the target died or stopped answering, or a budget ended before the verdict',
  },
  { code: 70, name: 'internal error', meaning: 'a defect of nvme-conform itself' },
  { code: 130, name: 'interrupted', meaning: 'interrupted by SIGINT, after the report was written' },
  { code: 143, name: 'terminated', meaning: 'interrupted by SIGTERM, after the report was written' },
];

/** When several apply, the first of these counts. Usage (2) is told before anything else can happen. */
export const precedence: readonly ExitCode[] = [2, 70, 130, 143, 3, 1, 6, 4, 0];

/** The one that counts. */
export function decisive(codes: readonly ExitCode[]): ExitCode {
  return precedence.find((code) => codes.includes(code)) ?? 0;
}

/** What a run met apart from results: files that are no scenarios, paths with nothing to run. */
export interface Input {
  readonly badFiles: number;
  readonly notFound: number;
}

/** `suite` is undefined when nothing was run because of bad input. */
export function exitCodeOf(suite: SuiteResult | undefined, input: Input): ExitCode {
  const codes: ExitCode[] = [];
  if (input.badFiles > 0) codes.push(3);
  if (input.notFound > 0) codes.push(4);
  if (suite !== undefined) codes.push(...suiteCodes(suite));
  return decisive(codes);
}

function suiteCodes({ results, interrupted, strict }: SuiteResult): ExitCode[] {
  const codes = results.map(({ outcome }) => outcomeCode(outcome));
  if (interrupted !== undefined) codes.push(interrupted === 'SIGINT' ? 130 : 143);
  if (strict && results.some(hasWarning)) codes.push(1);
  if (results.every(({ outcome }) => outcome === 'not-applicable')) codes.push(4);
  return codes;
}

/** `input.badFiles`: files among the counterexamples of earlier sessions that are none. */
export function exitCodeOfSession(session: FuzzResult, input: Input): ExitCode {
  const { corpus, counterexamples, notShrunk, trouble, ended, runs, unfinished } = session;
  const codes = corpus.map(({ outcome }) => outcomeCode(outcome));
  if (input.badFiles > 0) codes.push(3);
  if (input.notFound > 0) codes.push(4);
  if (ended === 'SIGINT' || ended === 'SIGTERM') codes.push(ended === 'SIGINT' ? 130 : 143);
  if (counterexamples.length > 0 || Object.keys(notShrunk).length > 0) codes.push(1);
  if (trouble.some(({ kind }) => kind === 'internal')) codes.push(70);
  if (trouble.some(({ kind }) => kind === 'bad-plug-in')) codes.push(3);
  if (trouble.some(({ kind }) => kind === 'inconclusive')) codes.push(6);
  if (runs === 0) codes.push(4);
  else if (unfinished === runs) codes.push(6); // no run came to its verdict
  return decisive(codes);
}

/** What cannot run on a target says nothing against it: only when nothing else ran is that worth a code. */
function outcomeCode(outcome: Outcome): ExitCode {
  switch (outcome) {
    case 'as-expected':
    case 'not-applicable':
      return 0;
    case 'unexpected':
    case 'vacuous':
      return 1;
    case 'bad-scenario':
    case 'bad-plug-in':
      return 3;
    case 'inconclusive':
      return 6;
    case 'internal':
      return 70;
  }
}

/** A warning that the scenario states is what it wants to see. */
function hasWarning({ findings, expected }: SuiteResult['results'][number]): boolean {
  const stated = expected.kind === 'conforms' ? [] : expected.rules;
  return findings.some(({ rule, severity }) => severity === 'warning' && !stated.includes(rule));
}
