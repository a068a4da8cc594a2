/** Arbitration. */
import type { Rules } from '../rule.ts';

const heuristic =
  'The definition of arbitration burst counts commands fetched; the section on arbitration counts ' +
  'commands the controller starts to process. Only fetches can be seen, so this rule is a heuristic ' +
  'and off by default.';

export const arbitration: Rules<'arbitration'> = {
  'ARB-RR-FAIR': {
    tier: 3,
    party: 'controller',
    strength: 'shall',
    kind: 'safety',
    severity: 'warning',
    offByDefault: true,
    events: ['sqe.fetch', 'db.sq'],
    sections: ['base/3.4.4.1', 'base/3.4.4', 'base/3.1.4.5'],
    statement: 'With CC.AMS=000b SQs, the admin SQ included, are served round-robin with equal priority.',
    decide:
      'While a set of SQs is continuously non-empty and none is blocked by a full CQ, each must be fetched ' +
      'from before any is served a third time.',
    bug: "OpenVMM's I/O loop always polls the first SQ of a shared CQ first; 'poll lowest qid first' loops.",
    stance: heuristic,
  },
  'ARB-BURST': {
    tier: 3,
    party: 'controller',
    strength: 'shall',
    kind: 'safety',
    severity: 'warning',
    offByDefault: true,
    events: ['sqe.fetch', 'adm'],
    sections: ['base/3.4.4', 'base/1.5.8', 'base/5.1.25.1.1'],
    statement:
      'No more than 2^AB commands are taken from one SQ before arbitrating again (AB=111b: no limit).',
    decide:
      'Count consecutive fetches from one SQ while another was non-empty and eligible throughout: ' +
      'violation above 2^AB (a fused pair may count as one).',
    bug: 'Emulators drain a whole ring per wake-up.',
    stance: heuristic,
  },
  'ARB-STARVE': {
    tier: 2,
    party: 'controller',
    strength: 'consistency',
    kind: 'liveness',
    events: ['sqe.fetch', 'quiesce'],
    sections: ['base/3.4.4.1', 'base/3.3.1.2.1'],
    statement:
      'Under round robin a non-empty SQ whose CQ has room is eventually served however busy the others ' +
      'are.',
    decide:
      'SQ y non-empty and eligible while K fetches go to others (K is configurable, for example 10 * ' +
      'number of SQs * 2^AB), or still unserved at quiescence.',
    bug: 'Admin SQ starved by I/O polling; one shared-CQ sibling monopolising the in-flight limit.',
    exceptions: [{ severity: 'warning', when: 'the SQ was overtaken many times, yet served in the end' }],
  },
  'ARB-WRR-STRICT': {
    tier: 3,
    party: 'controller',
    strength: 'shall',
    kind: 'safety',
    severity: 'warning',
    offByDefault: true,
    events: ['sqe.fetch', 'adm', 'reg.w'],
    sections: ['base/3.4.4.2', 'base/5.1.25.1.1', 'base/3.3.3.3'],
    statement:
      'With CC.AMS=001b: the admin queue before urgent, urgent before the weighted classes; within those, ' +
      "credits by HPW, MPW and LPW (0's based).",
    decide:
      'A fetch from a lower strict class while an SQ of a higher class was non-empty and eligible for ' +
      'longer than one burst. Only if CAP.AMS and CC.AMS select weighted round robin; QPRIO is ignored ' +
      'otherwise.',
    bug: 'QPRIO accepted and ignored while CAP.AMS advertises WRR.',
    stance: heuristic,
  },
};
