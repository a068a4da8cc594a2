/** Wake-ups with shadow doorbells. */
import type { Rules } from '../rule.ts';

const handshake =
  'The handshake is defined only in an informative annex, which nevertheless says shall. Nothing else ' +
  'defines it and drivers treat it as law, so a host that breaks it is at fault.';

export const wakeUp: Rules<'wake-up'> = {
  'SHADOW-FIRST': {
    tier: 1,
    party: 'host',
    strength: 'shall',
    kind: 'safety',
    events: ['db.sq', 'db.cq', 'shadow.sq', 'shadow.cq'],
    sections: ['base/B.5.1', 'base/5.2.5'],
    statement:
      'Once Doorbell Buffer Config has completed, the host publishes a new tail or head by writing the ' +
      'shadow entry; the doorbell register only follows.',
    decide:
      'For a queue the host drives in shadow mode: a register write `db.*{q,v}` with v neither the current ' +
      'shadow value nor an earlier one is a violation. Decided per queue from its first shadow write.',
    bug: 'Register rung before the shadow store is visible (missing barrier); mixed drivers after kexec.',
    stance:
      `${handshake} The admin queue starts outside shadow mode: Linux and SPDK never use its ` +
      'entries, libvfn does.',
  },
  'SHADOW-RING-MISSED': {
    tier: 1,
    party: 'host',
    strength: 'shall',
    kind: 'liveness',
    events: ['shadow.sq', 'shadow.cq', 'db.sq', 'db.cq', 'ei.sq', 'ei.cq', 'quiesce'],
    sections: ['base/B.5.1', 'base/B.5.2'],
    statement:
      'If a shadow update moves the value past EventIdx (from at or before it to after it, wrap-aware) the ' +
      'host must also ring the doorbell register.',
    demands: 'None: the controller sleeps.',
    decide:
      'At `shadow{q}` from old to new, with ev the EventIdx of q: a ring is owed exactly when `d(old,ev) < ' +
      'd(old,new)`. The ev the host read counts if it is in the trace; otherwise the test must hold for ' +
      "every value EventIdx had from the shadow write to the host's next action on q. Any later `db{q}` " +
      'discharges it; violation if undischarged at quiescence. Steps of several entries make one ' +
      'comparison with the final value.',
    bug:
      'Comparing without wrap; comparing against a stale cached EventIdx; reading EventIdx before the ' +
      'shadow store is globally visible.',
    stance:
      `${handshake} When EventIdx equals the new value the prose (B.5.1) demands no ring and the ` +
      'example (B.5.2) rings: no ring is owed, and a ring is always allowed.',
  },
  'SHADOW-RING-VALUE': {
    tier: 1,
    party: 'host',
    strength: 'shall',
    kind: 'safety',
    events: ['db.sq', 'db.cq', 'shadow.sq', 'shadow.cq'],
    sections: ['base/B.5.1'],
    statement: 'The value rung in the doorbell register equals the shadow entry of the queue.',
    demands: 'Error event 01h is possible if the value is out of range.',
    decide:
      'On `db{q,v}` in shadow mode: violation if v was never the shadow value of q since the last register ' +
      'write. Equality with the current value is required when writes are totally ordered; a posted write ' +
      'may arrive late.',
    bug:
      'Ring of the pre-update value; batching code that updates shadow twice and rings once with the first ' +
      'value.',
    stance: handshake,
  },
  'EVENTIDX-SQ-LOST-WAKEUP': {
    tier: 1,
    party: 'controller',
    strength: 'consistency',
    kind: 'liveness',
    events: ['shadow.sq', 'ei.sq', 'db.sq', 'sqe.fetch', 'quiesce'],
    sections: ['base/B.5.1', 'base/B.5.2'],
    statement:
      "A controller that stops polling an SQ must have published an EventIdx that makes the host's next " +
      'update ring, and have re-checked the shadow afterwards.',
    decide:
      'At quiescence: the shadow tail of SQ q is not Hf, and the host owed no ring for any shadow move ' +
      'since the controller last looked (the strict test is false for the EventIdx in force). If the host ' +
      'did owe one it is SHADOW-RING-MISSED; if a ring was delivered after the last move it is ' +
      'CMD-COMPLETES.',
    bug:
      'EventIdx written with the value before the last fetched entries and no re-read; EventIdx published ' +
      'as head instead of observed tail when fetching is throttled; a new tail arriving between the last ' +
      'shadow read and the EventIdx write.',
    stance:
      'A controller may rely only on the strict test of B.5.1: on a ring when the value passes EventIdx, ' +
      'not when it lands on it.',
  },
  'EVENTIDX-CQ-LOST-WAKEUP': {
    tier: 1,
    party: 'controller',
    strength: 'consistency',
    kind: 'liveness',
    events: ['shadow.cq', 'ei.cq', 'db.cq', 'cqe.post', 'quiesce'],
    sections: ['base/B.5.1', 'base/3.3.1.2.1'],
    statement:
      'A controller blocked on a full CQ must hold a CQ EventIdx that obliges the host to ring when it ' +
      'next moves the head.',
    decide:
      'At quiescence: CQ z was full by the head the controller last acted on, the host moved the shadow ' +
      'head past it, completions are still owed, and the strict test was false for every head update. ' +
      'Safe: set EventIdx to the head in use when it decided to block, then read the shadow head again.',
    bug:
      'propolis #1026, #1043: EventIdx of the CQ lagged behind, the guest never rang, the device never saw ' +
      'the free slots. On the mailing list QEMU and SPDK developers disagreed on it.',
    stance:
      'The annex speaks of commands; for CQ heads only a controller blocked on a full CQ is judged. ' +
      'Whether it must set the CQ entry at any other time was never settled.',
  },
  'SHADOW-ORDER-HOST': {
    tier: 3,
    party: 'host',
    strength: 'consistency',
    kind: 'safety',
    events: ['shadow.sq', 'shadow.cq', 'mem'],
    sections: ['base/B.5.1'],
    statement:
      'The host stores the SQE, then the shadow entry, then passes a full barrier, then loads EventIdx, ' +
      'then perhaps rings.',
    decide:
      "Needs the host's EventIdx reads and entry stores in program order: violation if the entry changes " +
      'after the shadow store (ENTRY-MUTATED) or EventIdx is read before it. Otherwise inferred: a missed ' +
      'ring whose EventIdx had already changed before the shadow write proves the wrong order.',
    bug: 'wmb() instead of mb() between shadow store and EventIdx load (store-load reordering on x86 too).',
    stance:
      'The text is silent on barriers, so this is a warning; the ring that gets lost is an error ' +
      '(SHADOW-RING-MISSED).',
  },
  'SHADOW-ORDER-CTRL': {
    tier: 2,
    party: 'controller',
    strength: 'consistency',
    kind: 'safety',
    events: ['ei.sq', 'ei.cq', 'mem'],
    sections: ['base/B.5.1'],
    statement:
      'Before sleeping the controller stores EventIdx, passes a full barrier and reads the shadow again; ' +
      'it sleeps only if nothing changed.',
    decide:
      'After the last `ei{q}` before going idle there must be a later read of the shadow of q. Without ' +
      'such events EVENTIDX-SQ-LOST-WAKEUP and EVENTIDX-CQ-LOST-WAKEUP decide.',
    bug: 'EventIdx written once per batch and the queue left; barrier forgotten on weakly ordered hosts.',
    stance: 'The text is silent on barriers, so this is a warning; a wake-up that gets lost is an error.',
  },
  'SHADOW-REGRESS': {
    tier: 1,
    party: 'controller',
    strength: 'consistency',
    kind: 'safety',
    events: ['db.sq', 'db.cq', 'shadow.sq', 'shadow.cq', 'sqe.fetch'],
    sections: ['base/B.5.1', 'base/5.2.5', 'base/3.3.1.2'],
    statement:
      'In shadow mode a register write is a kick: a late value older than the shadow must not move the ' +
      'tail (or head) backwards.',
    decide:
      'After `db{q,v}` with v an earlier shadow value of q: violation if later fetches treat the queue as ' +
      'having wrapped (a slot outside the window up to the current shadow value), or a CQ is taken as full ' +
      'by the older head while the shadow shows room.',
    bug:
      '`tail = mmio_value` executed after the poller had already taken a newer shadow tail: the ring then ' +
      'appears nearly full and stale SQEs are executed.',
    stance:
      'Nothing says what a controller does with a register value in shadow mode; it is taken as a kick.',
  },
};
