import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadScenarios, type Known } from './load.ts';

const known: Known = { controllers: ['reference'], drivers: ['reference'] };

const good = `nvme-conform: 1
scenario: t
queues: { cq1: { size: 4 }, sq1: { size: 4, cq: cq1 } }
workload: { threads: [[{ read: 1 }]] }
`;

void t.test('files and folders', async (t) => {
  const root = t.testdir({
    'suite': {
      'b.yaml': good,
      'a.yml': good.replace('scenario: t', 'scenario: ""'),
      'notes.md': '# no scenario',
      '.hidden.yaml': 'x',
      'deep': { 'c.yaml': good.replace('sq1', 'sq99'), 'node_modules': { 'd.yaml': 'x' } },
    },
    'nothing': { 'notes.md': '# no scenario' },
    'README.md': '# nvme-conform\n\nA tester: for queues: twice.\n\n`code`\n',
    'prose.md': '# nvme-conform\n\nTests the queue protocol.\n',
    'empty.yaml': '\n \n',
    'bom': `\ufeff${good.replace('1', '2')}`,
    'pipe.d': {},
  });
  const at = (name: string): string => join(root, name);
  writeFileSync(at('binary.yaml'), Buffer.from([0x6e, 0x00, 0x01]));
  writeFileSync(at('latin1.yaml'), Buffer.from('scenario: Gr\xf6\xdfe', 'latin1'));
  writeFileSync(at('large.yaml'), '#'.repeat(1_100_000));
  mkdirSync(at('loop'));
  symlinkSync(at('loop'), at('loop/again'));
  symlinkSync(at('nowhere'), at('loop/lost.yaml'));

  const lines = (...paths: string[]): string[] =>
    loadScenarios(paths.map(at), known).diagnostics.map(
      ({ file, position, message }) =>
        `${file.slice(root.length + 1)}:${position?.line ?? ''}:${position?.column ?? ''} ${message}`,
    );
  const suite = loadScenarios([at('suite'), at('suite/b.yaml')], known);
  t.same(
    suite.scenarios.map(({ file }) => file),
    [at('suite/b.yaml')],
    'each file once',
  );
  t.same(lines('suite'), [
    'suite/a.yml:2:11 a scenario has a title: one sentence',
    'suite/deep/c.yaml:3:29 a queue is called cq1 … cq16 or sq1 … sq16',
  ]);
  t.ok(suite.sources.get(at('suite/a.yml'))?.startsWith('nvme-conform'));
  t.same(lines('README.md'), [
    'README.md:3:11 not valid YAML: Nested mappings are not allowed in compact mappings',
    'README.md:5:1 not valid YAML: Plain value cannot start with reserved character `',
  ]);
  t.same(lines('prose.md'), ['prose.md:3:1 expected a map, found "Tests the queue protocol."']);
  t.same(lines('bom'), ['bom:1:15 this program reads version 1 of the language: nvme-conform: 1']);
  t.same(lines('binary.yaml', 'latin1.yaml', 'large.yaml', 'empty.yaml'), [
    'binary.yaml:: a binary file, not a scenario',
    'empty.yaml:: the file is empty',
    'large.yaml:: larger than 1 MiB, which no scenario is',
    'latin1.yaml:: not UTF-8 text',
  ]);
  t.same(lines('loop'), ['loop/lost.yaml:: cannot be read: no such file']);
  t.same(loadScenarios(['/dev/null'], known).diagnostics, [
    { file: '/dev/null', message: 'not a regular file' },
  ]);
  t.same(loadScenarios([at('nothing'), at('absent'), `${at('prose.md')}/x`], known).notFound, [
    { path: at('nothing'), reason: 'no scenarios in this folder' },
    { path: at('absent'), reason: 'no such path' },
    { path: `${at('prose.md')}/x`, reason: 'no such path' },
  ]);
});
