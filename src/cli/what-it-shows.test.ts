/**
 * What the program promises to show, asked of the built program: the bugs it was started for, on models and on a
 * controller that nobody here wrote. `npm run build` comes first.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import t, { type Test } from 'tap';
import { type Ended, program, root } from './spawned.fixture.ts';

function conform(...words: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync('env', [...program, ...words], {
    cwd: root,
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

/** With the report for people, which a pipe gets only if it asks. */
function ran(...words: readonly string[]): Ended {
  return conform('run', ...words, '--reporter', 'pretty');
}

t.test('the suite comes out as stated', async (t) => {
  t.match(ran('scenarios/', '--seed', '1'), {
    code: 0,
    stdout: /0 violations, 0 vacuous/,
    stderr: /^(\d+ of \d+ verdicts .*\n)*$/, // how it is getting on, on a slow machine
  });
});

t.test('the bugs the project was started for are caught, and their fixes pass', async (t) => {
  const full = 'scenarios/cq-full-parked-sq.yaml';
  t.match(ran(full, '--controller', 'spdk-vfio-user/v0'), { code: 1, stdout: /3\.3\.1\.2\.1/ });
  t.match(ran(full, '--controller', 'spdk-vfio-user/v3'), { code: 0 });
  const lagging = 'scenarios/eventidx-lagging-tail.yaml';
  const lost = ran(lagging, '--controller', 'propolis/before');
  t.match(lost, { code: 1, stdout: /EVENTIDX-CQ-LOST-WAKEUP[^]*Annex B\.5/ });
  const fixed = ran(lagging, '--controller', 'propolis/ideal');
  t.match(
    fixed,
    { code: 0, stdout: /all [\d,]+ states[^]*complete search/ },
    'says how many states, and complete',
  );
  const save = 'scenarios/sq-backpressure-save-inspect.yaml';
  t.match(ran(save, '--driver', 'openvmm-driver/before'), {
    code: 1,
    stdout: /SAVE-NO-BACKPRESSURE/,
  });
  t.match(ran(save, '--driver', 'openvmm-driver/after'), { code: 0 });
});

t.test('bad input is told by file, line and column, without a stack trace', async (t) => {
  const notYaml = conform('run', 'README.md');
  t.match(notYaml, { code: 3, stdout: '', stderr: /README\.md:\d+:\d+/ });
  t.notMatch(notYaml.stderr, /\n\s+at /);
  t.match(conform('run', 'no/such/place'), { code: 4, stdout: '', stderr: /no such path/ });
});

// --- a real controller -----------------------------------------------------------------------------------------

const missing = spawnSync('qemu-system-x86_64', ['--version']).error
  ? 'qemu-system-x86_64 is not installed'
  : false;

/** Without QEMU skipped, and seen to be; in CI, where it must be there, a failure. */
function withQemu(name: string, body: (t: Test) => Promise<void>): void {
  if (missing && process.env['CI'] === 'true') t.fail(`${name}: ${missing}`);
  else void t.test(name, { skip: missing }, body);
}

/** Private directories of QEMUs that are still there. */
function leftovers(): string[] {
  return ['/dev/shm', tmpdir()].flatMap((parent) =>
    existsSync(parent) ? readdirSync(parent).filter((name) => /^nvme-conform-[\da-f]{8}-/.test(name)) : [],
  );
}

/** Processes whose command line names the directory of one of our QEMUs. */
function machines(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return /qemu-system/.test(words[0] ?? '') && words.some((word) => word.includes('nvme-conform-'));
      } catch {
        return false;
      }
    });
}

async function until(condition: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 600 && !condition(); tries++) await new Promise((done) => setTimeout(done, 25));
  return condition();
}

/** Settles often enough to be caught in the middle. */
const long = `nvme-conform: 1
scenario: Many rounds
rules: [CQE-SLOT-ORDER]
queues: { cq1: { size: 4 }, sq1: { size: 4, cq: cq1 } }
steps:
${'  - submit: { sq: sq1, read: 1 }\n  - settle\n  - reap: cq1\n  - settle\n'.repeat(240)}expect: conforms
`;

function started(folder: string): { child: ChildProcess; ended: Promise<Ended> } {
  const words = ['run', 'long.yaml', '--controller', 'qemu', '--reporter', 'pretty'];
  const child = spawn('env', [...program, ...words], { cwd: folder });
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (written.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (written.stderr += String(chunk)));
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, ...written })));
  return { child, ended };
}

withQemu('QEMU: a verdict on every scripted scenario, and nothing is left behind', async (t) => {
  const { code, stdout } = ran('scenarios/', '--controller', 'qemu');
  t.ok(code === 0 || code === 1, `a verdict, not trouble: ${code}`);
  t.match(stdout, /cq-full-parked-sq +qemu +conforms/);
  t.match(stdout, /not applicable/);
  t.match(stdout, /not decidable/);
  t.match(stdout, /0 inconclusive/);
  t.ok(
    await until(() => machines().length === 0 && leftovers().length === 0),
    'no process, FIFO or RAM file remains',
  );
});

withQemu('QEMU: Ctrl-C ends the run with its report, and leaves nothing behind', async (t) => {
  const { child, ended } = started(t.testdir({ 'long.yaml': long }));
  t.ok(await until(() => machines().length > 0), 'QEMU runs');
  child.kill('SIGINT');
  t.match(await ended, { code: 130, stdout: /interrupted/ });
  t.ok(
    await until(() => machines().length === 0 && leftovers().length === 0),
    'no process, FIFO or RAM file remains',
  );
});

withQemu('QEMU: a controller that dies is inconclusive, with the reason', async (t) => {
  const { ended } = started(t.testdir({ 'long.yaml': long }));
  t.ok(await until(() => machines().length > 0), 'QEMU runs');
  for (const pid of machines()) process.kill(pid, 'SIGKILL');
  t.match(await ended, { code: 6, stdout: /inconclusive/ });
  t.ok(
    await until(() => machines().length === 0 && leftovers().length === 0),
    'no process, FIFO or RAM file remains',
  );
});
