/** Abort and Asynchronous Event Request. */
import type { Rules } from '../rule.ts';

export const abortAer: Rules<'abort-aer'> = {
  'ABORT-LIMIT': {
    tier: 1,
    party: 'host',
    strength: 'should',
    kind: 'safety',
    events: ['adm', 'cqe.post'],
    sections: ['base/5.1.1', 'base/5.1.13.2.1', 'base/4.2.3.2'],
    statement: 'The host keeps at most ACL+1 Abort commands outstanding.',
    demands: '1h/03h Abort Command Limit Exceeded (may).',
    decide:
      'Aborts outstanding at the submission: host violation above ACL+1. The controller may answer the ' +
      "excess with 1h/03h; that status within the limit is the controller's violation.",
    bug: 'A timeout storm aborting every command at once.',
  },
  'ABORT-RESULT': {
    tier: 1,
    party: 'controller',
    strength: 'shall',
    kind: 'safety',
    events: ['adm', 'cqe.post', 'quiesce'],
    sections: ['base/5.1.1', 'base/5.1.1.1', 'base/5.1.1.2', 'base/3.4.5'],
    statement:
      "Bit 0 of DW0 (Immediate Abort Not Performed, IANP) of the Abort's CQE tells the truth: 0 only if " +
      'the target was aborted before that CQE; the target is then finished with Command Abort Requested.',
    demands: 'Target: 0h/07h. Abort itself: Success.',
    decide:
      "At the Abort's CQE with IANP=0: violation if (sqid,cid) was never outstanding or had completed with " +
      'another status, or if by quiescence the target has no CQE with 0h/07h. An Abort of an unknown ' +
      'command is no error: Success with IANP=1.',
    bug:
      'propolis answers an unknown SQID with Invalid Field; OpenVMM always returns IANP=1 (legal); ' +
      "controllers returning IANP=0 without the target's CQE leak a CID on the host.",
    stance:
      "Up to 2.0 the target's CQE comes first; from 2.1 on in either order. An Abort that never aborts is " +
      'legal.',
    profile: [{ revisions: ['1.4', '2.0'], note: "the target's CQE comes before the Abort's" }],
  },
  'ABORT-UNREQUESTED': {
    tier: 2,
    party: 'controller',
    strength: 'consistency',
    kind: 'safety',
    events: ['cqe.post', 'adm'],
    sections: ['base/4.2.3.1', 'base/5.1.1', 'base/7.1'],
    statement: 'Status Command Abort Requested appears only on commands some Abort (or Cancel) named.',
    decide:
      'On `cqe.post` with 0h/07h: violation if no Abort naming it and no Cancel on that SQ was fetched ' +
      'earlier. After a deferred abort (IANP=1) a later 0h/07h is right.',
    bug: "Used as a generic 'reset' status by emulators.",
  },
  'AER-LIMIT': {
    tier: 1,
    party: 'both',
    strength: 'definition',
    kind: 'safety',
    events: ['adm', 'cqe.post'],
    sections: ['base/5.1.2', 'base/5.1.2.1', 'base/5.1.13.2.1'],
    statement: 'At most AERL+1 AERs are outstanding; an excess one is refused.',
    demands: '1h/05h Asynchronous Event Request Limit Exceeded.',
    decide:
      'AER fetched with AERL+1 already outstanding: host violation; controller violation if it is not ' +
      "answered with 1h/05h. That status within the limit is the controller's violation.",
    bug: "AERL read as 1's based; AER slots leaked across reset so the limit is hit after a few resets.",
    exceptions: [{ severity: 'warning', when: 'the host submits an AER beyond the limit' }],
  },
  'AER-CQE-WELLFORMED': {
    tier: 1,
    party: 'controller',
    strength: 'shall',
    kind: 'safety',
    events: ['cqe.post', 'adm'],
    sections: ['base/5.1.2', 'base/5.1.2.1'],
    statement:
      'An AER completion carries a defined event type, and for error and SMART events the log page id 01h ' +
      'or 02h.',
    decide:
      'On a successful CQE of an AER: AET is 000b, 001b, 010b, 011b, 100b, 110b or 111b; reserved bits are ' +
      '0; AET 000b has LID 01h, AET 001b has LID 02h. Only 1h/05h and generic aborts are errors an AER can ' +
      'end with.',
    bug: 'LID left 0; AET/AEI bytes swapped.',
    profile: [{ revisions: ['1.4', '2.0'], note: 'event type 100b (One-Shot) is reserved' }],
  },
  'AER-MASKED-TYPE': {
    tier: 2,
    party: 'controller',
    strength: 'definition',
    kind: 'safety',
    events: ['cqe.post', 'adm'],
    sections: ['base/5.1.2', 'base/5.1.12'],
    statement:
      'After reporting an event of a type, further events of that type are masked until the host reads the ' +
      "event's log page with RAE=0 (immediate and one-shot events excepted).",
    decide:
      'A type is masked from its AER completion until a successful Get Log Page of its LID with RAE=0, or ' +
      'a reset. A second AER completion of a masked type is a violation.',
    bug: 'No masking (event storm); clearing on any Get Log Page, or on RAE=1.',
  },
  'AER-PENDING': {
    tier: 2,
    party: 'controller',
    strength: 'should',
    kind: 'liveness',
    severity: 'warning',
    events: ['adm', 'cqe.post', 'quiesce'],
    sections: ['base/5.1.2'],
    statement:
      'An AER stays outstanding until there is something to report; events that happen with none ' +
      'outstanding should be kept and reported on the next one, except immediate events.',
    decide:
      'AERs are exempt from CMD-COMPLETES. One answered with Success and no known trigger is accepted: ' +
      'device events cannot be seen. Violations: a doorbell error with no AER outstanding that the next ' +
      'AER does not report by quiescence; an immediate event (AET 011b) delivered to an AER submitted ' +
      'after it.',
    bug:
      'QEMU drops doorbell-error events when no AER is outstanding; emulators that complete AERs at once ' +
      'with Success and dw0=0.',
  },
};
