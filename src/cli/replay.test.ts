/** `nvme-conform replay`, spawned: `npm run build` comes first. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { conform, root } from './spawned.fixture.ts';

const file = 'fixtures/counterexamples/eventidx-cq-lost-wakeup.yaml';
const text = readFileSync(join(root, file), 'utf8');

t.test('a counterexample is replayed, drawn and judged', async (t) => {
  const ended = conform('replay', file);
  t.match(ended, { code: 1, stderr: '' });
  t.match(ended.stdout, /46 steps of the schedule\n/);
  t.match(ended.stdout, /\n {8}host +link +controller\n {5}… {2}bring-up: /);
  t.match(ended.stdout, /\n ● {2}63 .*EventIdx CQ1 read: 1 ─┤/);
  t.match(ended.stdout, /verdict {2}violates EVENTIDX-CQ-LOST-WAKEUP\n/);
  t.same(
    ended.stdout.split('\n').filter((line) => line.length > 80),
    [],
  );
  t.same(conform('replay', file), ended, 'the same bytes each time');
});

t.test('a choice that does not fit is told with its place, and nothing is drawn', async (t) => {
  const { code, stdout, stderr } = conform('replay', file, '--controller', 'propolis/ideal');
  t.equal(code, 3);
  t.equal(stdout, '');
  const [, line, column, process, step] =
    /^error: \S+\.yaml:(\d+):(\d+): (.+) cannot take the step '(.+)' here \(step \d+ of 46\)\n/.exec(
      stderr,
    ) ?? [];
  const written = text.split('\n')[Number(line) - 1] ?? '';
  t.ok(written.startsWith(`  - ${process}: `), written);
  t.ok(written.slice(Number(column) - 1).startsWith(String(step)), 'the caret is at the step');
  t.match(stderr, /\n +\| +\^+\n += what could step: \S/);
  t.match(stderr, /1 error in 1 file\.\n$/);
});

t.test('one that conforms now is 0', async (t) => {
  const folder = t.testdir({
    'fixed.yaml': text.replace(/(schedule:\n {2}- [^\n]*\n)[^]*(?=expect)/, '$1'),
    'broken.yaml': text.replace('[ write entry,', '[ 3,'),
  });
  const fixed = conform('replay', join(folder, 'fixed.yaml'), '--controller', 'reference');
  t.match(fixed, { code: 0, stderr: '', stdout: /✔ .* on reference with linux\/single-pass {2}conforms\n$/ });
  t.match(conform('replay', join(folder, 'broken.yaml')), {
    code: 3,
    stdout: '',
    stderr: /:\d+:\d+: expected text, found 3\n/,
  });
  t.match(conform('replay', folder), { code: 3, stdout: '' }, 'its mistakes first');
});

t.test('what cannot be replayed', async (t) => {
  const none = conform('replay', 'scenarios/phase-wrap.yaml');
  t.match(none, {
    code: 3,
    stdout: '',
    stderr: /phase-wrap\.yaml: there is no schedule in it\n.*nvme-conform run/,
  });
  t.match(conform('replay', 'nowhere.yaml'), { code: 4, stdout: '', stderr: /nowhere\.yaml: no such path/ });
  t.match(conform('replay', 'scenarios'), { code: 2, stdout: '', stderr: /one file at a time/ });
  t.match(conform('replay', file, '--controller', 'qemu'), { code: 2, stdout: '', stderr: /qemu/ });
  t.match(conform('replay', file, '--driver', 'lunix/single-pass'), { code: 2, stderr: /did you mean/ });
  t.match(conform('replay'), { code: 2, stdout: '', stderr: /missing required argument/ });
});

t.test('run follows it while it fits, and is a regression test', async (t) => {
  const ran = (...words: readonly string[]): ReturnType<typeof conform> =>
    conform('run', file, '--reporter', 'pretty', ...words);
  t.match(ran(), { code: 1, stdout: /found {2}by the schedule in the file, 46 steps after bring-up/ });
  for (const controller of ['reference', 'propolis/after']) {
    const { code, stdout } = ran('--controller', controller);
    t.equal(code, 0, controller);
    t.match(stdout.replaceAll(/\s+/g, ' '), /followed \d+ of 46 steps, then the default policy/);
  }
});
