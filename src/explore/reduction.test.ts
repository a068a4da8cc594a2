import t from 'tap';
import { state, type StateOf, type Word, word } from '../arena/state.ts';
import type { Process } from '../link/process.ts';
import { hostPlan } from '../scenario/plan.ts';
import { assemble, ioQueuesOf } from '../targets/target.ts';
import { buildWorld } from '../world/build.ts';
import { build } from '../scenario/build.ts';
import { smallScope, type SmallScope } from '../scenario/small-scope.fixture.ts';
import { pairingWith, suiteScenario } from '../suite/examine.fixture.ts';
import type { World } from '../world/world.ts';
import { exploreExhaustively, type ExhaustiveResult } from './exhaustive.ts';
import { Footprints } from './footprints.ts';
import { runToEnd } from './schedule.ts';
import { schedulerFor } from './scheduler.ts';
import { withWatchdog } from './watchdog.fixture.ts';

const never = (): boolean => false;

function searched(world: World, reduce: boolean): ExhaustiveResult {
  world.bringUp();
  return exploreExhaustively(world, { states: 400_000, depth: 1e5, reduce }, never);
}

/** What a reduction must not change: the findings, and the states in which nothing can step any more. */
function kept({ found, ends, complete }: ExhaustiveResult): unknown {
  const findings = found.map(({ finding }) => `${finding.severity} ${finding.rule} ${finding.party}`);
  return { findings: findings.toSorted(), ends, complete };
}

const scopes: readonly SmallScope[] = [
  { size: 2, reads: [5], shadow: true, controller: 'reference/trapped' },
  { size: 2, reads: [2, 1], shadow: true, controller: 'reference/trapped' },
  { size: 2, reads: [3], shadow: true },
  { size: 3, reads: [4], controller: 'reference/trapped' },
  { size: 2, reads: [2, 2], controller: 'mutant/full-queue-stops-all' },
  { size: 2, reads: [3], shadow: true, controller: 'mutant/no-second-look-at-tail' },
  { size: 2, reads: [3], controller: 'mutant/constant-phase' },
  { size: 2, reads: [3], controller: 'mutant/sqhd-is-tail' },
  { size: 2, reads: [3], shadow: true, controller: 'propolis/before' },
  { size: 2, reads: [2], shadow: true, controller: 'propolis/after' },
  { size: 2, reads: [3], controller: 'reference', decisions: { wakeup: 'loose', completion: 'polled' } },
];
const scenarios: readonly (readonly [string, string])[] = [
  ['eventidx-lagging-tail', 'propolis/before'],
  ['eventidx-lagging-tail', 'propolis/after'],
  ['eventidx-lagging-tail', 'mutant/cq-eventidx-is-tail'],
  ['cq-full-parked-sq', 'mutant/head-doorbell-wakes-nobody'],
  ['cq-full-parked-sq', 'spdk-vfio-user/v0'],
  ['linux-head-after-tag', 'spdk-vfio-user/v3'],
  ['msix-mask-under-load', 'reference'],
  ['msix-mask-unmask', 'mutant/unmask-keeps-pending'],
  ['recreated-queue', 'mutant/create-keeps-indices'],
  ['reset-in-flight', 'mutant/posts-after-disable'],
  ['crossed-queues', 'mutant/queue-of-same-id'],
  ['shared-cq', 'reference'],
];

t.test('a reduced search finds the same, and ends in the same states', async (t) => {
  let states = 0;
  let reducedStates = 0;
  let transitions = 0;
  let reducedTransitions = 0;
  const worlds: (readonly [string, () => World])[] = [
    ...scopes.map((scope) => [JSON.stringify(scope), () => build(...smallScope(scope)).world] as const),
    ...scenarios.map(([name, model]) => {
      const scenario = suiteScenario(name);
      const pairing = pairingWith(scenario, { controller: { model, decisions: {} } });
      return [`${name} on ${model}`, () => build(scenario, pairing).world] as const;
    }),
  ];
  for (const [name, worldOf] of worlds) {
    const all = searched(worldOf(), false);
    const reduced = searched(worldOf(), true);
    t.same(kept(reduced), kept(all), name);
    t.equal(reduced.unreduced, undefined, `${name} is reduced`);
    t.ok(reduced.states <= all.states, `${name}: ${all.states} states, reduced to ${reduced.states}`);
    states += all.states;
    reducedStates += reduced.states;
    transitions += all.transitions;
    reducedTransitions += reduced.transitions;
  }
  t.ok(reducedStates < states * 0.9, `${states} states in all, reduced to ${reducedStates}`);
  t.ok(
    reducedTransitions < transitions * 0.6,
    `${transitions} transitions, reduced to ${reducedTransitions}`,
  );
});

t.test('a world whose requests are judged in every state is not reduced', async (t) => {
  const scenario = suiteScenario('sq-backpressure-save-inspect');
  const result = searched(build(scenario, pairingWith(scenario, {})).world, true);
  t.match(result, { reduced: false, unreduced: /requests/, complete: true });
});

t.test('a bound that ends a search is named', async (t) => {
  const scope: SmallScope = { size: 2, reads: [5], shadow: true, controller: 'reference/trapped' };
  const { world } = build(...smallScope(scope));
  world.bringUp();
  const because = (bounds: { states?: number; depth?: number; memory?: number }): string | undefined => {
    world.restart();
    return exploreExhaustively(world, { states: 1e6, depth: 1e5, ...bounds }, never).because;
  };
  t.match(because({ states: 100 }), /budget of states/);
  t.match(because({ depth: 10 }), /bound on depth/);
  t.match(because({ memory: 0.1 }), /budget of memory/);
  t.equal(because({}), undefined);
});

t.test('footprints: steps of different queues are independent, steps of one queue are not', async (t) => {
  const scope: SmallScope = { size: 2, reads: [1, 1], controller: 'reference/trapped' };
  const { world } = build(...smallScope(scope));
  world.bringUp();
  const footprints = new Footprints(world);
  const named = (name: string): number => world.processes.findIndex((process) => process.name === name);
  const step = (name: string): void => {
    footprints.choices(named(name));
    footprints.take(named(name) * 64);
  };
  const [first, second] = [footprints.at(named('thread 0')), footprints.at(named('thread 1'))];
  step('thread 0'); // writes its entry
  step('thread 1');
  t.equal(footprints.settle(), false, 'nothing in common, so nothing changes');
  t.equal(footprints.depend(first, second), false);
  step('thread 0'); // rings: the controller has to look
  const fetcher = footprints.at(named('SQ1 fetcher'));
  step('SQ1 fetcher');
  t.equal(footprints.settle(), true);
  t.ok(fetcher.enablers & (1 << named('thread 0')), 'the thread wakes the fetcher');
  t.equal(fetcher.enablers & (1 << named('thread 1')), 0, 'the other one does not');
});

t.test(
  'a circle without progress is a finding where something is owed, else it is busy while idle',
  async (t) => {
    for (const reduce of [false, true]) {
      const idle = searched(withWatchdog('reference'), reduce);
      t.match(idle, { complete: true, found: [] }, `reduced: ${reduce}`);
      t.ok(idle.idleCircles > 0);
      const owed = searched(withWatchdog('mutant/head-doorbell-wakes-nobody'), reduce);
      t.equal(owed.found[0]?.finding.rule, 'CQ-FULL-RESUME', `reduced: ${reduce}`);
    }
  },
);

t.test('a run without an end is judged where it goes round for ever', async (t) => {
  for (const model of ['reference', 'mutant/head-doorbell-wakes-nobody']) {
    const errors = searched(withWatchdog(model), false).found.map(({ finding }) => finding.rule);
    const world = withWatchdog(model);
    world.bringUp();
    const rules = Array.from({ length: 40 }, (_, seed) => {
      world.restart();
      const run = runToEnd(world, 300, schedulerFor({ kind: 'starve-one', seed }, world, 300));
      t.match(run, { ended: true }, model);
      return world.findings.find(({ severity }) => severity === 'error')?.rule;
    });
    t.same(new Set(rules), new Set([undefined, ...errors]), `${model}: ${errors.join()}`);
  }
});

const cellFields = { value: word as Word };
const Cell: StateOf<typeof cellFields> = state(cellFields);

/**
 * One process toggles a word, one counts how often it reads 1, and only if it always did it takes a step that nobody
 * takes by chance, at a location of its own or where it stood before. That step is what the third process depends on.
 */
function deceiving(ownLocation: boolean): World {
  const [scenario] = smallScope({ size: 2, reads: [1] });
  const plan = { ...hostPlan(scenario), threads: [[]] };
  const reference = { model: 'reference', decisions: {} };
  const assembly = assemble(plan, reference, reference);
  const cell = (): { value: number } => new Cell(assembly.arena);
  const [turn, toggled, raced, wins, secret, seen] = [cell(), cell(), cell(), cell(), cell(), cell()];
  const times = 14;
  const process = (name: string, can: () => boolean, step: () => void, location?: () => number): Process => ({
    name,
    party: 'host',
    ...(location && {
      get location() {
        return location();
      },
    }),
    choices: () => (assembly.isUp() && can() ? 1 : 0),
    step,
    label: () => name,
  });
  const rare = (): boolean => raced.value === times && wins.value === times && toggled.value === times;
  const looker = process(
    'looker',
    () => seen.value === 0,
    () => (seen.value = secret.value + 1),
  );
  const toggler = process(
    'toggler',
    () => toggled.value < times,
    () => {
      turn.value ^= 1;
      toggled.value++;
    },
  );
  const racer = process(
    'racer',
    () => raced.value < times || rare(),
    () => {
      if (raced.value === times) secret.value = 1;
      else if (turn.value === 1) wins.value++;
      raced.value++;
    },
    ownLocation ? () => (raced.value < times ? 0 : 1) : undefined,
  );
  return buildWorld({
    ...assembly,
    processes: [...assembly.processes, looker, toggler, racer],
    queuesMax: ioQueuesOf(plan) + 2,
    outstandingMax: plan.outstandingMax + 8,
    mqes: 127,
    slotsMax: 8,
    script: undefined,
  });
}

t.test('a step that no random run takes is not overlooked', async (t) => {
  for (const ownLocation of [true, false])
    t.same(kept(searched(deceiving(ownLocation), true)), kept(searched(deceiving(ownLocation), false)));
});
