import t from 'tap';
import { parseScenario } from './load.ts';
import { known, mistakes } from './loading.fixture.ts';
import { hostPlan } from './plan.ts';
import type { Scenario } from './scenario.ts';

/** A workload with three commands for sq1 and none for sq2; `control` begins in line 7. */
function text(control: string, top = ''): string {
  return `nvme-conform: 1
scenario: t
queues: { cq1: { size: 4 }, cq2: { size: 4 }, sq1: { size: 4, cq: cq1 }, sq2: { size: 4, cq: cq1 } }
workload:
  threads: [[{ sq: sq1, read: 2 }, { sq: sq1, write: 1 }]]
  control:
${control}
${top}`;
}

function loaded(text: string): Scenario {
  const parsed = parseScenario('x.yaml', text, known);
  if ('scenario' in parsed) return parsed.scenario;
  throw new Error(parsed.diagnostics.map(({ message }) => message).join('\n'));
}

void t.test('a control plane, word by word', async (t) => {
  const scenario = loaded(
    text(
      `    - delete: sq1
    - create: { queue: sq1, size: 7, cq: cq2 }
    - create: sq1
    - delete: { queue: cq1 }
    - create: { queue: cq1, size: 2, vector: 1 }
    - abort: { sq: sq1, command: 2 }
    - mask: { vector: 1 }
    - save
    - restore
    - reset: nssr
    - inspect`,
      'doorbell-buffer: between-queues',
    ),
  );
  const plan = hostPlan(scenario);
  t.equal(plan.doorbellBuffer, 'between-queues');
  t.same(plan.control, [
    { do: 'delete-sq', qid: 1 },
    { do: 'create-sq', qid: 1, size: 7, cqid: 2 },
    { do: 'create-sq', qid: 1, size: 4, cqid: 1 },
    { do: 'delete-cq', qid: 1 },
    { do: 'create-cq', qid: 1, size: 2 },
    { do: 'abort', sqid: 1, command: 2 },
    { do: 'mask', vector: 1 },
    { do: 'save' },
    { do: 'restore' },
    { do: 'reset', kind: 'nssr' },
    { do: 'inspect' },
  ]);
});

void t.test('mistakes in a control plane, each with its place', async (t) => {
  const cases: readonly (readonly [string, string, ...string[]])[] = [
    [
      'nothing to restore',
      '    - save\n    - inspect\n    - restore',
      '9:7 nothing was saved just before this (restore follows save at once)',
    ],
    [
      'restored twice',
      '    - save\n    - restore\n    - restore',
      '9:7 nothing was saved just before this (restore follows save at once)',
    ],
    [
      'abort of a command that never comes',
      '    - abort: { sq: sq1, command: 3 }',
      '7:34 the threads submit only 3 commands to sq1 (commands count from 0)',
    ],
    [
      'abort of nothing',
      '    - abort: { sq: sq2, command: 0 }',
      '7:34 the threads submit no commands to sq2 (commands count from 0)',
    ],
    [
      'abort on a completion queue',
      '    - abort: { sq: cq1, command: 0 }',
      '7:20 cq1 is a completion queue: a submission queue is wanted',
    ],
    [
      'a queue that the scenario does not define',
      '    - create: { queue: sq7, size: 3 }',
      '7:24 "sq7" is no queue of this scenario (did you mean "sq1" or "sq2"?)',
    ],
    [
      'one slot',
      '    - create: { queue: sq1, size: 1 }',
      '7:35 a queue has at least 2 slots (Base 2.1, 3.3.3.1)',
    ],
    ['too many slots', '    - create: { queue: cq1, size: 4097 }', '7:35 size over the limit of 4096 slots'],
    [
      'another queue identifier',
      '    - delete: { queue: sq1, qid: 9 }',
      '7:34 in a workload sq1 keeps its qid (size and cq can be new)',
    ],
    [
      'another vector',
      '    - create: { queue: cq1, vector: 2 }',
      '7:37 in a workload cq1 keeps its vector (size and cq can be new)',
    ],
    [
      'polled now',
      '    - create: { queue: cq1, polled: true }',
      '7:37 in a workload cq1 keeps its vector (size and cq can be new)',
    ],
    ['a CQ on a CQ', '    - create: { queue: cq1, cq: cq2 }', '7:29 a completion queue has no cq'],
    [
      'on a CQ that is not there',
      '    - create: { queue: sq1, cq: 9 }',
      '7:33 "cq9" is no queue of this scenario (did you mean "cq1" or "cq2"?)',
    ],
    [
      'unknown kind of reset',
      '    - reset: function-level',
      '7:14 unknown kind of reset "function-level" (known: cc-en, flr, conventional, nssr)',
    ],
  ];
  for (const [what, control, ...wanted] of cases) t.same(mistakes(text(control)), wanted, what);
  t.same(mistakes(text('    - save', 'doorbell-buffer: between')), [
    '8:18 unknown value "between" (did you mean "between-queues"?)',
  ]);
});
