/** Ring arithmetic. */
import type { Rules } from '../rule.ts';

export const rings: Rules<'rings'> = {
  'SQ-TAIL-RANGE': {
    tier: 1,
    party: 'host',
    strength: 'definition',
    kind: 'safety',
    events: ['db.sq', 'shadow.sq'],
    sections: ['pcie/3.1.2.1', 'base/3.3.1.2', 'base/5.1.2.1', 'base/3.3.3.1'],
    statement:
      'A value written to an SQ tail doorbell (or to its shadow entry) is a slot index, so it must be ' +
      'smaller than the number of slots of that SQ.',
    demands:
      'Error event 01h (Invalid Doorbell Write Value) if an AER is outstanding (DB-BAD-AER-OWED); the SQ ' +
      'takes no further commands until it is deleted and recreated (DB-BAD-SQ-FROZEN).',
    decide:
      'On `db.sq{q,v}` / `shadow.sq{q,v}` with SQ q live: violation if `v >= N(q)` or any of bits 31:16 of ' +
      'the 32-bit write is set. Do not truncate v to 16 bits before testing. Do not move T on a violation; ' +
      'mark q poisoned.',
    bug:
      'Wrapping the tail at the size the driver wanted rather than the size it created the queue with ' +
      "(edk2 #8144: device MQES smaller than the driver's constant); propolis truncates the written dword " +
      'to u16, so 0x10002 is taken as 2; pynvme writes 0xffff and 0x10000 on purpose and expects dw0 = ' +
      '0x00010100.',
  },
  'SQ-TAIL-OVERRUN': {
    tier: 1,
    party: 'host',
    strength: 'definition',
    kind: 'safety',
    events: ['db.sq', 'shadow.sq', 'sqe.fetch'],
    sections: ['base/3.3.1.2', 'base/3.3.1.5', 'base/5.1.2.1', 'pcie/3.1.2.1'],
    statement:
      'A tail write must not claim more new entries than there are free slots: an SQ of N slots holds at ' +
      'most N-1 entries.',
    demands:
      "As SQ-TAIL-RANGE: AEI=01h; the cause list names both 'exceeds the available entries' and 'add to a " +
      "full SQ'.",
    decide:
      "On an in-range tail move T to v: violation if `d(Hf,T) + d(T,v) >= N`, Hf being the controller's " +
      'fetch head (largest legal add is `N-1-d(Hf,T)`). With no fetch events use Hr (largest SQHD ' +
      'reported) and downgrade to SQ-TAIL-OVER-SQHD.',
    bug:
      'Off-by-one full test using size entries instead of size-1 (SerenityOS #12130 index bug family); ' +
      'SPDK #2171: vfio-user did not validate the value (it cites Figure 144 of 2.0a), a bad tail made the ' +
      'target walk the ring for ever; two host threads updating one SQ without a lock.',
    stance:
      'Judged on the fetch head, which is what the controller really freed. Counting completions instead ' +
      'of reading SQHD, as Linux does, is legal; see SQ-TAIL-OVER-SQHD.',
  },
  'SQ-TAIL-OVER-SQHD': {
    tier: 2,
    party: 'host',
    strength: 'consistency',
    kind: 'safety',
    events: ['db.sq', 'shadow.sq', 'cqe.post'],
    sections: ['base/3.3.1.2', 'pcie/3.4.2', 'base/4.2.1'],
    statement:
      "A slot becomes free only when a posted CQE's SQHD has moved past it; reusing a slot the controller " +
      'fetched but has not yet reported is using a slot not known to be free.',
    decide:
      'On a tail move T to v: `d(Hr,T) + d(T,v) >= N` while SQ-TAIL-OVERRUN does not fire. Benign once the ' +
      'entry was fetched. If SQHD-COVERS-SELF fired earlier on this SQ, the controller is at fault ' +
      'instead.',
    bug:
      "SPDK's host only logs this (SPDK #621). Linux never looks at SQHD: it caps tags at depth-1, which " +
      'is equivalent to this rule only if every SQHD covers its own command.',
    stance: 'A soft rule: the hard one is SQ-TAIL-OVERRUN.',
  },
  'CQ-HEAD-RANGE': {
    tier: 1,
    party: 'host',
    strength: 'definition',
    kind: 'safety',
    events: ['db.cq', 'shadow.cq'],
    sections: ['pcie/3.1.2.2', 'base/3.3.1.2', 'base/5.1.2.1'],
    statement:
      'A value written to a CQ head doorbell (or its shadow entry) must be smaller than the number of CQ ' +
      'slots.',
    demands:
      'Error event 01h (Invalid Doorbell Write Value) if an AER is outstanding. The freeze clause names ' +
      'SQs only; for a CQ the text says just that the queue is then deleted and recreated.',
    decide: 'On `db.cq{q,v}` / `shadow.cq{q,v}`: violation if `v >= N(cq)` or bits 31:16 set.',
    bug:
      'Head counter not wrapped; wrap at SQ size when CQ size differs (tnvme has sqcqSizeMismatch tests ' +
      'for exactly this).',
  },
  'CQ-HEAD-PAST-TAIL': {
    tier: 1,
    party: 'host',
    strength: 'definition',
    kind: 'safety',
    events: ['db.cq', 'shadow.cq', 'cqe.post'],
    sections: ['base/3.3.1.2', 'base/3.3.1.4', 'base/5.1.2.1', 'pcie/3.1.2.2'],
    statement:
      'A host cannot consume completion entries that were never posted: the head may move at most to the ' +
      "controller's tail.",
    demands: 'Error event 01h if an AER is outstanding.',
    decide:
      'On an in-range head move H to v: violation if `d(H,v) > d(H,t)`. Leave H unchanged and mark the CQ ' +
      'poisoned, otherwise `full` becomes meaningless afterwards.',
    bug:
      'Host trusts a stale phase bit (memory not zeroed, libevpl #90) and consumes a phantom CQE. QEMU ' +
      "checks only `value >= size` and accepts a head beyond its tail; propolis's pop_head_to rejects it.",
    stance:
      'The listed cause is removing an entry from an empty CQ; a partial overshoot is covered by analogy. ' +
      'The host is at fault; what the controller does with the value is not judged beyond the error event.',
  },
  'SQ-FETCH-ORDER': {
    tier: 1,
    party: 'controller',
    strength: 'definition',
    kind: 'safety',
    events: ['sqe.fetch'],
    sections: ['base/2.1', 'base/3.3.1.2', 'base/3.4.1', 'pcie/3.4.1'],
    statement:
      'SQ entries are consumed strictly in slot order, with wrap; only execution and completion may be out ' +
      'of order.',
    decide:
      'On `sqe.fetch{q,slot}`: violation if `slot != Hf(q)`; then `Hf = (Hf+1) mod N`. Skips, repeats and ' +
      'wrong wrap all show here.',
    bug:
      'Head kept in a wider counter and masked with a power of two while N is not a power of two; re-fetch ' +
      'of a slot after save/restore; wrap at MQES instead of N.',
  },
  'SQ-FETCH-PAST-TAIL': {
    tier: 1,
    party: 'controller',
    strength: 'definition',
    kind: 'safety',
    events: ['sqe.fetch', 'db.sq', 'shadow.sq'],
    sections: ['base/3.3.1.4', 'base/3.3.1.2', 'base/1.5.19'],
    statement:
      'The controller must not consume from an empty SQ: a slot not yet covered by the tail is not ' +
      'submitted.',
    decide:
      'On `sqe.fetch{q,slot}`: violation if `d(Hf,T) == 0` before the fetch. Speculative reads that are ' +
      'thrown away are no `sqe.fetch`: only entries taken for execution count.',
    bug:
      'Stale register kick treated as the tail (SHADOW-REGRESS) makes the ring look nearly full; restoring ' +
      'a queue with tail from a stale snapshot.',
  },
  'ENTRY-MUTATED': {
    tier: 3,
    party: 'both',
    strength: 'undefined',
    kind: 'safety',
    events: ['mem', 'sqe.fetch', 'db.cq'],
    sections: ['base/3.3.1.2'],
    statement:
      'An SQE must not change between submission and consumption, nor a CQE between posting and ' +
      'consumption.',
    demands: 'The result is undefined.',
    decide:
      'Needs memory snapshots: hash the slots from T to v at the tail write and compare with the bytes of ' +
      'the later `sqe.fetch`; hash a CQE at `cqe.post` and compare when the head passes it. The first is ' +
      "the host's duty, the second either party's (a controller overwriting an unconsumed CQE is " +
      'CQ-FULL-NO-POST).',
    bug:
      'Driver edits a queued SQE to cancel it; driver zeroes the CQE it has just read before ringing the ' +
      'head while another reader still polls it.',
  },
};
