/** `nvme-conform explain`: a rule, a section, or the exit codes. */
import { renderRule } from '../report/explain-rule.ts';
import { renderSections } from '../report/explain-section.ts';
import { suggestion } from '../scenario/nearest.ts';
import { isRuleId, ruleById, rules } from '../spec/catalogue.ts';
import type { RuleEntry } from '../spec/rule.ts';
import { sectionById, sectionsNumbered, type Revision, type Section } from '../spec/sections.ts';
import type { Connections } from './connections.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { renderExitCode, renderExitCodes } from './exit-code-text.ts';
import type { Output } from './output.ts';
import { UsageError } from './usage-error.ts';

export interface ExplainOptions {
  readonly spec: Revision;
}

/** `words` as typed: `CQ-FULL-NO-LOSS`, `3.3.1.2.1`, `Annex B.5`, `exit codes`, `6`. */
export async function explain(
  words: readonly string[],
  { spec }: ExplainOptions,
  connections: Connections,
  { report, notes }: Output,
): Promise<ExitCode> {
  const text = words.join(' ').trim();
  const named = rulesNamed(words);
  if (named.length > 0) {
    const judged = await connections.judgedRules();
    report.write(named.map((rule) => renderRule(rule, spec, judged.has(rule.id), report.look)).join('\n'));
    return 0;
  }
  if (/^exit[- ]?codes?$/i.test(text)) {
    report.write(renderExitCodes(report.look));
    return 0;
  }
  const code = exitCodes.find((row) => String(row.code) === text.replace(/^exit[- ]?(code)? */i, ''));
  const found = sectionsNamed(text, spec);
  if (code !== undefined) {
    report.write(renderExitCode(code, report.look));
    if (found.length > 0)
      notes.write(`For chapter ${text} of the specification: nvme-conform explain Base ${text}\n`);
    return 0;
  }
  if (found.length > 0) {
    report.write(renderSections(found, spec, rules, report.look));
    return 0;
  }
  throw new UsageError(`there is no rule, section or exit code called '${text}'`, hint(text));
}

/** All words are rules, in any case; or none is meant as one. */
function rulesNamed(words: readonly string[]): readonly RuleEntry[] {
  const ids = words.flatMap((word) => word.toUpperCase().split(',')).filter((id) => id !== '');
  return ids.every(isRuleId) ? ids.flatMap((id) => ruleById(id) ?? []) : [];
}

function sectionsNamed(text: string, spec: Revision): readonly Section[] {
  const byId = sectionById(text.toLowerCase()) ?? sectionById(text);
  return byId === undefined ? sectionsNumbered(text, spec) : [byId];
}

function hint(text: string): string {
  const names = [...rules.map(({ id }) => id), 'exit codes', 'contract'];
  const near = suggestion(text, names);
  if (near !== undefined) return near;
  const inside = names.filter((name) => text.length > 2 && name.includes(text.toUpperCase())).slice(0, 4);
  if (inside.length > 0) return `did you mean ${inside.map((name) => `"${name}"`).join(' or ')}?`;
  return /\d/.test(text)
    ? 'no rule rests on such a section; see: nvme-conform list rules'
    : 'see: nvme-conform list rules';
}
