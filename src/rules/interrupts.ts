/**
 * Interrupts and their masks (PCIe 1.1, 3.5): what is decided by one event, and what is owed when all is
 * quiet.
 */
import type { LedgerCq } from '../ledger/completion-queue.ts';
import type { Interrupt, InterruptMask } from '../link/events.ts';
import { entries } from '../spec/count.ts';
import { clue } from './clues.ts';
import type { Desk } from './desk.ts';

/** MSIX-MASKED: no message leaves while the vector or the function is masked. */
export function interrupt(desk: Desk, event: Interrupt): void {
  const { interrupts } = desk.ledger;
  if (!interrupts.isMasked(event.vector)) return;
  desk.violate('MSIX-MASKED', {
    party: 'controller',
    queue: `vector ${event.vector}`,
    inference: `vector ${event.vector} is masked: the message is to wait and the pending bit to be set`,
    clues: [clue.mask(event.vector)],
  });
}

/** After a mask changed: a pending vector that is unmasked has to send its message. */
export function afterMask(desk: Desk, event: InterruptMask): void {
  const { interrupts } = desk.ledger;
  if (event.masked) return;
  for (let vector = 0; vector < interrupts.vectors; vector++) {
    if ((event.vector === 'function' || event.vector === vector) && interrupts.isDue(vector))
      desk.exercise('MSIX-UNMASK');
  }
}

/** An entry is about to be posted to this CQ. */
export function interruptsPost(desk: Desk, cq: LedgerCq): void {
  if (!cq.interrupts) return;
  if (desk.ledger.interrupts.isMasked(cq.vector)) desk.exercise('MSIX-MASKED');
  else if (cq.occupied === 0) desk.exercise('INT-OWED');
}

/** What the vector of `cq` owes in a quiet moment. Returns whether something was found. */
export function interruptOwed(desk: Desk, cq: LedgerCq): boolean {
  const { observes } = desk.options;
  const { interrupts } = desk.ledger;
  if (!cq.live || cq.poisoned || !cq.interrupts || cq.occupied === 0 || !observes.has('irq')) return false;
  const { vector } = cq;
  const name = `CQ${cq.qid}`;
  if (interrupts.isMasked(vector)) {
    if (announced(desk, cq) || !observes.has('irq.pending') || interrupts.isPending(vector)) return false;
    desk.violate('MSIX-MASKED', {
      party: 'controller',
      queue: `vector ${vector}`,
      inference: `${name} holds unannounced entries, and masked vector ${vector} is not pending`,
      clues: [clue.mask(vector), clue.post(cq.qid)],
    });
    return true;
  }
  if (interrupts.isDue(vector)) {
    desk.violate('MSIX-UNMASK', {
      party: 'controller',
      queue: `vector ${vector}`,
      inference: `vector ${vector} was unmasked while pending, ${name} holds entries, and no message came`,
      clues: [clue.post(cq.qid), clue.pending(vector), clue.mask(vector)],
    });
    return true;
  }
  if (announced(desk, cq)) return false;
  desk.violate('INT-OWED', {
    party: 'controller',
    queue: name,
    inference:
      `${name} holds ${entries(cq.occupied)} that no interrupt of vector ${vector} announced` +
      (interrupts.isPending(vector) ? '; its pending bit is set although it is not masked' : ''),
    clues: [
      clue.post(cq.qid),
      clue.head(cq.qid),
      clue.interrupt(vector),
      clue.mask(vector),
      clue.pending(vector),
    ],
  });
  return true;
}

/**
 * Whether a message speaks of what lies in `cq`. One for all queues of a vector will do until the host has emptied those
 * it was sent for: interrupts are coalesced by vector (5.1.25.2.2), and the next is owed when a head moves.
 */
function announced({ ledger }: Desk, cq: LedgerCq): boolean {
  if (!cq.untold) return true;
  return ledger.cqs.some(
    (other) =>
      other !== cq &&
      other.live &&
      other.interrupts &&
      other.vector === cq.vector &&
      other.occupied > 0 &&
      !other.untold,
  );
}
