import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { ruleById, rules } from '../spec/catalogue.ts';
import { revisions, sections, sectionsNumbered } from '../spec/sections.ts';
import { commandLines, rerun } from './command.ts';
import { renderDiagram } from './diagram.ts';
import { eventText } from './event-text.ts';
import { excerpt } from './excerpt.ts';
import { renderRule } from './explain-rule.ts';
import { renderSections } from './explain-section.ts';
import { renderRules, renderScenarios, renderSystems } from './lists.ts';
import { asciiGlyphs, plainLook, toAscii, type Look, type Palette } from './look.ts';
import { renderReport } from './pretty.ts';
import { conforming, lostWakeup, overwritten, regress, suite } from './report.fixture.ts';
import { bySection, scenarioNames } from './sections.ts';
import { count, wrap } from './text.ts';

const invocation = { seed: suite.seed };
const asciiLook: Look = { ...plainLook, glyphs: asciiGlyphs };
/** Colours as visible brackets. */
const bracket = (text: string): string => `<${text}>`;
const bracketPalette: Palette = {
  good: bracket,
  bad: bracket,
  warn: bracket,
  dim: bracket,
  strong: bracket,
  heading: bracket,
};

/** The report of one result. */
function line(change: Partial<typeof conforming>): string {
  return renderReport({ ...suite, results: [{ ...conforming, ...change }] }, invocation, plainLook);
}

function at(file: string): typeof conforming {
  return { ...conforming, file };
}

/** Commands are never cut, and a name can be longer than a line; everything else fits. */
function tooLong(text: string, width: number): readonly string[] {
  return text.split('\n').filter((line) => line.length > width);
}

void t.test('the whole report, as it was last approved', async (t) => {
  const path = join(dirname(fileURLToPath(import.meta.url)), 'report.golden.txt');
  const text = renderReport(suite, invocation, plainLook);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text);
  t.equal(text, readFileSync(path, 'utf8'), 'UPDATE_GOLDEN=1 approves a change');
});

void t.test('a report fits the width, in ASCII too, and colours change nothing else', async (t) => {
  for (const width of [60, 80, 100]) {
    t.strictSame(
      tooLong(renderReport(suite, invocation, { ...plainLook, width }), width),
      [],
      `${width} columns`,
    );
  }
  const plain = renderReport(suite, invocation, plainLook);
  const coloured = renderReport(suite, invocation, { ...plainLook, palette: bracketPalette });
  t.equal(coloured.replace(/<(?!=)|>/g, ''), plain.replace(/<(?!=)|>/g, ''));
  const ascii = toAscii(renderReport(suite, invocation, asciiLook));
  t.match(ascii, /^[\n\x20-\x7e]*$/);
  t.strictSame(tooLong(ascii, 80), []);
});

void t.test('no trailing blanks, one line break at the end', async (t) => {
  const text = renderReport(suite, invocation, plainLook);
  t.notMatch(text, / \n/);
  t.match(text, /[^\n]\n$/);
});

void t.test('outcomes are told by words', async (t) => {
  t.match(line({}), '✔ full-parked-sq  reference  conforms  all 1,234 states, 3 rules');
  t.match(
    line({ outcome: 'bad-scenario', findings: [overwritten] }),
    '✘ full-parked-sq  reference  bad scenario',
  );
  t.match(line({ outcome: 'bad-scenario', findings: [overwritten] }), '1 bad scenario');
  t.match(
    line({ outcome: 'internal', reason: 'boom' }),
    /internal error[^]*because  boom[^]*please report it/,
  );
  t.match(
    line({ outcome: 'unexpected', expected: { kind: 'violates', rules: ['CQ-FULL-NO-POST'] } }),
    /conforms, which was not stated[^]*1 otherwise than stated/,
  );
  t.match(line({ outcome: 'vacuous', exercised: {} }), 'never exercised: CQ-FULL-NO-POST, CQ-FULL-NO-LOSS');
  t.match(
    line({
      expected: { kind: 'violates-any', rules: ['CQ-FULL-NO-POST', 'CQ-FULL-NO-LOSS'] },
      findings: [overwritten],
    }),
    'violates CQ-FULL-NO-POST, as stated',
  );
  t.match(
    line({ outcome: 'unexpected', findings: [regress] }),
    'violates SQHD-MONOTONIC',
    '--strict: a warning decides',
  );
  t.match(line({ findings: [{ ...regress, severity: 'info' }] }), /^– SQHD-MONOTONIC: .*went backwards/m);
});

void t.test('an interrupted run says so', async (t) => {
  const text = renderReport({ ...suite, interrupted: 'SIGINT', results: [] }, invocation, plainLook);
  t.match(text, 'interrupted by SIGINT');
  t.match(text, '0 as expected');
});

void t.test('text from files cannot drive the terminal', async (t) => {
  const title = 'A\u001b[2Jtitle\u202e';
  const evil = {
    ...conforming,
    title,
    file: 'a\u001b]0;x\u0007.yaml',
    outcome: 'inconclusive' as const,
    reason: title,
  };
  const text = renderReport({ ...suite, results: [evil] }, invocation, plainLook);
  t.strictSame(
    text.match(/[\p{Cc}\u202e]/gu)?.filter((character) => character !== '\n'),
    [],
  );
});

void t.test('commands to run again', async (t) => {
  t.strictSame(rerun({ file: 'a.yaml', alone: undefined }, { seed: 7 }, false), [
    'nvme-conform',
    'run',
    'a.yaml',
  ]);
  t.strictSame(
    rerun({ file: 'a.yaml', alone: undefined }, { seed: 7, controller: 'qemu', runs: 9, strict: true }, true),
    ['nvme-conform', 'run', 'a.yaml', '--controller', 'qemu', '--seed', '7', '--runs', '9', '--strict'],
  );
  const pair = { controller: 'propolis/after', driver: 'linux/single-pass' };
  t.strictSame(
    rerun({ file: 'a.yaml', alone: pair }, { seed: 7, driver: 'linux/single-pass' }, false),
    ['nvme-conform', 'run', 'a.yaml', '--controller', 'propolis/after', '--driver', 'linux/single-pass'],
    'the pair alone',
  );
  const lines = commandLines('again', ['nvme-conform', 'run', "it's here.yaml", '--seed', '-7'], {
    ...plainLook,
    width: 40,
  });
  t.strictSame(lines, [
    '  again  nvme-conform run \\',
    "           'it'\\''s here.yaml' \\",
    '           --seed -7',
  ]);
});

void t.test('diagrams', async (t) => {
  const facts = new Set(lostWakeup.facts.map(({ event }) => event));
  const lines = renderDiagram(lostWakeup.trace, facts, plainLook);
  t.equal(lines.filter((line) => line.startsWith(' ●')).length, 3, 'the facts are marked');
  t.match(lines[1], '…  bring-up: 24 events', 'bring-up is one line');
  t.ok(
    lines.some((line) => line.includes('─ SQ1 doorbell arrives ──────────▶│')),
    'a posted write arrives',
  );
  t.ok(
    lines.some((line) => line.endsWith('SQ1 fetcher: parked │')),
    'silent steps stand beside their lane',
  );
  const parts = excerpt(overwritten.trace, new Set([40, 88]));
  const shown = parts.filter((part) => part.kind === 'row').length;
  t.ok(shown < 30, 'most of a long trace is left out');
  const leftOut = parts.reduce((sum, part) => sum + (part.kind === 'left-out' ? part.rows : 0), 0);
  t.equal(shown + leftOut, overwritten.trace.length, 'and every row is accounted for');
});

void t.test('events in words', async (t) => {
  t.equal(eventText({ type: 'db.sq', qid: 1, value: 3 }), 'SQ1 tail doorbell = 3');
  t.equal(eventText({ type: 'shadow.cq', qid: 1, value: 1, writer: 'host' }), 'shadow CQ1 head = 1');
  t.equal(
    eventText({ type: 'shadow.cq', qid: 1, value: 1, writer: 'controller' }),
    'shadow CQ1 head = 1 by the controller',
  );
  t.equal(eventText({ type: 'ei.sq', qid: 1, value: 2, writer: 'controller' }), 'EventIdx SQ1 = 2');
  const post = {
    type: 'cqe.post',
    cqid: 1,
    slot: 2,
    sqid: 1,
    sqhd: 3,
    cid: 4,
    phase: 1,
    status: 0,
    dw0: 0,
  } as const;
  t.equal(eventText(post), 'CQ1[2] cid 4 SQ1 sqhd 3 P=1');
  t.equal(
    eventText({ ...post, status: 0x102, dw0: 16 }),
    'CQ1[2] cid 4 SQ1 sqhd 3 P=1 DW0=10h 1h/02h Invalid Queue Size',
  );
  t.equal(eventText({ type: 'reg.w', offset: 0x14, value: 0x460001 }), 'CC = 460001h (EN=1)');
});

void t.test('groups and names', async (t) => {
  const groups = bySection([{ ...conforming, rules: [] }, ...suite.results]);
  t.strictSame(
    groups.map(({ section }) => section?.id),
    ['base/3.3.1.2.1', 'base/B.5.1', 'pcie/3.1.2.1', undefined],
  );
  const names = scenarioNames([at('a/x/full.yaml'), at('b/x/full.yaml'), at('b/x/empty.yml')]);
  t.strictSame([...names.values()], ['a/x/full', 'b/x/full', 'empty']);
});

void t.test('every rule and section can be explained, in every revision, in 80 columns', async (t) => {
  const texts = revisions.flatMap((revision) => [
    ...rules.map((rule) => renderRule(rule, revision, true, plainLook)),
    ...sections.map((section) => renderSections([section], revision, rules, plainLook)),
    renderSections(sections, revision, rules, plainLook),
  ]);
  t.strictSame(
    texts.flatMap((text) => tooLong(text, 80)),
    [],
  );
  t.strictSame(
    texts.filter((text) => /: undefined\n|\[object|NaN/.test(text)),
    [],
  );
});

void t.test('what explain says of a rule', async (t) => {
  const rule = ruleById('EVENTIDX-CQ-LOST-WAKEUP');
  const text = rule === undefined ? '' : renderRule(rule, '1.4', false, plainLook);
  t.match(text, 'no sentence demands it');
  t.match(text, '7.13   2.0: B.5.1   2.1: B.5.1 (high)');
  t.match(text, 'not yet: described here');
  const full = ruleById('CQ-FULL-NO-POST');
  t.match(full && renderRule(full, '2.1', true, plainLook), /N +number of slots of the queue[^]*d\(a,b\)/);
  t.match(renderSections(sectionsNumbered('B.5'), '2.1', rules, plainLook), 'Annex B.5.1 (informative)');
});

void t.test('lists fit 80 columns', async (t) => {
  const list = renderRules(rules, new Set(['CQ-FULL-NO-POST', 'CQ-FULL-NO-LOSS']), plainLook);
  t.strictSame(tooLong(list, 80), []);
  t.match(list, /● CQ-FULL-NO-POST +controller  shall +error +3\.3\.1\.2\.1 \+2\n/);
  t.match(list, /judged by runs: 2 of \d+ rules/);
  const row = {
    file: 'a.yaml',
    title: 'T',
    rules: [],
    body: 'steps',
    searches: [],
    targets: ['reference conforms'],
  };
  t.equal(
    renderScenarios([row], plainLook),
    'a.yaml\n  T\n  body     steps\n  targets  reference conforms\n\n1 scenario\n',
  );
  const system = {
    name: 'x',
    role: 'driver',
    aliases: ['y'],
    describes: 'A driver.',
    knownFor: 'Z',
  } as const;
  t.match(renderSystems([system], plainLook), '  x  A driver.\n     known for: Z\n     also called y\n');
});

void t.test('text', async (t) => {
  t.strictSame(wrap('a  b cc', 4), ['a  b', 'cc'], 'blanks between words stay');
  t.strictSame(wrap('abcdef gh', 3), ['abcdef', 'gh'], 'long words stay whole');
  t.strictSame(wrap('', 3), ['']);
  t.equal(count(1_234_567, 'state'), '1,234,567 states');
  t.equal(toAscii('é – “x” 漢'), 'e - "x" ?');
});
