/** Sections of the specification: what they say, their numbers in all revisions, the rules on them. */
import type { RuleEntry } from '../spec/rule.ts';
import { revisions, type Confidence, type Revision, type Section } from '../spec/sections.ts';
import type { Look } from './look.ts';
import { fullHeading, shortCitation } from './sections.ts';
import { count, hanging, indented, joined, widest, wrap } from './text.ts';

/** With more sections than this, each is told in one line. */
const IN_FULL = 6;

/** Ends with a line break. */
export function renderSections(
  found: readonly Section[],
  revision: Revision,
  rules: readonly RuleEntry[],
  look: Look,
): string {
  const blocks =
    found.length > IN_FULL
      ? [overview(found, revision, rules, look)]
      : found.map((section) => renderSection(section, revision, rules, look));
  const legend = found.length > IN_FULL ? [] : confidenceLegend(found, look);
  return joined([...blocks, legend]);
}

function renderSection(
  section: Section,
  revision: Revision,
  rules: readonly RuleEntry[],
  look: Look,
): string[] {
  const resting = rules.filter((rule) => rule.sections.includes(section.id));
  const width = widest(
    resting.map(({ id }) => id),
    26,
  );
  return [
    ...wrap(fullHeading(section, revision), look.width).map((line) => look.palette.heading(line)),
    ...indented('  ', section.summary, look.width),
    ...numberLines(section, '  ', look),
    '',
    ...(resting.length === 0
      ? ['  No rule rests on it by itself.']
      : [`  ${count(resting.length, 'rule')} ${resting.length === 1 ? 'rests' : 'rest'} on it:`]),
    ...resting.map(
      ({ id, party, strength, severity }) =>
        `    ${id.padEnd(width)}  ${party.padEnd(10)}  ${strength.padEnd(11)}  ${severity}`,
    ),
  ];
}

function overview(
  found: readonly Section[],
  revision: Revision,
  rules: readonly RuleEntry[],
  look: Look,
): string[] {
  const width = widest(
    found.map((section) => shortCitation(section, revision)),
    24,
  );
  return found.flatMap((section) => {
    const resting = rules.filter((rule) => rule.sections.includes(section.id)).length;
    const label = `${shortCitation(section, revision).padEnd(width)}  `;
    return hanging(label, `${section.title} (${count(resting, 'rule')})`, look.width);
  });
}

/** A section as a rule cites it: where, its title, what it says, its numbers. */
export function sectionLines(section: Section, revision: Revision, look: Look): string[] {
  return [
    ...hanging('  ', fullHeading(section, revision), look.width),
    ...indented('    ', section.summary, look.width).map((line) => look.palette.dim(line)),
    ...numberLines(section, '    ', look),
  ];
}

/** `1.4: 4.1 (high)   2.0: 3.3.1.2 …` with the notes below; nothing for what stands in no text. */
function numberLines({ id, numbers }: Section, margin: string, look: Look): string[] {
  if (id === 'contract') return [];
  const cells = revisions.map((revision) => {
    const { number, confidence } = numbers[revision];
    const text =
      number === null ? 'none' : `${number}${confidence === 'confirmed' ? '' : ` (${confidence})`}`;
    return `${revision}: ${text}`;
  });
  const notes = revisions.flatMap((revision) => {
    const { note } = numbers[revision];
    return note === undefined ? [] : [`${revision}: ${note}`];
  });
  return [cells.join('   '), ...new Set(notes)]
    .flatMap((text) => indented(margin, text, look.width))
    .map((line) => look.palette.dim(line));
}

const meanings: Readonly<Record<Exclude<Confidence, 'confirmed'>, string>> = {
  high: 'not seen in that revision, but its neighbours agree or a known renumbering gives it',
  medium: 'recalled only',
  low: 'recalled only, and doubtful',
};

/** Explains the words behind numbers that are not confirmed, if there are any. */
export function confidenceLegend(found: readonly Section[], look: Look): string[] {
  const used = new Set(
    found.flatMap(({ numbers }) => revisions.map((revision) => numbers[revision].confidence)),
  );
  const lines = (['high', 'medium', 'low'] as const)
    .filter((confidence) => used.has(confidence))
    .flatMap((confidence) => hanging(`  ${`(${confidence})`.padEnd(8)}  `, meanings[confidence], look.width));
  return lines.map((line) => look.palette.dim(line));
}
