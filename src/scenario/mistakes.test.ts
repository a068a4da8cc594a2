import t from 'tap';
import { mistakes, script, workload } from './loading.fixture.ts';

void t.test('mistakes, each with its place', async (t) => {
  const cases: readonly (readonly [string, string, ...string[]])[] = [
    [
      'unknown word',
      script('  - submitt: { sq: sq1, read: 1 }'),
      '6:5 unknown word "submitt" (did you mean "submit"?)',
    ],
    ['unknown bare word', script('  - setle'), '6:5 unknown word "setle" (did you mean "settle"?)'],
    [
      'word of the design',
      script('  - restore'),
      '6:5 "restore" is a word of the language that is not built yet',
    ],
    [
      'argument forgotten',
      script('  - submit'),
      '6:5 "submit" needs an argument (as in: submit: { sq: sq1, read: 1 })',
    ],
    ['argument too many', script('  - settle: 3'), '6:5 "settle" takes no argument (write only: settle)'],
    [
      'not indented',
      script('  - submit:\n    sq: sq1'),
      '7:5 one word at a time: here are "submit" and "sq" (indent what "submit" takes further than "submit" itself)',
    ],
    ['no word', script('  - 3'), '6:5 expected a word, found 3'],
    [
      'unknown key',
      script('  - submit: { sq: sq1, raed: 6 }'),
      '6:24 unknown key "raed" (did you mean "read"?)',
    ],
    [
      'two operations',
      script('  - submit: { sq: sq1, read: 1, flush: 1 }'),
      '6:33 one operation at a time: here are read and flush',
    ],
    ['wrong type', script('  - submit: { sq: sq1, read: many }'), '6:30 expected a number, found "many"'],
    ['fraction', script('  - submit: { sq: sq1, read: 1.5 }'), '6:30 expected a whole number, found 1.5'],
    [
      'count over the limit',
      script('  - reap: { cq: cq1, entries: 5000 }'),
      '6:31 number of entries over the limit of 4096',
    ],
    [
      'more than fit',
      script('  - submit: { sq: sq1, read: 8 }'),
      '6:30 8 commands at once, but sq1 has 8 slots and holds at most 7 (submit them in parts, with settle between)',
    ],
    [
      'unknown queue',
      script('  - ring: sq9'),
      '6:11 "sq9" is no queue of this scenario (did you mean "sq1" or "sq2"?)',
    ],
    [
      'wrong kind of queue',
      script('  - reap: { cq: sq1 }'),
      '6:17 sq1 is a submission queue: a completion queue is wanted',
    ],
    [
      'queue not created yet',
      script('  - ring: sq2\n  - create: sq2\n  - ring: sq2'),
      '6:11 sq2 is used before it is created (add before this: - create: sq2)',
    ],
    ['which queue', script('  - submit: { read: 1 }'), '6:13 which queue? there are several (add sq: sq1)'],
    [
      'abort of nothing',
      script('  - abort: { sq: sq1, command: 0 }'),
      '6:32 no commands submitted to sq1 before this (commands count from 0)',
    ],
    [
      'unknown register',
      script('  - write: { register: CD, value: 1 }'),
      '6:24 unknown register "CD" (did you mean "CC"?)',
    ],
    ['odd offset', script('  - write: { register: 0x15, value: 1 }'), '6:24 offsets are multiples of 4'],
    [
      'expect without settle',
      script(
        '  - settle\n  - expect: { cq1: { posted: 0 } }\n  - reap: cq1\n  - expect: { cq1: { posted: 0 } }',
      ),
      '9:5 expect stands only after settle: elsewhere anything may have happened (add: - settle)',
    ],
    [
      'unknown expectation',
      script('  - settle\n  - expect: { cq1: { post: 0 }, foo: 1, answered: 1 }'),
      '7:22 unknown key "post" (did you mean "posted"?)',
      '7:33 nothing to expect of this (expect takes cq1, sq1 …, admin and event)',
      '7:41 "answered" is a word of the language that is not built yet',
    ],
    [
      'unknown status',
      script('  - settle\n  - expect: { sq1: { status: sucess } }'),
      '7:30 unknown status "sucess" (did you mean "success"?)',
    ],
    [
      'impossible expectation',
      script('  - settle\n  - expect: { cq1: { unread: 4 } }'),
      '7:30 cq1 has 4 slots and never holds more than 3 entries',
    ],
    [
      'driver beside steps',
      script('  - settle', 'driver: reference'),
      '7:1 a driver beside steps: there the script is the host (only { wakeup: … } can be set)',
    ],
    [
      'host rule in a verdict',
      script('  - settle', 'expect: { violates: [SQ-TAIL-RANGE] }'),
      '7:22 SQ-TAIL-RANGE obliges the host, and here the script is the host (provokes: [SQ-TAIL-RANGE])',
    ],
    [
      'provoked rule of the controller',
      script('  - settle', 'provokes: [CQ-FULL-NO-POST]'),
      '7:12 CQ-FULL-NO-POST obliges the controller: a script cannot break it (rules: is for what is exercised)',
    ],
    ['two bodies', workload('steps: [settle]'), '4:1 one body at a time: here is steps too'],
    [
      'provoking workload',
      workload('provokes: [SQ-TAIL-RANGE]'),
      '5:1 only a script provokes: in a workload both sides are judged (say what must come out with expect)',
    ],
    [
      'unknown rule',
      workload('rules: [CQ-FULL-NO-LOS, CQ-FULL-RESUME, CQ-FULL-RESUME]'),
      '5:9 unknown rule "CQ-FULL-NO-LOS" (did you mean "CQ-FULL-NO-LOSS" or "CQ-FULL-NO-POST"?)',
      '5:41 this rule stands twice',
    ],
    ['budget', workload('explore: { random: { runs: 0 } }'), '5:28 number of runs must be at least 1'],
  ];
  for (const [what, text, ...wanted] of cases) t.same(mistakes(text), wanted, what);
});

/** Mistakes of a good scenario with `queues`, from line 4. */
function of(queues: string): string[] {
  return mistakes(`nvme-conform: 1\nscenario: t\nqueues:\n${queues}\nsteps: [settle]\n`);
}

void t.test('mistakes in queues', async (t) => {
  t.same(of('  sq1: { cq: cq2, size: 8 }\n  cq1: { size: 4 }'), [
    '4:14 sq1 names "cq2", a cq that no queue defines (did you mean "cq1"?)',
  ]);
  t.same(
    of('  sq1: { cq: cq1, size: 8 }\n  cq1: { size: 4097 }'),
    ['5:16 size over the limit of 4096 slots'],
    'no echo',
  );
  t.same(of('  cq1: { size: 1 }'), ['4:16 a queue has at least 2 slots (Base 2.1, 3.3.3.1)']);
  t.same(of('  cq1: {}'), ['4:8 "size" is missing']);
  t.same(of('  cq1:\n    vector: 1'), ['5:5 "size" is missing'], 'missing keys at the parent');
  t.same(
    of('  cq1: { size: 4, vectr: 1 }'),
    ['4:19 unknown key "vectr" (did you mean "vector"?)'],
    'at the key',
  );
  t.same(of('  cq1: { polled: true, vector: 1, size: 4 }'), ['4:24 a polled queue has no vector']);
  t.same(of('  cq17: { size: 4 }\n  q: 1'), [
    '4:3 a queue is called cq1 … cq16 or sq1 … sq16 (the number is its queue identifier)',
    '5:3 a queue is called cq1 … cq16 or sq1 … sq16 (the number is its queue identifier)',
  ]);
  t.same(of('  cq1: { size: 4, created: false }\n  sq1: { size: 4, cq: cq1 }'), [
    '5:23 sq1 is created in bring-up, but its cq1 is not (add created: false to sq1)',
  ]);
});

void t.test('places are right after keys are reordered', async (t) => {
  const lines = [
    'scenario: t',
    'nvme-conform: 2',
    'steps: [settle]',
    'ruls: []',
    'queues: { cq1: { size: 1 } }',
  ];
  for (let turn = 0; turn < lines.length; turn++) {
    const turned = [...lines.slice(turn), ...lines.slice(0, turn)];
    const line = (text: string): number => turned.findIndex((each) => each.startsWith(text)) + 1;
    const wanted = [
      `${line('nvme')}:15 this program reads version 1 of the language: nvme-conform: 1`,
      `${line('ruls')}:1 unknown key "ruls" (did you mean "rules"?)`,
      `${line('queues')}:24 a queue has at least 2 slots (Base 2.1, 3.3.3.1)`,
    ];
    t.same(
      mistakes(turned.join('\n')),
      wanted.toSorted((a, b) => Number.parseInt(a) - Number.parseInt(b)),
    );
  }
});
