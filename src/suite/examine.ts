/** Runs one scenario against one pair of systems in every way it asks for, and says what came out. */
import { exploreExhaustively, shortest } from '../explore/exhaustive.ts';
import { Following } from '../explore/following.ts';
import { exploreRandomly } from '../explore/random.ts';
import { byDefault, runToEnd } from '../explore/schedule.ts';
import { type Built, build, buildWithQemu, NotApplicable } from '../scenario/build.ts';
import type { Pairing, Scenario } from '../scenario/scenario.ts';
import { PlugInFault } from '../targets/plug-in/fault.ts';
import { UnknownDecision, UnknownSystem } from '../targets/target.ts';
import type { World } from '../world/world.ts';
import { Evidence } from './evidence.ts';
import { cannotBeSearched, checkBringUp, checkRun, checkState } from './hidden-state.ts';
import type { ExplorationReport, PairingResult, TraceRow } from './result.ts';
import { conclude, type Seen, type Trouble } from './verdict.ts';

/** How a worker reaches a controller that the main thread started for it. */
export type Connection = Parameters<typeof buildWithQemu>[1];

/** What takes the place of a scenario's own bounds on exhaustive search. */
export interface SearchLimits {
  readonly states?: number;
  readonly depth?: number;
  /** Of the set of visited states, in MiB. */
  readonly memory?: number;
  /** False: every step is followed. */
  readonly reduction?: boolean;
}

export interface ExamineOptions {
  readonly seed: number;
  /** Replaces the scenario's number of random runs. */
  readonly runs: number | undefined;
  readonly strict: boolean;
  readonly connection: Connection | undefined;
  readonly search?: SearchLimits;
  /** Is shown the trace of the scripted run. For callers in this thread. */
  readonly watch?: (trace: readonly TraceRow[]) => void;
}

/** Steps of a run by the default policy, after which it is said not to come to an end. */
const SCRIPTED_STEPS = 200_000;
/** Random runs in the place of a search that undoes steps, where they cannot be undone. */
const INSTEAD = { runs: 100, steps: 2000 };
/** States spent on finding a shorter way to what an exhaustive search found. */
const SHORTEN_STATES = 400_000;

/** Never throws for what a model or a target does: that is a result. */
export function examine(
  scenario: Scenario,
  pairing: Pairing,
  options: ExamineOptions,
  stop: () => boolean,
): PairingResult {
  const seen: Seen = {
    findings: [],
    explorations: [],
    unmet: [],
    provoked: new Set(),
    trouble: undefined,
    unsearched: undefined,
    world: undefined,
  };
  let close: (() => void) | undefined;
  try {
    const built = options.connection ? buildWithQemu(scenario, options.connection) : build(scenario, pairing);
    if ('close' in built) close = built.close as () => void;
    seen.world = built.world;
    explore(scenario, built, () => build(scenario, pairing).world, options, stop, seen);
  } catch (error) {
    seen.trouble = troubleOf(error);
  } finally {
    close?.();
  }
  return conclude(scenario, pairing, options.strict, seen);
}

function explore(
  scenario: Scenario,
  built: Built,
  again: () => World,
  options: ExamineOptions,
  stop: () => boolean,
  seen: Seen,
): void {
  const { world, script } = built;
  const [plugIn] = built.plugIns;
  const evidence = new Evidence(world, seen.findings, plugIn);
  const outside = options.connection !== undefined;
  const up = world.bringUp();
  if (plugIn !== undefined) checkBringUp(world, plugIn, again);
  world.recorder.recording = true;
  if (!up && world.isQuiet()) world.settle(true);
  if (world.findings.length > 0 || !up) {
    evidence.ofThisRun('scripted', []);
    if (seen.findings.length === 0)
      seen.trouble = { kind: 'inconclusive', text: 'bring-up did not come to its end' };
    return;
  }
  const following = scenario.schedule && new Following(world, scenario.schedule);
  const run = runToEnd(world, SCRIPTED_STEPS, following?.choice ?? byDefault);
  const schedule = following?.ended();
  if (options.watch) {
    world.recorder.finish();
    options.watch(world.recorder.rows);
  }
  evidence.ofThisRun(following ? 'schedule' : 'scripted', run.moves);
  seen.explorations.push({ kind: 'scripted', steps: run.moves.length, ...(schedule && { schedule }) });
  seen.unmet.push(...(script?.unmet ?? []));
  for (const rule of world.provoked) seen.provoked.add(rule);
  if (script?.holding)
    seen.trouble = { kind: 'bad-scenario', text: 'something is still held back when the script ends' };
  if (!run.ended)
    seen.trouble = { kind: 'inconclusive', text: `the run did not end within ${SCRIPTED_STEPS} steps` };
  if (outside) return; // what another process did cannot be undone
  world.recorder.recording = false;
  if (plugIn !== undefined) checkState(world, plugIn, run.moves);
  const { exhaustive } = scenario.exploration;
  const random = scenario.exploration.random ?? (world.rewinds || !exhaustive ? undefined : INSTEAD);
  if (random) {
    const runs = options.runs ?? random.runs;
    const result = exploreRandomly(world, { runs, steps: random.steps, seed: options.seed }, stop);
    for (const { finding, moves, path } of result.found) {
      if (plugIn !== undefined) checkRun(world, plugIn, moves);
      evidence.of('random', finding, moves, { seed: options.seed, path });
    }
    seen.explorations.push({ kind: 'random', runs: result.runs, steps: result.steps, seed: options.seed });
  }
  if (exhaustive && !world.rewinds) seen.unsearched = cannotBeSearched(plugIn ?? 'this target');
  else if (exhaustive)
    seen.explorations.push(exploreAll(world, { ...exhaustive, ...options.search }, evidence, stop));
}

function exploreAll(
  world: World,
  bounds: SearchLimits & { readonly states: number; readonly depth: number },
  evidence: Evidence,
  stop: () => boolean,
): ExplorationReport {
  world.restart();
  const result = exploreExhaustively(world, { ...bounds, reduce: bounds.reduction ?? true }, stop);
  for (const found of result.found) {
    const best = found.finding.severity === 'error' ? shortest(world, found, SHORTEN_STATES, stop) : found;
    world.restart();
    evidence.of('exhaustive', best.finding, best.moves);
  }
  const { states, transitions, depth, complete, because, collision, reduced, idleCircles } = result;
  return {
    kind: 'exhaustive',
    states,
    transitions,
    depth,
    complete,
    because,
    collision,
    reduced,
    idleCircles,
  };
}

/** Sorts what was thrown: a target that died is a result; a defect of the tool is not. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof NotApplicable) return { kind: 'not-applicable', text: error.message };
  if (error instanceof PlugInFault) return { kind: 'bad-plug-in', text: error.message };
  if (error instanceof UnknownSystem || error instanceof UnknownDecision)
    return { kind: 'bad-scenario', text: error.message };
  const name = error instanceof Error ? error.constructor.name : '';
  const text = error instanceof Error ? error.message : String(error);
  if (name === 'TargetDied')
    return { kind: 'inconclusive', text: "the controller's process ended while it was tested" };
  if (name === 'ChannelStopped') return { kind: 'inconclusive', text };
  if (name === 'QtestError')
    return { kind: 'inconclusive', text: `the controller's process refused: ${text}` };
  if (name === 'BringUpRefused')
    return { kind: (error as { optional?: boolean }).optional ? 'not-applicable' : 'inconclusive', text };
  const stack = error instanceof Error ? (error.stack ?? text) : text;
  return { kind: 'internal', text: stack };
}
