/** The judge: asks every rule about every event, and about every moment at which nothing more happens. */
import type { Arena } from '../arena/arena.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { EventType, LinkEvent } from '../link/events.ts';
import type { RuleId, Severity } from '../spec/rule.ts';
import type { Finding } from './finding.ts';

export interface JudgeOptions {
  /** Event types this target shows. */
  readonly observes: ReadonlySet<EventType>;
  /** Whether the host is a driver model: a script owes nothing. */
  readonly hostIsModel: boolean;
  /** Severities that differ from the catalogue's, e.g. by revision. */
  readonly severities?: ReadonlyMap<RuleId, Severity>;
}

export class Judge {
  /** Of the current run; the world empties it. */
  readonly findings: Finding[] = [];

  constructor(_arena: Arena, _ledger: Ledger, _options: JudgeOptions) {}

  /** Safety rules, then the ledger takes the event in. */
  observe(_event: LinkEvent): void {}

  /** The world is quiet: what is owed? `controllerStatus` is CSTS as the tester read it. */
  settle(_moment: { readonly end: boolean; readonly controllerStatus?: number }): void {}

  /** To be asked in every state while `ledger.requestsOpen` is not 0. */
  unanswered(_moment: { readonly hostCanStep: boolean }): void {}

  /** How often the rule was exercised since `clearCounts`. */
  exercisedCount(_id: RuleId): number {
    return 0;
  }

  clearCounts(): void {}

  /** Whether this target shows the events that the rule needs. */
  decidable(_id: RuleId): boolean {
    return true;
  }
}
