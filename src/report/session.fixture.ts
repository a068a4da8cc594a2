/** A fuzz session made by hand, in which something of every kind happened. */
import type { Counterexample, FuzzResult } from '../fuzz/result.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { FuzzHeader } from './reporter.ts';
import { conforming, lostWakeup, regress } from './report.fixture.ts';

export const fuzzHeader: FuzzHeader = {
  command: 'fuzz',
  driver: 'linux/single-pass',
  controller: 'propolis/before',
  records: [
    {
      role: 'controller',
      names: ['propolis/before', 'propolis/pre-e25e56ee'],
      knownFor: 'sleeps on a full CQ for ever when the host rings by the strict formula (#1008)',
      folder: 'fixtures/findings',
      findings: [
        { name: 'full.yaml', rules: ['EVENTIDX-CQ-LOST-WAKEUP'] },
        { name: 'other.yaml', rules: ['CQ-FULL-RESUME'] },
      ],
    },
    { role: 'driver', names: ['linux/single-pass'], knownFor: 'conforms', folder: '', findings: [] },
  ],
  again: ['nvme-conform', 'fuzz', '--controller', 'propolis/before', '--seed', '1', '--runs', '50000'],
};

const scenario: Scenario = {
  file: '.nvme-conform/eventidx-cq-lost-wakeup-1f3a.yaml',
  title: 'EVENTIDX-CQ-LOST-WAKEUP, found by fuzzing propolis/before',
  rules: ['EVENTIDX-CQ-LOST-WAKEUP'],
  provokes: [],
  doorbellBuffer: 'after-queues',
  queues: [],
  wakeup: 'strict',
  body: { kind: 'workload', threads: [], control: [] },
  exploration: { scripted: true, random: undefined, exhaustive: undefined },
  pairings: [
    {
      driver: { model: 'linux/single-pass', decisions: {} },
      controller: { model: 'propolis/before', decisions: {} },
      verdict: { kind: 'conforms' },
      position: { line: 1, column: 1 },
    },
  ],
};

export const counterexample: Counterexample = {
  file: scenario.file,
  finding: { ...lostWakeup, foundBy: 'random' },
  scenario,
  commands: 2,
  steps: 11,
  preemptions: 3,
  shrunk: true,
  block: 4,
  run: 17,
  duplicates: 1204,
};

export const session: FuzzResult = {
  seed: 1,
  shard: { index: 2, of: 8 },
  driver: fuzzHeader.driver,
  controller: fuzzHeader.controller,
  asked: 50_000,
  runs: 50_000,
  worlds: 782,
  notApplicable: 18,
  down: 0,
  steps: 6_543_210,
  unfinished: 12,
  milliseconds: 41_234,
  exercised: { 'CQ-FULL-NO-POST': 31_004, 'CQ-FULL-RESUME': 8_112, 'EVENTIDX-CQ-LOST-WAKEUP': 977 },
  warnings: { 'HOST-REAP': 12 },
  features: { 'shadow doorbells': 390, 'controller reset': 201, 'queue re-created': 188, 'Save': 44 },
  schedulers: { 'uniform': 12_500, 'pct': 18_750, 'starve-one': 9_375, 'bursts': 9_375, 'speeds': 0 },
  counterexamples: [
    counterexample,
    {
      ...counterexample,
      file: undefined,
      finding: { ...regress, severity: 'error' },
      commands: 1,
      steps: 1,
      preemptions: 0,
      shrunk: false,
      duplicates: 0,
    },
  ],
  notShrunk: { 'EVENTIDX-CQ-LOST-WAKEUP': 2_317 },
  corpus: [
    { ...conforming, file: '.nvme-conform/cq-full-resume-77aa.yaml' },
    {
      ...conforming,
      file: '.nvme-conform/cq-full-no-post-09b2.yaml',
      outcome: 'unexpected',
      findings: [lostWakeup],
    },
    {
      ...conforming,
      file: '.nvme-conform/cq-full-no-post-1c00.yaml',
      outcome: 'inconclusive',
      reason: 'the target ended with signal SIGSEGV',
      exercised: {},
    },
  ],
  foundAgain: { '.nvme-conform/cq-full-no-post-09b2.yaml': 41 },
  corpusLeftAlone: 3,
  selfChecks: 50,
  trouble: [{ kind: 'inconclusive', text: 'the target ended with signal SIGSEGV', block: 6 }],
  ended: 'runs',
  strict: false,
};

/** The same without anything wrong. */
export const goodSession: FuzzResult = {
  ...session,
  shard: undefined,
  driver: 'reference',
  controller: 'reference',
  notApplicable: 0,
  unfinished: 0,
  warnings: {},
  counterexamples: [],
  notShrunk: {},
  corpus: [],
  foundAgain: {},
  corpusLeftAlone: 0,
  trouble: [],
};
