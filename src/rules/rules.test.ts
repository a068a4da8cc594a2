import { readdirSync } from 'node:fs';
import t, { type Test } from 'tap';
import { Arena } from '../arena/arena.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { LinkEvent } from '../link/events.ts';
import { firstMilestone } from '../spec/catalogue.ts';
import type { RuleId } from '../spec/rule.ts';
import { everything, play, withoutFetches } from './bench.fixture.ts';
import { judgedRules } from './decidable.ts';
import { Judge } from './judge.ts';
import { readRuleFixture, readTraceCases, type RuleTrace, verdicts } from './trace.fixture.ts';

const folder = new URL('../../fixtures/rules/', import.meta.url);
const required: readonly RuleId[] = [...firstMilestone, 'HOST-REAP'];
/** The text leaves open who has to act: what is judged is a remark in every case. */
const warnOnly: ReadonlySet<RuleId> = new Set(['DBC-QUEUE-INIT', 'SQHD-COVERS-SELF']);

interface Outcome {
  readonly judge: Judge;
  readonly history: LinkEvent[];
  readonly early: number;
}

function run(trace: RuleTrace, fetchVisible: boolean = true): Outcome {
  const observes = new Set(
    everything.filter((type) => !trace.hides.includes(type) && (fetchVisible || type !== 'sqe.fetch')),
  );
  const arena = new Arena();
  const options = { queuesMax: 4, outstandingMax: 16, vectors: 4, stride: 0, mqes: 31 };
  const ledger = new Ledger(arena, { ...options, fetchVisible: observes.has('sqe.fetch') });
  const judge = new Judge(arena, ledger, { observes, hostIsModel: trace.hostIsModel });
  arena.seal();
  return { judge, ...play(trace, judge, observes) };
}

/** Errors by id, other findings in brackets, each once. */
function found(judge: Judge): string[] {
  const ids = judge.findings.map(({ rule, severity }) => (severity === 'error' ? rule : `(${rule})`));
  return [...new Set<string>(ids)];
}

function arguable(t: Test, { judge, history }: Outcome): void {
  for (const finding of judge.findings) {
    const { facts, inference } = finding.argue({ events: history });
    t.ok(facts.length > 0, 'the argument rests on events');
    t.ok(
      facts.every(({ event, text }) => history[event] !== undefined && text !== ''),
      'which exist',
    );
    t.ok(inference.length > 20, inference);
  }
}

const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

void t.test('every rule that is judged first has its fixtures', async (t) => {
  for (const id of required) {
    t.ok(judgedRules.includes(id), `${id} is judged`);
    t.ok(files.includes(`${id}.yaml`), `${id} has a file`);
  }
});

for (const file of files) {
  void t.test(file, async (t) => {
    const fixture = readRuleFixture(new URL(file, folder).pathname);
    const rule = fixture.rule as RuleId;
    t.equal(`${rule}.yaml`, file, 'the file is named after its rule');
    for (const verdict of verdicts) {
      const trace = fixture.traces[verdict];
      if (trace === undefined) {
        t.fail(`there is no trace that ${verdict}`);
        continue;
      }
      const outcome = run(trace);
      const { judge } = outcome;
      t.equal(outcome.early, 0, `${verdict}: bring-up is clean`);
      t.ok(judge.decidable(rule), `${verdict}: decidable`);
      if (verdict === 'fails') {
        const only = warnOnly.has(rule) ? `(${rule})` : rule;
        t.strictSame(found(judge), [only], 'fails with exactly this rule, and no warning beside it');
        t.ok(judge.exercisedCount(rule) > 0, 'a rule that fires was exercised');
        arguable(t, outcome);
        continue;
      }
      t.strictSame(found(judge), [], `${verdict}: nothing is found`);
      if (verdict === 'passes') t.ok(judge.exercisedCount(rule) > 0, 'passes: exercised');
      else t.equal(judge.exercisedCount(rule), 0, 'not-exercised: not exercised');
      t.strictSame(
        found(run(withoutFetches(trace), false).judge),
        [],
        `${verdict}: nor where fetches do not show`,
      );
    }
  });
}

for (const file of ['stalls.yaml', 'safety.yaml']) {
  void t.test(`blame: ${file}`, async (t) => {
    for (const { name, expect, trace } of readTraceCases(new URL(`blame/${file}`, folder).pathname)) {
      const outcome = run(trace);
      t.strictSame(found(outcome.judge), expect, name);
      arguable(t, outcome);
      if (expect.length === 0) {
        t.strictSame(
          found(run(withoutFetches(trace), false).judge),
          [],
          `${name}, where fetches do not show`,
        );
      }
    }
  });
}
