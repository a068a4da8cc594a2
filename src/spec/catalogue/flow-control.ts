/** Completion queue flow control. */
import type { Rules } from '../rule.ts';

export const flowControl: Rules<'flow-control'> = {
  'CQ-FULL-NO-POST': {
    tier: 1,
    party: 'controller',
    strength: 'shall',
    kind: 'safety',
    events: ['cqe.post', 'db.cq', 'shadow.cq'],
    sections: ['base/3.3.1.2.1', 'base/3.3.1.5', 'base/3.3.3.1'],
    statement: 'With no free slot in a CQ the controller must not post to it until the host frees one.',
    decide:
      'On `cqe.post{cq}`: violation if `d(H,t) == N-1` just before. With shadow doorbells the newest of ' +
      'register and shadow head counts, which only makes the test more lenient.',
    bug:
      'Overwriting unread completions when the CQ is smaller than the sum of its SQs; treating N as usable ' +
      'capacity instead of N-1; stale head after reset.',
    stance:
      'More commands outstanding than the CQ has slots is legal on PCIe: that is what flow control is for. ' +
      'In 2.0 the text stands in Queue Usage without a heading of its own.',
  },
  'CQ-FULL-NO-LOSS': {
    tier: 1,
    party: 'controller',
    strength: 'shall',
    kind: 'liveness',
    events: ['cqe.post', 'quiesce'],
    sections: ['base/3.3.1.2.1', 'base/1.5.18', 'base/3.4.4'],
    statement: 'A completion that cannot be posted because the CQ is full is delayed, never dropped.',
    decide:
      'At quiescence: a command that was fetched, is still outstanding (3.4.5), is not an AER, and whose ' +
      'CQ is not full, is lost. It belongs to this rule when the CQ was full at some time after that ' +
      "command's fetch, otherwise to CMD-COMPLETES.",
    bug:
      'SPDK vfio-user: post_completion returns -1 on a full CQ and the completion is gone; it avoids the ' +
      'case by SQ-side flow control (nr_outstanding, review 25473) while citing 3.3.1.2.1.',
  },
  'CQ-FULL-ISOLATION': {
    tier: 1,
    party: 'controller',
    strength: 'shall',
    kind: 'liveness',
    events: ['cqe.post', 'sqe.fetch', 'quiesce'],
    sections: ['base/3.3.1.2.1'],
    statement: 'A full CQ may stall only the SQs bound to it; SQs bound to other CQs keep being processed.',
    decide:
      'At quiescence while CQ z is full: violation if an SQ bound to another CQ has `d(Hf,T) > 0` or a ' +
      'command without its completion, although that CQ is not full, the controller is enabled and the SQ ' +
      'is not frozen.',
    bug:
      'One worker thread per controller (or one lock) that blocks on the full CQ; a retry loop that spins ' +
      'on the full CQ.',
  },
  'CQ-FULL-RESUME': {
    tier: 1,
    party: 'controller',
    strength: 'consistency',
    kind: 'liveness',
    events: ['db.cq', 'shadow.cq', 'cqe.post', 'quiesce'],
    sections: ['base/3.3.1.2.1', 'base/B.5.1'],
    statement:
      'When the host frees slots, posting (and fetching, if it had been paused) resumes without needing ' +
      'some other event.',
    decide:
      'After `db.cq`/`shadow.cq` moves a full CQ to non-full and there are completions owed or SQEs ' +
      'unfetched on its SQs: before quiescence a `cqe.post` (or fetch) must follow. With shadow doorbells ' +
      'blame EVENTIDX-CQ-LOST-WAKEUP if the host was not obliged to ring the register.',
    bug:
      "propolis #1026/#1043: CQ EventIdx lagged so the guest's head update never notified the device; " +
      'OpenVMM shadow-doorbell work (#1582) around the same hazard.',
  },
  'ADMIN-NOT-BLOCKED': {
    tier: 2,
    party: 'controller',
    strength: 'should',
    kind: 'liveness',
    events: ['cqe.post', 'adm', 'quiesce'],
    sections: ['base/5', 'base/3.3.1.2.1'],
    statement:
      'Admin commands should not be held up by I/O queue state; deleting an SQ must work while its CQ is ' +
      'full.',
    demands: "None; the host's remedy is a Controller Level Reset.",
    decide:
      'While some I/O CQ is full: violation if a fetched admin command (not an AER, not waiting for room ' +
      'in the admin CQ) has no completion by quiescence. For Delete I/O SQ see DELETE-COMPLETES.',
    bug:
      'Delete SQ waits for in-flight commands whose CQEs cannot be posted because the CQ is full: ' +
      'deadlock; propolis #1080 deadlock between an admin action and running I/O.',
  },
  'CQE-SLOT-ORDER': {
    tier: 1,
    party: 'controller',
    strength: 'definition',
    kind: 'safety',
    events: ['cqe.post'],
    sections: ['base/3.3.1.2', 'base/4.2.4'],
    statement:
      'Completions are written to consecutive slots, each to the next free slot, wrapping from N-1 to 0.',
    decide:
      'On `cqe.post{cq,slot}`: violation if `slot != t`. Then `t = (t+1) mod N`, and toggle P when t ' +
      'becomes 0.',
    bug:
      'Wrap at the wrong size; two posters racing for the same slot; tail not reset on recreate ' +
      '(QUEUE-FRESH-STATE).',
  },
  'HOST-REAP': {
    tier: 2,
    party: 'host',
    strength: 'should',
    kind: 'liveness',
    events: ['cqe.post', 'db.cq', 'shadow.cq', 'quiesce'],
    sections: ['pcie/3.1.2.2', 'base/3.3.1.2', 'pcie/A.2'],
    statement: 'The host keeps consuming completions and publishing the head, whatever the state of its SQs.',
    decide:
      'At quiescence with the host still running: `d(H,t) > 0` on a CQ whose interrupt was delivered (or ' +
      'IEN=0). It is an error, with the host as the blocked party, if the CQ is also full and completions ' +
      'are owed.',
    bug:
      'rocm-xio #68 never rang the CQ head doorbell, so the device stopped after N-1 completions; head ' +
      'published only when the SQ needs room.',
    exceptions: [{ severity: 'warning', when: 'the CQ is not full and nothing else waits for room in it' }],
  },
};
