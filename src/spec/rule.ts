/**
 * What a rule of the catalogue says about itself. Rules rest on Base 2.1 and PCIe 1.1 unless a section says
 * otherwise; those of areas `save-restore` and `driver-door` rest on no NVM Express text.
 */
import type { Area, RuleId, RuleIdOf } from './catalogue/ids.ts';
import type { Revision, SectionId } from './sections.ts';

export type { Area, RuleId } from './catalogue/ids.ts';
export type { Confidence, Revision, SectionId } from './sections.ts';

/** Who is obliged. */
export type Party = 'host' | 'controller' | 'both';

/**
 * The word the text uses. `undefined`: nothing is prohibited, but the result is undefined. `definition`: the
 * text describes ("is posted", "fetches in order"), and the protocol cannot work without it; no "shall" may
 * be claimed. `consistency`: follows from the text, but no sentence demands it. `contract`: not in any NVM
 * Express text.
 */
export type Strength = 'shall' | 'should' | 'may' | 'undefined' | 'definition' | 'consistency' | 'contract';

export type Severity = 'error' | 'warning' | 'info';

/** Safety: one bad event decides. Liveness: something owed is still missing when nothing more can happen. */
export type RuleKind = 'safety' | 'liveness';

/** 1: decided by the plain event trace. 2: needs more events. 3: needs memory snapshots, or is a heuristic. */
export type Tier = 1 | 2 | 3;

/** A case in which a finding has another severity than its rule. */
export interface SeverityException {
  readonly severity: Severity;
  readonly when: string;
}

/** How some revisions differ from the entry, which is written for 2.1. */
export interface RevisionDifference {
  readonly revisions: readonly Revision[];
  readonly strength?: Strength;
  readonly severity?: Severity;
  readonly note: string;
}

/** A rule. Texts are plain, with events and formulas in backticks; `notation` explains their letters. */
export interface RuleEntry {
  readonly id: RuleId;
  readonly area: Area;
  readonly tier: Tier;
  readonly party: Party;
  readonly strength: Strength;
  readonly kind: RuleKind;
  readonly severity: Severity;
  readonly exceptions?: readonly SeverityException[];
  /** Too heuristic to judge with unless it is asked for. */
  readonly offByDefault?: true;
  /** The events the rule listens to; `adm` is an admin command decoded from its entry. */
  readonly events: readonly string[];
  readonly statement: string;
  /** The main section first. */
  readonly sections: readonly [SectionId, ...SectionId[]];
  /** What the text demands of the other party, or of the controller's answer. */
  readonly demands?: string;
  readonly decide: string;
  /** How real systems broke the rule, or typically would. */
  readonly bug?: string;
  /** The reading chosen where the text is silent, ambiguous or disputed. */
  readonly stance?: string;
  readonly profile?: readonly RevisionDifference[];
}

/** An entry as the files of `catalogue/` write it: keyed by id, severity only where it is not the default. */
export type RuleText = Omit<RuleEntry, 'id' | 'area' | 'severity'> & { readonly severity?: Severity };
export type Rules<A extends Area> = Readonly<Record<RuleIdOf<A>, RuleText>>;

/**
 * Severities. The strength of the text decides for safety rules: shall, definition, undefined and contract
 * are errors, should and consistency warnings, may is information. A liveness rule is an error whatever its
 * strength, because a command, a control request or a sleeping host is left waiting for ever. Entries
 * deviate, with a `severity`:
 *
 * - downwards where nothing is lost or nobody hangs: unchanged doorbell values, heuristics of arbitration,
 *   controller writes into the shadow page, a fatal status that is not reset, coalescing, an asynchronous
 *   event not kept;
 * - upwards where the "should" is about the status to answer with, but success is plainly wrong (Create I/O
 *   CQ and SQ).
 *
 * `exceptions` are the cases within a rule, `profile` the revisions, in which a finding weighs differently.
 */
export function defaultSeverity(strength: Strength, kind: RuleKind): Severity {
  if (kind === 'liveness') return 'error';
  switch (strength) {
    case 'shall':
    case 'definition':
    case 'undefined':
    case 'contract':
      return 'error';
    case 'should':
    case 'consistency':
      return 'warning';
    case 'may':
      return 'info';
  }
}

/** How `rule` differs under `revision`, if it does. */
export function differenceIn(rule: RuleEntry, revision: Revision): RevisionDifference | undefined {
  return rule.profile?.find((difference) => difference.revisions.includes(revision));
}

/** The severity of `rule` under `revision`. */
export function severityIn(rule: RuleEntry, revision: Revision): Severity {
  return differenceIn(rule, revision)?.severity ?? rule.severity;
}

/** The strength of `rule` under `revision`. */
export function strengthIn(rule: RuleEntry, revision: Revision): Strength {
  return differenceIn(rule, revision)?.strength ?? rule.strength;
}

/** The letters that `decide` lines use. */
export const notation: Readonly<Record<string, string>> = {
  'N': 'number of slots of the queue, QSIZE + 1',
  'd(a,b)': 'steps forward from a to b: (b - a + N) mod N',
  'T': 'effective SQ tail: the shadow value when shadow doorbells are on, the register value otherwise',
  'Tm': 'last value of the SQ tail doorbell register',
  'Hf': "the controller's fetch head of an SQ",
  'Hr': 'the furthest SQ head reported in a completion (SQHD)',
  'out': 'the outstanding commands of an SQ, by command identifier',
  't': "the controller's tail of a CQ: the next slot to post to",
  'P': 'the phase tag expected in slot t',
  'H': 'effective CQ head: the shadow value when shadow doorbells are on, the register value otherwise',
  'Hm': 'last value of the CQ head doorbell register',
  'ev': 'EventIdx of the queue',
  'NSQA, NCQA': "allocated I/O queues, 0's based (Number of Queues)",
};
