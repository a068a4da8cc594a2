/**
 * What is on record about the systems of a fuzz session: what each is known for, and the findings that the package keeps.
 * That the same rule is broken does not make it the same bug, and nothing here says so.
 */
import type { Counterexample, FuzzResult } from '../fuzz/result.ts';
import type { RuleId } from '../spec/rule.ts';
import { systemsIn } from './command.ts';
import { isFailure } from './failure.ts';
import { labelled } from './finding.ts';
import type { Look } from './look.ts';
import { tellingFindings } from './outcome.ts';
import { indented, printable, widest } from './text.ts';

/** A system under test. */
export interface SystemOnRecord {
  readonly role: 'controller' | 'driver';
  /** Its name and its aliases. */
  readonly names: readonly string[];
  /** In a few words; may be empty. */
  readonly knownFor: string;
  /** Where what was found in it before is kept: scenarios, each with the rules that it breaks there. */
  readonly folder: string;
  readonly findings: readonly { readonly name: string; readonly rules: readonly RuleId[] }[];
}

/** A rule that was broken, and by whom: a model's name, its decisions behind it perhaps. */
interface Broken {
  readonly rule: RuleId;
  readonly party: 'host' | 'controller';
  readonly model: string;
}

/** Files of recorded findings in which the same system breaks the same rule. */
export function sameRuleIn(
  counterexample: Counterexample,
  records: readonly SystemOnRecord[],
): readonly string[] {
  const broken = brokenBy(counterexample);
  return records
    .filter((record) => isBy(broken, record))
    .flatMap((record) => namesOf(broken.rule, record).map((name) => `${record.folder}/${name}`));
}

/** A block for each system that broke something and of which something is on record. */
export function renderOnRecord(
  session: FuzzResult,
  records: readonly SystemOnRecord[],
  look: Look,
): string[][] {
  const broken = brokenIn(session);
  return records
    .filter(({ knownFor, findings }) => knownFor !== '' || findings.length > 0)
    .map((record) => ({
      record,
      rules: [...new Set(broken.filter((each) => isBy(each, record)).map(({ rule }) => rule))],
    }))
    .filter(({ rules }) => rules.length > 0)
    .map(({ record, rules }) => renderRecord(record, rules, look));
}

function renderRecord(record: SystemOnRecord, rules: readonly RuleId[], look: Look): string[] {
  const { names, knownFor } = record;
  const known = `Known for: ${knownFor} (nvme-conform list systems).`;
  return [
    look.palette.heading(`On record for ${printable(names[0] ?? '')}`),
    ...(knownFor === '' ? [] : indented('  ', known, look.width)),
    ...(record.findings.length === 0 ? [] : renderFindings(record, rules, look)),
  ];
}

function renderFindings(record: SystemOnRecord, rules: readonly RuleId[], look: Look): string[] {
  const width = widest(rules, 26);
  const folder = printable(record.folder);
  const heading = `Findings kept in ${folder} that break the same rule, by the same bug or another:`;
  const rows = rules.map((rule) => [rule.padEnd(width), namesOf(rule, record).map(printable)] as const);
  return [
    ...indented('  ', heading, look.width),
    ...rows.flatMap(([rule, found]) => labelled(rule, found.join('\n') || 'none', look)),
  ];
}

/** What counterexamples show, those of this session and those of earlier ones that still fail. */
function brokenIn({ counterexamples, corpus }: FuzzResult): readonly Broken[] {
  const before = corpus.filter(isFailure).flatMap((result) =>
    tellingFindings(result).map(({ rule, party }): Broken => {
      return { rule, party, model: party === 'host' ? (result.driver ?? '') : result.controller };
    }),
  );
  return [...before, ...counterexamples.map(brokenBy)];
}

function brokenBy({ finding: { rule, party }, scenario }: Counterexample): Broken {
  const { driver, controller } = systemsIn(scenario);
  return { rule, party, model: (party === 'host' ? driver : controller) ?? '' };
}

function isBy({ party, model }: Broken, { role, names }: SystemOnRecord): boolean {
  const isRole = party === (role === 'driver' ? 'host' : 'controller');
  return isRole && names.some((name) => model === name || model.startsWith(`${name} (`));
}

function namesOf(rule: RuleId, { findings }: SystemOnRecord): readonly string[] {
  return findings.filter(({ rules }) => rules.includes(rule)).map(({ name }) => name);
}
