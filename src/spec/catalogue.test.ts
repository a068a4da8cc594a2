import t from 'tap';
import { areaTitles, areas, firstMilestone, isRuleId, ruleById, rules } from './catalogue.ts';
import { defaultSeverity, differenceIn, severityIn, strengthIn, type RuleEntry } from './rule.ts';
import { citation, revisions, sectionById, sections, sectionsNumbered, type Section } from './sections.ts';

/** The event vocabulary: what crosses the link, what the tester derives, what the driver's own door shows. */
const vocabulary = new Set(
  (
    'reg.w reg.r db.sq db.cq shadow.sq shadow.cq ei.sq ei.cq sqe.fetch cqe.post irq irq.mask adm reset ' +
    'mem quiesce command.begin command.end request.begin request.end save.end restore.begin restore.end ' +
    'inspect.begin inspect.end'
  ).split(' '),
);

function count(key: 'tier' | 'party' | 'kind' | 'strength'): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const { [key]: value } of rules) totals[value] = (totals[value] ?? 0) + 1;
  return totals;
}

function rule(id: string): RuleEntry {
  const found = ruleById(id);
  if (found === undefined) throw new Error(`no rule ${id}`);
  return found;
}

function ids(found: readonly Section[]): string[] {
  return found.map(({ id }) => id);
}

function numbers(id: string): (string | null | undefined)[] {
  return revisions.map((revision) => sectionById(id)?.numbers[revision].number);
}

await t.test('the catalogue has the rules it should have', async (t) => {
  t.equal(rules.length, 128);
  t.equal(new Set(rules.map(({ id }) => id)).size, 128);
  t.same(count('tier'), { 1: 68, 2: 53, 3: 7 });
  t.same(count('party'), { controller: 78, host: 34, both: 16 });
  t.same(count('kind'), { safety: 101, liveness: 27 });
  t.same(count('strength'), {
    shall: 38,
    should: 15,
    may: 1,
    undefined: 4,
    definition: 39,
    consistency: 21,
    contract: 10,
  });
  t.equal(firstMilestone.length, 35);
  t.equal(new Set(firstMilestone).size, 35);
  t.ok(firstMilestone.every(isRuleId));
  t.equal(ruleById('CQ-FULL-NO-POST')?.area, 'flow-control');
  t.equal(ruleById('NO-SUCH-RULE'), undefined);
  t.equal(isRuleId('toString'), false);
  t.same(Object.keys(areaTitles), areas);
});

await t.test('every rule is told in full', async (t) => {
  for (const each of rules) {
    const { statement, decide, demands, bug, stance } = each;
    const texts = [statement, decide, demands, bug, stance].filter((text) => text !== undefined);
    for (const text of texts) {
      t.ok(/^\S.*[^.]\.$/.test(text) && !text.includes('  '), `${each.id} has sentences: ${text}`);
    }
    t.ok(each.statement.length <= 300, `${each.id} is stated shortly`);
    t.ok(each.events.length > 0, `${each.id} names events`);
    t.ok(
      each.events.every((event) => vocabulary.has(event)),
      `${each.id} names known events`,
    );
    if (each.kind === 'liveness') t.ok(each.events.includes('quiesce'), `${each.id} is judged at quiescence`);
    t.equal(new Set(each.sections).size, each.sections.length, `${each.id} cites each section once`);
    t.ok(
      each.sections.every((id) => sectionById(id) !== undefined),
      `${each.id} cites known sections`,
    );
    t.equal(each.strength === 'contract', each.sections[0] === 'contract', `${each.id} rests on a text`);
    for (const { severity } of each.exceptions ?? []) t.not(severity, each.severity, `${each.id}: exception`);
    for (const other of texts.join(' ').match(/\b[A-Z]{2,}\d?(?:-[A-Z0-9]{2,})+\b/g) ?? []) {
      t.ok(isRuleId(other), `${each.id} mentions the rule ${other}`);
    }
  }
});

await t.test('severity follows strength and kind unless the entry says otherwise', async (t) => {
  t.equal(defaultSeverity('shall', 'safety'), 'error');
  t.equal(defaultSeverity('contract', 'safety'), 'error');
  t.equal(defaultSeverity('should', 'safety'), 'warning');
  t.equal(defaultSeverity('may', 'safety'), 'info');
  t.equal(defaultSeverity('consistency', 'liveness'), 'error');
  t.equal(rule('CQ-FULL-RESUME').severity, 'error');
  t.equal(rule('CREATE-QID').severity, 'error');
  t.match(rule('CREATE-QID').exceptions, [{ severity: 'warning' }]);
  t.same(
    rules.filter(({ kind, severity }) => kind === 'liveness' && severity !== 'error').map(({ id }) => id),
    ['CFS-RECOVERY', 'INT-COALESCE-SCOPE', 'AER-PENDING'],
    'liveness rules that leave nobody hanging',
  );
  for (const id of ['SQ-TAIL-NOCHANGE', 'CQ-HEAD-NOCHANGE', 'SQ-TAIL-OVER-SQHD', 'SHADOW-CTRL-WRITE']) {
    t.equal(rule(id).severity, 'warning', id);
  }
  for (const id of ['SHADOW-FIRST', 'SHADOW-RING-MISSED', 'SHADOW-RING-VALUE']) {
    t.equal(rule(id).severity, 'error', id);
  }
  for (const id of ['SQHD-MONOTONIC', 'INT-SPURIOUS']) t.equal(rule(id).severity, 'info', id);
  t.same(
    rules.filter(({ offByDefault }) => offByDefault).map(({ id }) => id),
    ['ARB-RR-FAIR', 'ARB-BURST', 'ARB-WRR-STRICT'],
  );
});

await t.test('revisions differ', async (t) => {
  t.equal(severityIn(rule('CLR-AER-SILENT'), '2.1'), 'error');
  t.equal(severityIn(rule('CLR-AER-SILENT'), '2.0'), 'warning');
  t.equal(strengthIn(rule('CLR-AER-SILENT'), '1.4'), 'should');
  t.equal(strengthIn(rule('CREATE-SQ-CQID'), '2.0'), 'should');
  t.equal(severityIn(rule('CREATE-SQ-CQID'), '2.0'), 'error');
  t.match(differenceIn(rule('ABORT-RESULT'), '2.0')?.note, 'before');
  t.equal(differenceIn(rule('ABORT-RESULT'), '2.3'), undefined);
  t.equal(differenceIn(rule('SQ-TAIL-RANGE'), '1.4'), undefined);
});

await t.test('every section is cited, numbered and told', async (t) => {
  t.equal(sections.length, 86);
  const cited = new Set(rules.flatMap((each) => [...each.sections]));
  for (const each of sections) {
    t.ok(cited.has(each.id), `${each.id} is cited`);
    t.ok(each.title !== '' && each.summary.endsWith('.'), `${each.id} is told`);
    if (each.id === 'contract') continue;
    t.equal(each.numbers['2.1'].number, each.id.replace(/^\w+\//, ''), `${each.id} is named after 2.1`);
    t.ok(revisions.every((revision) => /^([A-Z]|\d+)(\.\d+)*$/.test(each.numbers[revision].number ?? '0')));
  }
  const texts = sections.filter(({ id }) => id !== 'contract');
  t.equal(texts.filter((each) => each.numbers['2.1'].confidence === 'confirmed').length, 64);
  t.ok(texts.every((each) => each.numbers['2.3'].confidence === 'confirmed'));
  t.same(ids(sections.filter(({ informative }) => informative)), [
    'base/B.3',
    'base/B.5.1',
    'base/B.5.2',
    'pcie/A.2',
    'pcie/A.3',
  ]);
});

await t.test('numbers change with the revision', async (t) => {
  t.same(numbers('base/3.3.1.2.1'), ['4.1', '3.3.1.2', '3.3.1.2.1', '3.3.1.2.1']);
  t.same(numbers('base/5.2.5'), ['5.7', '5.8', '5.2.5', '5.3.5']);
  t.same(numbers('base/5.1.1'), ['5.1', '5.1', '5.1.1', '5.2.1']);
  t.same(numbers('base/5.1.25.2.1'), ['5.21.1.7', '5.27.1.5', '5.1.25.2.1', '5.2.26.2.1']);
  t.same(numbers('pcie/3.1.2.1'), ['3.1.24', '3.1.2.1', '3.1.2.1', '3.1.2.1']);
  t.same(numbers('base/3.4.5'), [null, null, '3.4.5', '3.4.5']);
});

await t.test('citations', async (t) => {
  const flow = sectionById('base/3.3.1.2.1');
  t.equal(citation(flow, '2.1'), 'NVM Express Base 2.1, 3.3.1.2.1');
  t.equal(citation(flow, '2.0'), 'NVM Express Base 2.0, 3.3.1.2');
  t.equal(citation(sectionById('base/B.5.1'), '2.1'), 'NVM Express Base 2.1, Annex B.5.1 (informative)');
  t.equal(citation(sectionById('base/B.5.1'), '1.4'), 'NVM Express Base 1.4, 7.13');
  t.equal(citation(sectionById('pcie/3.1.2.1'), '2.3'), 'NVMe over PCIe Transport 1.2, 3.1.2.1');
  t.equal(citation(sectionById('pcie/3.1.2.1'), '1.4'), 'NVM Express Base 1.4, 3.1.24');
  t.equal(citation(sectionById('nvm/2.1.3'), '2.0'), 'NVM Express NVM Command Set 1.0, 2.1.3');
  t.equal(
    citation(sectionById('base/3.4.5'), '2.0'),
    'NVM Express Base 2.0 (no such section; see NVM Express Base 2.1, 3.4.5)',
  );
  t.equal(citation(sectionById('contract'), '2.1'), 'implementation contract (no NVM Express text)');
});

await t.test('sections are found by what users type', async (t) => {
  t.same(ids(sectionsNumbered('3.3.1.2.1')), ['base/3.3.1.2.1']);
  t.same(ids(sectionsNumbered('B.5')), ['base/B.5.1', 'base/B.5.2']);
  t.same(ids(sectionsNumbered('Annex b.5')), ['base/B.5.1', 'base/B.5.2']);
  t.same(ids(sectionsNumbered('PCIe 3.1.2.1')), ['pcie/3.1.2.1']);
  t.same(ids(sectionsNumbered('pcie/3.1.2.1')), ['pcie/3.1.2.1']);
  t.same(ids(sectionsNumbered('NVM CS 2.1.3.1')), ['nvm/2.1.3.1']);
  t.same(ids(sectionsNumbered('section 3.4.4')), ['base/3.4.4', 'base/3.4.4.1', 'base/3.4.4.2']);
  t.same(ids(sectionsNumbered('5.8', '2.0')), ['base/5.2.5']);
  t.same(ids(sectionsNumbered('Base 2.0 5.8')), ['base/5.2.5']);
  const abort = ['base/5.1.1', 'base/5.1.1.1', 'base/5.1.1.2'];
  t.same(ids(sectionsNumbered('NVM Express Base 2.3, 5.2.1')), abort);
  t.same(ids(sectionsNumbered('PCIe 1.0 3.5.2')), ['pcie/3.5.2']);
  t.same(ids(sectionsNumbered('3.1.24', '1.4')), ['pcie/3.1.2.1']);
  t.ok(ids(sectionsNumbered('3.3.1.2', '2.0')).includes('base/3.3.1.2.1'));
  for (const nothing of ['', 'contract', 'hello', '3.3.1.2.', '99', 'Base 1.9 3.4', 'PCIe 2.1 3.5']) {
    t.same(sectionsNumbered(nothing), [], JSON.stringify(nothing));
  }
});

await t.test('a citation finds its section again', async (t) => {
  for (const each of sections) {
    for (const revision of revisions) {
      if (each.numbers[revision].number === null) continue;
      t.ok(ids(sectionsNumbered(citation(each, revision))).includes(each.id), citation(each, revision));
    }
  }
});
