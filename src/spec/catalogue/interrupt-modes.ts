/** MSI-X, MSI and pin interrupts. */
import type { Rules } from '../rule.ts';

export const interruptModes: Rules<'interrupt-modes'> = {
  'MSIX-MASKED': {
    tier: 1,
    party: 'controller',
    strength: 'definition',
    kind: 'safety',
    events: ['irq', 'irq.mask', 'cqe.post'],
    sections: ['pcie/3.5.2'],
    statement:
      'While a vector (or the function) is masked in MSI-X no message is sent and the pending bit is set ' +
      'instead.',
    decide:
      '`irq{v}` while the function mask or the vector mask is set is a violation. After `cqe.post` on a CQ ' +
      'with IEN=1 on v while masked, pending[v] must read 1.',
    bug:
      'Mask honoured only for the function bit; PBA always reads 0 (tnvme exercises this in ' +
      'partialReapMSIX).',
  },
  'MSIX-UNMASK': {
    tier: 1,
    party: 'controller',
    strength: 'definition',
    kind: 'liveness',
    events: ['irq.mask', 'irq', 'quiesce'],
    sections: ['pcie/3.5.2'],
    statement: 'When a vector with a pending bit is unmasked the message is generated.',
    decide:
      'At unmask with pending[v]=1 and entries still unacknowledged: an `irq{v}` must follow by ' +
      'quiescence; pending then clears. If the host drained the CQ while masked, sending and not sending ' +
      'are both accepted.',
    bug:
      'Pending recorded but not replayed: I/O hang after a mask/unmask cycle (common in VFIO-style ' +
      'emulation).',
  },
  'INTM-MASKED': {
    tier: 2,
    party: 'controller',
    strength: 'definition',
    kind: 'safety',
    events: ['reg.w', 'reg.r', 'irq'],
    sections: ['base/3.1.4.3', 'base/3.1.4.4', 'pcie/3.5.1'],
    statement:
      'In pin/MSI mode a vector masked through INTMS raises nothing, and is not even shown as pending in ' +
      'the MSI capability.',
    decide:
      'Keep M from INTMS (set) and INTMC (clear), 0 at reset. `irq{v}`, or INTx asserted only by v, with ' +
      'M[v]=1 is a violation. Both registers read back M.',
    bug:
      'propolis ignores INTMS and INTMC; SPDK #2009 (Windows on INTx relies on them). Figure 35 of Base ' +
      '2.0 prints a wrong INTMC offset.',
  },
  'INTM-MSIX-ACCESS': {
    tier: 1,
    party: 'host',
    strength: 'shall',
    kind: 'safety',
    events: ['reg.w', 'reg.r'],
    sections: ['base/3.1.4.3', 'base/3.1.4.4'],
    statement: 'The host does not touch INTMS/INTMC while MSI-X is configured.',
    demands: 'The result is undefined.',
    decide: 'A read or write of 0Ch or 10h with MSI-X enabled is a violation.',
    bug: 'Generic ISR code writing INTMS in every mode.',
  },
  'INTX-LEVEL': {
    tier: 2,
    party: 'controller',
    strength: 'definition',
    kind: 'safety',
    events: ['irq', 'db.cq', 'cqe.post', 'reg.w'],
    sections: ['pcie/3.5.1', 'pcie/3.5.1.1', 'pcie/A.3'],
    statement:
      'INTx is level: asserted exactly while some unmasked vector has an unacknowledged CQE; the head ' +
      'doorbell write acknowledges.',
    decide:
      'At each event L is: some CQ with IEN=1 and an unmasked vector has `d(H,t) > 0` (coalescing gives ' +
      'slack on assertion only). De-asserting with L, or staying asserted at quiescence without L, is a ' +
      'violation.',
    bug:
      'Line dropped when one of several CQs is drained; line stuck after the last head update (interrupt ' +
      'storm).',
  },
  'MSI-EDGE': {
    tier: 2,
    party: 'controller',
    strength: 'shall',
    kind: 'liveness',
    events: ['cqe.post', 'db.cq', 'reg.w', 'irq', 'quiesce'],
    sections: ['pcie/3.5.1'],
    statement:
      "With MSI a message is sent when the vector's status goes from clear to set while unmasked, and when " +
      'it is unmasked while set.',
    decide:
      'IS[v] is set while some CQ of v with IEN=1 has unacknowledged entries. When it goes 0 to 1 with ' +
      'M[v]=0, or INTMC clears M[v] with IS[v]=1, an `irq{v}` must follow by quiescence.',
    bug: 'Unmask does not replay; IS cleared by the message instead of by the head doorbell.',
  },
};
