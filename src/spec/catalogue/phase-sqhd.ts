/** Phase tag and SQ head pointer. */
import type { Rules } from '../rule.ts';

export const phaseSqhd: Rules<'phase-sqhd'> = {
  'PHASE-EXPECTED': {
    tier: 1,
    party: 'controller',
    strength: 'shall',
    kind: 'safety',
    events: ['cqe.post'],
    sections: ['base/4.2.4', 'base/3.3.1.2', 'base/4.2.1'],
    statement:
      'Posting a CQE inverts the phase bit of its slot: 1 on the first pass after enable (admin) or after ' +
      'Create CQ (I/O), flipped at each wrap.',
    decide:
      'On `cqe.post{cq,phase}`: violation if `phase != P`. P=1 when CC.EN is set for the ACQ and at the ' +
      'Create I/O CQ completion for an I/O CQ. A controller that writes the slot twice must be reported as ' +
      'one post, at the write that flips the bit.',
    bug:
      'Phase toggled at the wrong wrap point (propolis #502 race at rollover); phase not reset when a CQ ' +
      'id is recreated; restored with the wrong pass.',
    stance:
      'Judged by pass, never by the bit found in memory. What the host must clear beforehand is ' +
      'PHASE-HOST-INIT.',
    profile: [
      {
        revisions: ['1.4', '2.0'],
        strength: 'definition',
        note:
          'for an I/O CQ the phase after its creation follows by analogy with the enable; the text speaks ' +
          'only of the enable',
      },
    ],
  },
  'PHASE-LAST-WRITE': {
    tier: 3,
    party: 'controller',
    strength: 'shall',
    kind: 'safety',
    events: ['mem', 'cqe.post'],
    sections: ['base/4.2.1', 'base/3.3.1.2'],
    statement: 'If a CQE is written in several writes, the one that updates the phase bit comes last.',
    decide:
      'Needs single writes to CQ slots. Group the writes to slot t: violation if any write to it follows ' +
      'the one that flipped P, or if a host read between them can see the new P with old bytes. Two full ' +
      'writes with the old phase first are fine.',
    bug:
      '32-bit stores in order DW0..DW3 are fine; memcpy of 16 bytes with no release ordering is not. ' +
      'OpenVMM writes the low 8 bytes then the high 8; propolis writes the entry twice (old phase, then ' +
      'new); both satisfy the rule given release ordering. Host side mirror: a read barrier after seeing P ' +
      '(asterinas #1984).',
  },
  'PHASE-HOST-INIT': {
    tier: 2,
    party: 'host',
    strength: 'shall',
    kind: 'safety',
    events: ['mem', 'reg.w', 'adm'],
    sections: ['base/4.2.4', 'base/8.2.1'],
    statement:
      'The host clears the phase bit of every slot of the admin CQ before setting CC.EN and of an I/O CQ ' +
      'before submitting its Create command.',
    decide:
      'Snapshot the CQ memory at the write of CC.EN=1 and at the fetch of Create I/O CQ: violation if bit ' +
      '16 of DW3 is set in any of the N slots.',
    bug:
      'libevpl #90: CQ memory not zeroed; the host then sees a phantom completion. Reuse of a CQ buffer ' +
      'after a queue delete or reset without clearing; wrong length cleared when N*16 exceeds a page.',
  },
  'SQHD-RANGE': {
    tier: 1,
    party: 'controller',
    strength: 'definition',
    kind: 'safety',
    events: ['cqe.post'],
    sections: ['base/4.2.1', 'base/3.3.1.2'],
    statement: "SQHD is a slot index of the SQ named by SQID, so it is smaller than that SQ's size.",
    decide: 'On `cqe.post{sqid,sqhd}`: violation if `sqhd >= N(sqid)`. N is that of the SQ, not of the CQ.',
    bug: 'SQHD reported un-wrapped (0..N) or as a free running counter; CQ size used.',
  },
  'SQHD-NOT-AHEAD': {
    tier: 1,
    party: 'controller',
    strength: 'definition',
    kind: 'safety',
    events: ['cqe.post', 'sqe.fetch'],
    sections: ['base/4.2.1', 'base/3.3.1.2', 'pcie/3.4.2'],
    statement:
      'SQHD may only report entries the controller has really consumed; it never runs past the fetch head ' +
      'or the tail.',
    decide:
      'On `cqe.post`: with fetch events violation if `d(Hr,sqhd) > d(Hr,Hf)`; without them if `d(Hr,sqhd) ' +
      '> d(Hr,T)`. Then set `Hr = sqhd` if that moves it forward inside the window.',
    bug:
      'SQHD set to the tail at completion time instead of the head: the host then overwrites unfetched ' +
      'entries.',
  },
  'SQHD-MONOTONIC': {
    tier: 3,
    party: 'controller',
    strength: 'consistency',
    kind: 'safety',
    severity: 'info',
    events: ['cqe.post'],
    sections: ['base/4.2.1', 'base/3.3.1.2'],
    statement:
      'SQHD normally advances in posting order. It is the head at the time the CQE was created, so going ' +
      'backwards is legal, but worth a note.',
    decide:
      'On `cqe.post`: reported if sqhd lies behind Hr (`d(sqhd,Hr) < N/2` and not 0, while not ahead). ' +
      'Never an error.',
    bug:
      'Completions built on several threads then queued in another order; a host that assigns `head = ' +
      'sqhd` blindly re-blocks slots.',
    stance: 'Information only: hosts must take the furthest value, not the last.',
  },
  'SQHD-COVERS-SELF': {
    tier: 2,
    party: 'controller',
    strength: 'consistency',
    kind: 'safety',
    events: ['cqe.post', 'sqe.fetch'],
    sections: ['base/4.2.1', 'base/3.3.1.2', 'pcie/3.4.1'],
    statement:
      "A completed command was consumed, so the SQHD in its CQE should already be past that command's " +
      'slot.',
    decide:
      'On `cqe.post` for a command in slot s: violation if sqhd is not in the cyclic interval (s, Hf]. ' +
      'Needs the slot from `sqe.fetch`.',
    bug:
      'SQHD left at 0, filled in at queue creation, or taken from another SQ in a shared-CQ set-up; Linux ' +
      'relies on this property without reading SQHD.',
    exceptions: [
      { severity: 'error', when: 'a host that was told such a head moves the tail beyond the free slots' },
    ],
    stance: 'Not stated anywhere; it follows from the steps of command processing.',
  },
};
