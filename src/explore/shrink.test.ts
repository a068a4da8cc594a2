import t from 'tap';
import { build } from '../scenario/build.ts';
import { pairingWith, suiteScenario } from '../suite/examine.fixture.ts';
import type { Finding } from '../rules/finding.ts';
import { type Move, SCRIPT, type World } from '../world/world.ts';
import { recorded } from './recorded.ts';
import { hasError, runToEnd } from './schedule.ts';
import { schedulerFor, type SchedulerSpec } from './scheduler.ts';
import type { FindingKey } from './finding-key.ts';
import { preemptionsOf, shrinkSchedule } from './shrink.ts';

const bounds = { attempts: 4000, steps: 3000 };
const never = (): boolean => false;

interface Bug {
  readonly scenario: string;
  readonly controller?: string;
  readonly driver?: string;
  /** No more than these, whichever run it is shrunk from. */
  readonly steps: number;
  readonly preemptions: number;
}

/** Stalls and wrong steps; interrupts, shadow doorbells, polled channels; a script. */
const bugs: readonly Bug[] = [
  { scenario: 'eventidx-lagging-tail', controller: 'propolis/before', steps: 43, preemptions: 4 },
  { scenario: 'unequal-rings', controller: 'spdk-vfio-user/v0', steps: 40, preemptions: 4 },
  { scenario: 'sq-backpressure-save-inspect', driver: 'openvmm-driver/before', steps: 13, preemptions: 1 },
  { scenario: 'reset-under-load', controller: 'mutant/fetches-past-tail', steps: 70, preemptions: 2 },
  { scenario: 'msix-mask-under-load', controller: 'mutant/ignores-mask', steps: 9, preemptions: 2 },
  { scenario: 'shadow-wakeup', driver: 'mutant/no-barrier-before-eventidx', steps: 26, preemptions: 2 },
  { scenario: 'cq-full-parked-sq', controller: 'spdk-vfio-user/v0', steps: 60, preemptions: 6 },
];

function worldOf({ scenario, controller, driver }: Bug): World {
  const named = (model: string | undefined): { model: string; decisions: object } | undefined =>
    model === undefined ? undefined : { model, decisions: {} };
  const loaded = suiteScenario(scenario);
  const change = { controller: named(controller), driver: named(driver) };
  const { world } = build(loaded, pairingWith(loaded, change as Parameters<typeof pairingWith>[1]));
  world.bringUp();
  return world;
}

/** The first run of this kind that fails, as a list and as moves. */
function failing(world: World, kind: SchedulerSpec['kind']): Failure | undefined {
  for (let seed = 0; seed < 1500; seed++) {
    world.restart();
    const spec: SchedulerSpec = kind === 'pct' ? { kind, seed, depth: 3 } : { kind, seed };
    const { choice, numbers } = recorded(schedulerFor(spec, world, 60));
    const { moves } = runToEnd(world, bounds.steps, choice);
    const finding = world.findings.find(({ severity }) => severity === 'error');
    if (finding !== undefined) return { moves, numbers, finding };
  }
  return undefined;
}

interface Failure {
  readonly moves: readonly Move[];
  readonly numbers: readonly number[];
  readonly finding: Finding;
}

/** Whether exactly these moves are possible and lead to the finding; what is owed is judged where they end. */
function fitsAndFails(world: World, moves: readonly Move[], key: FindingKey): boolean {
  const found = (): boolean =>
    world.findings.some(
      ({ rule, party, severity }) => rule === key.rule && party === key.party && severity === 'error',
    );
  const over = (): boolean => world.script === undefined || world.script.done;
  const rest = (): boolean => world.moves().length === 0 || world.isQuiet();
  world.restart();
  for (const move of moves) {
    if (found()) return true;
    if (move === SCRIPT ? !rest() : !world.moves().includes(move)) return false;
    if (move === SCRIPT) world.settle(false);
    if (hasError(world)) return found();
    world.take(move);
  }
  if (!found() && rest()) world.settle(over());
  return found();
}

for (const bug of bugs) {
  t.test(
    `shrunk until no step can be left out: ${bug.controller ?? bug.driver}, ${bug.scenario}`,
    async (t) => {
      const world = worldOf(bug);
      let shrunk = 0;
      for (const kind of ['uniform', 'pct', 'starve-one', 'bursts'] as const) {
        const failure = failing(world, kind);
        if (failure === undefined) continue;
        shrunk++;
        const { finding, numbers, moves } = failure;
        const result = shrinkSchedule(world, numbers, finding, bounds, never);
        if (result === undefined) throw new Error('not found again');
        t.match(result.finding, { rule: finding.rule, party: finding.party }, kind);
        t.equal(result.minimal, true, `${result.attempts} attempts`);
        t.ok(fitsAndFails(world, result.moves, finding), 'exactly these moves lead to it');
        for (let at = 0; at < result.moves.length; at++) {
          const without = result.moves.toSpliced(at, 1);
          if (fitsAndFails(world, without, finding))
            t.fail(`step ${at + 1} of ${without.length + 1} can be left out`);
        }
        t.equal(preemptionsOf(world, result.moves), result.preemptions);
        t.ok(result.moves.length <= Math.min(moves.length, bug.steps), `${result.moves.length} steps`);
        t.ok(result.preemptions <= bug.preemptions, `${result.preemptions} preemptions`);
        t.same(
          shrinkSchedule(world, numbers, finding, bounds, never)?.moves,
          result.moves,
          'every time the same',
        );
      }
      t.ok(shrunk >= 2, `${shrunk} kinds of schedulers found it`);
    },
  );
}

t.test('a bound and a stop end the shrinking with what there is; another rule is not found', async (t) => {
  const world = worldOf(bugs[0] as Bug);
  const failure = failing(world, 'pct');
  if (failure === undefined) throw new Error('no run fails');
  const { finding, numbers, moves } = failure;
  const bounded = shrinkSchedule(world, numbers, finding, { attempts: 40, steps: 3000 }, never);
  t.match(bounded, { minimal: false });
  t.ok((bounded?.attempts ?? 99) <= 41);
  t.ok(fitsAndFails(world, bounded?.moves ?? [], finding) || bounded?.moves.length === moves.length);
  t.match(
    shrinkSchedule(world, numbers, finding, bounds, () => true),
    { minimal: false },
  );
  t.equal(shrinkSchedule(world, numbers, { rule: 'CMD-COMPLETES', party: 'host' }, bounds, never), undefined);
});
