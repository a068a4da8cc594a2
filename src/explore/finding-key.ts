/** When two findings are the same for whoever looks for a shorter way to one. */
import type { Finding } from '../rules/finding.ts';

/** Without a severity: an error. */
export type FindingKey = Pick<Finding, 'rule' | 'party'> & Partial<Pick<Finding, 'severity'>>;

/** The severity counts: a warning is no substitute for an error of the same rule. */
export function isKey(finding: FindingKey, { rule, party, severity = 'error' }: FindingKey): boolean {
  return finding.rule === rule && finding.party === party && (finding.severity ?? 'error') === severity;
}

/** The same for findings that are the same, and for no others. */
export function keyName({ rule, party, severity = 'error' }: FindingKey): string {
  return `${rule}/${party}/${severity}`;
}
