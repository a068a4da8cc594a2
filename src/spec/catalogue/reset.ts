/** Reset, shutdown and fatal status. */
import type { Rules } from '../rule.ts';

export const reset: Rules<'reset'> = {
  'CLR-IOQ-GONE': {
    tier: 1,
    party: 'both',
    strength: 'definition',
    kind: 'safety',
    events: ['reset', 'sqe.fetch', 'cqe.post', 'db.sq', 'adm'],
    sections: ['base/3.7.2', 'base/3.1.4.5', 'pcie/3.3.1'],
    statement: 'Any Controller Level Reset deletes all I/O queues; they must be created again.',
    decide:
      'At a reset all I/O queues become absent. A fetch or post on one (QUEUE-DEAD-FETCH, CQE-UNKNOWN-CID) ' +
      "is the controller's violation, a doorbell to one (DB-NO-QUEUE) the host's; both are reported under " +
      'this rule. Creating the same qid again must succeed.',
    bug:
      "'Identifier in use' after reset because the table was not cleared; driver resuming I/O queues " +
      'without recreating them.',
  },
  'CLR-ADMIN-RESTART': {
    tier: 1,
    party: 'both',
    strength: 'definition',
    kind: 'safety',
    events: ['reg.w', 'reg.r', 'sqe.fetch', 'cqe.post'],
    sections: ['base/3.1.4.5', 'base/3.7.2', 'base/3.1.4.8', 'base/4.2.4'],
    statement:
      'A Controller Reset keeps AQA/ASQ/ACQ but restarts the admin rings at 0 with phase 1; other resets ' +
      'clear those registers too.',
    decide:
      'At EN 0 to 1, for queue 0: Hf=T=Hr=0, t=H=0, P=1, doorbell values 0. Registers that do not read ' +
      "back unchanged after a Controller Reset are the controller's violation. After FLR, conventional " +
      'reset or NVM Subsystem Reset the host must program them again before EN=1.',
    bug: 'Admin phase not re-initialised by the driver on reset; device keeps the old admin tail.',
  },
  'CLR-STATE-DEFAULT': {
    tier: 2,
    party: 'controller',
    strength: 'definition',
    kind: 'safety',
    events: ['reset', 'reg.r', 'adm', 'irq.mask'],
    sections: ['base/3.7.2', 'base/3.1.4.5', 'base/5.2.5', 'pcie/3.3.1'],
    statement:
      'A Controller Level Reset returns doorbells, INTMS/INTMC, features (coalescing, arbitration, Number ' +
      'of Queues) and the doorbell-buffer setting to their defaults; MSI-X table and other PCI state ' +
      'survive a Controller Reset.',
    decide:
      'After a reset: SHN and SHST as CSTS says; the INTM mask reads 0; Get Features (current) returns the ' +
      'defaults; a shadow access is DBC-CLR-LIFETIME. MSI-X mask bits carry over when EN is cleared.',
    bug: 'Coalescing or masks leaking across reset; emulator clearing the MSI-X table on CC.EN=0.',
  },
  'CLR-AER-SILENT': {
    tier: 2,
    party: 'controller',
    strength: 'shall',
    kind: 'safety',
    events: ['reset', 'cqe.post'],
    sections: ['base/5.1.2', 'base/3.7.2', 'base/3.4.5'],
    statement: 'Outstanding AERs vanish at reset without a completion; pending events are forgotten.',
    decide:
      'After a reset: a CQE for an AER from before it is a violation. An event from before the reset must ' +
      'not be reported to an AER submitted after it.',
    bug:
      'Emulators that flush AERs with Aborted status on reset (CID may by then be reused: ' +
      'CQE-UNKNOWN-CID).',
    stance: '2.1 says shall not where 2.0 said should not; the severity follows the revision.',
    profile: [
      {
        revisions: ['1.4', '2.0'],
        strength: 'should',
        severity: 'warning',
        note: 'the text says should not',
      },
    ],
  },
  'SHN-COMPLETES': {
    tier: 1,
    party: 'controller',
    strength: 'definition',
    kind: 'liveness',
    events: ['reg.w', 'reg.r', 'quiesce'],
    sections: ['base/3.6.1', 'base/3.1.4.6', 'base/3.1.4.5'],
    statement:
      'Writing SHN=01b or 10b makes SHST go to 01b and finally 10b; commands met on the way may be ' +
      'aborted.',
    demands: '0h/05h Commands Aborted due to Power Loss Notification is allowed during SHST=01b.',
    decide:
      'After SHN is set to 01b or 10b: CSTS reads SHST=10b by quiescence (within RTD3E with timestamps, 1 ' +
      's if that is 0). SHST must not return to 00b without a Controller Level Reset. Works with EN=0 too, ' +
      'and EN may be cleared in the same write.',
    bug: 'SHST=10b reported only when EN=1; SHN ignored when the queues were not deleted first.',
  },
  'SHN-HOST-ORDER': {
    tier: 2,
    party: 'host',
    strength: 'should',
    kind: 'safety',
    events: ['reg.w', 'db.sq', 'adm'],
    sections: ['base/3.6.1'],
    statement:
      'Before a normal shutdown the host stops I/O, lets it finish, deletes SQs then CQs; afterwards it ' +
      'submits nothing.',
    demands: '0h/05h Commands Aborted due to Power Loss Notification is possible.',
    decide:
      'At SHN=01b: violation if `out` is not empty or I/O queues are live. So is any `db.sq` once SHN is ' +
      'not 00b.',
    bug: 'Keep-alive or AER resubmission after SHN; flush issued after shutdown.',
    exceptions: [
      {
        severity: 'error',
        when: 'a doorbell is written after SHST=10b could be read: the result is undefined',
      },
    ],
  },
  'SHST-REUSE': {
    tier: 2,
    party: 'both',
    strength: 'undefined',
    kind: 'safety',
    events: ['reg.w', 'reg.r', 'db.sq'],
    sections: ['base/3.1.4.6', 'base/3.6.1', 'base/3.6'],
    statement:
      'After SHST=10b with EN=1 a Controller Level Reset is required before commands; with EN=0 the host ' +
      'either resets or sets EN=1 and SHN=00b in the same write; RDY may not rise until SHST is 00b.',
    demands: 'The result is undefined.',
    decide:
      'After SHST=10b: host violation on `db.sq` before a reset. Controller violation if RDY goes 0 to 1 ' +
      'while SHST is not 00b.',
    bug: 'Driver resumes from suspend by only clearing SHN.',
    exceptions: [{ severity: 'warning', when: 'EN is set with SHN still not 0' }],
  },
  'CFS-RECOVERY': {
    tier: 2,
    party: 'both',
    strength: 'may',
    kind: 'liveness',
    severity: 'warning',
    events: ['reg.r', 'quiesce'],
    sections: ['base/9.5', 'base/3.1.4.6', 'base/5.1.2.1'],
    statement:
      'If the controller cannot report a fatal error through a CQ it may set CFS; no interrupt accompanies ' +
      'it and the host is expected to reset.',
    demands: 'Optionally AER error event 03h Persistent Internal Error while it still can.',
    decide:
      'When CSTS.CFS=1 is read the host must reset by quiescence. Nothing is excused that was owed before: ' +
      'only commands submitted after it are. A controller that stops for good with CFS=0 is reported under ' +
      'the liveness rule it breaks.',
    bug: 'Emulators that panic or hang instead of setting CFS; drivers that never read CSTS on timeout.',
    stance:
      'CFS set with no host error before it is itself blamed on what was owed at that moment; where nothing was, it ' +
      'is an error of the controller.',
  },
};
