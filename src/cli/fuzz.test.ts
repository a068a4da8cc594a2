/** Whole sessions of the built program: `npm run build` comes first. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { exitCodeOfSession } from './exit-code.ts';
import { plainLook } from '../report/look.ts';
import type { FuzzProgress, FuzzResult } from '../fuzz/result.ts';
import { ruleById } from '../spec/catalogue.ts';
import { conforming } from '../report/report.fixture.ts';
import { connections } from './connections.ts';
import { recordsOf } from './on-record.ts';
import { sessionLine } from './progress.ts';
import { type Ended, program, root, shim } from './spawned.fixture.ts';

if (!existsSync(join(root, 'dist', 'cli', 'main.js'))) t.bailout('not built: npm run build');

function fuzz(cwd: string, ...words: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync('env', [...program, 'fuzz', ...words], {
    cwd,
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

const broken = ['--controller', 'spdk-vfio-user/v0', '--seed', '1'];

/** A scenario in which little can be done, so that it is shrunk soon. */
const scenario = `nvme-conform: 1
scenario: Little to do
queues: { cq1: { size: 2 }, sq1: { size: 3, cq: cq1 } }
workload: { threads: [[{ read: 3 }]] }
explore: { random: { runs: 1 } }
expect: conforms
`;

function files(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).toSorted() : [];
}

t.test('the reference pair conforms, and the session says what was exercised', async (t) => {
  const folder = t.testdir();
  const good = fuzz(folder, '--runs', '300', '--seed', '1', '--reporter', 'pretty');
  t.match(good, { code: 0, stdout: /300 runs in 30 worlds[^]*CQ-FULL-NO-LOSS[^]*no violation/ });
  t.same(files(folder), [], 'and leaves nothing behind');
});

t.test('a counterexample is saved, replayed as told, known again, and a regression test', async (t) => {
  const installed = { 'nvme-conform': t.fixture('symlink', shim) };
  const folder = t.testdir({ 'little.yaml': scenario, installed });
  const words = ['little.yaml', ...broken, '--runs', '250', '--reporter', 'pretty'];
  const first = fuzz(folder, ...words);
  t.match(first, { code: 1, stdout: /✘ CQ-FULL-NO-LOSS on spdk-vfio-user\/v0/ });
  t.match(first.stdout, /On record for spdk-vfio-user\/v0\n {2}Known for: loses completions/);
  const [file = '', ...others] = files(join(folder, '.nvme-conform'));
  t.same(others, [], 'the same counterexample is saved once');
  t.match(file, /^CQ-FULL-NO-LOSS-spdk-vfio-user-v0-[\da-f]{8}\.yaml$/);
  const text = readFileSync(join(folder, '.nvme-conform', file), 'utf8');
  t.match(
    text,
    /^# A counterexample, found by nvme-conform \d[^]*seed 1[^]*3\.3\.1\.2\.1[^]*\nschedule:[^]*\n# /,
  );

  const told = /replay +((?:nvme-conform|[^\n]*\\\n)[^]*?)\n +more/.exec(first.stdout)?.[1] ?? '';
  const environment = { PATH: `${join(folder, 'installed')}:${process.env['PATH'] ?? ''}`, LANG: 'C.UTF-8' };
  const replay = spawnSync('sh', ['-c', told], { cwd: folder, env: environment, encoding: 'utf8' });
  t.match(
    { code: replay.status, stdout: replay.stdout },
    { code: 1, stdout: /CQ-FULL-NO-LOSS[^]*host +link +controller/ },
    `verbatim: ${told}`,
  );

  const run = (controller: string): number | null =>
    spawnSync('env', [...program, 'run', join('.nvme-conform', file), '--controller', controller], {
      cwd: folder,
    }).status;
  t.equal(run('spdk-vfio-user/v0'), 1);
  t.equal(run('spdk-vfio-user/v3'), 0, 'passes when it is repaired');

  const second = fuzz(folder, ...words);
  t.match(second, {
    code: 1,
    stdout: /earlier sessions[^]*✘[^]*1 run came down to the same[^]*no new counterexample/,
  });
  t.notMatch(second.stdout, 'host                             link', 'what is known is not drawn again');
  t.equal(files(join(folder, '.nvme-conform')).length, 1);
  const other = fuzz(folder, 'little.yaml', '--runs', '20', '--reporter', 'pretty');
  t.match(other, { code: 0, stdout: /1 other is about other systems/ });
});

t.test('what is on record is told where it is about the system that broke the rule', async (t) => {
  const systems = await connections.systems();
  const load = await connections.scenarioLoader();
  const recordOf = (role: 'controller' | 'driver', model: string) => {
    const none = { controller: undefined, driver: undefined };
    return recordsOf([{ ...none, [role]: { model, decisions: {} } }], systems, load)[0];
  };
  const after = recordOf('controller', 'propolis/e25e56ee');
  t.match(after, { names: ['propolis/after', 'propolis/e25e56ee'], knownFor: /two entries/ });
  const others =
    after?.findings.filter(({ name }) => !/^(propolis-after-|\.\.\/\.\.\/scenarios\/)/.test(name)) ?? [];
  t.ok(
    others.every(({ rules }) => rules.every((rule) => ruleById(rule)?.party === 'both')),
    'what either of two systems can break may stand with both',
  );
  t.match(
    after?.findings.filter(({ name }) => name === 'propolis-after-cq-of-two.yaml'),
    [{ rules: ['EVENTIDX-CQ-LOST-WAKEUP'] }],
  );
  t.ok(existsSync(join(after?.folder ?? '', 'propolis-after-cq-of-two.yaml')));
  t.same(recordOf('driver', 'linux/single-pass')?.findings, [], 'what its partner has broken is not its own');
  t.ok(
    recordOf('driver', 'openvmm-driver/head')?.findings.some(({ rules }) => rules.includes('RESTORE-RING')),
  );
  const nobody = { controller: undefined, driver: undefined };
  t.same(recordsOf([nobody], systems, load), [], 'generated ones have nothing on record');
});

t.test('as many workers as there are, the findings are the same', async (t) => {
  const outcomes = ['1', '2'].map((workers) => {
    const folder = t.testdir({ 'little.yaml': scenario });
    const words = ['little.yaml', ...broken, '--runs', '750', '--workers', workers];
    const { code, stdout } = fuzz(folder, ...words, '--reporter', 'ndjson');
    return { code, stdout, saved: files(join(folder, '.nvme-conform')) };
  });
  t.equal(outcomes[0]?.code, 1);
  t.same(outcomes[1], outcomes[0]);
  const bail = ['1', '2'].map((workers) => {
    const folder = t.testdir({ 'little.yaml': scenario });
    return fuzz(folder, 'little.yaml', ...broken, '--bail', '--workers', workers, '--reporter', 'ndjson')
      .stdout;
  });
  t.match(bail[0], /"runs":250\b/, 'nothing is begun after the first block that fails');
  t.equal(bail[1], bail[0]);
});

t.test('shards share the blocks of a session', async (t) => {
  const folder = t.testdir({ 'little.yaml': scenario });
  const runsOf = (shard: string, environment: NodeJS.ProcessEnv = {}): unknown => {
    const words = [
      ...program,
      'fuzz',
      'little.yaml',
      '--runs',
      '600',
      '--shard',
      shard,
      '--reporter',
      'ndjson',
    ];
    const { stdout } = spawnSync('env', words, {
      cwd: folder,
      env: { ...process.env, ...environment },
      encoding: 'utf8',
    });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; runs?: number });
    return (lines.at(-1) as { totals?: { runs: number } }).totals?.runs;
  };
  t.equal(runsOf('1/2'), 350);
  t.equal(runsOf('auto/2', { JOB_COMPLETION_INDEX: '1' }), 250);
  t.match(fuzz(folder, 'little.yaml', '--runs', '100', '--shard', '2/2'), {
    code: 4,
    stderr: /no work for shard 2 of 2/,
  });
  const run = (shard: string): Ended => {
    const words = [...program, 'run', 'little.yaml', '--shard', shard, '--reporter', 'pretty'];
    const { status, stdout, stderr } = spawnSync('env', words, { cwd: folder, encoding: 'utf8' });
    return { code: status, stdout, stderr };
  };
  t.match(run('1/2'), { code: 0, stdout: /1 as expected/ });
  t.match(run('2/2'), { code: 4, stderr: /this shard has no part of it/ });
});

t.test('wrong usage and bad input', async (t) => {
  const folder = t.testdir({ 'file': 'x', 'bad.yaml': 'nvme-conform: 1\n', 'little.yaml': scenario });
  const wrong: readonly (readonly [string[], number, RegExp])[] = [
    [['--time', '10'], 2, /time with its unit/],
    [['--workers', '0'], 2, /1 to 256/],
    [['--shard', '3/2'], 2, /there is no shard 3/],
    [['--controller', 'qemu'], 2, /cannot be fuzzed/],
    [['--controller', 'propolis/befor'], 2, /did you mean/],
    [['--out', 'file'], 2, /cannot be a folder/],
    [['--out', 'file/below'], 2, /cannot be a folder/],
    [['bad.yaml'], 3, /Nothing was run/],
    [['nowhere'], 4, /no such path/],
  ];
  for (const [words, code, says] of wrong)
    t.match(fuzz(folder, ...words), { code, stdout: '', stderr: says }, words.join(' '));
  mkdirSync(join(folder, '.nvme-conform'));
  writeFileSync(join(folder, '.nvme-conform', 'stray.yaml'), 'nvme-conform: 1\n');
  const stray = fuzz(folder, 'little.yaml', '--runs', '20', '--seed', '1', '--reporter', 'pretty');
  t.match(
    stray,
    { code: 3, stdout: /20 runs[^]*no violation/, stderr: /stray\.yaml:1:1[^]*session goes on/ },
    'a stray file does not cost a night, and is not forgotten',
  );
});

/** How a session ends that gets the signal when it has told its progress, or after `wait` milliseconds. */
function stopped(
  folder: string,
  signal: 'SIGINT' | 'SIGTERM',
  wait: number,
): Promise<Ended & { took: number }> {
  const words = [
    'fuzz',
    '--controller',
    'propolis/before',
    '--runs',
    '100m',
    '--seed',
    '1',
    '--reporter',
    'pretty',
  ];
  const child: ChildProcess = spawn('env', [...program, ...words], { cwd: folder });
  let [stdout, sent] = ['', 0];
  child.stdout?.on('data', (chunk) => (stdout += String(chunk)));
  setTimeout(() => {
    sent = performance.now();
    child.kill(signal);
  }, wait);
  return new Promise((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr: '', took: performance.now() - sent })),
  );
}

t.test('interrupted: the report, and what was found is kept', async (t) => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    const folder = t.testdir();
    let ended = await stopped(folder, signal, 2500);
    // On a busy machine the signal came before the session had begun, or had found anything.
    if (ended.code === null || files(join(folder, '.nvme-conform')).length === 0)
      ended = await stopped(folder, signal, 12_000);
    t.match(ended, { code, stdout: new RegExp(`interrupted by ${signal}`) });
    t.comment(`took ${Math.round(ended.took)} ms`);
    const kept = files(join(folder, '.nvme-conform'));
    t.ok(kept.length > 0, 'counterexamples are saved, shrunk or not');
    const texts = kept.map((file) => readFileSync(join(folder, '.nvme-conform', file), 'utf8'));
    const times = (text: string, of: RegExp): number => text.match(of)?.length ?? 0;
    t.equal(
      times(ended.stdout, /, not shrunk to the end/g),
      times(texts.join(''), /^# It was not shrunk to the end: /gm),
      'the report says of each what its file says',
    );
    const replay = spawnSync('env', [...program, 'replay', join('.nvme-conform', kept[0] ?? '')], {
      cwd: folder,
    });
    t.equal(replay.status, 1);
  }
});

t.test('time ends a session', async (t) => {
  const folder = t.testdir({ 'little.yaml': scenario });
  const ended = fuzz(folder, 'little.yaml', '--time', '1s', '--reporter', 'ndjson');
  t.match(ended, { code: 0, stdout: /"ended":"time"/ });
});

t.test('progress of a session', async (t) => {
  let written = '';
  let time = 0;
  const channel = {
    look: plainLook,
    isTerminal: true,
    hasColour: false,
    write: (text: string) => {
      written += text;
    },
  };
  const line = sessionLine(channel, true, () => time);
  const progress: FuzzProgress = {
    runs: 12_300,
    steps: 2_730_000,
    milliseconds: 3000,
    rules: 28,
    findings: 2,
    shrinking: [],
    left: { runs: 7700 },
  };
  time = 900;
  line.show(progress);
  t.equal(written, '', 'short sessions say nothing');
  time = 1100;
  line.show(progress);
  t.equal(written, '\r\u001b[K12,300 runs, 4,100/s, 910k steps/s, 28 rules, 2 findings, 7,700 runs left');
  written = '';
  time = 1300;
  line.show({ ...progress, left: { milliseconds: 3_723_000 } });
  t.match(written, /, 1:02:03 left$/);
  written = '';
  time = 1500;
  line.show({ ...progress, shrinking: ['CQ-FULL-RESUME'] });
  t.match(written, /12,300 runs, 2 findings, 7,700 runs left, shrinking CQ-FULL-RESUME$/);
  time = 1700;
  line.show({ ...progress, shrinking: ['CQ-FULL-RESUME', 'HOST-REAP'], left: { milliseconds: 0 } });
  t.match(written, /12,300 runs, 2 findings, time is up, shrinking CQ-FULL-RESUME \+1$/);
  line.clear();
  t.ok(written.endsWith('\r\u001b[K'));
});

t.test('exit codes of a session', async (t) => {
  const clean: FuzzResult = {
    seed: 1,
    shard: undefined,
    driver: 'reference',
    controller: 'reference',
    asked: 10,
    runs: 10,
    worlds: 1,
    notApplicable: 0,
    down: 0,
    steps: 100,
    unfinished: 0,
    milliseconds: 1,
    exercised: {},
    warnings: {},
    features: {},
    schedulers: { 'uniform': 10, 'pct': 0, 'starve-one': 0, 'bursts': 0, 'speeds': 0 },
    counterexamples: [],
    notShrunk: {},
    corpus: [],
    foundAgain: {},
    corpusLeftAlone: 0,
    selfChecks: 1,
    trouble: [],
    ended: 'runs',
    strict: false,
  };
  const codeOf = (changes: Partial<FuzzResult>, badFiles = 0): number =>
    exitCodeOfSession({ ...clean, ...changes }, { badFiles, notFound: 0 });
  const trouble = (kind: FuzzResult['trouble'][number]['kind']): FuzzResult['trouble'] => [
    { kind, text: '', block: 0 },
  ];
  t.equal(codeOf({}), 0);
  t.equal(codeOf({}, 1), 3);
  t.equal(codeOf({ runs: 0 }), 4);
  t.equal(codeOf({ notShrunk: { 'HOST-REAP': 1 } }), 1);
  t.equal(codeOf({ corpus: [{ ...conforming, outcome: 'unexpected' }] }), 1);
  t.equal(codeOf({ corpus: [conforming] }), 0);
  t.equal(codeOf({ trouble: trouble('not-applicable') }), 0);
  t.equal(codeOf({ trouble: trouble('inconclusive') }), 6);
  t.equal(codeOf({ trouble: trouble('inconclusive'), notShrunk: { 'HOST-REAP': 1 } }), 1);
  t.equal(codeOf({ trouble: trouble('internal'), ended: 'SIGINT' }), 70);
  t.equal(codeOf({ ended: 'SIGINT', notShrunk: { 'HOST-REAP': 1 } }, 1), 130);
  t.equal(codeOf({ ended: 'SIGTERM' }), 143);
  t.equal(codeOf({ ended: 'time' }), 0);
});
