import { readFileSync } from 'node:fs';
import t from 'tap';
import type { Scenario } from '../scenario/scenario.ts';
import { writeScenario } from '../scenario/write.ts';
import { counterexample, loaded } from './counterexample.fixture.ts';
import { errorsOf, examined, named } from './examine.fixture.ts';
import { replay, type Replay } from './replay.ts';

const saved = loaded(
  readFileSync('fixtures/counterexamples/eventidx-cq-lost-wakeup.yaml', 'utf8'),
  'saved.yaml',
);

function replayed(scenario: Scenario, controller?: string): Replay {
  const request = { scenario, controller, driver: undefined, strict: false };
  const [first, second] = replay(request);
  if (first === undefined || second !== undefined) throw new Error('one pair was expected');
  return first;
}

t.test('a counterexample is found, written, read and replayed exactly', async (t) => {
  for (const [name, controller, rule] of [
    ['eventidx-lagging-tail', 'propolis/before', 'EVENTIDX-CQ-LOST-WAKEUP'],
    ['cq-full-parked-sq', 'mutant/discards-at-full-queue', 'CQ-FULL-NO-LOSS'],
  ] as const) {
    const found = counterexample(name, named(controller));
    const again = loaded(writeScenario(found, { head: [], trace: [] }));
    const { result, misfit } = replayed(again);
    t.equal(misfit, undefined, name);
    t.same(errorsOf(result), [rule]);
    t.equal(result.outcome, 'unexpected');
    const [run] = result.explorations;
    const steps = found.schedule?.length;
    t.match(run, { kind: 'scripted', steps, schedule: { steps, followed: steps, instead: undefined } });
    t.equal(result.explorations.length, 1, 'nothing else is tried');
    t.match(result.findings[0], { foundBy: 'schedule' });
  }
});

t.test('the trace is the whole run', async (t) => {
  const { trace, result } = replayed(saved);
  const [finding] = result.findings;
  const numbers = trace.flatMap(({ number }) => number ?? []);
  t.same(
    numbers,
    numbers.map((_, index) => index + 1),
  );
  t.ok(finding?.facts.every(({ event }) => numbers.includes(event)));
  // Every step of the schedule has a row at least, and they come in its order.
  const rows = trace.filter(({ bringUp }) => !bringUp).map(({ process, step }) => `${process}: ${step}`);
  const steps = (saved.schedule ?? []).map(({ process, step }) => `${process}: ${step}`);
  t.same(rows, steps);
});

t.test('the first choice that does not fit is named, with its place and what could step', async (t) => {
  const { schedule = [] } = saved;
  const wanted = { process: 'SQ1 worker 0', step: 'sleep', position: { line: 99, column: 7 } };
  const { misfit } = replayed({ ...saved, schedule: schedule.with(2, wanted) });
  t.match(misfit, { wanted, after: 2, steps: schedule.length });
  t.ok(misfit?.instead.some(({ process, step }) => process === 'thread 0' && step === 'load tail EventIdx'));
  const changed = replayed(saved, 'propolis/ideal');
  t.equal(changed.misfit?.wanted, schedule[changed.misfit?.after ?? -1]);
});

t.test('run follows it while it fits, then the default policy: a regression test', async (t) => {
  t.same(errorsOf(examined(saved, {})), ['EVENTIDX-CQ-LOST-WAKEUP']);
  for (const controller of ['reference', 'propolis/after', 'propolis/ideal']) {
    const result = examined(saved, { controller: named(controller) });
    t.equal(result.outcome, 'as-expected', controller);
    const [run] = result.explorations;
    const schedule = run?.kind === 'scripted' ? run.schedule : undefined;
    t.ok(schedule && schedule.followed > 0 && schedule.followed < schedule.steps && schedule.instead);
  }
});
