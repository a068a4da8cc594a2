/** A result that is not as it should be, in full. */
import type { RuleId } from '../spec/rule.ts';
import type { PairingResult } from '../suite/result.ts';
import { commandLines, rerun, type Invocation } from './command.ts';
import { labelled, renderFinding } from './finding.ts';
import type { Look } from './look.ts';
import {
  exercisedRules,
  isRandom,
  markOf,
  misfitText,
  statedText,
  targetOf,
  tellingFindings,
  verdictText,
} from './outcome.ts';
import { indented, printable, printableLines } from './text.ts';

/** Whether a result needs telling in full. What cannot run here is told in its line and in the notes. */
export function isFailure({ outcome }: PairingResult): boolean {
  return outcome !== 'as-expected' && outcome !== 'not-applicable';
}

export function renderFailure(
  result: PairingResult,
  names: ReadonlyMap<string, string>,
  invocation: Invocation,
  look: Look,
): string[] {
  const { file, position, title, unmet } = result;
  const reason = reasonOf(result);
  const { mark, tone } = markOf(result.outcome, look);
  const name = printable(names.get(file) ?? file);
  const findings = tellingFindings(result);
  const verdict = verdictText(result);
  const followed = misfitText(result);
  return [
    look.palette.strong(look.palette[tone](`${mark} ${name} on ${targetOf(result)}`)),
    ...indented('  ', printable(title), look.width),
    ...labelled('where  ', `${printable(file)}:${position.line}:${position.column}`, look),
    ...labelled('stated ', statedText(result), look),
    ...labelled('verdict', verdict, look),
    ...(reason === undefined || reason === verdict ? [] : labelled('because', printableLines(reason), look)),
    ...unmet.flatMap(({ position: at, text }) =>
      labelled('unmet  ', `${printable(file)}:${at.line}:${at.column}  ${printable(text)}`, look),
    ),
    ...(followed === undefined ? [] : labelled('order  ', followed, look)),
    ...(findings.length === 0 ? footer(result, invocation, look) : []),
    ...findings.flatMap((finding) => ['', ...renderFinding(finding, result, invocation, look)]),
  ];
}

/** Why it did not come out as stated, as far as its verdict does not say it. */
export function reasonOf(result: PairingResult): string | undefined {
  const idle =
    result.outcome === 'vacuous' ? `never exercised: ${notExercised(result).join(', ')}` : undefined;
  return result.reason ?? idle;
}

function notExercised(result: PairingResult): readonly RuleId[] {
  const exercised = exercisedRules(result);
  return result.rules.filter((rule) => !exercised.includes(rule) && !result.undecidable.includes(rule));
}

/** What to do where no finding says it. */
function footer(result: PairingResult, invocation: Invocation, look: Look): string[] {
  if (result.outcome === 'internal') {
    return labelled('report ', 'this is a defect of nvme-conform, not of the target; please report it', look);
  }
  const first = (result.outcome === 'vacuous' ? notExercised(result)[0] : undefined) ?? result.rules[0];
  return [
    ...commandLines('again  ', rerun(result, invocation, isRandom(result)), look),
    ...(first === undefined ? [] : commandLines('more   ', ['nvme-conform', 'explain', first], look)),
  ];
}
