/** Shadow doorbell and EventIdx buffers. */
import type { Rules } from '../rule.ts';

export const doorbellBuffer: Rules<'doorbell-buffer'> = {
  'DBC-ADDR': {
    tier: 1,
    party: 'controller',
    strength: 'shall',
    kind: 'safety',
    events: ['adm', 'cqe.post'],
    sections: ['base/5.2.5', 'base/4.2.3.1'],
    statement:
      'Both doorbell-buffer addresses are memory-page aligned and valid; otherwise the command is aborted.',
    demands: '0h/02h Invalid Field in Command; 0h/01h Invalid Command Opcode without OACS bit 8.',
    decide:
      'PRP1 or PRP2 not aligned to 2^(12+CC.MPS), or not mapped: host violation; controller violation if ' +
      'the status is not 0h/02h. PRP1 equal to PRP2 is not forbidden in words but cannot work: host ' +
      'violation.',
    bug:
      'Alignment checked against 4 KiB only; OpenVMM answers Data Transfer Error for an unmappable ' +
      'address; propolis checks alignment only and finds a bad address at first use. SPDK checks all of ' +
      'it, PRP1 == PRP2 included.',
  },
  'DBC-PAGE-FIT': {
    tier: 2,
    party: 'controller',
    strength: 'shall',
    kind: 'safety',
    events: ['adm'],
    sections: ['base/5.2.5', 'base/5.1.25.2.1', 'base/3.1.4.1'],
    statement: 'All doorbell slots of all queues must fit in the one page each buffer occupies.',
    decide:
      'With M = max(NSQA,NCQA)+1 I/O queues granted the layout needs (2M+2) * (4 << DSTRD) bytes: ' +
      'violation if that exceeds 2^(12+CC.MPS) after the command succeeded.',
    bug:
      'With 4 KiB pages and DSTRD=0 the layout holds 511 I/O queues where the printed inequality would ' +
      'allow about 1,024; a large DSTRD breaks it early. An emulator that indexes past the page writes ' +
      'foreign guest memory.',
    stance:
      'The printed inequality lacks the factor 2: each queue has two entries. The layout decides; the gap ' +
      'between the two is only information.',
    exceptions: [
      { severity: 'info', when: 'the layout does not fit, but the inequality as printed would allow it' },
    ],
  },
  'DBC-CLR-LIFETIME': {
    tier: 1,
    party: 'both',
    strength: 'definition',
    kind: 'safety',
    events: ['reset', 'ei.sq', 'ei.cq', 'shadow.sq', 'shadow.cq'],
    sections: ['base/5.2.5', 'base/3.7.2'],
    statement:
      'Any Controller Level Reset ends shadow mode: neither side may use the old pages until a new ' +
      'Doorbell Buffer Config succeeds.',
    decide:
      'After a reset: a controller that writes EventIdx or acts on the old shadow page is at fault (the ' +
      'memory may be in use for something else). A host that only updates the shadow is at fault: it must ' +
      'ring the register for everything.',
    bug:
      'OpenVMM #4011/#4080 (stale shadow mapping after reset, guest memory corruption); Linux once kept ' +
      'using dbbuf after a reset when re-enabling failed.',
  },
  'DBC-QUEUE-INIT': {
    tier: 2,
    party: 'both',
    strength: 'consistency',
    kind: 'safety',
    events: ['adm', 'mem'],
    sections: ['base/5.2.5', 'base/B.5.1', 'base/3.7.3'],
    statement:
      'When a queue is created with shadow doorbells on, its shadow and EventIdx entries must start at 0, ' +
      'like the rings. Nothing says who clears them.',
    decide:
      'At a successful Create of q with the doorbell buffer on: violation if its shadow is not 0 (the host ' +
      'should have cleared it) or its EventIdx is not 0. When the buffer is configured the shadow must ' +
      'equal the current doorbell values of live queues, or the first comparison is against garbage.',
    bug:
      'Old Linux did not clear the entries, so SPDK writes 0 itself and so do the queue constructors of ' +
      'OpenVMM; both copy live doorbells into the shadow at Doorbell Buffer Config: convenient, but ' +
      'against "updated by the host" (SHADOW-CTRL-WRITE).',
    stance:
      'The text is silent, so this is a warning, and a controller that takes what it finds there is not ' +
      'blamed. Creation is judged; configuration is not yet. A second Doorbell Buffer Config is a move: from its ' +
      'completion on only the new pages count.',
  },
  'SHADOW-VALUE': {
    tier: 1,
    party: 'host',
    strength: 'consistency',
    kind: 'safety',
    events: ['shadow.sq', 'shadow.cq'],
    sections: ['base/5.2.5', 'base/3.3.1.2', 'pcie/3.1.2.1', 'pcie/3.1.2.2'],
    statement: 'A shadow entry mirrors a doorbell, so the same range and free-space limits apply to it.',
    demands: 'None stated for shadow values; error event 01h is the natural answer.',
    decide:
      'SQ-TAIL-RANGE, SQ-TAIL-OVERRUN, CQ-HEAD-RANGE and CQ-HEAD-PAST-TAIL applied to shadow writes; bits ' +
      '31:16 must be 0. The controller must survive any value: memory belongs to the guest.',
    bug: 'SPDK #2171 class: unvalidated guest value used as ring distance.',
  },
  'SHADOW-CTRL-WRITE': {
    tier: 2,
    party: 'controller',
    strength: 'definition',
    kind: 'safety',
    severity: 'warning',
    events: ['mem', 'shadow.sq', 'shadow.cq'],
    sections: ['base/5.2.5'],
    statement: 'The shadow doorbell buffer is written by the host only.',
    decide: 'A controller write into the shadow page after Doorbell Buffer Config is a violation.',
    bug:
      'QEMU stores the register value of the admin queue into the shadow; SPDK zeroes entries at create; ' +
      'OpenVMM and propolis copy current doorbells at Doorbell Buffer Config. Racing with a live guest ' +
      'this loses a tail update.',
    stance:
      'The text says the shadow is updated by the host, but several controllers write it; an error only ' +
      'when a newer host value is lost. A register write in shadow mode is a kick (SHADOW-REGRESS).',
    exceptions: [
      {
        severity: 'error',
        when: 'the write destroys a host update newer than any doorbell register write the controller has seen',
      },
    ],
  },
  'EVENTIDX-HOST-WRITE': {
    tier: 1,
    party: 'host',
    strength: 'definition',
    kind: 'safety',
    events: ['mem', 'ei.sq', 'ei.cq'],
    sections: ['base/5.2.5'],
    statement:
      'The EventIdx buffer is written by the controller only (the host may zero it before Doorbell Buffer ' +
      'Config).',
    decide: 'A host write into the EventIdx page while shadow doorbells are on is a violation.',
    bug:
      "Buffers swapped (PRP1/PRP2); clearing the entries of a live queue on a controller 'soft' reset " +
      'path.',
    exceptions: [
      { severity: 'info', when: 'the host zeroes the entry of a queue that is not live, as Linux does' },
    ],
  },
  'EVENTIDX-VALUE': {
    tier: 2,
    party: 'controller',
    strength: 'consistency',
    kind: 'safety',
    events: ['ei.sq', 'ei.cq'],
    sections: ['base/B.5.1', 'base/5.2.5'],
    statement:
      'EventIdx holds a doorbell value (0..N-1), normally one the controller has seen; it never runs ahead ' +
      'of the shadow.',
    decide:
      'On `ei{q,e}`: violation if e is not in the cyclic window from the last value processed to the ' +
      'current shadow value. An entry equal to the current shadow value asks for the next update; one just ' +
      'behind it, or older, asks for none until a wrap.',
    bug:
      'SPDK in poll mode writes FFFFFFFFh to CQ (and SQ) entries so that hosts ring only about once per ' +
      'lap: legal in effect, since a polling controller needs no ring; propolis writes EventIdx as 16 bits ' +
      'and leaves the upper half untouched.',
    stance:
      'Out-of-range values are not mentioned in the text; SPDK uses FFFFFFFFh to mean "never ring" while ' +
      'it polls. With one, rings and missing rings are both accepted and only the outcome counts.',
    exceptions: [
      { severity: 'info', when: 'the value is out of range (bits 31:16 set, or not below N): a sentinel' },
    ],
  },
};
