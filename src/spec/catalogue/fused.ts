/** Fused operations. */
import type { Rules } from '../rule.ts';

export const fused: Rules<'fused'> = {
  'FUSED-ADJACENT': {
    tier: 2,
    party: 'host',
    strength: 'shall',
    kind: 'safety',
    events: ['sqe.fetch'],
    sections: ['base/3.4.2', 'base/B.3', 'nvm/2.1.3'],
    statement:
      'The two halves sit in adjacent slots of one SQ, first (01b) then second (10b), wrapping from the ' +
      'last slot to slot 0.',
    demands: '0h/0Ah Command Aborted due to Missing Fused Command; 0h/02h if fusing is not supported.',
    decide:
      'At `sqe.fetch` with FUSE=01b the next slot of the same SQ must hold FUSE=10b, and FUSE=10b must be ' +
      'preceded by 01b. FUSE=11b is a violation.',
    bug: 'Two threads interleaving submissions into a shared SQ.',
  },
  'FUSED-ONE-DOORBELL': {
    tier: 2,
    party: 'host',
    strength: 'shall',
    kind: 'safety',
    events: ['db.sq', 'shadow.sq', 'sqe.fetch'],
    sections: ['base/3.4.2', 'base/B.3'],
    statement: 'One tail update announces both halves.',
    demands: '0h/0Ah Command Aborted due to Missing Fused Command is possible.',
    decide:
      'At a tail update from T to v: violation if slot v-1 holds FUSE=01b, for the pair is then split. ' +
      'Without the contents of the entries it is found at the fetch, by comparing the slot with the tail ' +
      'in force.',
    bug: 'Batching that rings every k entries.',
  },
  'FUSED-MISSING': {
    tier: 2,
    party: 'controller',
    strength: 'shall',
    kind: 'safety',
    events: ['sqe.fetch', 'cqe.post'],
    sections: ['base/3.4.2', 'base/4.2.3.1'],
    statement:
      'A lone or misplaced half is aborted as missing its partner; a controller without fused support ' +
      'should reject non-zero FUSE.',
    demands:
      '0h/0Ah Command Aborted due to Missing Fused Command; 0h/02h Invalid Field in Command if fusing is ' +
      'not supported.',
    decide: 'A half (FUSE not 00b) without its partner: its status must be 0h/0Ah.',
    bug: 'Half executed as a normal command, e.g. the Write without the Compare.',
    exceptions: [
      { severity: 'warning', when: 'fused operations are not supported and the status is not 0h/02h' },
    ],
    profile: [
      {
        revisions: ['1.4', '2.0'],
        strength: 'consistency',
        severity: 'warning',
        note: 'no status is demanded',
      },
    ],
  },
  'FUSED-FAILED': {
    tier: 2,
    party: 'controller',
    strength: 'shall',
    kind: 'safety',
    events: ['cqe.post'],
    sections: ['base/3.4.2', 'nvm/2.1.3.1', 'base/4.2.3.1'],
    statement: 'If the first half fails the second is aborted and not executed.',
    demands: '0h/09h Command Aborted due to Failed Fused Command.',
    decide:
      'If the status of the first half is not Success, that of the second must be 0h/09h. If the first ' +
      'succeeds the second may end in any way.',
    bug: "Second half reported Success or with the first's status.",
  },
  'FUSED-BOTH': {
    tier: 2,
    party: 'controller',
    strength: 'definition',
    kind: 'liveness',
    events: ['cqe.post', 'quiesce'],
    sections: ['base/3.4.2'],
    statement: 'Each half gets its own CQE.',
    decide: 'Both CIDs leave `out` by quiescence; no order between the two CQEs is demanded.',
    bug: 'One CQE for the pair.',
  },
};
