/** The built program, spawned: `npm run build` comes first. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { conforming, regress, suite } from '../report/report.fixture.ts';
import type { Outcome } from '../suite/result.ts';
import { hasColour, showsUnicode } from './colour.ts';
import type { Connections } from './connections.ts';
import { decisive, exitCodeOf, exitCodes, precedence } from './exit-code.ts';
import { plainLook } from '../report/look.ts';
import type { Channel, Output } from './output.ts';
import { progressLine } from './progress.ts';
import { run } from './run.ts';
import { type Ended, program, root, shim } from './spawned.fixture.ts';

if (!existsSync(join(root, 'dist', 'cli', 'main.js'))) t.bailout('not built: npm run build');

const bare = { PATH: process.env['PATH'], LANG: 'C.UTF-8' };

function spawned(words: readonly string[], environment: NodeJS.ProcessEnv = {}, cwd: string = root): Ended {
  const { status, stdout, stderr } = spawnSync('env', [...program, ...words], {
    cwd,
    env: { ...bare, ...environment },
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

/** A run in this process with another suite runner. */
async function ranWith(
  results: typeof suite.results,
  options: Parameters<typeof run>[1] = {},
): Promise<Ended> {
  const written = { report: '', notes: '' };
  const channel = (name: 'report' | 'notes'): Channel => ({
    look: plainLook,
    isTerminal: false,
    hasColour: false,
    write: (text) => {
      written[name] += text;
    },
  });
  const output: Output = { report: channel('report'), notes: channel('notes') };
  const one = {} as Parameters<Awaited<ReturnType<Connections['suiteRunner']>>>[0]['scenarios'][number];
  const connections: Connections = {
    systems: async () => [
      { name: 'reference', role: 'controller', aliases: [], describes: '', knownFor: '' },
    ],
    judgedRules: async () => new Set(),
    scenarioLoader: async () => () => ({
      scenarios: [one],
      diagnostics: [],
      notFound: [],
      sources: new Map(),
    }),
    plugIn: () => Promise.reject(new Error('not asked for')),
    scenarioSchema: () => Promise.reject(new Error('not asked for')),
    replayer: async () => () => [],
    fuzzer: () => Promise.reject(new Error('not asked for')),
    suiteRunner: async () => async (request, callbacks) => {
      for (const result of results) callbacks.onNext?.(result);
      return { ...suite, results, seed: request.seed, strict: request.strict };
    },
  };
  const code = await run([], { reporter: ['pretty'], ...options }, connections, output);
  return { code, stdout: written.report, stderr: written.notes };
}

void t.test('help and version', async (t) => {
  const help = spawned(['--help']);
  t.equal(help.code, 0);
  t.match(help.stdout, /Usage: nvme-conform[^]*run [^]*list [^]*explain /);
  t.equal(help.stderr, '');
  t.strictSame(
    help.stdout.split('\n').filter((line) => line.length > 80),
    [],
  );
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  t.match(manifest, { version: spawned(['--version']).stdout.trim() });
  for (const command of ['run', 'list', 'explain']) t.equal(spawned([command, '--help']).code, 0);
  t.match(spawned([]), { code: 2, stdout: '', stderr: /Usage/ }, 'without a command: usage');
});

void t.test('help loads commander, chalk and nothing else of the dependencies', async (t) => {
  const folder = t.testdir();
  spawned(['--help'], { NODE_V8_COVERAGE: folder });
  const loaded = readdirSync(folder).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { result: { url: string }[] };
    return result.map(({ url }) => url).filter((url) => url.startsWith('file:'));
  });
  const ours = pathToFileURL(join(root, 'dist')).href;
  const packages = loaded.flatMap((url) => /node_modules\/([^/]+)/.exec(url)?.[1] ?? []);
  t.same(new Set(packages), new Set(['chalk', 'commander']));
  const folders = loaded
    .filter((url) => url.startsWith(ours))
    .map((url) => url.slice(ours.length + 1).split('/')[0]);
  t.same(new Set(folders), new Set(['cli', 'report']));
});

void t.test('wrong usage is 2, on stderr, with a suggestion', async (t) => {
  const wrong: readonly (readonly [words: string[], says: RegExp])[] = [
    [['rnu'], /Did you mean run\?/],
    [['run', '--sed', '1'], /Did you mean --seed\?/],
    [['run', '--seed', 'x'], /whole number/],
    [['run', '--runs', '0'], /1 to/],
    [['run', '--reporter', 'jnuit'], /did you mean "junit"/],
    [['run', '--controller', 'refrence'], /did you mean "reference"/],
    [['list', 'rule'], /did you mean "rules"/],
    [['list', 'rules', 'x'], /takes no path/],
    [['explain'], /missing required argument/],
    [['explain', 'CQ-FULL-NO-LOS'], /did you mean "CQ-FULL-NO-LOSS"/],
    [['explain', '9.9.9'], /no rule rests on such a section/],
    [['explain', '3.3', '--spec', '2.2'], /1\.4, 2\.0, 2\.1, 2\.3/],
  ];
  for (const [words, says] of wrong)
    t.match(spawned(words), { code: 2, stdout: '', stderr: says }, words.join(' '));
});

void t.test('explain', async (t) => {
  t.match(spawned(['explain', 'cq-full-no-loss']), {
    code: 0,
    stdout: /^CQ-FULL-NO-LOSS[^]*liveness/,
    stderr: '',
  });
  t.match(spawned(['explain', '3.3.1.2.1']), {
    code: 0,
    stdout: /Completion Queue Flow Control[^]*CQ-FULL-RESUME/,
  });
  t.match(spawned(['explain', 'Annex', 'B.5', '--spec', '2.0']), {
    code: 0,
    stdout: /Base 2\.0, Annex B\.5\.1/,
  });
  t.match(spawned(['explain', 'contract']), { code: 0, stdout: /Implementation contract[^]*INSPECT-PURE/ });
  t.match(spawned(['explain', 'exit', 'codes']), { code: 0, stdout: /70 > 130, 143 > 3 > 1 > 6 > 4 > 0/ });
  t.match(spawned(['explain', '6']), { code: 0, stdout: /^exit code 6: inconclusive/ });
});

void t.test('list', async (t) => {
  t.match(spawned(['list', 'rules']), { code: 0, stdout: /● CQ-FULL-NO-LOSS/, stderr: '' });
  t.match(spawned(['list', 'systems']), {
    code: 0,
    stdout: /Controllers[^]*reference[^]*Drivers/,
    stderr: '',
  });
  const folder = t.testdir({ 'bad.yaml': 'nvme-conform: 1\nscenario: x\nstpes: []\n', 'empty': {} });
  t.match(spawned(['list', 'scenarios', folder]), { code: 3, stdout: '', stderr: /stpes[^]*1 file\./ });
  t.match(spawned(['list', 'scenarios', 'empty'], {}, folder), {
    code: 4,
    stdout: '',
    stderr: /no scenarios/,
  });
  t.match(spawned(['list'], {}, folder), { code: 4, stderr: /scenarios: no such path\n.*without a path/ });
});

void t.test('schema: JSON, and nothing else', async (t) => {
  const { code, stdout, stderr } = spawned(['schema']);
  t.match({ code, stderr }, { code: 0, stderr: '' });
  t.match(JSON.parse(stdout), {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    required: ['nvme-conform', 'scenario'],
  });
  t.match(spawned(['schema', 'scenario']), { code: 2, stdout: '' });
});

void t.test('run: bad input and nothing to run', async (t) => {
  const folder = t.testdir({ 'bad.yaml': 'nvme-conform: 1\n', 'empty': {} });
  t.match(spawned(['run', 'bad.yaml', 'nowhere'], {}, folder), {
    code: 3,
    stdout: '',
    stderr: /Nothing was run/,
  });
  t.match(spawned(['run', 'empty'], {}, folder), { code: 4, stdout: '', stderr: /no scenarios/ });
  t.match(spawned(['run'], {}, folder), { code: 4, stdout: '', stderr: /no such path/ });
});

const small = `nvme-conform: 1
scenario: A full completion queue parks its submission queue
rules: [CQ-FULL-NO-POST]
queues: { cq1: { size: 4, vector: 1 }, sq1: { size: 8, cq: cq1 } }
steps:
  - submit: { sq: sq1, read: 6 }
  - settle
  - reap: { cq: cq1, entries: 1 }
  - settle
`;
const endless = `nvme-conform: 1
scenario: More orders than anybody can search
queues: { cq1: { size: 4, vector: 1 }, sq1: { size: 8, cq: cq1 }, sq2: { size: 8, cq: cq1 } }
workload: { threads: [[{ sq: sq1, read: 6 }], [{ sq: sq2, read: 6 }]] }
explore: { exhaustive: { states: 100000000 } }
`;

void t.test('run: the real thing', async (t) => {
  const folder = t.testdir({
    'scenarios': { 'good.yaml': `${small}expect: conforms\n` },
    'installed': { 'nvme-conform': t.fixture('symlink', shim) },
    'bad.yaml': `${small}expect: { violates: [CQ-FULL-NO-POST] }\n`,
  });
  const good = spawned(['run', '--reporter', 'pretty'], {}, folder);
  t.match(good, { code: 0, stdout: /✔ good +reference +conforms[^]*1 as expected/, stderr: '' });
  const paths = ['bad.yaml', 'scenarios', 'nowhere'];
  const bad = spawned(['run', ...paths, '--reporter', 'pretty'], {}, folder);
  t.match(bad, { code: 1, stdout: /✘ bad on reference[^]*otherwise than stated/, stderr: /no such path/ });
  const again = /again +(nvme-conform .*)/.exec(bad.stdout)?.[1] ?? '';
  const environment = { ...bare, PATH: `${join(folder, 'installed')}:${process.env['PATH'] ?? ''}` };
  const { status } = spawnSync('sh', ['-c', again], { cwd: folder, env: environment });
  t.equal(status, 1, `the command it tells does it again: ${again}`);
});

/** How a run ends that is told to stop `wait` milliseconds after its start. */
function stopped(folder: string, signal: 'SIGINT' | 'SIGTERM', wait: number): Promise<Ended> {
  const words = ['run', 'endless.yaml', '--reporter', 'pretty', '--reporter', 'tap=report.tap'];
  const child = spawn('env', [...program, ...words], { cwd: folder });
  let stdout = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  setTimeout(() => child.kill(signal), wait);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr: '' })));
}

void t.test('run: interrupted, after the report', async (t) => {
  const folder = t.testdir({ 'endless.yaml': endless });
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    let ended = await stopped(folder, signal, 1500);
    // On a busy machine the signal came before the run had begun.
    if (ended.code === null) ended = await stopped(folder, signal, 10_000);
    t.match(ended, { code, stdout: new RegExp(`interrupted by ${signal}[^]*0 as expected`) });
    t.match(readFileSync(join(folder, 'report.tap'), 'utf8'), `\nBail out! interrupted by ${signal}\n`);
  }
});

void t.test('progress', async (t) => {
  let written = '';
  let time = 0;
  const channel: Channel = {
    look: { ...plainLook, width: 60 },
    isTerminal: true,
    hasColour: false,
    write: (text) => {
      written += text;
    },
  };
  const line = progressLine(channel, true, () => time);
  line.show(conforming, 1, 3);
  t.equal(written, '', 'short runs say nothing');
  time = 150;
  line.show({ ...conforming, outcome: 'vacuous' }, 2, 3);
  t.equal(written, '\r\u001b[K2 of 3 verdicts, 1 not as expected  scenarios/flow-control…');
  line.clear();
  t.ok(written.endsWith('\r\u001b[K'), 'the line is taken away');
});

void t.test('run: the report on stdout, the verdict as exit code', async (t) => {
  const good = await ranWith([conforming], { seed: 5 });
  t.match(good, { code: 0, stdout: /✔[^]*1 as expected[^]*seed 5/, stderr: '' });
  t.equal((await ranWith(suite.results)).code, 1);
  t.equal((await ranWith([{ ...conforming, findings: [regress] }])).code, 0);
  t.equal((await ranWith([{ ...conforming, findings: [regress] }], { strict: true })).code, 1);
  const nothing = await ranWith([{ ...conforming, outcome: 'not-applicable' }]);
  t.match(nothing, { code: 4, stderr: /Nothing ran/ });
});

void t.test('exit codes', async (t) => {
  const input = { badFiles: 0, notFound: 0 };
  const codeOf = (...outcomes: Outcome[]): number =>
    exitCodeOf({ ...suite, results: outcomes.map((outcome) => ({ ...conforming, outcome })) }, input);
  t.equal(codeOf('as-expected'), 0);
  t.equal(codeOf('as-expected', 'not-applicable'), 0);
  t.equal(codeOf('unexpected'), 1);
  t.equal(codeOf('vacuous'), 1);
  t.equal(codeOf('bad-scenario', 'unexpected'), 3);
  t.equal(codeOf('not-applicable'), 4);
  t.equal(codeOf(), 4);
  t.equal(codeOf('inconclusive', 'not-applicable'), 6);
  t.equal(codeOf('inconclusive', 'vacuous'), 1);
  t.equal(codeOf('internal', 'bad-scenario'), 70);
  const good = { ...suite, results: [conforming] };
  t.equal(exitCodeOf({ ...good, interrupted: 'SIGINT' }, { badFiles: 1, notFound: 1 }), 130);
  t.equal(exitCodeOf({ ...good, interrupted: 'SIGTERM' }, input), 143);
  t.equal(exitCodeOf(undefined, { badFiles: 1, notFound: 1 }), 3);
  t.equal(exitCodeOf(good, { badFiles: 0, notFound: 1 }), 4);
  const stated = {
    ...conforming,
    findings: [regress],
    expected: { kind: 'violates', rules: [regress.rule] },
  } as const;
  t.equal(
    exitCodeOf({ ...suite, results: [stated], strict: true }, input),
    0,
    'a stated warning is what was wanted',
  );
  t.equal(decisive([]), 0);
  t.same(
    new Set(precedence),
    new Set(exitCodes.map(({ code }) => code)),
    'each code has a place in the order',
  );
});

void t.test('colours, for each stream', async (t) => {
  const escape = '\u001b[';
  t.notOk(spawned(['list', 'rules']).stdout.includes(escape), 'none in a pipe');
  const forced = spawned(['explain', 'CQ-FULL-NO-LOSS'], { FORCE_COLOR: '1' });
  t.match(forced.stdout, escape);
  t.match(spawned(['list', 'x'], { FORCE_COLOR: '1' }).stderr, escape);
  t.match(spawned(['--help'], { FORCE_COLOR: '1' }).stdout, escape);
  for (const words of [['--help'], ['list', 'rules'], ['list', 'x'], ['rnu']]) {
    const { stdout, stderr } = spawned(words, { NO_COLOR: 'yes', FORCE_COLOR: '1' });
    t.notOk((stdout + stderr).includes(escape), `NO_COLOR wins: ${words.join(' ')}`);
  }
  t.equal(hasColour({ NO_COLOR: '' }, true), true);
  t.equal(hasColour({ FORCE_COLOR: '0' }, true), false);
  t.equal(hasColour({ TERM: 'dumb' }, true), false);
  t.equal(hasColour({}, false), false);
});

void t.test('ASCII where the locale is not UTF-8', async (t) => {
  const { stdout } = spawned(['list', 'rules'], { LC_ALL: 'C' });
  t.match(stdout, /^[\n\x20-\x7e]*$/);
  t.match(stdout, '* CQ-FULL-NO-LOSS');
  t.equal(showsUnicode({ LANG: 'de_DE.UTF-8' }, 'linux'), true);
  t.equal(showsUnicode({ LANG: 'de_DE.UTF-8', LC_ALL: 'POSIX' }, 'linux'), false);
  t.equal(showsUnicode({}, 'win32'), true);
});

void t.test('a reader that goes away is no error', async (t) => {
  const script = `unset NODE_OPTIONS; for i in 1 2 3; do "${process.execPath}" "${shim}" list rules; done | head -n 1; echo "$?"`;
  const { stdout, stderr } = spawnSync('sh', ['-c', script], { env: bare, encoding: 'utf8' });
  t.equal(stdout, 'Ring arithmetic\n0\n');
  t.equal(stderr, '');
});

void t.test('npx finds the program in a checkout', async (t) => {
  const { status, stdout } = spawnSync('npx', ['--no', 'nvme-conform', '--version'], {
    cwd: root,
    encoding: 'utf8',
  });
  t.equal(status, 0);
  t.match(stdout, /^\d+\.\d+\.\d+\n$/);
});
