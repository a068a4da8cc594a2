/** Doorbell registers. */
import type { Rules } from '../rule.ts';

export const doorbells: Rules<'doorbells'> = {
  'SQ-TAIL-NOCHANGE': {
    tier: 2,
    party: 'host',
    strength: 'definition',
    kind: 'safety',
    severity: 'warning',
    events: ['db.sq'],
    sections: ['base/5.1.2.1', 'base/3.3.1.2'],
    statement:
      'Ringing an SQ tail doorbell with the value it already holds announces nothing and is listed as a ' +
      'cause of the invalid-doorbell error.',
    demands: 'Error event 01h is permitted; most controllers ignore the write.',
    decide:
      'On a register write `db.sq{q,v}`: violation if `v == Tm` and the effective tail has not changed ' +
      'since that earlier register write. With shadow doorbells a repeat of Tm after a full lap of ' +
      'shadow-only updates is legal, hence the second condition.',
    bug: "A 'kick again to be safe' path; re-ring after resume; an empty flush of a batched doorbell.",
    stance: 'A warning: the value is a listed cause of the error event, yet harmless.',
  },
  'CQ-HEAD-NOCHANGE': {
    tier: 2,
    party: 'host',
    strength: 'definition',
    kind: 'safety',
    severity: 'warning',
    events: ['db.cq'],
    sections: ['base/5.1.2.1', 'base/3.3.1.2'],
    statement:
      'Ringing a CQ head doorbell with the value it already holds consumes nothing and is a listed cause ' +
      'of the invalid-doorbell error.',
    demands: 'Error event 01h is permitted.',
    decide:
      'On a register write `db.cq{q,v}`: violation if `v == Hm` and the effective head has not changed ' +
      'since that earlier register write.',
    bug:
      "SPDK #1871 (CQ head doorbell updated twice with the same value); QEMU's own block/nvme driver rang " +
      "the head after an empty poll and was fixed citing the error table; libvfn's nvme_cq_update_head " +
      'rings without comparing.',
    stance: 'A warning: the value is a listed cause of the error event, yet harmless.',
  },
  'DB-NO-QUEUE': {
    tier: 1,
    party: 'host',
    strength: 'undefined',
    kind: 'safety',
    events: ['db.sq', 'db.cq', 'shadow.sq', 'shadow.cq', 'adm', 'reset'],
    sections: ['pcie/3.1.2.1', 'pcie/3.1.2.2', 'base/5.1.2.1', 'base/3.4'],
    statement: 'Doorbells may be written only for queues that exist.',
    demands:
      'Error event 00h (Write to Invalid Doorbell Register) if an AER is outstanding. The PCIe transport ' +
      'calls the result undefined, so silence is no violation.',
    decide:
      'On `db.*`/`shadow.*` for q where the queue is not live: before the successful Create CQE was ' +
      'posted, after a successful Delete CQE, after any Controller Level Reset, q = 0 while EN=0, or q ' +
      'above the allocated count. A Create that failed leaves the queue absent.',
    bug:
      'Ringing q before the Create completion is reaped; ringing the CQ head of a CQ while tearing down; ' +
      'nvmevirt #76 accepted doorbells and creates without existence checks.',
    stance: 'The host is at fault; a controller is never blamed for its silence.',
  },
  'DB-ACCESS': {
    tier: 2,
    party: 'host',
    strength: 'shall',
    kind: 'safety',
    events: ['db.sq', 'db.cq'],
    sections: ['pcie/3.1.2', 'base/3.1.4', 'base/8.2.2', 'pcie/3.1.2.1', 'pcie/3.1.2.2'],
    statement:
      'Doorbells are 32-bit registers at 1000h + (2y or 2y+1) * (4 << CAP.DSTRD); they are accessed with ' +
      'aligned dword (native width) accesses, never locked, and are not meant to be read.',
    decide:
      'Register access at offset 1000h or above: violation if its size is not 4, it is not 4-aligned, or ' +
      'it lands inside the stride gap. A read is only advised against: its value is vendor specific.',
    bug:
      'DSTRD ignored (works only on DSTRD=0 devices); a 64-bit store that updates SQ tail and CQ head ' +
      'together.',
    exceptions: [{ severity: 'warning', when: 'the access is a read of a doorbell' }],
  },
  'DB-BAD-AER-OWED': {
    tier: 2,
    party: 'controller',
    strength: 'definition',
    kind: 'liveness',
    events: ['db.sq', 'db.cq', 'cqe.post', 'quiesce'],
    sections: ['base/3.3.1.2', 'base/5.1.2', 'base/5.1.2.1'],
    statement:
      'If the host writes an invalid doorbell value while an Asynchronous Event Request is outstanding, ' +
      'the controller posts an error event saying so.',
    demands:
      'Completion DW0 = 0x00010100 (01h) or 0x00010000 (00h) with reserved bits masked; status Success.',
    decide:
      'After SQ-TAIL-RANGE, SQ-TAIL-OVERRUN, CQ-HEAD-RANGE or CQ-HEAD-PAST-TAIL fires with an AER ' +
      'outstanding and error events not masked (AER-MASKED-TYPE): an AER completion with AET 0, AEI 01h, ' +
      'LID 01h must be posted before quiescence. With no AER outstanding the event should be retained for ' +
      'the next one.',
    bug:
      'OpenVMM: an invalid tail silently ends the I/O handler for the whole CQ, no AEN; QEMU sends 00h/01h ' +
      'events but notes the spec never says when to use which.',
    stance: 'A doorbell of a queue that does not exist owes nothing: its result is undefined (DB-NO-QUEUE).',
    exceptions: [
      {
        severity: 'warning',
        when: 'the value was in range but unchanged (SQ-TAIL-NOCHANGE, CQ-HEAD-NOCHANGE)',
      },
      {
        severity: 'warning',
        when: 'no AER was outstanding at the write and the event is not retained for the next one',
      },
    ],
  },
  'DB-BAD-SQ-FROZEN': {
    tier: 2,
    party: 'controller',
    strength: 'definition',
    kind: 'safety',
    events: ['db.sq', 'sqe.fetch', 'cqe.post'],
    sections: ['base/3.3.1.2'],
    statement:
      'After an invalid tail value an SQ may finish what it had already consumed but consumes nothing more ' +
      'until it is deleted and recreated.',
    demands: 'The host recovers by deleting and recreating the I/O SQ.',
    decide:
      'The first AER completion with AEI=01h after the bad write marks its detection (DW0 does not name ' +
      'the queue; with one bad write pending it is unambiguous). From there on a `sqe.fetch` on that SQ, ' +
      'or an SQHD beyond the slots fetched before, is a violation until the queue is deleted and ' +
      'recreated.',
    bug:
      'QEMU drops the bad value and carries on with the next good one; OpenVMM stops the whole CQ worker, ' +
      'so innocent SQs sharing that CQ freeze too.',
    stance: 'Without an error event the controller may never have noticed, so only information is given.',
    exceptions: [{ severity: 'info', when: 'no error event was posted: the bad value was ignored' }],
  },
};
