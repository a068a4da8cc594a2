/** Control-plane requests at the driver's own door that are not answered (implementation contract). */
import { flag, type Flag, state, type StateOf, word, type Word } from '../arena/state.ts';
import type { RequestEnd, RequestKind } from '../link/events.ts';
import { ADMIN } from '../spec/units.ts';
import type { Ledger } from './ledger.ts';

const fields = {
  /** Save and Inspect. */
  requests: word as Word,
  nextAen: word as Word,
  /** An asynchronous event has arrived that no NextAen has returned. */
  aenArrived: flag as Flag,
  /** The driver has saved its state and stopped: it owes nothing until it is restored or acts again. */
  saved: flag as Flag,
  /** The latest restore took the callers of I/O commands away that were on their way. */
  drains: flag as Flag,
};
const Fields: StateOf<typeof fields> = state(fields);

export class LedgerControlPlane extends Fields {
  /** Requests that must be answered whatever the controller does; a saved driver hands an event on. */
  get open(): number {
    return this.requests + (this.aenArrived && !this.saved ? this.nextAen : 0);
  }

  begin(request: RequestKind): void {
    if (request === 'restore') this.saved = false; // from here on it owes again
    else if (request === 'next-aen') this.nextAen++;
    else this.requests++;
  }

  end(request: RequestKind): void {
    if (request === 'restore') return;
    if (request === 'next-aen') {
      if (this.nextAen > 0) this.nextAen--;
      this.aenArrived = false;
      return;
    }
    if (this.requests > 0) this.requests--;
    if (request === 'save') this.saved = true;
  }
}

export function requestEnds(ledger: Ledger, event: RequestEnd): void {
  const { controlPlane, sqs } = ledger;
  controlPlane.end(event.request);
  if (event.request === 'save') {
    ledger.callers.leave();
    for (const sq of sqs) sq.leftUnannounced = sq.unannounced;
  }
  if (event.detached === true && ledger.fetchVisible) {
    for (const sq of sqs) if (sq.live && sq.qid !== ADMIN) sq.detach();
    controlPlane.drains = sqs.some(({ owesSaved }) => owesSaved);
  }
}
