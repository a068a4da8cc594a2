/** Interrupts of a completion queue. */
import type { Rules } from '../rule.ts';

export const interrupts: Rules<'interrupts'> = {
  'INT-IEN0': {
    tier: 1,
    party: 'controller',
    strength: 'definition',
    kind: 'safety',
    events: ['irq', 'cqe.post', 'adm'],
    sections: ['base/5.2.1', 'pcie/3.5'],
    statement:
      'A CQ created with IEN=0 raises no interrupts. The admin CQ has no IEN bit and counts as enabled.',
    decide:
      'On `irq{vector}`: attribute to CQs with that IV and IEN=1 having unacknowledged entries; violation ' +
      'if the only candidates have IEN=0.',
    bug: 'IEN parsed from the wrong bit; interrupts sent per CQE regardless.',
  },
  'INT-VECTOR': {
    tier: 1,
    party: 'controller',
    strength: 'definition',
    kind: 'safety',
    events: ['irq', 'cqe.post', 'adm'],
    sections: ['base/5.2.1', 'base/3.1.4.10', 'pcie/3.2'],
    statement: "A CQ's interrupt uses the vector given at creation; the admin CQ always uses vector 0.",
    decide:
      'On `irq{v}`: violation if no live CQ with IV=v and IEN=1 has posted since its last interrupt or ' +
      'acknowledgement, but one with another vector has.',
    bug: 'Vector = qid; vector table shifted by one; vector kept after recreate.',
  },
  'INT-OWED': {
    tier: 1,
    party: 'controller',
    strength: 'should',
    kind: 'liveness',
    events: ['cqe.post', 'irq', 'db.cq', 'quiesce'],
    sections: ['pcie/3.5', 'pcie/3.5.2', 'base/3.3.1.2', 'base/5.1.25.2.2'],
    statement:
      'After posting to a CQ with IEN=1 an interrupt follows eventually (coalescing may merge or delay ' +
      'it).',
    decide:
      'At quiescence: a CQ with IEN=1, an unmasked vector and `d(H,t) > 0`, but no `irq{iv}` after the ' +
      'last post that made it non-empty or the last head update that left entries. Masked vectors: ' +
      'MSIX-MASKED. The debt ends when the host moves the head to t.',
    bug:
      'genode #4684 lost completion interrupts; edge lost because the interrupt was sent before the CQE ' +
      'was visible.',
    stance:
      'The text says a controller may interrupt. A device that never does hangs every interrupt-driven ' +
      'driver, so it is an error when such a host is left asleep.',
    exceptions: [{ severity: 'warning', when: 'no interrupt-driven host is known to sleep on it' }],
  },
  'INT-SPURIOUS': {
    tier: 2,
    party: 'controller',
    strength: 'consistency',
    kind: 'safety',
    severity: 'info',
    events: ['irq', 'db.cq'],
    sections: ['pcie/3.5', 'pcie/3.5.1'],
    statement: 'No interrupt without an unacknowledged completion behind it.',
    decide:
      'On `irq{v}`: reported if every CQ on v has `d(H,t) == 0`. One per CQ after a head update (a message ' +
      'in flight) and any number for shared pin interrupts are tolerated.',
    bug: 'Interrupt raised on head doorbell writes; level line not lowered.',
    stance: 'Information only.',
  },
  'INT-BEFORE-CQE': {
    tier: 2,
    party: 'controller',
    strength: 'consistency',
    kind: 'safety',
    events: ['irq', 'cqe.post'],
    sections: ['pcie/3.4.1', 'base/3.3.1.2'],
    statement: 'The interrupt comes after the CQE it announces is visible in memory.',
    decide:
      'On `irq{v}` with all CQs on v empty, immediately followed by a `cqe.post` on one of them and no ' +
      'further irq: violation.',
    bug:
      'irqfd signalled before the guest-memory write is released; relaxed-ordered DMA overtaken by the ' +
      'MSI.',
  },
  'INT-COALESCE-SCOPE': {
    tier: 2,
    party: 'controller',
    strength: 'should',
    kind: 'liveness',
    severity: 'warning',
    events: ['irq', 'cqe.post', 'adm', 'quiesce'],
    sections: ['base/5.1.25.2.2', 'base/5.1.25.2.3', 'pcie/3.5'],
    statement:
      'Coalescing applies to I/O CQs only; admin completions are not delayed; TIME or THR of 0 turns it ' +
      'off; per-vector disable wins.',
    decide:
      'With coalescing set: an admin CQE without an interrupt until the threshold is reached. For I/O, at ' +
      'quiescence an interrupt is owed once TIME elapsed or THR+1 entries are pending (both are ' +
      'recommendations).',
    bug:
      "THR treated as 1's based; aggregation timer never armed so the last few completions sit forever; " +
      'admin CQ sharing vector 0 with a coalesced I/O CQ.',
  },
  'INT-IVC-TARGET': {
    tier: 2,
    party: 'both',
    strength: 'should',
    kind: 'safety',
    events: ['adm', 'cqe.post'],
    sections: ['base/5.1.25.2.3', 'base/4.2.3.1'],
    statement:
      'Interrupt Vector Configuration names a vector already used by an I/O CQ; otherwise it is refused.',
    demands: '0h/02h Invalid Field in Command.',
    decide:
      'Set or Get Features 09h with an IV out of range or not attached to a live I/O CQ: host violation; ' +
      'controller violation if it succeeds.',
    bug: 'OpenVMM accepts any in-range vector.',
    exceptions: [
      { severity: 'error', when: 'the host names a vector that it has not attached to an I/O CQ' },
    ],
  },
};
