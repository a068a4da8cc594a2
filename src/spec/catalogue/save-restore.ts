/** Save, restore and inspect. */
import type { Rules } from '../rule.ts';

export const saveRestore: Rules<'save-restore'> = {
  'SAVE-QUIET': {
    tier: 2,
    party: 'controller',
    strength: 'contract',
    kind: 'safety',
    events: ['save.end', 'restore.begin', 'sqe.fetch', 'cqe.post', 'irq', 'ei.sq', 'ei.cq'],
    sections: ['contract', 'base/3.3.1.2'],
    statement:
      "Between 'save done' and 'restore started' the saved side fetches nothing, posts nothing, raises no " +
      'interrupt and writes no EventIdx.',
    decide:
      'Any `sqe.fetch`, `cqe.post`, `irq` or `ei.*` between `save.end` and `restore.begin` (or resume) is ' +
      'a violation.',
    bug: 'Worker resumed by a late doorbell; back-end completion arriving after the snapshot.',
  },
  'SAVE-COMPLETE': {
    tier: 2,
    party: 'controller',
    strength: 'contract',
    kind: 'safety',
    events: ['save.end'],
    sections: ['contract', 'base/3.3.1.2', 'base/4.2.4'],
    statement:
      'The saved state contains, for every queue, what the model needs: N, base, head, tail, phase, CQ ' +
      'binding, IV/IEN, in-flight CIDs, shadow/EventIdx addresses, AERs, coalescing, masks.',
    decide:
      'At `save.end` compare the snapshot with the observed state field by field; a difference is a ' +
      'violation.',
    bug: 'Phase or in-flight list missing; shadow configuration dropped; MSI-X pending bits lost.',
  },
  'SAVE-NO-BACKPRESSURE': {
    tier: 2,
    party: 'controller',
    strength: 'contract',
    kind: 'liveness',
    events: ['request.begin', 'request.end', 'quiesce'],
    sections: ['contract', 'base/5'],
    statement:
      'Save, Inspect and NextAen requests are answered even when I/O queues are blocked (full queue, ' +
      'stalled back end).',
    decide:
      'A Save or Inspect, or a NextAen whose event has already arrived, is unanswered and no host-side ' +
      'process has a step left: violation, whatever the controller could still do.',
    bug: 'Control message queued behind a data-path send on the same channel (OpenVMM #2708).',
    stance: 'The party at fault is whoever received the request: a controller, or a user-mode driver.',
  },
  'RESTORE-IDENTITY': {
    tier: 1,
    party: 'both',
    strength: 'contract',
    kind: 'safety',
    events: ['restore.end', 'sqe.fetch', 'cqe.post', 'db.sq'],
    sections: ['contract', 'base/3.3.1.2', 'base/4.2.4', 'base/4.1.1'],
    statement:
      'Restore continues the same ring positions: next fetch, next post slot, phase and SQHD carry on, and ' +
      'no CID in flight at save is reused.',
    decide:
      'The first `sqe.fetch` after the restore is at the saved Hf, the first `cqe.post` at the saved t ' +
      'with the saved P; a restored driver allocates no CID that was in flight at the save.',
    bug: 'CID allocator restarted at 0; phase recomputed from memory contents.',
  },
  'RESTORE-RING': {
    tier: 1,
    party: 'both',
    strength: 'contract',
    kind: 'liveness',
    events: ['restore.end', 'db.sq', 'shadow.sq', 'quiesce'],
    sections: ['contract', 'base/3.3.1.2', 'base/B.5.1'],
    statement:
      'Entries placed in a ring but not yet announced at the save are announced after the restore; a ' +
      'controller reads the shadow tails again and re-arms EventIdx.',
    decide:
      "At quiescence after a restore: saved entries never covered by a tail write are the host's " +
      "violation; announced but unfetched ones the controller's (as EVENTIDX-SQ-LOST-WAKEUP).",
    bug: 'Doorbell write lost in the save window; kick consumed by the old process.',
  },
  'RESTORE-REAP': {
    tier: 1,
    party: 'host',
    strength: 'contract',
    kind: 'liveness',
    events: ['restore.end', 'db.cq', 'irq', 'quiesce'],
    sections: ['contract', 'base/3.3.1.2', 'base/4.2.4'],
    statement:
      'Completions a device posted between save and restore are reaped afterwards, although their ' +
      'interrupt was already consumed.',
    decide:
      'After `restore.end`: entries with the expected phase at H that are not consumed by quiescence are a ' +
      'violation. So is one processed both before the save and after the restore.',
    bug:
      'A driver waits for an interrupt that fired before the restore: a hang when devices are kept alive ' +
      'across a save and restore.',
  },
  'RESTORE-FENCE': {
    tier: 2,
    party: 'both',
    strength: 'contract',
    kind: 'safety',
    events: ['restore.end', 'db.sq', 'cqe.post'],
    sections: ['contract', 'base/3.4.5', 'base/3.3.1.3'],
    statement:
      'When restore takes the callers of saved in-flight commands away, so that they may be asked for again, new ' +
      'commands on every queue wait until the saved ones have completed (the drain phase).',
    decide:
      'After a `restore.end` that declares the saved commands detached: a tail that announces an entry written ' +
      'after the restore, on any I/O queue, while a command from before it is still outstanding or to be fetched ' +
      'on any I/O queue, is a violation.',
    bug:
      'Drain flag cleared when the first completion arrives; a flag of each queue alone (OpenVMM before #2833); a ' +
      'queue created during the drain (before #2864). An old write then overtakes an acknowledged newer one.',
    stance: 'A driver whose callers outlive the restore with their commands may go on at once.',
  },
  'INSPECT-PURE': {
    tier: 2,
    party: 'both',
    strength: 'contract',
    kind: 'safety',
    events: ['inspect.begin', 'inspect.end'],
    sections: ['contract', 'base/3.3.1.2'],
    statement:
      'Inspecting state changes nothing: no doorbell, fetch, post, EventIdx or interrupt is caused by it.',
    decide:
      'An event of the inspecting party between `inspect.begin` and `inspect.end`, or state that differs ' +
      'before and after with no other party active, is a violation.',
    bug: 'Debug read of a doorbell; inspect path that polls the CQ and advances the head.',
  },
};
