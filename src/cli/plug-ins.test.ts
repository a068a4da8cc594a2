/** Controllers and drivers of the user's, with the package as a user gets it: packed, in an empty folder. */
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type Ended, root } from './spawned.fixture.ts';

if (!existsSync(join(root, 'dist', 'index.js'))) t.bailout('not built: npm run build');

const folder = t.testdir({});
const env = { PATH: process.env['PATH'], LANG: 'C.UTF-8', HOME: folder };
const scenarios = 'node_modules/nvme-conform/scenarios';

install();

function install(): void {
  const words = [
    '-u',
    'NODE_OPTIONS',
    'npm',
    'pack',
    '--ignore-scripts',
    '--offline',
    '--pack-destination',
    folder,
  ];
  const packed = spawnSync('env', words, { cwd: root, env, encoding: 'utf8' });
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (archive === undefined) t.bailout(`npm pack: ${packed.stderr}`);
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  spawnSync('tar', ['-xzf', join(folder, String(archive)), '-C', modules]);
  renameSync(join(modules, 'package'), join(modules, 'nvme-conform'));
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies))
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  cpSync(join(root, 'fixtures', 'plugins'), folder, { recursive: true });
}

function conform(...words: readonly string[]): Promise<Ended> {
  return interrupted(undefined, undefined, words);
}

/** Sends a signal when something is written that `at` matches. */
async function interrupted(
  at: RegExp | undefined,
  signal: 'SIGINT' | 'SIGTERM' | undefined,
  words: readonly string[],
): Promise<Ended> {
  const bin = join(folder, 'node_modules', 'nvme-conform', 'bin', 'nvme-conform.js');
  // tap adds a loader to every Node process that its tests start.
  const child = spawn('env', ['-u', 'NODE_OPTIONS', process.execPath, bin, ...words], { cwd: folder, env });
  const written = { stdout: '', stderr: '' };
  let isSent = false;
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text;
      if (isSent || at === undefined || !at.test(written[name])) return;
      isSent = child.kill(signal);
    });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, ...written };
}

function run(scenario: string, ...words: readonly string[]): Promise<Ended> {
  return conform('run', `${scenarios}/${scenario}.yaml`, '--reporter', 'pretty', ...words);
}

function fuzz(plugIn: string, runs: number, ...words: readonly string[]): Promise<Ended> {
  return session(runs, '--controller', `./${plugIn}.mjs`, ...words);
}

function fuzzDriver(plugIn: string, runs: number, ...words: readonly string[]): Promise<Ended> {
  return session(runs, '--driver', `./${plugIn}.mjs`, ...words);
}

function session(runs: number, ...words: readonly string[]): Promise<Ended> {
  return conform('fuzz', '--reporter', 'pretty', '--runs', String(runs), '--seed', '1', ...words);
}

t.test('the reference with one decision changed', async (t) => {
  const lagging = await run('eventidx-lagging-tail', '--controller', './one-decision.mjs');
  t.match(lagging, { code: 1, stdout: /violates EVENTIDX-CQ-LOST-WAKEUP/ });
  const rereading = await run('linux-head-after-tag', '--driver', 'driver-one-decision.mjs');
  t.match(rereading.stdout, /with \.\/driver-one-decision\.mjs/);
});

t.test(
  "a driver of one's own is searched and fuzzed, and asked for nothing that it does not offer",
  async (t) => {
    const small = ['--driver', './small-driver.mjs'];
    const searched = await run('linux-head-after-tag', ...small);
    t.match(searched, { code: 0, stdout: /conforms\s+all [\d,]+ states/ });
    const paths = readdirSync(join(folder, scenarios)).filter((name) =>
      /^(shared|smallest|reset|function-reset|msix-mask-under|save|abort|recreated|shadow-under)/.test(name),
    );
    const many = await conform(
      'run',
      ...paths.map((name) => `${scenarios}/${name}`),
      '--reporter',
      'pretty',
      ...small,
    );
    t.match(many, { code: 0, stdout: /\b0 violations, 0 vacuous, \d+ not applicable, 0 inconclusive/ });
    t.match(many.stdout, /reset-under-load +reference with \.\/small-driver\.mjs +conforms/);
    for (const word of ['save', 'abort', 'delete-cq', 'doorbell-buffer'])
      t.ok(many.stdout.includes(`./small-driver.mjs does not offer ${word}\n`), word);
    const fuzzed = await fuzzDriver('small-driver', 500);
    t.match(fuzzed, { code: 0, stdout: /no violation.* 500 runs/ });
    t.match(fuzzed.stdout, /controller reset/);
    t.notMatch(fuzzed.stdout, /not applicable|Save|Abort/, 'generated worlds do not ask for more');
  },
);

t.test(
  'a bug of a driver is found and blamed on it, beside whichever controller, by whoever runs it',
  async (t) => {
    const alone = await fuzzDriver('small-driver-sleeps', 500, '--out', 'own');
    t.match(alone, { code: 1, stdout: /(HOST-REAP|ANSWER-OWED) is broken by \.\/small-driver-sleeps\.mjs/ });
    t.notMatch(alone.stdout, /broken by the controller/);
    const [file] = readdirSync(join(folder, 'own'));
    const replayed = await conform(
      'replay',
      join('own', String(file)),
      '--driver',
      './small-driver-sleeps.mjs',
    );
    t.match(replayed, { code: 1, stdout: /broken by the host/ });

    const both = await fuzzDriver(
      'small-driver',
      750,
      '--controller',
      './forgets.mjs',
      '--bail',
      '--out',
      'both',
    );
    t.match(both, { code: 1, stdout: /EVENTIDX-CQ-LOST-WAKEUP is broken by \.\/forgets\.mjs/ });
    t.notMatch(both.stdout, /broken by the host/);
    const shards = await Promise.all(
      ['1/2', '2/2'].map((shard) => fuzzDriver('small-driver', 500, '--shard', shard)),
    );
    for (const shard of shards) t.match(shard, { code: 0, stdout: /no violation.* 250 runs/ });
  },
);

t.test('a module wherever it is', async (t) => {
  const odd = join(folder, 'a b#c%20');
  mkdirSync(odd);
  for (const name of ['small-driver.mjs', 'ring.mjs', 'one-loop.mjs', 'device.mjs'])
    cpSync(join(folder, name), join(odd, name));
  const relative = ['--driver', './a b#c%20/small-driver.mjs', '--controller', 'a b#c%20/one-loop.mjs'];
  const ended = await run('linux-head-after-tag', ...relative);
  t.match(ended, { code: 0, stdout: /\.\/a b#c%20\/one-loop\.mjs with \.\/a b#c%20\/small-driver\.mjs/ });
  const absolute = await run('linux-head-after-tag', '--driver', join(odd, 'small-driver.mjs'));
  t.match(absolute, { code: 0, stdout: /with \.\/a b#c%20\/small-driver\.mjs/ });
});

t.test('a controller with its state in the arena is searched exhaustively', async (t) => {
  const ended = await run('eventidx-lagging-tail', '--controller', './one-loop.mjs');
  t.match(ended, { code: 0, stdout: /conforms\s+all [\d,]+ states/ });
});

t.test('a controller with plain state is scripted and fuzzed, and told why it is not searched', async (t) => {
  const script = await run('cq-full-parked-sq', '--controller', './run-to-completion.mjs');
  t.match(script, { code: 0, stdout: /conforms/ });
  const searched = await run('eventidx-lagging-tail', '--controller', './run-to-completion.mjs');
  t.equal(searched.code, 4, 'nothing came to a verdict');
  t.match(searched.stdout.replace(/\s+/g, ' '), /not applicable.*plain JavaScript, which cannot be undone/);
  t.match(await fuzz('run-to-completion', 250), { code: 0, stdout: /no violation/ });
});

t.test('a correct controller of another structure passes', async (t) => {
  const files = readdirSync(join(folder, scenarios)).filter((name) =>
    /^(shadow|cq-full|phase|msix|eventidx|unequal)/.test(name),
  );
  const paths = files.map((name) => `${scenarios}/${name}`);
  t.ok(paths.length >= 8);
  const ended = await conform('run', ...paths, '--reporter', 'pretty', '--controller', './one-loop.mjs');
  t.match(ended, { code: 0, stdout: /\b0 violations, 0 vacuous/ });
  t.match(await fuzz('one-loop', 500), { code: 0, stdout: /no violation/ });
});

t.test('a bug that no model has is found; the counterexample names the module', async (t) => {
  const [ended, again] = await Promise.all(
    ['1', '2'].map((workers) => fuzz('forgets', 500, '--workers', workers, '--out', `cex-${workers}`)),
  );
  t.match(ended, { code: 1, stdout: /EVENTIDX-CQ-LOST-WAKEUP on \.\/forgets\.mjs/ });
  t.match(ended?.stdout.replace(/\s*\\?\n\s*/g, ' '), /replay \S+\.yaml --controller \.\/forgets\.mjs/);
  t.equal(again?.code, 1);
  const [file = ''] = readdirSync(join(folder, 'cex-1'));
  const read = (out: string): string => readFileSync(join(folder, out, file), 'utf8');
  t.equal(read('cex-2'), read('cex-1'), 'whoever ran it');

  const path = join('cex-1', file);
  const line =
    read('cex-1')
      .split('\n')
      .findIndex((text) => text.startsWith('controller:')) + 1;
  const refused = await conform('replay', path);
  t.equal(refused.code, 3);
  t.ok(refused.stderr.startsWith(`error: ${path}:${line}:`), refused.stderr);
  t.match(refused.stderr, /a plug-in is named on the command line: --controller \.\/forgets\.mjs/);
  const replayed = await conform('replay', path, '--controller', 'forgets.mjs');
  t.match(replayed, { code: 1, stdout: /violates EVENTIDX-CQ-LOST-WAKEUP/ });

  const other = await conform('fuzz', '--runs', '250', '--reporter', 'pretty', '--out', 'cex-1');
  t.match(other, { code: 0, stdout: /1 other is about other systems/ }, 'it is left alone');
});

t.test('what is wrong with a module is told with its own place', async (t) => {
  t.match(await run('shadow-wakeup', '--controller', './faults'), {
    code: 3,
    stderr: /a folder; name the module/,
  });
  const offer = await run('shadow-under-load', '--driver', './faults/bad-offer.mjs');
  t.match(offer, { code: 3, stderr: /offers has 'tea'; it can have doorbell-buffer, inspect, / });
  const unknown = await run('shadow-wakeup', '--controller', './faults/unknown-key.mjs');
  t.match(unknown, {
    code: 3,
    stderr: /'delivry' says nothing of a controller; known are role, build, state, /,
  });
  const typed = await run('shadow-wakeup', '--controller', './typed.ts'); // newer ones read it: it exports no plug-in
  t.match(typed, { code: 3, stderr: /Node reads TypeScript from 22\.18 on|no default export/ });
  const role = await run('shadow-under-load', '--driver', './one-loop.mjs');
  t.match(role, { code: 3, stderr: /is a controller: --controller \.\/one-loop\.mjs\n$/ });
  const wrong: Readonly<Record<string, RegExp>> = {
    'missing': /missing\.mjs: no such file\n$/,
    'no-role': /has no role: defineController makes a controller of it/,
    'syntax': /cannot be imported: SyntaxError: .*\n.*syntax\.mjs:2\n/,
    'throws-when-imported': /Error: not today\n +at .*throws-when-imported\.mjs:2:7\n$/,
    'empty': /no default export/,
    'no-build': /build is missing/,
    'bad-delivery': /delivery is 'pigeon'/,
    'driver': /is a driver: --driver/,
  };
  for (const [name, text] of Object.entries(wrong)) {
    const ended = await run('shadow-wakeup', '--controller', `./faults/${name}.mjs`);
    t.match(ended, { code: 3, stdout: '', stderr: text }, name);
    t.ok(ended.stderr.startsWith(`error: ./faults/${name}.mjs: `), name);
    t.notMatch(ended.stderr, /nvme-conform\/dist|node:internal/, 'no stack of ours');
  }
});

t.test('what a model does wrong is its fault, and no violation', async (t) => {
  const wrong: Readonly<Record<string, RegExp>> = {
    'throws': /writeRegister\(\) failed: TypeError: nobody thought of.*throws\.mjs:9:9/,
    'nonsense': /choices\(\) of process 'confused' gave NaN/,
    'idle-step': /step 'yawn' of process 'lazy' changed no word of the arena/,
    'reads-and-writes': /readRegister\(\) wrote to the arena/,
    'hidden-state': /some of its state is not in the arena/,
    'module-variable': /do not come up to the same state/,
    'fills-the-arena':
      /build\(\) failed: RangeError: an arena has at most [\d]+ words at .*fills-the-arena\.mjs:6/,
  };
  for (const [name, text] of Object.entries(wrong)) {
    const { code, stdout } = await run('shadow-wakeup', '--controller', `./faults/${name}.mjs`);
    t.equal(code, 3, name);
    t.match(stdout.replace(/\s+/g, ' '), text, name);
    t.notMatch(stdout, /internal error|nvme-conform\/dist/, name);
  }
  const hidden = await fuzz('faults/hidden-state', 250, '--out', 'none');
  t.match(hidden, { code: 3, stdout: /bad plug-in/ });
});

t.test('one that does not answer is ended', async (t) => {
  const [heap, buffers] = await Promise.all(
    ['the-heap', 'buffers'].map((what) => run('shadow-wakeup', '--controller', `./faults/fills-${what}.mjs`)),
  );
  // A slow machine needs longer than a call may take.
  t.match(heap, { code: 6, stdout: /used up \d+ MiB of memory|did not come back/ });
  t.match(buffers, { code: 6, stdout: /used up \d+ MiB of memory|did not come back/ });
  const [loops, imported, exits] = await Promise.all([
    run('shadow-wakeup', '--controller', './faults/loops.mjs'),
    run('shadow-wakeup', '--controller', './faults/loops-when-imported.mjs'),
    run('shadow-wakeup', '--controller', './faults/exits.mjs'),
  ]);
  t.match(loops, { code: 6, stdout: /did not come back from a call/ });
  t.match(imported, { code: 6, stdout: '', stderr: /did not come back from a call/ });
  t.match(exits, { code: 6, stdout: /ended its thread/ });
});

t.test('wherever one does not come back, an interrupt ends it', async (t) => {
  const loops: readonly (readonly string[])[] = [
    ['run', `${scenarios}/shadow-wakeup.yaml`, '--controller', './faults/loops.mjs'],
    ['run', `${scenarios}/shadow-wakeup.yaml`, '--controller', './faults/loops-when-imported.mjs'],
    ['run', `${scenarios}/linux-head-after-tag.yaml`, '--driver', './faults/loops-in-step.mjs'],
    ['fuzz', '--controller', './faults/loops-in-build.mjs'],
    ['fuzz', '--driver', './faults/loops-in-step.mjs'],
  ];
  for (const words of loops) {
    const ended = await interrupted(/round and round/, 'SIGINT', [...words, '--reporter', 'tap']);
    t.equal(ended.code, 130, words.join(' '));
    t.notMatch(ended.stdout, /round and round/, 'what a module prints is no part of the report');
  }
  const [, , , build = []] = loops;
  t.match(await interrupted(/round and round/, 'SIGTERM', build), { code: 143 });
});

t.test('an interrupted session with a plug-in keeps what it has found', async (t) => {
  const words = ['fuzz', '--driver', './small-driver-sleeps.mjs', '--seed', '1', '--runs', '10000000'];
  const ended = await interrupted(/^not ok/m, 'SIGINT', [...words, '--out', 'kept', '--reporter', 'tap']);
  t.match(ended, {
    code: 130,
    stdout: /^not ok 1 - (ANSWER-OWED|HOST-REAP) .*\n[^]*^Bail out! interrupted by SIGINT/m,
  });
  t.ok(readdirSync(join(folder, 'kept')).length > 0);
});

t.test('the types let a module be written', (t) => {
  const compilerOptions = { noEmit: true, strict: true, target: 'es2022', module: 'nodenext', types: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['typed.ts'] }));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const words = ['-u', 'NODE_OPTIONS', process.execPath, tsc, '-p', folder];
  const { status, stdout } = spawnSync('env', words, { cwd: folder, env, encoding: 'utf8' });
  t.match({ status, stdout }, { status: 0, stdout: '' });
  t.end();
});
