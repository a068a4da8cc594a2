import t from 'tap';
import { renderDiagnostic } from './diagnostic.ts';
import { readYaml, YamlFile } from './document.ts';
import { nearest, suggestion } from './nearest.ts';

function refused(text: string): string[] {
  const file = readYaml(text);
  if (file instanceof YamlFile) return [];
  return file.problems.map(({ position, message }) =>
    position === undefined ? message : `${position.line}:${position.column} ${message}`,
  );
}

void t.test('YAML that is no data, or too much of it', async (t) => {
  t.same(refused('a:\n\tb: 1'), ['2:1 a tab cannot indent YAML']);
  t.same(refused('a: 1\nb: {a: 1, a: 2}'), ['2:11 this key stands twice in its map']);
  t.same(refused('a: @x\nb: `y'), [
    '1:4 not valid YAML: Plain value cannot start with reserved character @',
    '2:4 not valid YAML: Plain value cannot start with reserved character `',
  ]);
  t.same(refused('a: 1\n---\nb: 2'), ['2:1 a second YAML document: a file holds one scenario']);
  t.same(refused('a: !!js/function x'), [
    '1:18 a tag ("tag:yaml.org,2002:js/function"): scenarios are plain data',
  ]);
  t.same(refused('x: &x {a: 1}\ny: {<<: *x}'), ['2:5 merge keys are not part of the language']);
  t.same(refused('[a]: 1\n__proto__: 1'), ['1:1 a key must be a word', '2:1 a key must be a word']);
  t.same(refused('a: *b'), ['1:4 no anchor &b before this alias']);
  t.same(refused('a: &b [*b]'), ['1:7 this holds an alias of itself']);
  t.same(refused(`a: &a 1\nb: [${'*a, '.repeat(101)}]`), ['2:405 more than 100 aliases']);

  const lines = Array.from(
    { length: 10 },
    (_, i) => `a${i}: &a${i} [${i ? `*a${i - 1}, `.repeat(9) : 'lol'}]`,
  );
  t.same(
    refused(lines.join('\n')),
    ['more than 100000 nodes once its aliases are written out'],
    'billion laughs',
  );
  t.same(refused('a: &a 1\nb: [*a, *a]'), [], 'a few aliases are fine');

  const deep = ['[', '- ', '? ', '{a: '].map((opening) => refused(opening.repeat(50_000)));
  for (const problems of deep) t.match(problems, [/^1:\d+ nested too deeply$/]);
  const chain = Array.from({ length: 60 }, (_, i) => `a${i}: &a${i} [${i ? `*a${i - 1}` : 'x'}]`).join('\n');
  t.same(refused(chain), ['nested too deeply once its aliases are written out']);
});

void t.test('one language whatever a directive says', async (t) => {
  const file = readYaml('%YAML 1.1\n---\na: yes\nb: 0x10\n');
  t.same(file instanceof YamlFile && file.value, { a: 'yes', b: 16 });
});

void t.test('places', async (t) => {
  const file = readYaml('a: &x\n  b: [1, {c: 2}]\nd: *x\ne:\n');
  if (!(file instanceof YamlFile)) throw new Error('not read');
  t.same(file.position([]), { line: 1, column: 1 });
  t.same(file.position(['a', 'b', 1, 'c']), { line: 2, column: 14 });
  t.same(file.position(['a', 'b', 1, 'c'], 'key'), { line: 2, column: 11 });
  t.same(file.position(['a', 'b', 1, 'z']), { line: 2, column: 10 }, 'missing: the parent');
  t.same(file.position(['a', 'b', 7]), { line: 2, column: 6 });
  t.same(file.position(['d']), { line: 3, column: 4 });
  t.same(file.position(['d', 'b', 0]), { line: 2, column: 7 }, 'behind an alias: where it is written');
  t.same(file.position(['e'], 'key'), { line: 4, column: 1 });
});

void t.test('what a person sees', async (t) => {
  const source = 'nvme-conform: 1\r\nsteps:\r\n\t- submitt: { sq: sq1 }\r\n';
  const diagnostic = {
    file: 'scenarios/x.yaml',
    position: { line: 3, column: 4 },
    message: 'unknown word "submitt"',
    hint: 'did you mean "submit"?',
  };
  t.equal(
    renderDiagnostic(diagnostic, source),
    [
      'error: scenarios/x.yaml:3:4: unknown word "submitt"',
      '  3 | \t- submitt: { sq: sq1 }',
      '    | \t  ^^^^^^^',
      '    = did you mean "submit"?',
    ].join('\n'),
  );
  t.equal(
    renderDiagnostic({ file: 'x', message: 'the file is empty' }, undefined),
    'error: x: the file is empty',
  );
  const control = renderDiagnostic({ ...diagnostic, position: { line: 1, column: 1 } }, '\u001b[31mx');
  t.notOk(control.includes('\u001b'), 'control characters do not reach the terminal');

  const long = `${'x'.repeat(300)} here ${'y'.repeat(300)}`;
  const [, text = '', caret = ''] = renderDiagnostic(
    { ...diagnostic, position: { line: 1, column: 302 } },
    long,
  ).split('\n');
  t.ok(text.length < 120);
  t.equal(text.slice(caret.indexOf('^'), caret.indexOf('^') + 4), 'here');
  t.equal(caret.trimEnd().length - caret.indexOf('^'), 4);
});

void t.test('nearest names', async (t) => {
  t.same(nearest('settel', ['settle', 'submit', 'reset']), ['settle']);
  t.same(
    nearest('linux', ['linux/a', 'linux/b', 'cosmos']),
    ['linux/a', 'linux/b'],
    'the beginning of a name',
  );
  t.same(nearest('cq-full', ['CQ-FULL-NO-LOSS']), ['CQ-FULL-NO-LOSS'], 'in any case');
  t.same(nearest('zzzzzz', ['settle']), []);
  t.equal(suggestion('x', ['aaaa', 'bbbb']), 'known: aaaa, bbbb');
  t.equal(suggestion('x', []), undefined);
});
