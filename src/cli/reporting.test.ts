/** Where reports go, and that the built program writes them: `npm run build` comes first. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { asciiGlyphs, plainLook, toAscii } from '../report/look.ts';
import { conforming, suite } from '../report/report.fixture.ts';
import type { Header } from '../report/reporter.ts';
import type { Channel } from './output.ts';
import { openReports } from './reporting.ts';
import { UsageError } from './usage-error.ts';
import { root, shim } from './spawned.fixture.ts';

if (!existsSync(join(root, 'dist', 'cli', 'main.js'))) t.bailout('not built: npm run build');

const header: Header = { command: 'run', version: '1.2.3', invocation: { seed: 7 } };

interface Written extends Channel {
  text: string;
}

/** As it is where the locale is not UTF-8. */
function stdout(isTerminal: boolean): Written {
  const channel: Written = {
    text: '',
    look: { ...plainLook, glyphs: asciiGlyphs },
    isTerminal,
    hasColour: false,
    write: (text, exactly = false) => {
      channel.text += exactly ? text : toAscii(text);
    },
  };
  return channel;
}

/** What comes to stdout of a run with one result. */
function written(typed: readonly string[], isTerminal: boolean): string {
  const channel = stdout(isTerminal);
  const reports = openReports(typed, channel);
  reports.begin(header);
  reports.result(conforming);
  reports.end({ command: 'run', suite: { ...suite, results: [conforming] }, exitCode: 0 });
  return channel.text;
}

function spawned(
  words: readonly string[],
  cwd: string,
  before: readonly string[] = [],
): { code: number | null; stdout: string } {
  const command = ['-u', 'NODE_OPTIONS', ...before, process.execPath, shim, ...words];
  const { status, stdout } = spawnSync('env', command, { cwd, encoding: 'utf8' });
  return { code: status, stdout };
}

void t.test('stdout has a report in any case', async (t) => {
  const folder = t.testdir();
  t.match(written([], true), /^Base 3\.3/, 'pretty on a terminal');
  t.match(written([], false), /^TAP version 14\n/, 'TAP in a pipe');
  t.match(written(['pretty'], false), /^Base 3\.3/);
  t.match(written(['ndjson'], true), /^\{"type":"header"/);
  t.match(written([`junit=${join(folder, 'a=b.xml')}`], true), /^Base 3\.3/, 'a file leaves stdout alone');
  t.match(readFileSync(join(folder, 'a=b.xml'), 'utf8'), /^<\?xml[^]*<\/testsuites>\n$/);
});

void t.test('programs get UTF-8 whatever the locale; people get what it shows', async (t) => {
  const title = 'Größe “x”';
  const inFormat = (name: string): string => {
    const channel = stdout(false);
    const reports = openReports([name], channel);
    const results = [{ ...conforming, title, outcome: 'unexpected' as const }];
    reports.begin(header);
    for (const result of results) reports.result(result);
    reports.end({ command: 'run', suite: { ...suite, results }, exitCode: 1 });
    return channel.text;
  };
  for (const name of ['tap', 'junit', 'ndjson']) t.ok(inFormat(name).includes(title), name);
  t.match(inFormat('pretty'), 'Grosse "x"'.replace('ss', '?'));
});

void t.test('files are written as results come, and emptied first', async (t) => {
  const folder = t.testdir({ 'report.tap': 'of yesterday\n'.repeat(100) });
  const file = join(folder, 'report.tap');
  const reports = openReports([`tap=${file}`], stdout(true));
  t.equal(readFileSync(file, 'utf8'), '');
  reports.begin(header);
  reports.result(conforming);
  t.match(readFileSync(file, 'utf8'), /^TAP version 14\n# .*\nok 1 - .*\n$/, 'before the end');
  reports.end({
    command: 'run',
    suite: { ...suite, results: [conforming], interrupted: 'SIGINT' },
    exitCode: 130,
  });
  t.match(readFileSync(file, 'utf8'), /ok 1[^]*Bail out!/);
});

void t.test('a progress line gives way to what is written on stdout, and to nothing else', async (t) => {
  let cleared = 0;
  const count = (typed: readonly string[]): number => {
    cleared = 0;
    const reports = openReports(typed, stdout(true), () => cleared++);
    reports.begin(header);
    reports.result(conforming);
    return cleared;
  };
  t.equal(count(['tap']), 2);
  t.equal(count([`tap=${join(t.testdir(), 'x')}`]), 0, 'the report for people comes at the end');
});

void t.test('what cannot be is wrong usage', async (t) => {
  const folder = t.testdir({ folder: {} });
  const at = (name: string): string => join(folder, name);
  const wrong: readonly (readonly [typed: readonly string[], says: RegExp, hint?: RegExp])[] = [
    [['tapp'], /unknown reporter 'tapp'/, /did you mean "tap"/],
    [['xunit=x'], /unknown reporter 'xunit'/, /"junit"|known: /],
    [['tap='], /a file is missing after 'tap='/],
    [['tap', 'pretty'], /tap and pretty, cannot both write to stdout/, /--reporter pretty=FILE/],
    [['tap', 'tap'], /stdout/],
    [[`tap=${at('x')}`, `junit=${at('folder/../x')}`], /tap and junit, cannot both write to/],
    [[`tap=${at('nowhere/x')}`], /cannot write '.*nowhere\/x': ENOENT/],
    [[`tap=${at('folder')}`], /EISDIR/],
  ];
  for (const [typed, message, hint] of wrong) {
    let error: unknown;
    try {
      openReports(typed, stdout(false));
    } catch (thrown) {
      error = thrown;
    }
    t.ok(error instanceof UsageError, typed.join(' '));
    t.match(error, hint === undefined ? { message } : { message, hint });
  }
});

const full = '/dev/full';
void t.test(
  'a file that cannot be written whole is told in the end',
  { skip: !existsSync(full) },
  async (t) => {
    const folder = t.testdir();
    const other = join(folder, 'report.ndjson');
    const reports = openReports([`tap=${full}`, `ndjson=${other}`], stdout(false));
    reports.begin(header);
    reports.result(conforming);
    t.throws(() => reports.end({ command: 'run', suite: { ...suite, results: [conforming] }, exitCode: 0 }), {
      message: /cannot write '\/dev\/full': ENOSPC/,
    });
    t.match(readFileSync(other, 'utf8'), /"type":"footer"/, 'the others are whole');
  },
);

// --- the program -------------------------------------------------------------------------------------------------

const queues = 'queues: { cq1: { size: 4 }, sq1: { size: 4, cq: cq1 }, sq2: { size: 4, cq: cq1 } }\n';
/** The first takes longest, so that with several workers it is not the first to come in. */
const scenarios = {
  'a-slow.yaml': `nvme-conform: 1
scenario: Many orders
${queues}workload: { threads: [[{ sq: sq1, read: 2 }], [{ sq: sq2, read: 2 }]] }
explore: { random: { runs: 2000 } }
expect: conforms
`,
  ...Object.fromEntries(
    ['b', 'c', 'd', 'e'].map((name) => [
      `${name}.yaml`,
      `nvme-conform: 1
scenario: Quick ${name}
${queues}steps:
  - submit: { sq: sq1, read: 1 }
  - settle
  - reap: cq1
expect: conforms
`,
    ]),
  ),
};

function allReports(t: Test, folder: string, before: readonly string[]): readonly string[] {
  const names = { junit: 'r.xml', ndjson: 'r.ndjson', pretty: 'r.txt' };
  const options = Object.entries(names).flatMap(([name, file]) => ['--reporter', `${name}=${file}`]);
  const { code, stdout } = spawned(['run', '.', '--seed', '1', ...options], folder, before);
  t.equal(code, 0);
  return [stdout, ...Object.values(names).map((file) => readFileSync(join(folder, file), 'utf8'))];
}

void t.test('the same seed gives the same bytes, whatever the number of workers', async (t) => {
  const folder = t.testdir(scenarios);
  const reports = allReports(t, folder, []);
  const files = reports[0]?.match(/(?<=ok \d+ - )\S+(?= on )/g);
  t.strictSame(files, Object.keys(scenarios), 'in the order of the scenarios');
  t.strictSame(allReports(t, folder, []), reports);
  const hasTaskset = spawnSync('taskset', ['-c', '0', 'true']).status === 0;
  if (hasTaskset) t.strictSame(allReports(t, folder, ['taskset', '-c', '0']), reports, 'one worker');
});
