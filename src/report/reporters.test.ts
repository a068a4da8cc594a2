/** The reports for programs, read by parsers that know nothing of what wrote them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import type { FuzzResult } from '../fuzz/result.ts';
import type { Outcome, PairingResult, SuiteResult } from '../suite/result.ts';
import { asciiGlyphs, plainLook, toAscii } from './look.ts';
import { checkCounts, readLines, readTap, readXml } from './reading.fixture.ts';
import { conforming, overwritten, suite } from './report.fixture.ts';
import type { Ending, Header } from './reporter.ts';
import { reporters, type ReporterName } from './reporters.ts';
import { counterexample, fuzzHeader, goodSession, session } from './session.fixture.ts';

const invocation = { seed: suite.seed };
const runHeader: Header = { command: 'run', version: '1.2.3', invocation };
const header: Header = { ...fuzzHeader, version: '1.2.3', invocation: { seed: session.seed } };

/** What a reporter writes in a whole run. */
function runReport(name: ReporterName, { results, ...rest }: SuiteResult, exitCode = 1): string {
  const reporter = reporters[name].make(runHeader, plainLook);
  const ending: Ending = { command: 'run', suite: { results, ...rest }, exitCode };
  return [reporter.begin(), ...results.map((result) => reporter.result(result)), reporter.end(ending)].join(
    '',
  );
}

function fuzzReport(name: ReporterName, done: FuzzResult, look = plainLook): string {
  const reporter = reporters[name].make(header, look);
  return [
    reporter.begin(),
    ...done.corpus.map((result) => reporter.result(result)),
    ...done.counterexamples.map((each) => reporter.counterexample(each)),
    reporter.end({ command: 'fuzz', session: done, exitCode: 1 }),
  ].join('');
}

function withOutcomes(...outcomes: Outcome[]): SuiteResult {
  return { ...suite, results: outcomes.map((outcome) => ({ ...conforming, outcome })) };
}

const allOutcomes: readonly Outcome[] = [
  'as-expected',
  'unexpected',
  'vacuous',
  'inconclusive',
  'not-applicable',
  'bad-scenario',
  'bad-plug-in',
  'internal',
];

/** Everything that a format could take for its own. */
const hostile =
  'a\nok 99 - b # SKIP c\\ # TODO d ]]> <x y="z">&amp; \u0000\u001b[2J\u009b \u202e \ud800 … 漢 {';
const hostileResult: PairingResult = {
  ...conforming,
  file: `${hostile}.yaml`,
  title: hostile,
  controller: hostile,
  outcome: 'unexpected',
  reason: hostile,
  unmet: [{ position: { line: 1, column: 2 }, text: hostile }],
  findings: [{ ...overwritten, inference: hostile, facts: [{ event: 1, text: hostile }] }],
};
const hostileSuite: SuiteResult = {
  ...suite,
  results: [hostileResult, { ...hostileResult, outcome: 'not-applicable' }, conforming],
};
const hostileSession: FuzzResult = {
  ...session,
  controller: hostile,
  corpus: [hostileResult],
  counterexamples: [
    {
      ...counterexample,
      file: hostile,
      finding: { ...counterexample.finding, inference: hostile },
      scenario: { ...counterexample.scenario, title: hostile },
    },
  ],
  trouble: [{ kind: 'inconclusive', text: hostile, block: 0 }],
};

/** Traces are long; two rows show how they are written. */
function short({ results, ...rest }: SuiteResult): SuiteResult {
  const cut = (result: PairingResult): PairingResult => ({
    ...result,
    findings: result.findings.map((finding) => ({ ...finding, trace: finding.trace.slice(23, 25) })),
  });
  return { ...rest, results: results.map(cut) };
}

void t.test('each report, as it was last approved', async (t) => {
  const folder = join(dirname(fileURLToPath(import.meta.url)), 'golden');
  const endings = { pretty: 'txt', tap: 'tap', junit: 'xml', ndjson: 'ndjson' };
  const approve = process.env['UPDATE_GOLDEN'] === '1';
  if (approve) mkdirSync(folder, { recursive: true });
  for (const name of Object.keys(reporters) as ReporterName[]) {
    for (const [command, text] of [
      ['run', runReport(name, short(suite))],
      ['fuzz', fuzzReport(name, session)],
    ] as const) {
      // Of a run, the report for people has a test of its own.
      if (name === 'pretty' && command === 'run') continue;
      const path = join(folder, `${command}.${endings[name]}`);
      if (approve) writeFileSync(path, text);
      t.equal(text, readFileSync(path, 'utf8'), `${command}: UPDATE_GOLDEN=1 approves a change`);
    }
  }
});

// --- TAP ---------------------------------------------------------------------------------------------------------

void t.test('tap: points and counts', async (t) => {
  const tap = readTap(t, runReport('tap', suite));
  t.equal(tap.ok, false);
  t.strictSame(tap.counts, { count: 10, pass: 6, fail: 4, skip: 1 });
  t.strictSame(
    tap.points.map(({ ok }) => ok),
    suite.results.map(({ outcome }) => outcome === 'as-expected' || outcome === 'not-applicable'),
  );
  t.equal(tap.points[7]?.skip, suite.results[7]?.reason);
  t.match(tap.points[2]?.diag, {
    at: { file: 'scenarios/wake-up/last-completion.yaml', line: 17, column: 1 },
    stated: 'conforms',
    findings: [
      { rule: 'EVENTIDX-CQ-LOST-WAKEUP', section: /Annex B\.5\.1/, facts: [/^#29 /, /^#30 /, /^#31 /] },
    ],
    again: 'nvme-conform run scenarios/wake-up/last-completion.yaml',
  });
  t.match(tap.points[6]?.diag, { unmet: ['12:5 cq1: posted 4 expected, 3 seen'], again: /--seed 24301/ });
  t.match(tap.points[8]?.diag, { verdict: 'vacuous', because: 'the queue never wrapped' });
  t.equal(readTap(t, runReport('tap', withOutcomes('as-expected', 'not-applicable'), 0)).ok, true);
  const green = suite.results.filter(({ outcome }) => outcome === 'as-expected');
  const gate = runReport('tap', { ...suite, results: green }, 0);
  t.equal(readTap(t, gate).ok, true);
  t.match(gate, /\n# 2 warnings, [^\n]*: SQHD-MONOTONIC 2\n1\.\.5\n$/, 'warnings take one line');
  t.notMatch(gate, '---');
  for (const outcome of allOutcomes) {
    const { points } = readTap(t, runReport('tap', withOutcomes(outcome)));
    t.equal(points[0]?.ok, ['as-expected', 'not-applicable'].includes(outcome), outcome);
  }
});

void t.test('tap: what was cut short does not pass', async (t) => {
  const good = withOutcomes('as-expected');
  const interrupted = runReport('tap', { ...good, interrupted: 'SIGTERM' });
  t.match(readTap(t, interrupted), { ok: false, bailout: 'interrupted by SIGTERM', counts: { pass: 1 } });
  const reporter = reporters.tap.make(runHeader, plainLook);
  t.equal(readTap(t, reporter.begin() + reporter.result(conforming)).ok, false, 'no plan');
  t.match(readTap(t, fuzzReport('tap', { ...goodSession, ended: 'SIGINT' })), {
    ok: false,
    bailout: /SIGINT/,
  });
});

void t.test('tap: hostile text', async (t) => {
  const { points, counts } = readTap(t, runReport('tap', hostileSuite));
  t.strictSame(counts, { count: 3, pass: 2, fail: 1, skip: 1 });
  t.match(points[0], {
    ok: false,
    skip: false,
    todo: false,
    diag: { at: { line: 17 }, unmet: [/<x y="z">&amp;/] },
  });
  t.ok(String(points[0]?.name).includes('ok 99 - b # SKIP c\\ # TODO d ]]> <x y="z">&amp;'));
  t.equal(points[0]?.diag?.['title'], hostile.replace(/[\p{Cc}\u202e]/gu, '\ufffd'));
  t.ok(String(points[1]?.skip).includes('ok 99 - b # SKIP c'));
  t.equal(readTap(t, fuzzReport('tap', hostileSession)).points.length, 3);
});

void t.test('tap: a fuzz session', async (t) => {
  const { points, counts } = readTap(t, fuzzReport('tap', session));
  t.strictSame(counts, { count: 6, pass: 1, fail: 5, skip: 0 });
  t.match(points[1]?.diag, { replay: 'nvme-conform replay .nvme-conform/cq-full-no-post-09b2.yaml' });
  t.match(points[3], {
    name: 'EVENTIDX-CQ-LOST-WAKEUP on propolis/before with linux/single-pass: 2 commands, 11 steps, 3 preemptions',
    diag: {
      at: { file: counterexample.file },
      shrunk: true,
      recorded: ['fixtures/findings/full.yaml'],
      replay: `nvme-conform replay ${counterexample.file}`,
    },
  });
  t.match(points[5], {
    name: '50,000 runs of propolis/before with linux/single-pass without a violation',
    diag: { because: /^2 new counterexamples, 1 earlier one found again/, again: /--seed 1 --runs 50000$/ },
  });
  t.match(fuzzReport('tap', session), /^# warnings HOST-REAP 12 \(--strict makes them count\)$/m);
  t.match(fuzzReport('tap', session), /^# 18 worlds not applicable$/m);
  const good = readTap(t, fuzzReport('tap', goodSession));
  t.match(good, { ok: true, points: [{ name: '50,000 runs of reference without a violation' }] });
  const last = (change: Partial<FuzzResult>): unknown =>
    readTap(t, fuzzReport('tap', { ...goodSession, ...change })).points.at(-1);
  t.match(last({ trouble: session.trouble }), { ok: false }, 'inconclusive');
  t.match(last({ trouble: [{ kind: 'internal', text: 'boom', block: 0 }] }), { ok: false });
  t.match(last({ notShrunk: session.notShrunk }), { ok: false }, 'found, though never shrunk');
  t.match(last({ foundAgain: session.foundAgain }), { ok: false }, 'found again');
  t.match(last({ runs: 0, trouble: [{ kind: 'not-applicable', text: 'not built', block: 0 }] }), {
    ok: true,
    skip: 'not built',
  });
});

// --- JUnit -------------------------------------------------------------------------------------------------------

void t.test('junit: cases and counts', async (t) => {
  const root = readXml(runReport('junit', suite));
  const cases = checkCounts(t, root);
  t.match(root.attributes, { tests: '10', failures: '3', errors: '1', skipped: '1' });
  t.equal(cases.length, suite.results.length);
  t.match(
    cases.find(({ attributes }) => /spdk-vfio-user/.test(attributes['name'] ?? '')),
    {
      attributes: { classname: /full-parked-sq\.yaml$/, file: /full-parked-sq\.yaml$/, line: '17' },
      children: [
        {
          name: 'failure',
          attributes: { message: 'violates CQ-FULL-NO-POST', type: 'CQ-FULL-NO-POST' },
          text: /3\.3\.1\.2\.1[^]*#88 overwrites[^]*│[^]*nvme-conform run /,
        },
      ],
    },
  );
  const kinds: Readonly<Record<Outcome, string | undefined>> = {
    'as-expected': undefined,
    'unexpected': 'failure',
    'vacuous': 'failure',
    'inconclusive': 'error',
    'not-applicable': 'skipped',
    'bad-scenario': 'error',
    'bad-plug-in': 'error',
    'internal': 'error',
  };
  const each = checkCounts(t, readXml(runReport('junit', withOutcomes(...allOutcomes))));
  t.strictSame(
    each.map(({ children }) => children[0]?.name),
    allOutcomes.map((outcome) => kinds[outcome]),
  );
  const warned = cases.find(({ attributes }) => attributes['name']?.endsWith('openvmm-emulator'));
  t.match(
    warned?.children,
    [{ name: 'system-out', text: /SQHD-MONOTONIC/ }],
    'a warning is told, and passes',
  );
});

void t.test('a schedule that does not fit any more is told, whatever comes out', async (t) => {
  const wanted = { process: 'SQ1 fetcher', step: 'fetch' };
  const explorations = [
    { kind: 'scripted', steps: 20, schedule: { steps: 12, followed: 5, instead: [wanted] } },
  ] as const;
  const followed = /followed 5 of 12 steps, then the default policy/;
  const results = suite.results.map((each) => ({ ...each, explorations }));
  for (const { children } of checkCounts(t, readXml(runReport('junit', { ...suite, results }))))
    if (children[0]?.name !== 'skipped') t.match(children[0]?.text, followed);
  for (const { skip, diag } of readTap(t, runReport('tap', { ...suite, results })).points)
    if (skip === false) t.match(diag, { schedule: followed });
});

void t.test('junit: an interrupted run is an error', async (t) => {
  const root = readXml(runReport('junit', { ...withOutcomes('as-expected'), interrupted: 'SIGINT' }));
  checkCounts(t, root);
  t.match(root.attributes, { tests: '2', errors: '1' });
});

void t.test('junit: hostile text', async (t) => {
  const cases = checkCounts(t, readXml(runReport('junit', hostileSuite)));
  t.equal(cases.length, 3);
  // What XML cannot say at all is replaced; everything else comes out as it went in.
  const said = hostile.replace(/[\p{Cc}\p{Cs}]/gu, (found) =>
    /[\n\u0080-\u009f]/.test(found) ? found : '\ufffd',
  );
  t.equal(cases[0]?.attributes['file'], `${said}.yaml`);
  t.ok(cases[0]?.children[0]?.text.includes(']]> <x y="z">&amp;'));
  checkCounts(t, readXml(fuzzReport('junit', hostileSession)));
});

void t.test('junit: a fuzz session', async (t) => {
  const root = readXml(fuzzReport('junit', session));
  const cases = checkCounts(t, root);
  t.match(root.attributes, { tests: '6', failures: '4', errors: '1', skipped: '0' });
  t.match(cases[3]?.children, [
    { name: 'failure', text: /replay  nvme-conform replay [^]*eventidx-cq-lost-wakeup-1f3a/ },
  ]);
  t.match(cases[4]?.children, [{ name: 'failure', text: /could not be saved[^]*again +nvme-conform fuzz/ }]);
  t.match(readXml(fuzzReport('junit', goodSession)).attributes, { tests: '1', failures: '0', errors: '0' });
});

// --- NDJSON ------------------------------------------------------------------------------------------------------

void t.test('ndjson: header, records, footer', async (t) => {
  const [first, ...rest] = readLines(runReport('ndjson', suite, 6));
  const last = rest.pop();
  t.match(first, { type: 'header', format: 'nvme-conform', version: 1, program: '1.2.3', seed: suite.seed });
  t.strictSame(
    rest.map(({ type, outcome, file }) => [type, outcome, file]),
    suite.results.map(({ outcome, file }) => ['result', outcome, file]),
  );
  t.match(rest[2], {
    again: 'nvme-conform run scenarios/wake-up/last-completion.yaml',
    standing: 'failed',
    findings: [{ rule: 'EVENTIDX-CQ-LOST-WAKEUP', section: /B\.5\.1/, queue: 'CQ1' }],
  });
  const trace = (rest[2] as { findings: { trace: { event: { words?: number[] } | null }[] }[] }).findings[0]
    ?.trace;
  t.strictSame(
    trace?.[24]?.event?.words,
    Array.from({ length: 16 }, () => 0),
    'an entry is a list of words',
  );
  t.match(last, { type: 'footer', exitCode: 6, interrupted: null });
  const { all, ...totals } = (last as { totals: Record<string, number> }).totals;
  t.equal(all, suite.results.length);
  t.equal(
    Object.values(totals).reduce((sum, value) => sum + value),
    all,
    'the totals add up',
  );
  const keys = rest.map((record) => Object.keys(record).join());
  t.equal(new Set(keys).size, 1, 'every record has the same keys');
});

void t.test('ndjson: hostile text comes out as it went in', async (t) => {
  const text = runReport('ndjson', hostileSuite);
  t.notMatch(text, /[^\P{Cc}\n]|\u202e/u);
  t.match(readLines(text)[1], { title: hostile, controller: hostile, reason: hostile });
});

void t.test('ndjson: a fuzz session', async (t) => {
  const records = readLines(fuzzReport('ndjson', session));
  t.strictSame(
    records.map(({ type }) => type),
    ['header', 'result', 'result', 'result', 'counterexample', 'counterexample', 'footer'],
  );
  t.match(records[0], { command: 'fuzz', controller: 'propolis/before', driver: 'linux/single-pass' });
  t.match(records[4], { recorded: ['fixtures/findings/full.yaml'] });
  t.match(records[4], {
    file: counterexample.file,
    shrunk: true,
    preemptions: 3,
    again: /^nvme-conform replay /,
  });
  t.match(records[6], {
    totals: { runs: 50_000, counterexamples: 2, known: 1, corpus: { all: 3, unexpected: 1 } },
    duplicates: [1204, 0],
    foundAgain: session.foundAgain,
    ended: 'runs',
    interrupted: null,
  });
});

// --- for people --------------------------------------------------------------------------------------------------

void t.test('pretty: the report of a run is the one that was approved, and comes at the end', async (t) => {
  const approved = join(dirname(fileURLToPath(import.meta.url)), 'report.golden.txt');
  t.equal(runReport('pretty', suite), readFileSync(approved, 'utf8'));
});

void t.test(
  'pretty: a fuzz session fits the width, in ASCII too, and cannot drive the terminal',
  async (t) => {
    const tooLong = (text: string, width: number): readonly string[] =>
      text.split('\n').filter((line) => line.length > width);
    for (const width of [60, 80, 100]) {
      t.strictSame(
        tooLong(fuzzReport('pretty', session, { ...plainLook, width }), width),
        [],
        `${width} columns`,
      );
    }
    const ascii = toAscii(fuzzReport('pretty', session, { ...plainLook, glyphs: asciiGlyphs }));
    t.match(ascii, /^[\n\x20-\x7e]*$/);
    t.strictSame(tooLong(ascii, 80), []);
    t.notMatch(fuzzReport('pretty', hostileSession), /[^\P{Cc}\n]|\u202e/u);
    t.notMatch(fuzzReport('pretty', session), / \n/);
  },
);
