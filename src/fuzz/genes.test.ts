import fc from 'fast-check';
import t from 'tap';
import { runToEnd } from '../explore/schedule.ts';
import { portfolio } from '../explore/portfolio.ts';
import { schedulerFor } from '../explore/scheduler.ts';
import { build } from '../scenario/build.ts';
import { parseScenario } from '../scenario/load.ts';
import { hostPlan } from '../scenario/plan.ts';
import type { Pairing, Scenario } from '../scenario/scenario.ts';
import { writeScenario } from '../scenario/write.ts';
import { worldOf } from '../suite/stress.fixture.ts';
import { controllers, drivers } from '../targets/target.ts';
import type { World } from '../world/world.ts';
import { featuresOf } from './features.ts';
import { commandsOn, scenarioOf, type Target } from './generate.ts';
import { type Genes, genes, type Swarm, swarmFeatures } from './genes.ts';
import { shrinkCase } from './shrink-case.ts';

const reference: Target = { driver: undefined, controller: undefined };
const sample = (count: number, seed = 1): Genes[] => fc.sample(genes, { seed, numRuns: count });
const system = (model: string): NonNullable<Target['driver']> => ({ model, decisions: {} });
const swarmOf = (value: boolean): Swarm =>
  Object.fromEntries(swarmFeatures.map((feature) => [feature, value])) as Swarm;
const on = (scenario: Scenario): { threads: number; commands: number; control: readonly string[] } => {
  if (scenario.body.kind !== 'workload') throw new Error('a workload is generated');
  const { threads, control } = scenario.body;
  const commands = threads.flat().reduce((sum, { count }) => sum + count, 0);
  return { threads: threads.length, commands, control: control.map((operation) => operation.do) };
};

const nothing: Genes = {
  threads: [],
  control: [],
  end: 0,
  cqs: [],
  sqs: [],
  crossed: 0,
  sharedVector: false,
  doorbellBuffer: 0,
  driver: {
    wakeup: 0,
    tags: 0,
    freeSlots: false,
    tailDoorbell: false,
    headDoorbell: false,
    completes: false,
    completion: false,
    callers: false,
    otherPages: false,
    firstCid: 0,
  },
  controller: { trapped: false, reserveSlot: false, sqhdTaken: false, abort: false, commands: 0 },
  swarm: swarmOf(false),
};

t.test('no genes at all are the simplest world', async (t) => {
  const scenario = scenarioOf(nothing, reference);
  t.match(scenario, { doorbellBuffer: 'never', pairings: [{ driver: { decisions: {} } }] });
  t.same(
    scenario.queues.map(({ name, size }) => [name, size]),
    [
      ['cq1', 2],
      ['sq1', 2],
    ],
  );
  t.same(on(scenario), { threads: 1, commands: 1, control: [] });
  t.same(featuresOf(scenario), []);
});

t.test(
  'every value is a scenario that can be written and loaded, and be shrunk without context',
  async (t) => {
    const known = {
      controllers: controllers.map(({ name }) => name),
      drivers: drivers.map(({ name }) => name),
    };
    const wrong = sample(300).filter((given) => {
      const scenario = scenarioOf(given, reference);
      const parsed = parseScenario(scenario.file, writeScenario(scenario, { head: [] }), known);
      return (
        !genes.canShrinkWithoutContext(given) ||
        !('scenario' in parsed) ||
        withoutPositions(parsed.scenario) !== withoutPositions(scenario)
      );
    });
    t.same(wrong, []);
  },
);

function withoutPositions(scenario: Scenario): string {
  return JSON.stringify(scenario, (key, value: unknown) =>
    key === 'position' ? undefined : isRecord(value) ? sorted(value) : value,
  );
}
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

t.test('what a session is about is common, and everything happens', async (t) => {
  const scenarios = sample(2000).map((given) => scenarioOf(given, reference));
  const shares = new Map<string, number>();
  for (const feature of scenarios.flatMap(featuresOf)) shares.set(feature, (shares.get(feature) ?? 0) + 0.05);
  const share = (feature: string): number => shares.get(feature) ?? 0;
  for (const feature of ['two lives of a queue', 'controller reset', 'queue re-created', 'shadow doorbells'])
    t.ok(share(feature) >= 25, `${feature}: ${share(feature).toFixed(1)} %`);
  t.ok(share('rings that wrap twice') >= 60, `wraps: ${share('rings that wrap twice').toFixed(1)} %`);
  t.equal(shares.size, 33);
  for (const [feature, percent] of shares) {
    t.ok(percent >= 2, `${feature}: ${percent.toFixed(1)} %`);
    t.ok(percent <= 90, `${feature} is missing in some worlds`);
  }
  const sizes = scenarios.flatMap(({ queues }) => queues.map(({ size }) => size));
  t.same([Math.min(...sizes), Math.max(...sizes)], [2, 17]);
  const rings = scenarios.map(({ queues }) => queues.map(({ ring }) => ring));
  t.equal(Math.max(...rings.map((all) => all.filter((ring) => ring === 'cq').length)), 3);
  t.equal(Math.max(...rings.map((all) => all.filter((ring) => ring === 'sq').length)), 4);
});

t.test('the same seed gives the same worlds', async (t) => {
  const worlds = (): string => JSON.stringify(sample(50).map((given) => scenarioOf(given, reference)));
  t.equal(worlds(), worlds());
});

t.test('what a swarm leaves out does not take part', async (t) => {
  for (const given of sample(100)) {
    const scenario = scenarioOf({ ...given, swarm: swarmOf(false), end: 0 }, reference);
    const left = featuresOf(scenario).filter((feature) => feature !== 'rings that wrap twice');
    t.same(left, []);
  }
});

const DOWN = 'bring-up does not come to its end';

/** The world after bring-up, or why there is none. */
function up(scenario: Scenario): World | string {
  try {
    const { world } = build(scenario, scenario.pairings[0] as Pairing);
    return world.bringUp() ? world : DOWN;
  } catch (error) {
    return String(error);
  }
}

t.test('every system takes every world, if only to break it', async (t) => {
  const targets: Target[] = [
    ...controllers.map(({ name }) => ({ ...reference, controller: system(name) })),
    ...drivers.map(({ name }) => ({ ...reference, driver: system(name) })),
  ];
  for (const target of targets) {
    const reasons = sample(15, 2).map((given) => up(scenarioOf(given, target)));
    t.same(
      reasons.filter((reason) => typeof reason === 'string' && reason !== DOWN),
      [],
      (target.controller ?? target.driver)?.model ?? '',
    );
  }
});

/** What is wrong with schedules of a world, in words; nothing if all is well. */
function broken(world: World | string, runs: number, seed: number): string[] {
  if (typeof world === 'string') return [world];
  let steps = 200;
  for (const spec of fc.sample(portfolio, { seed, numRuns: runs })) {
    world.restart();
    const { moves, ended } = runToEnd(world, 20_000, schedulerFor(spec, world, steps));
    steps = moves.length;
    const found = world.findings.filter(({ severity }) => severity !== 'info').map(({ rule }) => rule);
    if (found.length > 0) return found;
    if (!ended) return ['a run does not come to its end'];
  }
  return [];
}

t.test('no rule fires on the reference pair, whatever is generated and whether fetches show', async (t) => {
  for (const [index, given] of sample(250, 3).entries()) {
    const scenario = scenarioOf(given, reference);
    const { driver, controller } = scenario.pairings[0] as Pairing;
    const world = worldOf({ plan: hostPlan(scenario), driver, controller, fetchVisible: index % 3 !== 0 });
    const wrong = broken(world.bringUp() ? world : DOWN, 10, index);
    if (wrong.length > 0) t.fail(`world ${index}: ${wrong.join(', ')}`, given);
  }
});

t.test('a case is shrunk to what it needs', async (t) => {
  const needs = (given: Genes): boolean => {
    const scenario = scenarioOf(given, reference);
    const { control } = on(scenario);
    const operations = scenario.body.kind === 'workload' ? scenario.body.threads.flat() : [];
    return (
      control.includes('reset') &&
      scenario.queues.some((queue) => queue.ring === 'sq' && commandsOn(operations, queue.qid) > queue.size)
    );
  };
  const world = (tried: Genes): string => JSON.stringify(scenarioOf(tried, reference));
  const failing = sample(300).filter(needs);
  t.ok(failing.length > 50);
  for (const given of failing) {
    const asked = new Set<string>();
    const once = (tried: Genes): boolean => {
      t.notOk(asked.has(world(tried)), 'a world is tried once');
      asked.add(world(tried));
      return needs(tried);
    };
    const shrunk = shrinkCase(given, once, 250, world);
    t.ok(shrunk === given || asked.has(world(shrunk)));
    const scenario = scenarioOf(shrunk, reference);
    t.same(on(scenario), { threads: 1, commands: 3, control: ['reset'] });
    t.same(
      scenario.queues.map(({ name, size }) => [name, size]),
      [
        ['cq1', 2],
        ['sq1', 2],
      ],
    );
    t.same(featuresOf(scenario), ['controller reset', 'two lives of a queue']);
  }
});

t.test('no more attempts are made than are allowed', async (t) => {
  const [given = nothing] = sample(1);
  let calls = 0;
  const never = (): boolean => (calls++, false);
  t.same(shrinkCase(given, never, 7), given);
  t.equal(calls, 7);
});

t.test('Propolis before its fix: the lost wake-up needs two commands and the smallest queues', async (t) => {
  const target = { ...reference, controller: system('propolis/before') };
  const rule = 'EVENTIDX-CQ-LOST-WAKEUP';
  const fails = (given: Genes): boolean => broken(up(scenarioOf(given, target)), 60, 1).includes(rule);
  const world = (tried: Genes): string => JSON.stringify(scenarioOf(tried, target));
  const failing = sample(100, 7).filter((given) =>
    broken(up(scenarioOf(given, target)), 5, 1).includes(rule),
  );
  t.ok(failing.length > 2);
  for (const given of failing.slice(0, 2)) {
    const scenario = scenarioOf(shrinkCase(given, fails, 300, world), target);
    t.same(on(scenario), { threads: 1, commands: 2, control: [] });
    t.same(
      scenario.queues.map(({ name, size }) => [name, size]),
      [
        ['cq1', 2],
        ['sq1', 2],
      ],
    );
    t.same(scenario.pairings[0]?.driver.decisions, {});
  }
});
