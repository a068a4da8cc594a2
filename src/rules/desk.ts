/** Where rules report: what they found, and that they were exercised. */
import type { Ledger } from '../ledger/ledger.ts';
import type { EventType } from '../link/events.ts';
import { ruleById, rules } from '../spec/catalogue.ts';
import type { RuleId, Severity } from '../spec/rule.ts';
import type { QueueId } from '../spec/units.ts';
import { argue, type Clue } from './clues.ts';
import type { Finding } from './finding.ts';

export interface JudgeOptions {
  /** Event types this target shows. */
  readonly observes: ReadonlySet<EventType>;
  /** Whether the host is a driver model: a script owes nothing. */
  readonly hostIsModel: boolean;
  /** I/O commands that the host was asked to submit to each SQ, where nothing ends one early. */
  readonly asked?: ReadonlyMap<QueueId, number>;
  /** Severities that differ from the catalogue's, e.g. by revision. */
  readonly severities?: ReadonlyMap<RuleId, Severity>;
}

/** What a rule says when it fires. */
export interface Violation {
  readonly party: 'host' | 'controller';
  readonly queue?: string;
  readonly tags?: readonly RuleId[];
  /** Where the case weighs differently from the rule. */
  readonly severity?: Severity;
  readonly inference: string;
  /** Beside the event that fired, if one did. */
  readonly clues: readonly Clue[];
}

const indexOf: Readonly<Record<string, number>> = Object.fromEntries(
  rules.map((rule, index) => [rule.id, index]),
);

export class Desk {
  readonly ledger: Ledger;
  readonly options: JudgeOptions;
  readonly findings: Finding[] = [];
  readonly counts: Uint32Array = new Uint32Array(rules.length);
  /** Whether an event is being judged, as opposed to a moment at which nothing happens. */
  atEvent = false;

  constructor(ledger: Ledger, options: JudgeOptions) {
    this.ledger = ledger;
    this.options = options;
  }

  /** The premise of the rule held, and what would break it was possible. */
  exercise(id: RuleId): void {
    const index = indexOf[id] as number;
    this.counts[index] = (this.counts[index] as number) + 1;
  }

  exercisedCount(id: RuleId): number {
    return this.counts[indexOf[id] ?? -1] ?? 0;
  }

  violate(rule: RuleId, violation: Violation): void {
    this.exercise(rule);
    const { party, queue, inference, clues } = violation;
    const severity =
      violation.severity ?? this.options.severities?.get(rule) ?? ruleById(rule)?.severity ?? 'error';
    if (this.atEvent && party === 'host' && severity === 'error') this.ledger.controller.hostErred = true;
    // What stays owed is found again at every quiet moment.
    if (!this.atEvent && this.findings.some((known) => known.rule === rule && known.queue === queue)) return;
    const at = this.atEvent ? this.ledger.events : -1;
    const end = this.ledger.events;
    this.findings.push({
      rule,
      party,
      severity,
      tags: violation.tags ?? [],
      ...(queue === undefined ? {} : { queue }),
      argue: (history) => argue(history, clues, end, at, inference),
    });
  }
}
