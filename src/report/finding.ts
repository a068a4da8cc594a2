/** A finding in full: the rule and its section, the argument, the picture, how to see it again. */
import { ruleById } from '../spec/catalogue.ts';
import type { RuleId } from '../spec/rule.ts';
import { defaultRevision, sectionById } from '../spec/sections.ts';
import type { FindingReport, PairingResult } from '../suite/result.ts';
import { commandLines, rerun, type Invocation } from './command.ts';
import { renderDiagram } from './diagram.ts';
import type { Look } from './look.ts';
import { fullHeading } from './sections.ts';
import { count, hanging, indented, printable, wrap } from './text.ts';

const MARGIN = '  ';

/** Everything about a finding of `result`, lines without a line break at their ends. */
export function renderFinding(
  finding: FindingReport,
  result: PairingResult,
  invocation: Invocation,
  look: Look,
): string[] {
  return [...renderCase(finding, look), '', ...renderOrigin(finding, result, invocation, look)];
}

/** The claim, the argument and the picture. */
export function renderCase(finding: FindingReport, look: Look): string[] {
  const facts = new Set(finding.facts.map(({ event }) => event));
  return [
    ...renderClaim(finding, look),
    '',
    ...renderArgument(finding, look),
    ...(finding.trace.length > 0 ? ['', ...renderDiagram(finding.trace, facts, look)] : []),
  ];
}

/** `NVM Express Base 2.1, 3.3.1.2.1: Completion Queue Flow Control`: the main section of a rule. */
export function sectionOf(rule: RuleId): string | undefined {
  const section = sectionById(ruleById(rule)?.sections[0] ?? '');
  return section === undefined ? undefined : fullHeading(section, defaultRevision);
}

/** The rule that was broken, by whom, and what it says where. */
export function renderClaim(finding: FindingReport, look: Look): string[] {
  const { rule, party, severity, queue, tags } = finding;
  const { palette } = look;
  const paint = severity === 'error' ? palette.bad : palette.warn;
  const entry = ruleById(rule);
  const where = queue === undefined ? '' : `, ${queue}`;
  const section = sectionOf(rule);
  const claim = indented(MARGIN, `${rule}  ${severity}, broken by the ${party}${where}`, look.width);
  return [
    ...claim.map((line, index) =>
      index === 0 ? line.replace(rule, (name) => palette.strong(paint(name))) : line,
    ),
    ...(section === undefined ? [] : indented(MARGIN, section, look.width)),
    ...(entry === undefined ? [] : indented(MARGIN, entry.statement, look.width)),
    ...(tags.length === 0 ? [] : indented(MARGIN, `See also: ${tags.join(', ')}`, look.width)),
  ];
}

/** The events it rests on by number, then what follows from them. */
export function renderArgument({ facts, inference }: FindingReport, look: Look): string[] {
  const digits = facts.reduce((most, { event }) => Math.max(most, String(event).length), 0);
  const given = facts.flatMap(({ event, text }, index) =>
    hanging(
      `${MARGIN}${index === 0 ? 'Let ' : '    '}  #${String(event).padEnd(digits)} `,
      printable(text),
      look.width,
    ),
  );
  return [...given, ...hanging(`${MARGIN}Then  `, printable(inference), look.width)];
}

/** How it was found and the commands that show it again and explain it. */
export function renderOrigin(
  finding: FindingReport,
  result: PairingResult,
  invocation: Invocation,
  look: Look,
): string[] {
  return [
    ...labelled('found', originText(finding), look),
    ...commandLines('again', rerun(result, invocation, finding.foundBy === 'random'), look),
    ...commandLines('more ', ['nvme-conform', 'explain', finding.rule], look),
  ];
}

function originText({ foundBy, steps, seed, path }: FindingReport): string {
  const length = `${count(steps, 'step')} after bring-up`;
  switch (foundBy) {
    case 'scripted':
      return `in the default order, ${length}`;
    case 'schedule':
      return `by the schedule in the file, ${length}`;
    case 'random': {
      const where = [
        ...(seed === undefined ? [] : [`seed ${seed}`]),
        ...(path === undefined ? [] : [`path ${path}`]),
      ];
      return `in a random order, shrunk to ${length}${where.length > 0 ? ` (${where.join(', ')})` : ''}`;
    }
    case 'exhaustive':
      return `by searching every order, ${length}`;
  }
}

/** `  label  text`, wrapped; for the lines above a finding. */
export function labelled(label: string, text: string, look: Look): string[] {
  const [first = '', ...rest] = wrap(text, look.width - label.length - 4);
  const margin = ' '.repeat(label.length + 4);
  return [`${MARGIN}${look.palette.dim(label)}  ${first}`, ...rest.map((line) => margin + line)];
}
