/** Results in the order of the specification, each under the section of the first rule its scenario names. */
import { ruleById } from '../spec/catalogue.ts';
import {
  citation,
  defaultRevision,
  sectionById,
  sections,
  type Revision,
  type Section,
} from '../spec/sections.ts';
import type { PairingResult } from '../suite/result.ts';

export interface Group {
  /** Undefined for scenarios that name no rule. */
  readonly section: Section | undefined;
  readonly results: readonly PairingResult[];
}

/** Groups in the order of the sections, those without one last; results in their own order. */
export function bySection(results: readonly PairingResult[]): readonly Group[] {
  const groups = new Map<Section | undefined, PairingResult[]>();
  for (const result of results) {
    const section = sectionOf(result);
    const group = groups.get(section);
    if (group === undefined) groups.set(section, [result]);
    else group.push(result);
  }
  return [...groups]
    .map(([section, results]) => ({ section, results }))
    .toSorted((a, b) => (rank(a.section) < rank(b.section) ? -1 : 1));
}

/** Where the section stands in the catalogue's order. */
function rank(section: Section | undefined): number {
  return section === undefined ? Infinity : sections.indexOf(section);
}

function sectionOf({ rules }: PairingResult): Section | undefined {
  const first = rules[0];
  const rule = first === undefined ? undefined : ruleById(first);
  return rule === undefined ? undefined : sectionById(rule.sections[0]);
}

/** `Base 3.3.1.2.1`, `Base Annex B.5`, `PCIe 3.1.2.1`; no number where the revision has no such section. */
export function shortCitation(
  { id, document, numbers }: Section,
  revision: Revision = defaultRevision,
): string {
  const { number } = numbers[revision];
  if (id === 'contract') return 'contract';
  const source = revision === '1.4' ? 'Base' : document;
  if (number === null) return `${source} (not in ${revision})`;
  return `${source} ${/^[A-Z]/.test(number) ? 'Annex ' : ''}${number}`;
}

/** `NVM Express Base 2.1, 3.3.1.2.1: Completion Queue Flow Control` */
export function fullHeading(section: Section, revision: Revision): string {
  if (section.id === 'contract') return 'Implementation contract (no NVM Express text)';
  return `${citation(section, revision)}: ${section.title}`;
}

/** What to call scenarios: the file's name, with as much of its folder as tells it from the others. */
export function scenarioNames(results: readonly PairingResult[]): ReadonlyMap<string, string> {
  const files = [...new Set(results.map(({ file }) => file))];
  const split = new Map(files.map((file) => [file, file.replace(/\.ya?ml$/, '').split(/[\\/]/)]));
  const ending = (file: string, parts: number): string => split.get(file)?.slice(-parts).join('/') ?? file;
  const name = (file: string): string => {
    const most = split.get(file)?.length ?? 1;
    for (let parts = 1; parts <= most; parts++) {
      const short = ending(file, parts);
      if (files.every((other) => other === file || ending(other, parts) !== short)) return short;
    }
    return file;
  };
  return new Map(files.map((file) => [file, name(file)]));
}
