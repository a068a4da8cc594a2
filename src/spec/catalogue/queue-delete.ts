/** Queue deletion and recreation. */
import type { Rules } from '../rule.ts';

export const queueDelete: Rules<'queue-delete'> = {
  'DELETE-CQ-IN-USE': {
    tier: 1,
    party: 'both',
    strength: 'shall',
    kind: 'safety',
    events: ['adm', 'cqe.post'],
    sections: ['base/5.2.3', 'base/3.3.1.2', 'base/4.2.3.2'],
    statement:
      'The host deletes every SQ of a CQ before the CQ; the controller aborts a Delete CQ that still has ' +
      'an SQ.',
    demands: '1h/0Ch Invalid Queue Deletion.',
    decide:
      'At the fetch of Delete I/O CQ z with a live SQ bound to z: host violation. At its CQE: controller ' +
      'violation if the status is not 1h/0Ch.',
    bug:
      'Controllers that delete the CQ and leave SQs dangling (posting to freed state); drivers that ignore ' +
      'a failed Delete SQ and go on to the CQ.',
    exceptions: [
      { severity: 'warning', when: 'the delete is refused with 1h/0Ch although no SQ is bound to the CQ' },
    ],
  },
  'DELETE-QID': {
    tier: 1,
    party: 'both',
    strength: 'shall',
    kind: 'safety',
    events: ['adm', 'cqe.post'],
    sections: ['base/5.2.3', 'base/5.2.4', 'base/4.2.3.2'],
    statement:
      'A delete never names queue 0 and names an existing queue; otherwise it is answered as an invalid ' +
      'identifier.',
    demands: '1h/01h Invalid Queue Identifier.',
    decide: 'qid 0: host violation. qid 0 or not live: controller violation if the status is not 1h/01h.',
    bug: 'Delete of the admin queue accepted; double delete returning Success and dropping a refcount twice.',
  },
  'DELETE-SQ-LATE-CQE': {
    tier: 1,
    party: 'controller',
    strength: 'shall',
    kind: 'safety',
    events: ['adm', 'cqe.post'],
    sections: ['base/5.2.4', 'base/3.4.5'],
    statement:
      'After a successful Delete I/O SQ completion no completion may be posted for any command of that SQ.',
    demands: 'None; the outstanding commands count as aborted by SQ deletion.',
    decide:
      'After `cqe.post` Success for Delete SQ y: violation on any `cqe.post{sqid=y}` until a new Create SQ ' +
      'y succeeds; after recreation violation if the cid belongs to the previous life.',
    bug:
      'In-flight backend I/O finishing after the delete was acknowledged: phantom completion into a ' +
      'recycled CQ.',
    stance:
      'CQEs posted before the delete stay valid for the host to read, even though their SQHD names a queue ' +
      'that no longer exists.',
  },
  'DELETE-SQ-DISPOSITION': {
    tier: 2,
    party: 'controller',
    strength: 'consistency',
    kind: 'safety',
    events: ['adm', 'cqe.post'],
    sections: ['base/5.2.4', 'base/4.2.3.1', 'base/3.3.1.3'],
    statement:
      'A successful Delete SQ means that every earlier command was completed or counts as aborted; the ' +
      'status Command Aborted due to SQ Deletion makes sense only then.',
    demands: '0h/08h Command Aborted due to SQ Deletion for commands it chooses to complete explicitly.',
    decide:
      '`cqe.post` with 0h/08h outside the time from the fetch of Delete SQ y to its CQE is a violation. So ' +
      'is a data transfer of a command of y after it succeeded, where transfers can be seen. Delete may ' +
      'take arbitrarily long.',
    bug: 'Delete acknowledged immediately while the back end keeps writing guest memory.',
    exceptions: [
      {
        severity: 'error',
        when: 'data of a command of the deleted SQ is still moved after the delete succeeded',
      },
    ],
  },
  'DELETE-COMPLETES': {
    tier: 1,
    party: 'controller',
    strength: 'definition',
    kind: 'liveness',
    events: ['adm', 'cqe.post', 'quiesce'],
    sections: ['base/5.2.4', 'base/5.2.3', 'base/9.1', 'base/5'],
    statement: 'Delete I/O SQ/CQ completes even with commands outstanding and even with the CQ full.',
    demands: 'None; the host should reset the whole controller (9.1).',
    decide: 'At quiescence an unanswered Delete is a violation: CMD-COMPLETES made specific.',
    bug:
      'Waiting for I/O that itself waits for CQ space; in-flight counter book-keeping errors (OpenVMM ' +
      '#3474 family).',
  },
  'QUEUE-DEAD-FETCH': {
    tier: 1,
    party: 'controller',
    strength: 'consistency',
    kind: 'safety',
    events: ['sqe.fetch', 'adm', 'reset'],
    sections: ['base/5.2.4', 'base/3.7.2', 'base/3.4'],
    statement: 'Nothing is consumed from an SQ that is not live.',
    decide:
      '`sqe.fetch{q}`: violation if q was never created, is deleted, or a Controller Level Reset ' +
      'intervened.',
    bug:
      'Worker keeps a pointer to the old ring after reset; queue thread not joined before delete is ' +
      'acknowledged.',
  },
  'QUEUE-FRESH-STATE': {
    tier: 1,
    party: 'controller',
    strength: 'definition',
    kind: 'safety',
    events: ['adm', 'sqe.fetch', 'cqe.post'],
    sections: ['base/3.7.3', 'base/4.2.4', 'base/5.2.1', 'base/5.2.2', 'base/3.3.1.4'],
    statement:
      'A (re)created queue starts empty: head and tail 0, phase 1 expected, first SQHD counted from 0.',
    decide:
      'At successful Create: Hf=T=Hr=0 or t=H=0, P=1. The next fetch must be slot 0, the next CQE slot ' +
      '0 with phase 1, and the first SQHD is judged against 0. Report under this id when SQE/CQE order or ' +
      'phase rules fail on the first lap after a recreate.',
    bug:
      'Old tail kept across delete/create; stale shadow doorbell or EventIdx entry picked up by the new ' +
      'queue (see DBC-QUEUE-INIT).',
  },
  'DELETE-WHILE-BUSY': {
    tier: 2,
    party: 'host',
    strength: 'should',
    kind: 'safety',
    events: ['adm', 'db.sq'],
    sections: ['base/3.7.3', 'base/3.3.3.4', 'base/3.6.1'],
    statement: 'The host should idle a queue before deleting it and must not submit to it meanwhile.',
    demands: 'None; commands are aborted, with or without CQEs.',
    decide:
      'At the fetch of Delete SQ y: violation if `out[y]` is not empty. A doorbell for y during the Delete ' +
      'is worse.',
    bug: 'Tear-down racing with the I/O threads.',
    exceptions: [
      {
        severity: 'error',
        when: 'a tail doorbell of the SQ arrives between the submission of its Delete and its completion',
      },
    ],
  },
};
