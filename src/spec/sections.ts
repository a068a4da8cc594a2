/**
 * The sections that rules cite, with their numbers in four revisions of the base specification. Until 1.4
 * everything stood in one document; since 2.0 the PCIe transport and the NVM Command Set have companions
 * with their own revisions.
 */
import { architectureSections } from './sections-architecture.ts';
import { commandSections } from './sections-commands.ts';
import { transportSections } from './sections-transport.ts';

export type Revision = '1.4' | '2.0' | '2.1' | '2.3';
export const revisions: readonly Revision[] = ['1.4', '2.0', '2.1', '2.3'];
export const defaultRevision: Revision = '2.1';

/** Named by document and number in 2.1, such as `base/3.3.1.2.1`; `contract` stands for no text at all. */
export type SectionId =
  | keyof typeof architectureSections
  | keyof typeof commandSections
  | keyof typeof transportSections
  | 'contract';

export type SpecDocument = 'Base' | 'PCIe' | 'NVM CS';

/**
 * How sure a section number is. `confirmed`: seen in that revision, or in a source that cites that revision
 * by name. `high`: not seen there, but adjacent revisions agree or a known renumbering gives it. `medium`,
 * `low`: recalled only.
 */
export type Confidence = 'confirmed' | 'high' | 'medium' | 'low';

export interface SectionNumber {
  /** Null if the revision has no such section. */
  readonly number: string | null;
  readonly confidence: Confidence;
  readonly note?: string;
}

export interface Section {
  readonly id: SectionId;
  readonly document: SpecDocument;
  readonly title: string;
  readonly summary: string;
  /** In an annex that says of itself that it is informative (since 2.0). */
  readonly informative: boolean;
  readonly numbers: Readonly<Record<Revision, SectionNumber>>;
}

/** A section as the data files write it. A number alone is confirmed. */
export interface SectionRow {
  readonly title: string;
  readonly summary: string;
  readonly numbers: Readonly<Record<Revision, string | NumberRow>>;
}
type NumberRow = readonly [number: string | null, confidence: Confidence, note?: string];

const none: NumberRow = [null, 'confirmed'];
const rows: Readonly<Record<SectionId, SectionRow>> = {
  ...architectureSections,
  ...commandSections,
  ...transportSections,
  contract: {
    title: 'Implementation contract',
    summary: 'Save, restore, inspect and answers of one implementation. No NVM Express text speaks of it.',
    numbers: { '1.4': none, '2.0': none, '2.1': none, '2.3': none },
  },
};

/** The revision of each document that goes with a revision of the base specification. */
const companions: Readonly<Record<Revision, Readonly<Record<SpecDocument, string>>>> = {
  '1.4': { 'Base': '1.4', 'PCIe': '1.4', 'NVM CS': '1.4' },
  '2.0': { 'Base': '2.0', 'PCIe': '1.0', 'NVM CS': '1.0' },
  '2.1': { 'Base': '2.1', 'PCIe': '1.1', 'NVM CS': '1.1' },
  '2.3': { 'Base': '2.3', 'PCIe': '1.2', 'NVM CS': '1.2' },
};

const documentNames: Readonly<Record<SpecDocument, string>> = {
  'Base': 'NVM Express Base',
  'PCIe': 'NVMe over PCIe Transport',
  'NVM CS': 'NVM Express NVM Command Set',
};

export const sections: readonly Section[] = (Object.keys(rows) as SectionId[]).map(section);

const byId: ReadonlyMap<string, Section> = new Map(sections.map((each) => [each.id, each]));

/** The section called `id`, or undefined if no rule cites such a section. */
export function sectionById(id: SectionId): Section;
export function sectionById(id: string): Section | undefined;
export function sectionById(id: string): Section | undefined {
  return byId.get(id);
}

/**
 * The sections that `text` names, with everything below them: `3.3.1.2.1`, `Annex B.5`, `PCIe 3.1.2.1`, an
 * id, or a citation. Numbers are those of `revision`, unless the text has its own: `Base 2.0, 5.8`.
 */
export function sectionsNumbered(text: string, revision: Revision = defaultRevision): Section[] {
  const match = written.exec(text.trim());
  const number = match?.[3]?.toUpperCase();
  if (number === undefined) return [];
  const document = documentCalled(match?.[1]);
  const stated = match?.[2];
  const chosen = stated === undefined ? revision : baseRevision(document ?? 'Base', stated);
  if (chosen === undefined) return [];
  return sections.filter((each) => {
    const found = each.numbers[chosen].number;
    if (found === null || (found !== number && !found.startsWith(`${number}.`))) return false;
    return document === undefined || document === documentIn(each, chosen) || document === each.document;
  });
}

/** How to cite `cited`, such as `NVM Express Base 2.1, 3.3.1.2.1`. */
export function citation(cited: Section, revision: Revision): string {
  if (cited.id === 'contract') return 'implementation contract (no NVM Express text)';
  const { number } = cited.numbers[revision];
  const document = documentIn(cited, revision);
  const source = `${documentNames[document]} ${companions[revision][document]}`;
  if (number === null) return `${source} (no such section; see ${citation(cited, defaultRevision)})`;
  return isAnnex(number) ? `${source}, Annex ${number} (informative)` : `${source}, ${number}`;
}

/** How users write a section: perhaps a document (1), perhaps its revision (2), and a number (3). */
const written: RegExp = new RegExp(
  /^(?:nvm express\s+)?(base|(?:nvme over )?pcie(?: transport)?|nvm(?: command set| cs)?)?[\s/]*/.source +
    /(?:(\d\.\d),?\s+)?(?:section\s+|annex\s+)?((?:[a-z]|\d+)(?:\.\d+)*)(?:\s*\(informative\))?$/.source,
  'i',
);

function documentCalled(name: string | undefined): SpecDocument | undefined {
  if (name === undefined) return undefined;
  if (/base/i.test(name)) return 'Base';
  return /pcie/i.test(name) ? 'PCIe' : 'NVM CS';
}

function baseRevision(document: SpecDocument, stated: string): Revision | undefined {
  return revisions.find((revision) => companions[revision][document] === stated);
}

/** Where the section stands in `revision`: 1.4 has one document for everything. */
function documentIn(each: Section, revision: Revision): SpecDocument {
  return revision === '1.4' ? 'Base' : each.document;
}

function isAnnex(number: string): boolean {
  return /^[A-Z]/.test(number);
}

function section(id: SectionId): Section {
  const { title, summary, numbers } = rows[id];
  const document = id.startsWith('pcie/') ? 'PCIe' : id.startsWith('nvm/') ? 'NVM CS' : 'Base';
  const numbered = {
    '1.4': sectionNumber(numbers['1.4']),
    '2.0': sectionNumber(numbers['2.0']),
    '2.1': sectionNumber(numbers['2.1']),
    '2.3': sectionNumber(numbers['2.3']),
  };
  const informative = isAnnex(numbered[defaultRevision].number ?? '');
  return { id, document, title, summary, informative, numbers: numbered };
}

function sectionNumber(row: string | NumberRow): SectionNumber {
  if (typeof row === 'string') return { number: row, confidence: 'confirmed' };
  const [number, confidence, note] = row;
  return note === undefined ? { number, confidence } : { number, confidence, note };
}
