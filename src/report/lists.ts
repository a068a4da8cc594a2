/** The lists of scenarios, rules and systems. */
import { areaTitles, areas } from '../spec/catalogue.ts';
import type { RuleEntry, RuleId } from '../spec/rule.ts';
import { sectionById } from '../spec/sections.ts';
import type { Look } from './look.ts';
import { shortCitation } from './sections.ts';
import { count, hanging, indented, joined, printable, widest, wrap } from './text.ts';

export interface ScenarioRow {
  readonly file: string;
  readonly title: string;
  readonly rules: readonly RuleId[];
  readonly body: string;
  /** What is done beside the plain run. */
  readonly searches: readonly string[];
  /** `propolis/before violates EVENTIDX-CQ-LOST-WAKEUP` */
  readonly targets: readonly string[];
}

/** Ends with a line break. */
export function renderScenarios(scenarios: readonly ScenarioRow[], look: Look): string {
  const blocks = scenarios.map(({ file, title, rules, body, searches, targets }) => [
    look.palette.heading(printable(file)),
    ...indented('  ', printable(title), look.width),
    ...(rules.length > 0 ? field('rules', rules.join(', '), look) : []),
    ...field('body', [body, ...searches].join(', '), look),
    ...targets.flatMap((target, index) => field(index === 0 ? 'targets' : '', printable(target), look)),
  ]);
  return joined([...blocks, [count(scenarios.length, 'scenario')]]);
}

function field(label: string, text: string, look: Look): string[] {
  const [first = '', ...rest] = hanging(' '.repeat(11), text, look.width);
  return [`  ${look.palette.dim(label.padEnd(9))}${first.slice(11)}`, ...rest];
}

/** By area. A mark stands before the rules that runs judge. Ends with a line break. */
export function renderRules(rules: readonly RuleEntry[], judged: ReadonlySet<RuleId>, look: Look): string {
  const width = widest(
    rules.map(({ id }) => id),
    26,
  );
  const groups = areas.map((area) => {
    const rows = rules.filter((rule) => rule.area === area);
    return [
      look.palette.heading(areaTitles[area]),
      ...rows.map((rule) => ruleLine(rule, judged.has(rule.id), width, look)),
    ];
  });
  const known = rules.filter(({ id }) => judged.has(id)).length;
  const legend =
    `${look.glyphs.fact} judged by runs: ${known} of ${count(rules.length, 'rule')}; ` +
    'the others are described only. Sections are those of Base 2.1 and PCIe 1.1.';
  return `${[...groups, wrap(legend, look.width)].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** Id, party, strength, severity, sections: as many as fit. */
function ruleLine(
  { id, party, strength, severity, sections }: RuleEntry,
  isJudged: boolean,
  width: number,
  look: Look,
): string {
  const weight = `${party.padEnd(10)}  ${strength.padEnd(11)}  ${severity.padEnd(7)}  `;
  const room = look.width - width - weight.length - 6;
  const mark = isJudged ? look.palette.good(look.glyphs.fact) : ' ';
  return `  ${mark} ${id.padEnd(width)}  ${weight}${sectionsText(
    sections.map((each) => shortCitation(sectionById(each))),
    room,
  )}`;
}

/** The first one always; then how many are left out. */
function sectionsText(names: readonly string[], room: number): string {
  const short = names.map((name) => name.replace(/^Base (Annex )?/, ''));
  for (let shown = short.length; shown > 1; shown--) {
    const rest = short.length - shown;
    const text = `${short.slice(0, shown).join(', ')}${rest > 0 ? ` +${rest}` : ''}`;
    if (text.length <= room) return text;
  }
  return `${short[0] ?? ''}${short.length > 1 ? ` +${short.length - 1}` : ''}`;
}

export interface SystemDescription {
  readonly name: string;
  readonly role: 'controller' | 'driver';
  readonly aliases: readonly string[];
  readonly describes: string;
  readonly knownFor: string;
  /** The scenario that shows it, below `scenarios/` and without `.yaml`; and what it violates there. */
  readonly shownBy?: string;
  readonly violates?: readonly RuleId[];
}

/** Controllers, then drivers. Ends with a line break. */
export function renderSystems(systems: readonly SystemDescription[], look: Look): string {
  const isMutant = ({ name }: SystemDescription): boolean => name.startsWith('mutant/');
  const group = (heading: string, chosen: readonly SystemDescription[]): string[] => {
    const width = widest(
      chosen.map(({ name }) => name),
      28,
    );
    return [look.palette.heading(heading), ...chosen.flatMap((system) => systemLines(system, width, look))];
  };
  const real = systems.filter((system) => !isMutant(system));
  return joined(
    [
      group(
        'Controllers  (--controller NAME)',
        real.filter(({ role }) => role === 'controller'),
      ),
      group(
        'Drivers  (--driver NAME)',
        real.filter(({ role }) => role === 'driver'),
      ),
      group(
        'Mutants of the reference controller, each with the rule that it breaks',
        systems.filter((system) => isMutant(system) && system.role === 'controller'),
      ),
      group(
        'Mutants of the reference driver',
        systems.filter((system) => isMutant(system) && system.role === 'driver'),
      ),
    ].filter((lines) => lines.length > 1),
  );
}

function systemLines(
  { name, aliases, describes, knownFor, shownBy, violates = [] }: SystemDescription,
  width: number,
  look: Look,
): string[] {
  const margin = ' '.repeat(width + 4);
  const [first = '', ...rest] = hanging(margin, describes, look.width);
  const wide = name.length > width; // then the name has a line of its own
  return [
    ...(wide ? [`  ${look.palette.strong(name)}`] : []),
    `  ${look.palette.strong((wide ? '' : name).padEnd(width))}  ${first.slice(margin.length)}`,
    ...rest,
    ...(knownFor === '' ? [] : indented(margin, `known for: ${knownFor}`, look.width)),
    ...(shownBy === undefined ? [] : indented(margin, `${verdictThere(violates)}: ${shownBy}`, look.width)),
    ...(aliases.length === 0 ? [] : indented(margin, `also called ${aliases.join(', ')}`, look.width)),
  ];
}

/** What comes out in the scenario that shows it. */
function verdictThere(violates: readonly RuleId[]): string {
  return violates.length === 0 ? 'conforms' : `violates ${violates.join(', ')}`;
}

/** The real systems as a Markdown table, for the README. Ends with a line break. */
export function systemsTable(systems: readonly SystemDescription[]): string {
  const rows = systems
    .filter(({ shownBy }) => shownBy !== undefined)
    .map(({ name, aliases, role, knownFor, shownBy, violates = [] }) => [
      [name, ...aliases].map((each) => `\`${each}\``).join(', '),
      role,
      knownFor,
      verdictThere(violates),
      `\`${shownBy}\``,
    ]);
  const lines = [
    ['variant', 'role', 'known for', 'verdict', 'in the scenario'],
    ['---', '---', '---', '---', '---'],
    ...rows,
  ];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}
