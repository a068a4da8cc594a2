/** Several submission queues on one completion queue. */
import type { Rules } from '../rule.ts';

export const sharedCq: Rules<'shared-cq'> = {
  'MSQ-ACCEPT': {
    tier: 1,
    party: 'controller',
    strength: 'definition',
    kind: 'safety',
    events: ['adm', 'cqe.post'],
    sections: ['pcie/3.2', 'base/3.3', 'base/2.1'],
    statement:
      'Creating a second SQ on a CQ that already serves one is a normal request and must not be refused ' +
      'for that reason.',
    demands:
      'Success; running out of an implementation resource has no dedicated code (Internal Error 0h/06h).',
    decide:
      'On Create I/O SQ whose CQID names a live CQ already used by another SQ and whose other fields are ' +
      'valid: violation if it fails.',
    bug:
      "OpenVMM's first emulator paired queues 1:1; #1945 added sharing because Windows maps several SQs " +
      'per CQ.',
  },
  'MSQ-SQID-SQHD': {
    tier: 1,
    party: 'controller',
    strength: 'definition',
    kind: 'safety',
    events: ['cqe.post'],
    sections: ['base/4.2.1', 'base/3.3', 'pcie/3.2'],
    statement: 'In a shared CQ each CQE carries the SQID and SQHD of the SQ the command came from.',
    decide:
      'CQE-UNKNOWN-CID and SQHD-NOT-AHEAD made specific for a CQ with several SQs: violation if (sqid,cid) ' +
      'is unknown but the same cid is outstanding on a sibling SQ, or sqhd fits the window of a sibling ' +
      'but not of sqid.',
    bug: 'SQID hard-wired to the CQ id or to the first SQ; one head counter kept per CQ.',
  },
  'MSQ-DELETE-SIBLING': {
    tier: 2,
    party: 'controller',
    strength: 'consistency',
    kind: 'liveness',
    events: ['adm', 'cqe.post', 'quiesce'],
    sections: ['base/5.2.4', 'base/5.2.3', 'base/3.3.1.2'],
    statement: 'Deleting one SQ leaves the CQ, its unread entries and the sibling SQs working.',
    decide:
      'After a successful Delete of SQ y on shared CQ z: posts for siblings continue with t, P and H ' +
      'unchanged, and CQEs of y already in z stay valid for the host to consume. Violation if t or P jump, ' +
      'or a sibling makes no progress by quiescence.',
    bug:
      "CQ torn down with its 'owner' SQ; CQ reference count dropped twice so a later Delete CQ succeeds " +
      'while siblings live (DELETE-CQ-IN-USE).',
  },
};
