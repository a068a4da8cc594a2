/**
 * Bytes that nobody may read again leave the hash: a submission entry once it was fetched, a completion entry
 * (but its phase tag, which the host polls) once the host's head has passed it. The ledger says which they are.
 * Whoever reads such bytes all the same breaks a rule, or the exploration is not complete.
 */
import type { Ledger } from '../ledger/ledger.ts';
import type { LinkEvent } from '../link/events.ts';
import type { HostMemory } from '../link/memory.ts';
import { CQE_BYTES, PHASE_BIT, SQE_BYTES } from '../spec/entries.ts';
import { distance, next } from '../spec/ring.ts';
import type { SlotIndex } from '../spec/units.ts';

export class Forgetting {
  readonly #ledger: Ledger;
  readonly #memory: HostMemory;
  readonly #enabled: boolean;
  #head: SlotIndex = 0;

  constructor(ledger: Ledger, memory: HostMemory, enabled: boolean) {
    this.#ledger = ledger;
    this.#memory = memory;
    this.#enabled = enabled;
  }

  before(event: LinkEvent): void {
    if (event.type === 'db.cq' || event.type === 'shadow.cq')
      this.#head = this.#ledger.cq(event.qid)?.head ?? 0;
  }

  after(event: LinkEvent): void {
    if (!this.#enabled) return;
    if (event.type === 'sqe.fetch') {
      const sq = this.#ledger.sq(event.sqid);
      if (sq?.live && event.slot < sq.size)
        this.#memory.forget(sq.base + event.slot * SQE_BYTES, SQE_BYTES, 0);
    } else if (event.type === 'db.cq' || event.type === 'shadow.cq') {
      const cq = this.#ledger.cq(event.qid);
      if (!cq?.live || distance(this.#head, cq.head, cq.size) >= cq.size) return;
      for (let slot = this.#head; slot !== cq.head; slot = next(slot, cq.size)) {
        this.#memory.forget(cq.base + slot * CQE_BYTES, CQE_BYTES - 4, 0);
        this.#memory.forget(cq.base + slot * CQE_BYTES + CQE_BYTES - 4, 4, PHASE_BIT);
      }
    }
  }
}
