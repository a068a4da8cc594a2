/** Queue creation. */
import type { Rules } from '../rule.ts';

export const queueCreate: Rules<'queue-create'> = {
  'CREATE-QID': {
    tier: 1,
    party: 'controller',
    strength: 'should',
    kind: 'safety',
    severity: 'error',
    events: ['adm', 'cqe.post'],
    sections: ['base/5.2.1', 'base/5.2.2', 'base/3.3.3.2', 'base/4.2.3', 'base/4.2.3.2'],
    statement: 'A create with QID 0, above the allocated count, or already in use is refused.',
    demands:
      '1h/01h Invalid Queue Identifier. Other defects present at the same time may be reported instead.',
    decide:
      'Create I/O CQ or SQ with qid 0, qid > NCQA+1 (CQ) or NSQA+1 (SQ), or a live queue: violation if it ' +
      'succeeds. If Number of Queues was never issued the limit is unknown: skip the upper test.',
    bug:
      "Off-by-one because NSQA/NCQA are 0's based; nvmevirt #76 did not check at all; re-create of a live " +
      'qid silently replacing it.',
    exceptions: [{ severity: 'warning', when: 'the command is refused, but with another status' }],
  },
  'CREATE-QSIZE': {
    tier: 1,
    party: 'controller',
    strength: 'should',
    kind: 'safety',
    severity: 'error',
    events: ['adm', 'cqe.post'],
    sections: ['base/5.2.1', 'base/5.2.2', 'base/3.3.3.1', 'base/3.1.4.1'],
    statement:
      "A create whose 0's based QSIZE is 0 (one slot) or larger than CAP.MQES is refused; the smallest " +
      'queue has 2 slots.',
    demands: '1h/02h Invalid Queue Size.',
    decide:
      'QSIZE 0 or QSIZE > CAP.MQES: violation if it succeeds. QSIZE equal to CAP.MQES and QSIZE 1 must be ' +
      "accepted. Both numbers are 0's based: compare directly.",
    bug:
      'Comparing QSIZE+1 with MQES (rejects the largest legal queue); dnvme #5 sent the count instead of ' +
      'count-1; edk2 #8144; a 65,536-slot queue overflowing a u16 size.',
    stance:
      'A size field of 0 means one slot and is invalid; 1 (two slots) is legal and holds one entry; ' +
      'CAP.MQES itself is legal.',
    exceptions: [{ severity: 'warning', when: 'the command is refused, but with another status' }],
  },
  'CREATE-CQ-IV': {
    tier: 1,
    party: 'controller',
    strength: 'should',
    kind: 'safety',
    severity: 'error',
    events: ['adm', 'cqe.post'],
    sections: ['pcie/3.2', 'base/5.2.1', 'pcie/3.5'],
    statement:
      'A Create I/O CQ naming an interrupt vector beyond what is configured is refused; with pin or single ' +
      'MSI the vector must be 0.',
    demands: '1h/08h Invalid Interrupt Vector.',
    decide:
      'Create I/O CQ with iv at or above the vectors of the active mode (MSI-X table size, enabled MSI ' +
      'messages; 1 for pin or single MSI): violation if it succeeds. If the mode is not known, the table ' +
      'size is the bound.',
    bug:
      'Validating only when IEN=1 (QEMU validates always); checking against the wrong table; ' +
      'nativeaot-patcher #343 put an I/O CQ on vector 0 with the admin CQ (legal, but the handler must ' +
      'then look at both).',
    exceptions: [{ severity: 'warning', when: 'the command is refused, but with another status' }],
  },
  'CREATE-PC-CQR': {
    tier: 2,
    party: 'controller',
    strength: 'shall',
    kind: 'safety',
    events: ['adm', 'cqe.post'],
    sections: ['base/5.2.1', 'base/5.2.2', 'base/3.1.4.1'],
    statement: 'When CAP.CQR=1 a create with PC=0 is refused; the host must set PC.',
    demands: '0h/02h Invalid Field in Command.',
    decide: 'CAP.CQR=1 and CDW11.PC=0: host violation at the fetch; controller violation if it succeeds.',
    bug:
      'Emulators that ignore PC and read PRP1 as a flat buffer, i.e. treat a PRP list page as queue ' +
      'memory.',
    stance:
      'The text of 2.3 says shall for a CQ and should for an SQ; 2.1 is treated alike. The CAP register ' +
      'obliges the host in all revisions.',
    exceptions: [{ severity: 'warning', when: 'the queue is a Submission Queue' }],
    profile: [
      {
        revisions: ['1.4', '2.0'],
        strength: 'should',
        severity: 'warning',
        note: 'the text says should for both kinds of queue',
      },
    ],
  },
  'CREATE-PRP-OFFSET': {
    tier: 2,
    party: 'controller',
    strength: 'should',
    kind: 'safety',
    events: ['adm', 'cqe.post'],
    sections: ['base/5.2.1', 'base/5.2.2', 'base/4.2.3.1'],
    statement:
      'Queue memory (or every PRP-list entry) must be page aligned; a non-zero offset is refused. Dword ' +
      'alignment suffices for queues in a CMB with CQDA=1.',
    demands: '0h/13h PRP Offset Invalid.',
    decide:
      '`PRP1 & (pageSize-1)` not 0 with PC=1: host violation; controller violation if it succeeds. The ' +
      'page size comes from CC.MPS, it is not always 4096.',
    bug: 'Alignment tested against 4 KiB while CC.MPS > 0; low bits masked off silently.',
  },
  'CREATE-SQ-CQID': {
    tier: 1,
    party: 'controller',
    strength: 'shall',
    kind: 'safety',
    events: ['adm', 'cqe.post'],
    sections: ['base/5.2.2', 'base/4.2.3.2'],
    statement:
      'Create I/O SQ must name an existing I/O CQ: 0 or out of range is an invalid identifier; in range ' +
      'but not created is an invalid CQ.',
    demands: '1h/01h Invalid Queue Identifier / 1h/00h Completion Queue Invalid.',
    decide:
      'cqid 0 or above NCQA+1: expect 1h/01h. cqid in range and not live: expect 1h/00h. Success is the ' +
      'violation.',
    bug: 'OpenVMM, propolis and QEMU answer Completion Queue Invalid for CQID 0 as well.',
    stance:
      'Success is an error in every revision; the wrong one of the two statuses is a very common slip and ' +
      'only a warning.',
    exceptions: [
      { severity: 'warning', when: 'the command is refused, but with the other of the two statuses' },
    ],
    profile: [{ revisions: ['1.4', '2.0'], strength: 'should', note: 'the text says should' }],
  },
  'CREATE-SQ-NO-CQ': {
    tier: 1,
    party: 'host',
    strength: 'definition',
    kind: 'safety',
    events: ['adm'],
    sections: ['base/3.3.1.2', 'base/3.3.1.1', 'base/3.7.3'],
    statement: 'The host creates a CQ before any SQ that uses it.',
    demands: 'As CREATE-SQ-CQID. An SQ without its CQ is undefined (3.7.3).',
    decide:
      'At fetch of Create I/O SQ: host violation if no successful Create I/O CQ for that CQID precedes its ' +
      'submission (the CQ completion must have been posted, not merely requested).',
    bug: 'Pipelining both creates without waiting.',
  },
  'CREATE-NO-ENTRY-SIZE': {
    tier: 2,
    party: 'controller',
    strength: 'shall',
    kind: 'safety',
    events: ['adm', 'reg.w', 'cqe.post'],
    sections: ['base/3.1.4.5', 'base/5.2.1', 'base/5.2.2'],
    statement: 'Creating an I/O CQ/SQ before CC.IOCQES/CC.IOSQES has been set is aborted.',
    demands: '1h/02h Invalid Queue Size.',
    decide:
      'Create CQ with CC.IOCQES 0 (Create SQ with CC.IOSQES 0): violation if the status is not 1h/02h. The ' +
      'host is at fault too.',
    bug:
      'OpenVMM silently assumes 64/16 when the fields are 0; propolis does check; WAVE-Vivado #1 left them ' +
      'unset.',
    stance: '0 could formally mean a 1-byte entry; no known system means that.',
    profile: [
      { revisions: ['1.4'], severity: 'warning', note: 'an entry size of 0 could formally mean one byte' },
    ],
  },
  'NUMQ-SEQUENCE': {
    tier: 1,
    party: 'both',
    strength: 'shall',
    kind: 'safety',
    events: ['adm', 'cqe.post'],
    sections: ['base/5.1.25.2.1', 'base/3.3.1.1', 'base/4.2.3.1'],
    statement:
      'Set Features Number of Queues is issued only before any I/O queue is created; later ones are ' +
      'aborted and never change the allocation.',
    demands: '0h/0Ch Command Sequence Error.',
    decide:
      'At the fetch with an I/O queue created since the last reset: host violation. Controller violation ' +
      'if the status is not 0h/0Ch. Any two successful replies to Get or Set Features between two resets ' +
      'must carry the same NCQA and NSQA.',
    bug:
      'QEMU (`qs_created`) and OpenVMM implement it; drivers that re-negotiate on resume without a reset ' +
      'break it.',
    exceptions: [
      {
        severity: 'warning',
        when: 'the I/O queues created since the last reset have all been deleted again',
      },
    ],
  },
  'NUMQ-VALUE': {
    tier: 2,
    party: 'controller',
    strength: 'should',
    kind: 'safety',
    events: ['adm', 'cqe.post'],
    sections: ['base/5.1.25.2.1'],
    statement:
      "A request of 65,535 (0's based, i.e. 65,536 queues) is refused; a reply always grants at least one " +
      'of each. Granting more or fewer than asked is legal.',
    demands: '0h/02h Invalid Field in Command.',
    decide:
      'NCQR or NSQR equal to FFFFh: violation if it succeeds. A successful reply must not carry NSQA or ' +
      'NCQA equal to FFFFh. An allocation that differs from the request is legal.',
    bug: 'Host assuming it got what it asked for and creating queues beyond it (CREATE-QID).',
  },
};
