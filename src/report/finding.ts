/** A finding in full: the rule and its section, where it happened, the argument, the picture, how to see it again. */
import { ruleById } from '../spec/catalogue.ts';
import { citation, defaultRevision, sectionById } from '../spec/sections.ts';
import type { FindingReport, PairingResult } from '../suite/result.ts';
import { renderDiagram } from './diagram.ts';
import type { Look } from './look.ts';
import { count, hanging, indented, shellWord, unbroken, wrap } from './text.ts';

const MARGIN = '  ';

/** Everything about `finding`, lines without a line break at their ends. */
export function renderFinding(finding: FindingReport, result: PairingResult, look: Look): string[] {
  const facts = new Set(finding.facts.map(({ event }) => event));
  return [
    ...renderClaim(finding, look),
    '',
    ...renderArgument(finding, look),
    ...(finding.trace.length > 0 ? ['', ...renderDiagram(finding.trace, facts, look)] : []),
    '',
    ...renderOrigin(finding, result, look),
  ];
}

/** The rule that was broken, by whom, and what it says where. */
export function renderClaim(finding: FindingReport, look: Look): string[] {
  const { rule, party, severity, queue, tags } = finding;
  const { palette } = look;
  const name = (severity === 'error' ? palette.bad : palette.warn)(rule);
  const entry = ruleById(rule);
  const section = entry === undefined ? undefined : sectionById(entry.sections[0]);
  return [
    `${MARGIN}${palette.strong(name)}  ${severity}, broken by the ${party}${queue === undefined ? '' : `, ${queue}`}`,
    ...(section === undefined ? [] : indented(MARGIN, `${citation(section, defaultRevision)}: ${section.title}`, look.width)),
    ...(entry === undefined ? [] : indented(MARGIN, entry.statement, look.width)),
    ...(tags.length === 0 ? [] : indented(MARGIN, `See also: ${tags.join(', ')}`, look.width)),
  ];
}

/** The events it rests on by number, then what follows from them. */
export function renderArgument({ facts, inference }: FindingReport, look: Look): string[] {
  const digits = facts.reduce((most, { event }) => Math.max(most, String(event).length), 0);
  const given = facts.flatMap(({ event, text }, index) =>
    hanging(`${MARGIN}${index === 0 ? 'Let ' : '    '}  #${String(event).padEnd(digits)} `, text, look.width),
  );
  return [...given, ...hanging(`${MARGIN}Then  `, inference, look.width)];
}

/** How it was found and the commands that show it again and explain it. */
export function renderOrigin(finding: FindingReport, result: PairingResult, look: Look): string[] {
  return [
    ...labelled('found', originText(finding), look),
    ...command('again', reproduction(finding, result), look),
    ...command('more ', ['nvme-conform', 'explain', finding.rule], look),
  ];
}

function originText({ foundBy, steps, seed, path }: FindingReport): string {
  const length = `${count(steps, 'step')} after bring-up`;
  switch (foundBy) {
    case 'scripted':
      return `in the default order, ${length}`;
    case 'random': {
      const where = [...(seed === undefined ? [] : [`seed ${seed}`]), ...(path === undefined ? [] : [`path ${path}`])];
      return `in a random order, shrunk to ${length}${where.length > 0 ? ` (${where.join(', ')})` : ''}`;
    }
    case 'exhaustive':
      return `by searching every order, ${length}`;
  }
}

/** The words of the command that finds it again. A random run depends on the seed and on how many runs there were. */
export function reproduction({ foundBy, seed }: Pick<FindingReport, 'foundBy' | 'seed'>, result: PairingResult): readonly string[] {
  const { file, driver, controller, explorations } = result;
  const words = ['nvme-conform', 'run', file, '--controller', controller];
  if (driver !== undefined) words.push('--driver', driver);
  if (foundBy === 'random' && seed !== undefined) {
    const random = explorations.find((exploration) => exploration.kind === 'random');
    words.push('--seed', String(seed), ...(random === undefined ? [] : ['--runs', String(random.runs)]));
  }
  return words;
}

/** A command, to be copied into a shell as it stands: long ones go on after a backslash. */
export function command(label: string, words: readonly string[], look: Look): string[] {
  const margin = ' '.repeat(label.length + 6);
  const lines = wrap(words.map((word) => unbroken(shellWord(word))).join(' '), look.width - margin.length - 2);
  return lines.map(
    (line, index) =>
      (index === 0 ? `${MARGIN}${look.palette.dim(label)}  ` : margin) + line + (index < lines.length - 1 ? ' \\' : ''),
  );
}

/** `  label  text`, wrapped; for the lines above a finding. */
export function labelled(label: string, text: string, look: Look): string[] {
  const [first = '', ...rest] = wrap(text, look.width - label.length - 4);
  const margin = ' '.repeat(label.length + 4);
  return [`${MARGIN}${look.palette.dim(label)}  ${first}`, ...rest.map((line) => margin + line)];
}
