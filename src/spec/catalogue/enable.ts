/** Controller enable and disable. */
import type { Rules } from '../rule.ts';

export const enable: Rules<'enable'> = {
  'EN-HANDSHAKE': {
    tier: 1,
    party: 'host',
    strength: 'undefined',
    kind: 'safety',
    events: ['reg.w', 'reg.r'],
    sections: ['base/3.1.4.5', 'base/3.5.1'],
    statement: 'CC.EN is set only while RDY=0 and cleared only while RDY=1.',
    demands: 'The result is undefined.',
    decide:
      'On a write of CC: violation if EN goes 0 to 1 with the last known CSTS.RDY=1, or 1 to 0 with RDY=0.',
    bug:
      'Driver gives up waiting for RDY and clears EN; firmware hands over an enabled controller and the OS ' +
      'driver writes EN=1 again.',
    exceptions: [
      {
        severity: 'warning',
        when: 'EN is cleared with RDY=0 to recover from CFS=1, a ready timeout or a surprise reset',
      },
    ],
  },
  'AQ-REGS-LOCKED': {
    tier: 1,
    party: 'host',
    strength: 'shall',
    kind: 'safety',
    events: ['reg.w'],
    sections: ['base/3.1.4.5', 'base/3.1.4.8', 'base/3.1.4.9', 'base/3.1.4.10'],
    statement: 'AQA, ASQ and ACQ change only while CC.EN=0.',
    decide:
      'On a write of AQA, ASQ or ACQ with EN=1: host violation. The reaction of the controller is not ' +
      'defined: the values latched at the enable stay in force, and it is blamed only if it visibly ' +
      'switched rings.',
    bug: 'OpenVMM accepts AQA writes while enabled; 64-bit ASQ written as two halves around the enable.',
  },
  'AQ-REGS-VALID': {
    tier: 1,
    party: 'host',
    strength: 'shall',
    kind: 'safety',
    events: ['reg.w'],
    sections: ['base/3.1.4.8', 'base/3.1.4.9', 'base/3.1.4.10', 'base/3.3.3.1'],
    statement:
      'At enable the admin queue sizes are 2..4096 slots (field 1..4095) and both bases are memory-page ' +
      'aligned.',
    demands: 'The result is undefined.',
    decide:
      'At EN 0 to 1: violation if ASQS==0 or ACQS==0 (undefined results), or ASQ/ACQ has bits below the ' +
      'page size (CC.MPS) set.',
    bug: 'Field written as count instead of count-1; OpenVMM treats 0 as 1; page size taken as 4 KiB.',
    stance: 'A size field of 0 gives undefined results, no error status; two slots are the legal minimum.',
  },
  'CC-CONFIG-LOCKED': {
    tier: 2,
    party: 'host',
    strength: 'shall',
    kind: 'safety',
    events: ['reg.w'],
    sections: ['base/3.1.4.5'],
    statement:
      'AMS, MPS and CSS are set to supported values before enable and never changed while EN=1; ' +
      'IOSQES/IOCQES are not changed while I/O queues exist.',
    decide:
      'On a write of CC with EN staying 1: violation if AMS, MPS or CSS differ, or IOSQES (IOCQES) differs ' +
      'while an I/O SQ (CQ) is live. Changing them in the same write that sets EN is fine.',
    bug:
      'Read-modify-write of CC for shutdown using a stale copy; clearing the other fields when setting ' +
      'SHN.',
  },
  'CMD-BEFORE-RDY': {
    tier: 1,
    party: 'host',
    strength: 'shall',
    kind: 'safety',
    events: ['db.sq', 'reg.r', 'reg.w'],
    sections: ['base/3.4', 'base/3.1.4.6', 'base/3.5.1'],
    statement: 'No command is submitted until CSTS.RDY=1 after enable.',
    demands: 'The result is undefined.',
    decide:
      '`db.sq` (any queue) while RDY=0: violation. The host knows RDY only by reading CSTS; if reads are ' +
      'in the trace require a read that returned RDY=1 first.',
    bug: 'Admin tail rung right after EN=1; warm-reset paths that skip the poll.',
  },
  'RDY-RISES': {
    tier: 1,
    party: 'controller',
    strength: 'definition',
    kind: 'liveness',
    events: ['reg.w', 'reg.r', 'quiesce'],
    sections: ['base/3.1.4.5', 'base/3.1.4.6', 'base/3.5.3', 'base/3.5.4', 'base/3.1.4.21', 'base/3.1.4.1'],
    statement: 'After EN 0 to 1 the controller sets RDY (or CFS) within the advertised time.',
    demands: 'CSTS.CFS=1 if it cannot; with CRMS not 0 it must still become ready by CRWMT.',
    decide:
      'With timestamps: CAP.TO * 500 ms, or CRTO.CRWMT or CRTO.CRIMT (by CC.CRIME) when CAP.CRMS is not 0. ' +
      'Without timestamps: at quiescence RDY or CFS must be 1, unless SHST is not 00b or ST=1 blocks it ' +
      '(SHST-REUSE).',
    bug:
      'RDY never set because an async reset task was cancelled; RDY set before the admin queue is able to ' +
      'fetch.',
    profile: [{ revisions: ['1.4'], note: 'the bound is CAP.TO' }],
  },
  'RDY-FALLS': {
    tier: 1,
    party: 'controller',
    strength: 'shall',
    kind: 'liveness',
    events: ['reg.w', 'reg.r', 'quiesce'],
    sections: ['base/3.1.4.6', 'base/3.1.4.5', 'base/3.7.2'],
    statement: 'After EN 1 to 0 the controller becomes idle, then clears RDY.',
    decide:
      'Owed by quiescence (within CAP.TO with timestamps). RDY must not fall by itself while EN=1: only a ' +
      'reset other than a Controller Reset explains that.',
    bug: 'Reset waits for back-end I/O that waits for a CQ that is being torn down.',
  },
  'DISABLED-SILENT': {
    tier: 1,
    party: 'controller',
    strength: 'shall',
    kind: 'safety',
    events: ['sqe.fetch', 'cqe.post', 'reg.w', 'reg.r'],
    sections: ['base/3.1.4.5', 'base/3.7.2'],
    statement: 'With CC.EN=0 nothing is processed and no CQE is posted.',
    decide: 'From the write that clears EN: any `sqe.fetch` or `cqe.post` until EN=1 again.',
    bug:
      'Late back-end completion written after reset: OpenVMM #4011/#4080 class (stale mapping after reset ' +
      'corrupting guest memory).',
    stance:
      'A device cannot react in no time, so the window before RDY=0 is only a warning; an error once RDY ' +
      'has read 0.',
    exceptions: [
      { severity: 'warning', when: 'RDY is still 1: the controller may not have seen the write yet' },
    ],
  },
};
