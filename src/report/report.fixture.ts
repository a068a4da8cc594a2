/** A suite result made by hand, with one result of every outcome. */
import type { LinkEvent } from '../link/events.ts';
import type {
  ExplorationReport,
  FindingReport,
  PairingResult,
  SuiteResult,
  TraceRow,
} from '../suite/result.ts';

const words = new Int32Array(16);

/** A row with an event; its number is given by `trace`. */
function by(process: string, event: LinkEvent, bringUp = false): Omit<TraceRow, 'number'> {
  const party = /thread|handler|control/.test(process)
    ? 'host'
    : /posted/.test(process)
      ? 'link'
      : 'controller';
  return { event, process, party, step: event.type, bringUp };
}

/** A step that crosses nothing. */
function silent(party: TraceRow['party'], process: string, step: string): Omit<TraceRow, 'number'> {
  return { event: undefined, process, party, step, bringUp: false };
}

function trace(rows: readonly Omit<TraceRow, 'number'>[]): readonly TraceRow[] {
  let number = 0;
  return rows.map((row) => ({ ...row, number: row.event === undefined ? undefined : ++number }));
}

const bringUp = Array.from({ length: 24 }, (_, index) =>
  by('control plane', { type: 'reg.w', offset: 0x14, value: index }, true),
);

/** The last completion of a full queue is consumed, EventIdx came too late, and nobody wakes the fetcher. */
export const lostWakeup: FindingReport = {
  rule: 'EVENTIDX-CQ-LOST-WAKEUP',
  party: 'controller',
  severity: 'error',
  tags: ['CQ-FULL-RESUME'],
  queue: 'CQ1',
  facts: [
    { event: 29, text: 'host moves shadow CQ1 head from 0 to 1' },
    { event: 30, text: 'host reads EventIdx CQ1 = 0 and is not asked to ring' },
    { event: 31, text: 'controller stores EventIdx CQ1 = 0 and parks SQ1 without a second look at the head' },
  ],
  inference:
    'CQ1 has had a free slot since #29, the host will not ring for it, and SQ1 stays parked: the command ' +
    'that the host submitted last is never fetched.',
  trace: trace([
    ...bringUp,
    by('SQ1 thread 0', { type: 'sqe.write', sqid: 1, slot: 0, cid: 4, opcode: 2, words }),
    by('SQ1 thread 0', { type: 'db.sq', qid: 1, value: 1 }),
    silent('link', 'posted writes of CPU 0', 'SQ1 doorbell arrives'),
    by('SQ1 fetcher', { type: 'sqe.fetch', sqid: 1, slot: 0, cid: 4, opcode: 2, words }),
    by('CQ1 poster', {
      type: 'cqe.post',
      cqid: 1,
      slot: 0,
      sqid: 1,
      sqhd: 1,
      cid: 4,
      phase: 1,
      status: 0,
      dw0: 0,
    }),
    silent('controller', 'SQ1 fetcher', 'fetch'),
    by('CQ1 handler', { type: 'shadow.cq', qid: 1, value: 1, writer: 'host' }),
    by('CQ1 handler', { type: 'ei.read', ring: 'cq', qid: 1, value: 0 }),
    by('SQ1 fetcher', { type: 'ei.cq', qid: 1, value: 0, writer: 'controller' }),
    silent('controller', 'SQ1 fetcher', 'parked'),
    by('CQ1 handler', { type: 'host.sleep', vector: 1 }),
  ]),
  foundBy: 'exhaustive',
  steps: 11,
  seed: undefined,
  path: undefined,
};

/** A long trace, so that most of it is left out; found at random. */
export const overwritten: FindingReport = {
  rule: 'CQ-FULL-NO-POST',
  party: 'controller',
  severity: 'error',
  tags: [],
  queue: 'CQ1',
  facts: [
    { event: 40, text: 'controller posts CQE to CQ1 slot 3, the last free one' },
    { event: 88, text: 'controller posts CQE to CQ1 slot 0, which the host has not consumed' },
  ],
  inference: 'CQ1 of 4 slots holds 3 unread completions before #88, so #88 overwrites one.',
  trace: trace([
    ...bringUp,
    ...Array.from({ length: 66 }, (_, index) => [
      by('SQ1 thread 0', { type: 'db.sq', qid: 1, value: index & 7 }),
      ...(index % 5 === 0 ? [silent('controller', 'CQ1 poster', 'look at the tail')] : []),
    ]).flat(),
    by('vector 1', { type: 'irq', vector: 1 }),
    by('CQ1 poster', {
      type: 'cqe.post',
      cqid: 1,
      slot: 0,
      sqid: 1,
      sqhd: 3,
      cid: 1023,
      phase: 0,
      status: 0x102,
      dw0: 0,
    }),
  ]),
  foundBy: 'random',
  steps: 64,
  seed: 24301,
  path: '13:2:0:0',
};

export const regress: FindingReport = {
  ...lostWakeup,
  rule: 'SQHD-MONOTONIC',
  severity: 'warning',
  tags: [],
  queue: 'SQ1',
  facts: [{ event: 28, text: 'CQ1[0] reports SQHD 1 after SQHD 2' }],
  inference: 'SQHD of SQ1 went backwards.',
};

export const searched: ExplorationReport = {
  kind: 'exhaustive',
  states: 1234,
  transitions: 4321,
  depth: 61,
  complete: true,
  because: undefined,
  reduced: true,
  collision: 4.1e-14,
  idleCircles: 0,
};
const bounded: ExplorationReport = {
  ...searched,
  states: 2_000_000,
  complete: false,
  because: 'the bound of 2,000,000 states was reached',
  idleCircles: 7,
};

export const conforming: PairingResult = {
  file: 'scenarios/flow-control/full-parked-sq.yaml',
  title: 'A full completion queue parks its submission queue and loses nothing',
  driver: undefined,
  controller: 'reference',
  expected: { kind: 'conforms' },
  outcome: 'as-expected',
  reason: undefined,
  position: { line: 17, column: 1 },
  rules: ['CQ-FULL-NO-POST', 'CQ-FULL-NO-LOSS', 'CQ-FULL-RESUME'],
  findings: [],
  unmet: [],
  explorations: [{ kind: 'scripted', steps: 62 }, searched],
  exercised: { 'CQ-FULL-NO-POST': 4, 'CQ-FULL-NO-LOSS': 2, 'CQ-FULL-RESUME': 1 },
  undecidable: [],
  alone: {},
};

const wakeUp: PairingResult = {
  ...conforming,
  file: 'scenarios/wake-up/last-completion.yaml',
  title: 'The last completion of a full queue still wakes the parked submission queue',
  driver: 'linux/single-pass',
  rules: ['EVENTIDX-CQ-LOST-WAKEUP'],
  exercised: { 'EVENTIDX-CQ-LOST-WAKEUP': 12 },
};

export const suite: SuiteResult = {
  seed: 24301,
  interrupted: undefined,
  strict: false,
  results: [
    wakeUp,
    {
      ...wakeUp,
      controller: 'propolis/before',
      expected: { kind: 'violates', rules: ['EVENTIDX-CQ-LOST-WAKEUP'] },
      findings: [lostWakeup],
    },
    {
      ...wakeUp,
      controller: 'propolis/after',
      alone: { controller: 'propolis/after' },
      outcome: 'unexpected',
      findings: [lostWakeup],
      explorations: [bounded],
    },
    conforming,
    {
      ...conforming,
      controller: 'openvmm-emulator',
      findings: [regress],
      explorations: [{ kind: 'scripted', steps: 1 }],
    },
    { ...conforming, controller: 'cosmos', findings: [regress] },
    {
      ...conforming,
      controller: 'spdk-vfio-user/v0',
      outcome: 'unexpected',
      findings: [overwritten],
      unmet: [{ position: { line: 12, column: 5 }, text: 'cq1: posted 4 expected, 3 seen' }],
      explorations: [{ kind: 'random', runs: 100, steps: 6400, seed: 24301 }],
    },
    {
      ...conforming,
      controller: 'qemu',
      outcome: 'not-applicable',
      reason: 'the target cannot hold fetching back, which the step at 9:5 asks for',
      explorations: [],
      exercised: {},
      undecidable: ['CQ-FULL-RESUME'],
    },
    {
      ...conforming,
      file: 'scenarios/rings/wrap.yaml',
      title: 'The ring wraps',
      rules: ['SQ-TAIL-RANGE', 'PHASE-EXPECTED'],
      outcome: 'vacuous',
      reason: 'the queue never wrapped',
      explorations: [{ kind: 'scripted', steps: 30 }],
      exercised: { 'SQ-TAIL-RANGE': 3 },
    },
    {
      ...conforming,
      file: 'scenarios/rings/crash.yaml',
      title: 'A target that dies',
      rules: ['SQ-TAIL-RANGE'],
      controller: 'qemu',
      outcome: 'inconclusive',
      reason: 'the target ended with signal SIGSEGV',
      explorations: [],
      exercised: {},
    },
  ],
};
