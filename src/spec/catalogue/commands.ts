/** Command identifiers and completions. */
import type { Rules } from '../rule.ts';

export const commands: Rules<'commands'> = {
  'CID-UNIQUE': {
    tier: 1,
    party: 'host',
    strength: 'definition',
    kind: 'safety',
    events: ['sqe.fetch', 'cqe.post', 'db.sq'],
    sections: ['base/4.1.1', 'base/3.4.5', 'base/4.2.3.1'],
    statement:
      'Among the outstanding commands of one SQ every CID is different; the pair (SQID, CID) names the ' +
      'command.',
    demands:
      'Controller may answer 0h/03h Command ID Conflict; the search is implementation specific, so not ' +
      'answering is legal.',
    decide:
      'On `sqe.fetch`: violation if cid is in `out[q]` and that earlier command was outstanding at the ' +
      'submission of this one (its CQE was not posted before the tail write covering this slot). After an ' +
      "immediate abort a command stops being outstanding at the Abort's CQE, though its own CQE may still " +
      'arrive.',
    bug:
      'CID reused on timeout without abort; CID = slot index while slots are freed by SQHD before the ' +
      'command completes; CID wrap in a 16-bit counter with long-lived AERs.',
    stance: 'How far a controller searches for a conflict is its own affair; only the host is judged.',
  },
  'CID-CONFLICT-SPURIOUS': {
    tier: 2,
    party: 'controller',
    strength: 'consistency',
    kind: 'safety',
    events: ['cqe.post', 'sqe.fetch'],
    sections: ['base/4.2.3.1', 'base/4.1.1'],
    statement:
      'Command ID Conflict is legitimate only when another command of the same SQ with that CID is ' +
      'outstanding.',
    decide:
      'On `cqe.post` with SCT 0h SC 03h: violation if no other outstanding command with that CID existed ' +
      'in that SQ when it was fetched. The same CID on two SQs, even sharing a CQ, is not a conflict.',
    bug: 'Tag table keyed by CID only instead of (SQID,CID).',
    stance: 'Never reporting a conflict is legal; reporting one that is not there is not.',
  },
  'CQE-UNKNOWN-CID': {
    tier: 1,
    party: 'controller',
    strength: 'definition',
    kind: 'safety',
    events: ['cqe.post'],
    sections: ['base/4.2.1', 'base/3.3', 'base/3.4.5'],
    statement: 'Every CQE answers a command that is outstanding on the SQ it names.',
    decide:
      'On `cqe.post{sqid,cid}`: violation if SQ sqid does not exist, or cid is not in `out[sqid]` and not ' +
      'among the commands aborted immediately whose CQE is still due.',
    bug:
      "SQID field left 0; CID of a previous life after reset; OpenVMM's nvme_driver panics on one, Linux " +
      "logs 'invalid id completed'.",
  },
  'CQE-DUPLICATE': {
    tier: 1,
    party: 'controller',
    strength: 'definition',
    kind: 'safety',
    events: ['cqe.post'],
    sections: ['base/3.4.2', 'base/1.5.18', 'base/3.4.5'],
    statement: 'A command is completed exactly once.',
    decide:
      'On `cqe.post`: violation if (sqid,cid) already completed and has not been submitted again. Report ' +
      'separately from CQE-UNKNOWN-CID because the cause differs.',
    bug:
      'Abort path and normal path both complete; replay after restore posts again (RESTORE-REAP); retry of ' +
      'a post after a full CQ.',
  },
  'CQE-BEFORE-FETCH': {
    tier: 1,
    party: 'controller',
    strength: 'consistency',
    kind: 'safety',
    events: ['cqe.post', 'sqe.fetch'],
    sections: ['pcie/3.4.1', 'base/3.4.4', 'base/1.5.19'],
    statement: 'A completion can only follow the fetch of its command, and the fetch its submission.',
    decide:
      'On `cqe.post`: violation if the matching command has been submitted but not fetched, or the slot is ' +
      'not yet covered by the tail. Admin commands answered by the front end still need a fetch event.',
    bug:
      'A device completes from a stale entry left in the ring. An adapter that emits events out of order ' +
      'looks the same: check it first.',
  },
  'CMD-COMPLETES': {
    tier: 1,
    party: 'controller',
    strength: 'definition',
    kind: 'liveness',
    events: ['cqe.post', 'quiesce'],
    sections: ['base/1.5.18', 'base/3.4.5', 'base/3.4.2'],
    statement:
      'Every submitted command other than an AER is eventually answered by one CQE, unless it stopped ' +
      'being outstanding in one of the listed ways (3.4.5).',
    demands: 'None; the host aborts, deletes the queue or resets.',
    decide:
      'At quiescence with EN=RDY=1, SHST=00b, PP=0, CQ not full, SQ not frozen: each remaining entry of ' +
      '`out` except AERs is a violation. The specification sets no time limit; quiescence decides, not a ' +
      'timeout.',
    bug:
      'Lost wake-up, lost interrupt mistaken for lost completion, I/O error path without a completion; ' +
      'OpenVMM #3474: an in-flight counter underflow on an inline error completion panicked the worker.',
  },
  'CQE-WRONG-CQ': {
    tier: 1,
    party: 'controller',
    strength: 'shall',
    kind: 'safety',
    events: ['cqe.post'],
    sections: ['base/3.1.4.10', 'base/3.3', 'base/5.2.2'],
    statement:
      "A command's CQE goes to the CQ its SQ was created with; admin completions go to the admin CQ.",
    decide:
      'On `cqe.post{cq,sqid}`: violation if `cqid(sqid) != cq`; for sqid=0 cq must be 0. Error completions ' +
      'included.',
    bug: 'QID used as CQ id (works only for 1:1 layouts); shared-CQ set-ups: OpenVMM #1945.',
  },
  'CID-FFFF': {
    tier: 2,
    party: 'host',
    strength: 'should',
    kind: 'safety',
    events: ['sqe.fetch'],
    sections: ['base/4.1.1'],
    statement:
      "FFFFh should not be used as a CID because the Error Information log uses it for 'no particular " +
      "command'.",
    decide: 'On `sqe.fetch`: violation if cid is FFFFh.',
    bug: 'Full-range 16-bit rolling CID.',
  },
};
