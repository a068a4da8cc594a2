/** Shadow doorbells and EventIdx (Base 2.1, 5.2.5; B.5, informative): what is decided by one event. */
import type { LedgerDoorbell } from '../ledger/shadow.ts';
import type { LedgerCq } from '../ledger/completion-queue.ts';
import type { LedgerSq } from '../ledger/submission-queue.ts';
import type { EventIdxWrite, ShadowWrite } from '../link/events.ts';
import { adminOpcode } from '../spec/opcodes.ts';
import type { EntryCount, SlotIndex } from '../spec/units.ts';
import { ringOwed } from '../spec/wakeup.ts';
import { clue, type Clue } from './clues.ts';
import type { Desk } from './desk.ts';
import { resetMayBeUnseen } from './enable-reset.ts';

/** SHADOW-RING-VALUE: a register write in shadow mode repeats a shadow value that was not rung yet. */
export function ringValue(
  desk: Desk,
  name: string,
  doorbell: LedgerDoorbell,
  value: SlotIndex,
  size: EntryCount,
  published: Clue,
): void {
  desk.exercise('SHADOW-RING-VALUE');
  if (doorbell.mayRing(value, size)) return;
  desk.violate('SHADOW-RING-VALUE', {
    party: 'host',
    queue: name,
    tags: ['SHADOW-FIRST'],
    inference:
      `the shadow entry of ${name} holds ${doorbell.value}, and ${value} was not written there ` +
      'since the last register write: a ring repeats the shadow value',
    clues: [published],
  });
}

/** The host moves a doorbell in shadow mode: SHADOW-RING-MISSED is at stake when that passes EventIdx. */
export function shadowMoves(desk: Desk, doorbell: LedgerDoorbell, value: SlotIndex, size: EntryCount): void {
  const before = doorbell.before(value, size);
  if (doorbell.eventIdx < size && ringOwed(before, value, doorbell.eventIdx, size))
    desk.exercise('SHADOW-RING-MISSED');
}

/** DBC-CLR-LIFETIME: whoever acts now might still use the pages that a reset took away. */
export function staleDoorbellBuffer(desk: Desk): void {
  if (desk.ledger.controller.doorbellBufferRevoked) desk.exercise('DBC-CLR-LIFETIME');
}

/**
 * DBC-CLR-LIFETIME: the controller writes into pages that are the host's again. Until RDY has read 0 it may not have
 * seen the reset: no more than a remark, as with DISABLED-SILENT.
 */
export function staleWrite(desk: Desk, event: EventIdxWrite | ShadowWrite): void {
  const { ledger } = desk;
  const late = resetMayBeUnseen(desk);
  if (event.writer !== 'controller' || !ledger.controller.doorbellBufferRevoked || ledger.admin.configuring)
    return;
  desk.violate('DBC-CLR-LIFETIME', {
    party: 'controller',
    ...(late ? { severity: 'info' as const } : {}),
    inference: 'the reset ended the doorbell buffer, so this page is no longer the controller’s to write',
    clues: [clue.adminOpcode(adminOpcode.doorbellBufferConfig), clue.reset],
  });
}

/**
 * DBC-QUEUE-INIT, at a successful Create: under shadow doorbells the entries of a new queue start at 0. Nobody says
 * who clears them (5.2.5); the shadow entry is the host's to write, EventIdx the controller's.
 */
export function startsOver(
  desk: Desk,
  queue: LedgerSq | LedgerCq | undefined,
  opcode: number,
  size: EntryCount,
): void {
  if (queue === undefined || !desk.ledger.controller.doorbellBuffer || queue.doorbell.unseen) return;
  desk.exercise('DBC-QUEUE-INIT');
  const { shadow, eventIdx } = queue.doorbell;
  const isSq = opcode === adminOpcode.createSq;
  const name = `${isSq ? 'SQ' : 'CQ'}${queue.qid}`;
  const created = clue.admin(opcode, queue.qid);
  if (shadow !== 0) {
    desk.violate('DBC-QUEUE-INIT', {
      party: 'host',
      queue: name,
      inference:
        `${name} starts at 0 and its shadow entry holds ${shadow}, which a controller may take for what ` +
        'the host has published',
      clues: [created, isSq ? clue.tail(queue.qid) : clue.head(queue.qid)],
    });
  }
  if (eventIdx !== 0 && eventIdx < size) {
    desk.violate('DBC-QUEUE-INIT', {
      party: 'controller',
      queue: name,
      inference: `${name} starts at 0 and its EventIdx is ${eventIdx}: the host need not ring for what comes first`,
      clues: [created, clue.eventIdx(isSq ? 'sq' : 'cq', queue.qid)],
    });
  }
}
