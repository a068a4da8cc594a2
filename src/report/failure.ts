/** A result that is not as it should be, in full. */
import type { RuleId } from '../spec/rule.ts';
import type { FindingReport, PairingResult } from '../suite/result.ts';
import { command, labelled, renderFinding, reproduction } from './finding.ts';
import type { Look } from './look.ts';
import { exercisedRules, isStated, markOf, statedText, targetOf, verdictText } from './outcome.ts';
import { indented, printable } from './text.ts';

/** Whether a result needs telling in full. What cannot run here is told in its line and in the notes. */
export function isFailure({ outcome }: PairingResult): boolean {
  return outcome !== 'as-expected' && outcome !== 'not-applicable';
}

export function renderFailure(result: PairingResult, names: ReadonlyMap<string, string>, look: Look): string[] {
  const { file, position, title, unmet } = result;
  const idle = result.outcome === 'vacuous' ? `never exercised: ${notExercised(result).join(', ')}` : undefined;
  const reason = result.reason ?? idle;
  const { mark, tone } = markOf(result.outcome, look);
  const name = printable(names.get(file) ?? file);
  const findings = toldInFull(result);
  return [
    look.palette.strong(look.palette[tone](`${mark} ${name} on ${targetOf(result)}`)),
    ...indented('  ', printable(title), look.width),
    ...labelled('where  ', `${printable(file)}:${position.line}:${position.column}`, look),
    ...labelled('stated ', statedText(result), look),
    ...labelled('verdict', verdictText(result), look),
    ...(reason === undefined ? [] : labelled('because', printable(reason), look)),
    ...unmet.flatMap(({ position: at, text }) =>
      labelled('unmet  ', `${printable(file)}:${at.line}:${at.column}  ${printable(text)}`, look),
    ),
    ...(findings.length === 0 ? footer(result, look) : []),
    ...findings.flatMap((finding) => ['', ...renderFinding(finding, result, look)]),
  ];
}

/** The errors that the scenario does not state; of a bad scenario, every one. */
function toldInFull(result: PairingResult): readonly FindingReport[] {
  return result.findings.filter(
    (finding) => finding.severity === 'error' && (result.outcome === 'bad-scenario' || !isStated(finding, result)),
  );
}

function notExercised(result: PairingResult): readonly RuleId[] {
  const exercised = exercisedRules(result);
  return result.rules.filter((rule) => !exercised.includes(rule) && !result.undecidable.includes(rule));
}

/** What to do where no finding says it. */
function footer(result: PairingResult, look: Look): string[] {
  if (result.outcome === 'internal') {
    return labelled('report ', 'this is a defect of nvme-conform, not of the target; please report it', look);
  }
  const random = result.explorations.find((exploration) => exploration.kind === 'random');
  const again = reproduction({ foundBy: random === undefined ? 'scripted' : 'random', seed: random?.seed }, result);
  const first = (result.outcome === 'vacuous' ? notExercised(result)[0] : undefined) ?? result.rules[0];
  return [
    ...command('again  ', again, look),
    ...(first === undefined ? [] : command('more   ', ['nvme-conform', 'explain', first], look)),
  ];
}
