/** Control-plane requests at the driver's own door that are not answered (implementation contract). */
import { flag, type Flag, state, type StateOf, word, type Word } from '../arena/state.ts';
import type { RequestKind } from '../link/events.ts';

const fields = {
  /** Save and Inspect. */
  requests: word as Word,
  nextAen: word as Word,
  /** An asynchronous event has arrived that no NextAen has returned. */
  aenArrived: flag as Flag,
  /** The driver has saved its state and stopped: it owes nothing until it is restored or acts again. */
  saved: flag as Flag,
};
const Fields: StateOf<typeof fields> = state(fields);

export class LedgerControlPlane extends Fields {
  /** Requests that must be answered whatever the controller does. */
  get open(): number {
    return this.requests + (this.aenArrived ? this.nextAen : 0);
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
