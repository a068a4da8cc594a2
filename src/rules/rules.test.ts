import { readdirSync } from 'node:fs';
import t from 'tap';
import { Arena } from '../arena/arena.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { EventType, LinkEvent } from '../link/events.ts';
import { firstMilestone } from '../spec/catalogue.ts';
import type { RuleId } from '../spec/rule.ts';
import { judgedRules } from './decidable.ts';
import { Judge } from './judge.ts';
import { readRuleFixture, type RuleTrace, verdicts } from './trace.fixture.ts';

const everything: readonly EventType[] = [
  'reg.w', 'reg.r', 'db.sq', 'db.cq', 'shadow.sq', 'shadow.cq', 'ei.sq', 'ei.cq', 'ei.read', 'sqe.write', 'sqe.fetch',
  'cqe.post', 'irq', 'irq.mask', 'irq.pending', 'reset', 'request.begin', 'request.end', 'aen.arrived',
]; // prettier-ignore
const folder = new URL('../../fixtures/rules/', import.meta.url);
const required: readonly RuleId[] = [...firstMilestone, 'HOST-REAP'];

interface Outcome {
  readonly judge: Judge;
  readonly history: LinkEvent[];
  readonly bringUpFindings: number;
}

function run(trace: RuleTrace): Outcome {
  const observes = new Set(everything.filter((type) => !trace.hides.includes(type)));
  const arena = new Arena();
  const fetchVisible = observes.has('sqe.fetch');
  const options = { queuesMax: 4, outstandingMax: 16, vectors: 4, stride: 0, mqes: 31, fetchVisible };
  const ledger = new Ledger(arena, options);
  const judge = new Judge(arena, ledger, { observes, hostIsModel: trace.hostIsModel });
  arena.seal();
  const history: LinkEvent[] = [];
  const see = (event: LinkEvent): void => {
    if (!observes.has(event.type)) return;
    judge.observe(event);
    history.push(event);
  };
  trace.bringUp.forEach(see);
  const bringUpFindings = judge.findings.length;
  judge.clearCounts();
  for (const step of trace.steps) {
    if ('event' in step) see(step.event);
    else if ('settle' in step) judge.settle(step.settle);
    else judge.unanswered({ hostCanStep: step.unanswered });
  }
  return { judge, history, bringUpFindings };
}

const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

t.test('every rule that is judged first has its fixtures', async (t) => {
  for (const id of required) {
    t.ok(judgedRules.includes(id), `${id} is judged`);
    t.ok(files.includes(`${id}.yaml`), `${id} has a file`);
  }
});

for (const file of files) {
  t.test(file, async (t) => {
    const fixture = readRuleFixture(new URL(file, folder).pathname);
    const rule = fixture.rule as RuleId;
    t.equal(`${rule}.yaml`, file, 'the file is named after its rule');
    for (const verdict of verdicts) {
      const trace = fixture.traces[verdict];
      if (trace === undefined) {
        t.fail(`there is no trace that ${verdict}`);
        continue;
      }
      const { judge, history, bringUpFindings } = run(trace);
      t.equal(bringUpFindings, 0, `${verdict}: bring-up is clean`);
      t.ok(judge.decidable(rule), `${verdict}: decidable`);
      const found = judge.findings.filter((finding) => finding.severity === 'error').map((finding) => finding.rule);
      if (verdict === 'fails') {
        t.strictSame([...new Set(found)], [rule], 'fails with exactly this rule');
        t.strictSame(judge.findings.filter((finding) => finding.severity !== 'error'), [], 'no warning beside it');
        t.ok(judge.exercisedCount(rule) > 0, 'a rule that fires was exercised');
        for (const finding of judge.findings) {
          const { facts, inference } = finding.argue({ events: history });
          t.ok(facts.length > 0, 'the argument rests on events');
          t.ok(facts.every(({ event, text }) => history[event] !== undefined && text !== ''), 'which exist');
          t.ok(inference.length > 20, inference);
        }
        continue;
      }
      t.strictSame(judge.findings.map((finding) => finding.rule), [], `${verdict}: nothing is found`);
      if (verdict === 'passes') t.ok(judge.exercisedCount(rule) > 0, 'passes: exercised');
      else t.equal(judge.exercisedCount(rule), 0, 'not-exercised: not exercised');
    }
  });
}
