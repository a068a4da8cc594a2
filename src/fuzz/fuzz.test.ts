/** What a session is made of, in this thread: blocks, shrinking, the corpus. Whole sessions are tested in `src/cli`. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { byNumbers } from '../explore/schedule.ts';
import { parseScenario } from '../scenario/load.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { smallScope } from '../scenario/small-scope.fixture.ts';
import { writeScenario } from '../scenario/write.ts';
import { examine } from '../suite/examine.ts';
import { replay } from '../suite/replay.ts';
import { moveNamed } from '../world/naming.ts';
import { type BlockResult, type Failing, runBlock, RUNS_OF_A_BLOCK, type Setting } from './block.ts';
import { caseOf, casesOf, type Origin, perform, seedFor, soleCase, stageOf } from './case.ts';
import { smallestCase } from './case-search.ts';
import { Corpus, isAbout, shapeOf } from './corpus.ts';
import { commandsOf, type Draft, stillShows } from './counterexample.ts';
import { type Candidate, Findings, type Unsaved } from './findings.ts';
import { shows } from './key.ts';
import type { Counterexample } from './result.ts';
import { shrink, unshrunk } from './shrink.ts';
import { labelsOf } from './systems.ts';
import { Totals } from './totals.ts';

const never = (): boolean => false;

function settingFor(controller: string | undefined, seed: number): Setting {
  return { seed, strict: false, cases: casesOf(undefined, { controller, driver: undefined }) };
}

const known = { controllers: ['reference', 'propolis/before', 'spdk-vfio-user/v0'], drivers: ['reference'] };

function reread(scenario: Scenario): Scenario {
  const parsed = parseScenario('again.yaml', writeScenario(scenario, { head: [] }), known);
  if ('diagnostics' in parsed) throw new Error(parsed.diagnostics.map(({ message }) => message).join());
  return parsed.scenario;
}

t.test('a block is the same whenever it is run, and no other block is', async (t) => {
  const setting = settingFor(undefined, 1);
  const first = runBlock(setting, 0, 60, never);
  const second = runBlock(setting, 1, 60, never);
  t.same(runBlock(setting, 0, 60, never), first);
  t.notSame({ ...second, block: 0 }, first);
  t.match(first, { runs: 60, worlds: 6, unfinished: 0, selfChecks: 1, failing: [], trouble: [] });
  t.ok((first.exercised['CMD-COMPLETES'] ?? 0) > 0);
  t.equal(new Set(Array.from({ length: 1000 }, (_, block) => seedFor(1, block))).size, 1000);
  t.not(seedFor(1, 2), seedFor(2, 1), 'a seed and a block are not taken for each other');
  const totals = new Totals();
  for (const block of [first, second]) totals.add(block);
  t.equal(totals.sums.runs, 120);
  t.equal(
    totals.sums.exercised['CMD-COMPLETES'],
    (first.exercised['CMD-COMPLETES'] ?? 0) + (second.exercised['CMD-COMPLETES'] ?? 0),
  );
});

t.test('a block that is told to stop says what it has done', async (t) => {
  let runs = 0;
  const some = runBlock(settingFor(undefined, 1), 0, RUNS_OF_A_BLOCK, () => ++runs > 20);
  t.ok(some.runs > 0 && some.runs < 20, `${some.runs} runs`);
});

t.test('scenarios fix everything but the schedule, and take turns', async (t) => {
  const [scenario] = smallScope({ size: 2, reads: [3], shadow: true });
  const stated: Scenario = {
    ...scenario,
    pairings: scenario.pairings.map((pairing) => ({
      ...pairing,
      verdict: { kind: 'violates', rules: ['HOST-REAP'] },
    })),
  };
  const cases = casesOf([scenario, stated, scenario], { controller: undefined, driver: undefined });
  t.equal(cases.kind === 'given' && cases.cases.length, 2, 'what is stated to fail has nothing to be found');
  const block = runBlock({ seed: 1, strict: false, cases }, 0, 40, never);
  t.match(block, { runs: 40, worlds: 4, features: { 'shadow doorbells': 4 }, failing: [] });
  t.same(labelsOf(cases), { driver: 'reference', controller: 'reference' });
  const replaced = casesOf([stated], { controller: 'propolis/before', driver: undefined });
  t.match(labelsOf(replaced), { controller: 'propolis/before' });
});

/** The first blocks of a session, until one fails. */
function firstFailing(setting: Setting): { block: BlockResult; failing: Failing } {
  for (let number = 0; number < 8; number++) {
    const block = runBlock(setting, number, RUNS_OF_A_BLOCK, never);
    const failing = block.failing.find(({ key }) => key.rule === 'EVENTIDX-CQ-LOST-WAKEUP');
    if (failing !== undefined) return { block, failing };
  }
  throw new Error('nothing found in 2,000 runs');
}

const setting = settingFor('propolis/before', 1);
const found = firstFailing(setting);

function shrunk(stop: () => boolean, failing: Failing = found.failing): Draft {
  const draft = shrink(setting, failing, [], stop);
  if ('shape' in draft) throw new Error('nothing is known');
  return draft;
}

t.test('a failing run is shrunk to a counterexample of which no step can be left out', async (t) => {
  const draft = shrunk(never);
  t.ok(draft.shrunk);
  t.ok(draft.commands <= 3, `${draft.commands} commands`);
  t.ok(draft.preemptions <= 4, `${draft.preemptions} preemptions`);
  t.same(shrunk(never), draft, 'the same run gives the same counterexample');
  const again = reread(draft.scenario);
  t.equal(shapeOf(again), shapeOf(draft.scenario));
  const result = examine(again, soleCase(again).pairing, options, never);
  t.match(result, { outcome: 'unexpected', findings: [{ rule: 'EVENTIDX-CQ-LOST-WAKEUP' }] });
  t.same(droppable(draft), []);
});

const options = { seed: 1, runs: undefined, strict: false, connection: undefined };

/** Steps without which the others still fit one after the other, and lead to the same. */
function droppable({ scenario, finding }: Draft): string[] {
  const { world } = stageOf(soleCase(scenario));
  const schedule = scenario.schedule ?? [];
  return schedule
    .filter((_, left) => {
      world.restart();
      for (const name of schedule.toSpliced(left, 1)) {
        const move = moveNamed(world, name);
        if (move === undefined) return false;
        world.take(move);
      }
      if (world.moves().length === 0 || world.isQuiet()) world.settle(true);
      return shows(world, { rule: finding.rule, party: finding.party });
    })
    .map(({ process, step }) => `${process}: ${step}`);
}

t.test('without time to shrink it the run is kept as it was', async (t) => {
  const draft = unshrunk(setting, found.failing);
  t.notOk(draft.shrunk);
  t.equal(draft.finding.rule, 'EVENTIDX-CQ-LOST-WAKEUP');
  const again = reread(draft.scenario);
  t.match(examine(again, soleCase(again).pairing, options, never), { outcome: 'unexpected' });
  const stopped = shrunk(() => true);
  t.match(stopped, { shrunk: false, finding: { rule: 'EVENTIDX-CQ-LOST-WAKEUP' } });
});

t.test('the corpus gives one name to one thing, and writes nothing over', async (t) => {
  const { scenario } = unshrunk(setting, found.failing);
  const folder = join(t.testdir(), 'deep', 'corpus');
  const corpus = new Corpus(folder);
  const text = writeScenario(scenario, { head: ['first'] });
  const file = corpus.save(scenario, ['EVENTIDX-CQ-LOST-WAKEUP', 'propolis/before'], text);
  t.match(file, /EVENTIDX-CQ-LOST-WAKEUP-propolis-before-[\da-f]{8}\.yaml$/);
  writeFileSync(file, 'mine now');
  const beside = new Corpus(folder).save(scenario, ['EVENTIDX-CQ-LOST-WAKEUP', 'propolis/before'], text);
  t.equal(readFileSync(file, 'utf8'), 'mine now');
  t.equal(beside, file.replace('.yaml', '-2.yaml'));
  const twice = new Corpus(folder).save(scenario, ['EVENTIDX-CQ-LOST-WAKEUP', 'propolis/before'], text);
  t.equal(twice, beside, 'the same text is not saved twice');
  t.equal(readdirSync(folder).length, 2);
  const blocked = new Corpus(join(file, 'below'));
  t.throws(() => blocked.save(scenario, ['RULE', 'target'], text), { code: 'ENOTDIR' });
  t.notOk(existsSync(join(file, 'below')));
});

t.test('a counterexample is about the systems of a session, whatever decisions it has', async (t) => {
  const entry = unshrunk(setting, found.failing).scenario;
  const model = (name: string) => ({ model: name, decisions: {} });
  const about = (controller: string | undefined, driver: string | undefined): boolean =>
    isAbout(entry, [
      {
        controller: controller === undefined ? undefined : model(controller),
        driver: driver === undefined ? undefined : model(driver),
      },
    ]);
  t.ok(about('propolis/before', undefined));
  t.ok(about('propolis/before', 'reference'));
  t.notOk(about('propolis/after', undefined));
  t.notOk(about(undefined, undefined));
  t.notOk(about('propolis/before', 'linux/single-pass'));
});

t.test(
  'the turns of a failing run guide a smaller case to the same finding, and the case becomes small',
  async (t) => {
    const { failing } = found;
    if (failing.origin.kind !== 'generated') throw new Error('cases are generated');
    const { genes } = failing.origin;
    const asked: Origin[] = [];
    const question = { cases: setting.cases, failing, genes, specs: [], stop: never };
    const enough = (origin: Origin): boolean => asked.push(origin) === 2;
    const some = smallestCase({ ...question, enough });
    t.equal(asked.length, 2, 'guided by turns alone, smaller cases fail; then it was small enough');
    t.same(some.origin, asked[1]);
    const least = smallestCase({ ...question, enough: () => false });
    const { scenario } = caseOf(setting.cases, least.origin);
    t.ok(commandsOf(scenario) <= 3, `${commandsOf(scenario)} commands`);
    const stage = stageOf(caseOf(setting.cases, least.origin));
    perform(stage, byNumbers(least.numbers));
    t.ok(shows(stage.world, failing.key), 'its schedule shows it');
    t.same(smallestCase({ ...question, enough: () => false, stop: () => true }).origin, failing.origin);
  },
);

t.test('a run whose case is shrunk to a known shape shows nothing new', async (t) => {
  const first = shrunk(never);
  const shape = shapeOf(first.scenario);
  t.same(shrink(setting, found.failing, [shape], never), { shape });
  const { scenario } = first;
  t.equal(
    shapeOf({ ...scenario, schedule: scenario.schedule?.slice(1) ?? [] }),
    shape,
    'whatever its schedule',
  );
});

t.test('what bring-up runs into has an empty schedule, which can be replayed', async (t) => {
  const broken = settingFor('mutant/constant-phase', 5);
  const { failing, ...block } = runBlock(broken, 0, RUNS_OF_A_BLOCK, never);
  t.ok(block.down > 0, 'worlds that do not come up are counted');
  t.equal(block.runs, 10 * (block.worlds - block.down) + block.down, 'and have one run each');
  const [down] = failing.filter(({ numbers }) => numbers.length === 0);
  if (down === undefined) throw new Error('bring-up never failed');
  const draft = unshrunk(broken, down);
  t.same(draft.scenario.schedule, []);
  t.match(writeScenario(draft.scenario, { head: [] }), /\nschedule: \[\]\n/);
  const [replayed] = replay({
    scenario: draft.scenario,
    strict: false,
    controller: undefined,
    driver: undefined,
  });
  t.match(replayed, { misfit: undefined, result: { outcome: 'unexpected' } });
  t.ok((replayed?.trace.length ?? 0) > 0);
});

/** Findings that are told what a session would tell them. */
function findingsIn(folder: string): { findings: Findings; told: Counterexample[] } {
  const told: Counterexample[] = [];
  const comments = (unsaved: Unsaved) => ({ head: [`run ${unsaved.run}`] });
  const onCounterexample = (counterexample: Counterexample): void => void told.push(counterexample);
  const findings = new Findings(setting, new Corpus(folder), { comments, onCounterexample });
  return { findings, told };
}

t.test(
  'one shape is one file with the shortest schedule, and a rule that shows nothing new is left',
  async (t) => {
    const folder = join(t.testdir(), 'corpus');
    const { findings, told } = findingsIn(folder);
    const draft = shrunk(never);
    const runs = [0, 1, 2, 3, 4].map((run): Failing => ({ ...found.failing, run }));
    for (const failing of runs) findings.meet({ ...found.block, more: {}, failing: [failing] }, false);
    const longer = { ...draft, steps: draft.steps + 1 };
    const next = (): Candidate => {
      const candidate = findings.next();
      if (candidate === undefined) throw new Error('nothing is left');
      return candidate;
    };
    const first = next();
    t.equal(findings.next(), undefined, 'one run of a rule at a time');
    t.same(first.known, []);
    findings.take(first, longer);
    const second = next();
    t.same(second.known, [shapeOf(draft.scenario)]);
    findings.take(second, draft);
    const file = told[0]?.file ?? '';
    t.match(readFileSync(file, 'utf8'), /run 1/, 'the shorter one takes its place');
    writeFileSync(file, 'mine now');
    findings.take(next(), { ...draft, steps: draft.steps - 1 });
    t.equal(readFileSync(file, 'utf8'), 'mine now', 'not when somebody has changed it');
    t.equal(findings.next(), undefined, 'two in a row were in vain');
    t.match(findings.counterexamples, [{ steps: draft.steps, run: 1, duplicates: 2 }]);
    t.same(findings.notShrunk, { 'EVENTIDX-CQ-LOST-WAKEUP': 2 });
    t.equal(told.length, 1);
    t.equal(readdirSync(folder).length, 1);
  },
);

t.test(
  'what an earlier session has found is counted when it still shows, and found anew when not',
  async (t) => {
    const draft = shrunk(never);
    const file = 'earlier.yaml';
    const earlier = { ...reread(draft.scenario), file };
    const options = { seed: 1, runs: undefined, strict: false, connection: undefined };
    const result = examine(earlier, soleCase(earlier).pairing, options, never);
    t.ok(stillShows(earlier, result));
    t.notOk(stillShows(earlier, { ...result, findings: [] }));
    t.notOk(
      stillShows(earlier, { ...result, findings: [{ ...draft.finding, rule: 'HOST-REAP' }] }),
      'another rule is broken now',
    );
    const { findings, told } = findingsIn(join(t.testdir(), 'corpus'));
    findings.remember(earlier);
    findings.meet({ ...found.block, more: {}, failing: [found.failing] }, false);
    const candidate = findings.next();
    if (candidate === undefined) throw new Error('nothing is left');
    t.same(findings.shrinking, ['EVENTIDX-CQ-LOST-WAKEUP']);
    const known = shrink(setting, candidate.failing, candidate.known, never);
    t.same(known, { shape: shapeOf(earlier) }, 'shrunk until it is known');
    findings.take(candidate, known);
    t.same(findings.shrinking, []);
    t.same(findings.foundAgain, { [file]: 1 });
    t.same(findings.counterexamples, []);
    t.same(told, []);
  },
);

t.test('interrupted, a few runs of each rule are saved', async (t) => {
  const { findings, told } = findingsIn(join(t.testdir(), 'corpus'));
  for (let run = 0; run < 9; run++)
    findings.meet({ ...found.block, more: {}, failing: [{ ...found.failing, run }] }, false);
  findings.next();
  findings.saveRest(() => true);
  t.match(
    findings.counterexamples,
    [{ duplicates: 2, run: 0, shrunk: false }],
    'all of one case: of one shape',
  );
  t.same(findings.notShrunk, { 'EVENTIDX-CQ-LOST-WAKEUP': 6 });
  t.equal(told.length, 1);
});
