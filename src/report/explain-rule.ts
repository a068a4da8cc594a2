/** Everything the catalogue knows of a rule, in the words of one revision. */
import { areaTitles } from '../spec/catalogue.ts';
import {
  notation,
  severityIn,
  strengthIn,
  type Party,
  type RuleEntry,
  type RuleKind,
  type Strength,
} from '../spec/rule.ts';
import { sectionById, type Revision } from '../spec/sections.ts';
import { confidenceLegend, sectionLines } from './explain-section.ts';
import type { Look } from './look.ts';
import { hanging, indented } from './text.ts';

const LABEL = 12;

/** Ends with a line break. */
export function renderRule(rule: RuleEntry, revision: Revision, isJudged: boolean, look: Look): string {
  const cited = rule.sections.map((id) => sectionById(id));
  const legend = confidenceLegend(cited, look);
  const lines = [
    `${look.palette.heading(rule.id)}  ${look.palette.dim(areaTitles[rule.area])}`,
    '',
    ...indented('  ', rule.statement, look.width),
    '',
    ...field('obliged', partyText[rule.party], look),
    ...field('strength', strengthText[strengthIn(rule, revision)], look),
    ...field('kind', kindText[rule.kind], look),
    ...field('severity', severityText(rule, revision), look),
    ...field('judged', judgedText(rule, isJudged), look),
    ...field('listens', rule.events.map((event) => spelled[event] ?? event).join(', '), look),
    ...(rule.demands === undefined ? [] : field('demands', rule.demands, look)),
    '',
    ...titled(
      'Rests on',
      [...cited.flatMap((section) => sectionLines(section, revision, look)), ...legend],
      look,
    ),
    ...paragraph(
      'How it is decided',
      [...indented('  ', rule.decide, look.width), ...letters(rule.decide, look)],
      look,
    ),
    ...optional('How the text is read', rule.stance, look),
    ...optional('How systems get it wrong', rule.bug, look),
    ...revisionNotes(rule, look),
  ];
  return `${lines.join('\n')}\n`;
}

const partyText: Readonly<Record<Party, string>> = {
  host: 'the host',
  controller: 'the controller',
  both: 'host and controller',
};

const strengthText: Readonly<Record<Strength, string>> = {
  shall: 'shall: the word of the text',
  should: 'should: the word of the text, which recommends and does not oblige',
  may: 'may: the word of the text, which allows',
  undefined: 'undefined: nothing is prohibited, but the text says that the result is undefined',
  definition: 'definition: the text describes, without a "shall", and the protocol cannot work otherwise',
  consistency: 'consistency: follows from the text, but no sentence demands it',
  contract: 'contract: not in any NVM Express text, but of the implementation that is tested',
};

const kindText: Readonly<Record<RuleKind, string>> = {
  safety: 'safety: one bad event decides',
  liveness: 'liveness: broken when something owed is still missing and nothing more can happen',
};

function severityText(rule: RuleEntry, revision: Revision): string {
  const cases = (rule.exceptions ?? []).map(({ severity, when }) => `; ${severity} ${when}`);
  return `${severityIn(rule, revision)}${cases.join('')}`;
}

function judgedText(rule: RuleEntry, isJudged: boolean): string {
  if (!isJudged) return 'not yet: described here, but no run reports it';
  return rule.offByDefault === true ? 'only if it is asked for' : 'in every run';
}

/** Of the names that `events` lists, those that are not events on the link. */
const spelled: Readonly<Record<string, string>> = {
  adm: 'admin commands',
  mem: 'memory snapshots',
  quiesce: 'the end of all movement',
};

function field(label: string, text: string, look: Look): string[] {
  const [first = '', ...rest] = hanging(' '.repeat(LABEL), text, look.width);
  return [`  ${look.palette.dim(label.padEnd(LABEL - 2))}${first.slice(LABEL)}`, ...rest];
}

function titled(title: string, lines: readonly string[], look: Look): string[] {
  return [look.palette.strong(title), ...lines];
}

function paragraph(title: string, lines: readonly string[], look: Look): string[] {
  return ['', ...titled(title, lines, look)];
}

function optional(title: string, text: string | undefined, look: Look): string[] {
  return text === undefined ? [] : paragraph(title, indented('  ', text, look.width), look);
}

/** The letters that a formula uses, spelled out. */
function letters(decide: string, look: Look): string[] {
  const formulas = (decide.match(/`[^`]*`/g) ?? []).join(' ');
  const used = Object.entries(notation).filter(([name]) =>
    name
      .split(', ')
      .some((letter) =>
        new RegExp(`(?<![\\w.])${letter.replace(/\(.*/, String.raw`\(`)}(?!\\w)`).test(spaced(formulas)),
      ),
  );
  return used.flatMap(([name, meaning]) =>
    hanging(`    ${name.padEnd(8)} `, meaning, look.width).map((line) => look.palette.dim(line)),
  );
}

/** A function's bracket stands apart from its first argument. */
function spaced(text: string): string {
  return text.replaceAll('(', '( ');
}

function revisionNotes(rule: RuleEntry, look: Look): string[] {
  const notes = (rule.profile ?? []).flatMap(({ revisions, note, strength, severity }) => {
    const weight = [strength, severity].filter((each) => each !== undefined).join(', ');
    return hanging(
      `  ${revisions.join(', ')}  `,
      `${note}${weight === '' ? '' : ` (${weight})`}`,
      look.width,
    );
  });
  return notes.length === 0 ? [] : paragraph('In other revisions', notes, look);
}
