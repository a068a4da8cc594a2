import fc from 'fast-check';
import t from 'tap';
import { build } from '../scenario/build.ts';
import { smallScope } from '../scenario/small-scope.fixture.ts';
import type { ControlOperation } from '../scenario/scenario.ts';
import { suiteScenario } from '../suite/examine.fixture.ts';
import { type Move, processOf, type World } from '../world/world.ts';
import { portfolio } from './portfolio.ts';
import { recorded } from './recorded.ts';
import { byDefault, byNumbers, type Choice, hasError, runToEnd } from './schedule.ts';
import { schedulerFor } from './scheduler.ts';

const STEPS = 3000;
const position = { line: 1, column: 1 };

function withControl(...control: readonly ('mask' | 'unmask' | 'reset' | 'inspect' | 'save')[]): World {
  const [scenario, pairing] = smallScope({ size: 3, reads: [4, 3], shadow: true });
  const operations = control.map((word): ControlOperation => {
    if (word === 'reset') return { do: word, kind: 'cc-en', position };
    if (word === 'mask' || word === 'unmask') return { do: word, vector: 1, position };
    return { do: word, position };
  });
  if (scenario.body.kind !== 'workload') throw new Error('a workload');
  return build({ ...scenario, body: { ...scenario.body, control: operations } }, pairing).world;
}

function ofSuite(name: string, controller?: string): World {
  const scenario = suiteScenario(name);
  const [pairing] = scenario.pairings;
  if (pairing === undefined) throw new Error('a scenario without pairings');
  const chosen = controller === undefined ? pairing.controller : { model: controller, decisions: {} };
  return build(scenario, { ...pairing, controller: chosen }).world;
}

/** Real worlds: drivers that poll, wake themselves, are interrupted, controlled; scripts; and ones that fail. */
const worlds: Readonly<Record<string, World>> = {
  'two queues': build(...smallScope({ size: 2, reads: [5, 4] })).world,
  'a polled queue': build(...smallScope({ size: 3, reads: [7], decisions: { completion: 'polled' } })).world,
  'shadow doorbells, a reset and a mask': withControl('mask', 'reset', 'unmask', 'inspect'),
  'a save': withControl('save'),
  'a script': ofSuite('cq-full-parked-sq'),
  'a script of resets': ofSuite('reset-in-flight'),
  'a lost wake-up': ofSuite('eventidx-lagging-tail', 'propolis/before'),
  'a driver that polls its channel': ofSuite('sq-backpressure-save-inspect'),
  'a script and a discarded completion': ofSuite('cq-full-parked-sq', 'spdk-vfio-user/v0'),
};
for (const [name, world] of Object.entries(worlds)) if (!world.bringUp()) throw new Error(`${name} hangs`);

interface Run {
  readonly moves: readonly Move[];
  readonly ended: boolean;
  readonly rules: readonly string[];
}

function run(world: World, choice: Choice): Run {
  world.restart();
  const { moves, ended } = runToEnd(world, STEPS, choice);
  return { moves, ended, rules: world.findings.map(({ rule }) => rule) };
}

/** Leaves some of the choices to the default policy. */
function halfHearted(choice: Choice): Choice {
  let count = 0;
  return (moves, last) => (count++ % 3 === 1 ? undefined : choice(moves, last));
}

for (const [name, world] of Object.entries(worlds)) {
  t.test(`recorded runs are repeated exactly, move by move: ${name}`, async (t) => {
    const property = fc.property(portfolio, fc.boolean(), (spec, half) => {
      const chooses = (): Choice => {
        const choice = schedulerFor(spec, world, 150);
        return half ? halfHearted(choice) : choice;
      };
      const { choice, numbers } = recorded(chooses());
      const first = run(world, choice);
      t.same(run(world, chooses()), first, 'a spec says everything');
      t.same(run(world, byNumbers(numbers)), first, JSON.stringify(spec));
      t.ok(first.ended, 'no scheduler keeps a run from its end');
    });
    fc.assert(property, { numRuns: 25, seed: 1 });
    const { choice, numbers } = recorded(byDefault);
    t.same(run(world, byNumbers(numbers)), run(world, choice), 'the default policy has a list form, too');
  });
}

t.test('each scheduler does what its name says', async (t) => {
  const world = worlds['two queues'] as World;
  const switches = (kind: 'uniform' | 'bursts'): number => {
    let count = 0;
    for (let seed = 0; seed < 40; seed++) {
      const choice = schedulerFor({ kind, seed }, world, 150);
      run(world, (moves, last) => {
        const chosen = choice(moves, last);
        const couldGoOn = moves.some((move) => processOf(move) === processOf(last ?? -1));
        if (chosen !== undefined && couldGoOn && processOf(chosen) !== processOf(last ?? -1)) count++;
        return chosen;
      });
    }
    return count;
  };
  t.ok(switches('bursts') * 3 < switches('uniform') * 2, 'bursts are interrupted less often');

  for (let seed = 0; seed < 40; seed++) {
    const choice = schedulerFor({ kind: 'starve-one', seed }, world, 150);
    const passedOver = new Set(world.processes.keys());
    run(world, (moves, last) => {
      const chosen = choice(moves, last);
      const enabled = new Set(moves.map(processOf));
      if (chosen !== undefined && enabled.size > 1) passedOver.delete(processOf(chosen));
      return chosen;
    });
    t.ok(passedOver.size > 0, 'one process never moves while another can');
  }

  const preempted = (depth: 2 | 3 | 4, seed: number): number => {
    const choice = schedulerFor({ kind: 'pct', depth, seed }, world, 150);
    let order: number[] = [];
    let changes = 0;
    run(world, (moves, last) => {
      const chosen = choice(moves, last);
      const enabled = [...new Set(moves.map(processOf))];
      if (
        chosen !== undefined &&
        enabled.some((process) => order.includes(process * 1000 + processOf(chosen)))
      ) {
        changes++;
        order = [];
      }
      // What moved while the other could has the higher priority.
      for (const process of enabled)
        if (chosen !== undefined && process !== processOf(chosen))
          order.push(processOf(chosen) * 1000 + process);
      return chosen;
    });
    return changes;
  };
  for (let seed = 0; seed < 40; seed++)
    for (const depth of [2, 3, 4] as const)
      t.ok(preempted(depth, seed) <= depth - 1, 'the order of the processes changes depth - 1 times at most');
});

t.test('a run that fails keeps failing when it is recorded and repeated', async (t) => {
  const world = worlds['a lost wake-up'] as World;
  let failed = 0;
  for (let seed = 0; seed < 60; seed++) {
    const { choice, numbers } = recorded(schedulerFor({ kind: 'pct', depth: 3, seed }, world, 60));
    const first = run(world, choice);
    if (!hasError(world)) continue;
    failed++;
    t.same(run(world, byNumbers(numbers)).rules, first.rules);
  }
  t.ok(failed > 0, `${failed} of 60`);
});
