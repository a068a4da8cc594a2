/**
 * One block of a session: a fixed number of worlds with a fixed number of schedules each. What comes out depends on the
 * seed of the session and the number of the block alone, not on who runs it, or after what.
 */
import fc from 'fast-check';
import { portfolio } from '../explore/portfolio.ts';
import { recorded } from '../explore/recorded.ts';
import { schedulerFor, type SchedulerSpec } from '../explore/scheduler.ts';
import { selfCheck } from '../explore/self-check.ts';
import type { FindingKey } from '../explore/finding-key.ts';
import { build } from '../scenario/build.ts';
import { rules } from '../spec/catalogue.ts';
import type { RuleId } from '../spec/rule.ts';
import { troubleOf } from '../suite/examine.ts';
import { checkBringUp, hiddenState } from '../suite/hidden-state.ts';
import { type Case, caseOf, type Cases, type Origin, perform, seedFor, type Stage, stageOf } from './case.ts';
import { featuresOf } from './features.ts';
import { genes } from './genes.ts';
import { keysOf, warningsOf } from './key.ts';
import type { FuzzSums, FuzzTrouble, SchedulerKind } from './result.ts';

const WORLDS = 25;
const RUNS_OF_A_WORLD = 10;
/** In every fourth block the first run is checked: to hash all of the memory after each step takes its time. */
const CHECKED = 4;
export const RUNS_OF_A_BLOCK: number = WORLDS * RUNS_OF_A_WORLD;
/** Expected length of the first run in a world; that of a later one is the length of the run before it. */
const STEPS_EXPECTED = 200;

/** What all blocks of a session have in common. */
export interface Setting {
  readonly seed: number;
  readonly cases: Cases;
  /** Whether warnings count as findings. */
  readonly strict: boolean;
}

/** The first run of a block that showed a finding. */
export interface Failing {
  readonly block: number;
  /** Number of the run in its block, from 0. */
  readonly run: number;
  readonly key: FindingKey;
  readonly origin: Origin;
  /** Its schedule in the list form. */
  readonly numbers: readonly number[];
}

export interface BlockResult extends FuzzSums {
  readonly block: number;
  /** Each kind of finding once. */
  readonly failing: readonly Failing[];
  /** Runs that showed one of those again. */
  readonly more: Readonly<Partial<Record<RuleId, number>>>;
}

/** `runs`: fewer than a block has only in the last block of a session. */
export function runBlock(setting: Setting, block: number, runs: number, stop: () => boolean): BlockResult {
  const tally = new Tally(setting, block, runs, stop);
  const schedules = fc.array(portfolio, { minLength: RUNS_OF_A_WORLD, maxLength: RUNS_OF_A_WORLD });
  const { seed, cases } = setting;
  const parameters = { seed: seedFor(seed, block), numRuns: WORLDS };
  if (cases.kind === 'generated') {
    const world = fc.property(genes, schedules, (genes, specs) =>
      tally.world({ kind: 'generated', genes }, specs),
    );
    fc.check(world, parameters);
  } else {
    let slot = block * WORLDS;
    const world = fc.property(schedules, (specs) =>
      tally.world({ kind: 'given', index: slot++ % cases.cases.length }, specs),
    );
    fc.check(world, parameters);
  }
  return tally.result();
}

class Tally {
  readonly #setting: Setting;
  readonly #block: number;
  readonly #most: number;
  readonly #stop: () => boolean;
  readonly #exercised: Partial<Record<RuleId, number>> = {};
  readonly #warnings: Partial<Record<RuleId, number>> = {};
  readonly #features: Record<string, number> = {};
  readonly #schedulers: Record<SchedulerKind, number> = {
    'uniform': 0,
    'pct': 0,
    'starve-one': 0,
    'bursts': 0,
    'speeds': 0,
  };
  readonly #failing = new Map<string, Failing>();
  readonly #more: Partial<Record<RuleId, number>> = {};
  readonly #trouble: FuzzTrouble[] = [];
  #runs = 0;
  #worlds = 0;
  #notApplicable = 0;
  #down = 0;
  #steps = 0;
  #unfinished = 0;
  #selfChecks = 0;

  constructor(setting: Setting, block: number, most: number, stop: () => boolean) {
    this.#setting = setting;
    this.#block = block;
    this.#most = most;
    this.#stop = stop;
  }

  /** Runs the schedules in one world. */
  world(origin: Origin, specs: readonly SchedulerSpec[]): void {
    if (this.#isOver) return;
    try {
      const given = caseOf(this.#setting.cases, origin);
      const stage = stageOf(given);
      this.#runAll(stage, given, origin, specs);
      this.#countRules(stage);
    } catch (error) {
      const { kind, text } = troubleOf(error);
      if (kind === 'not-applicable') this.#notApplicable++;
      this.#trouble.push({ kind: kind === 'bad-scenario' ? 'internal' : kind, text, block: this.#block });
    }
  }

  result(): BlockResult {
    return {
      block: this.#block,
      runs: this.#runs,
      worlds: this.#worlds,
      notApplicable: this.#notApplicable,
      down: this.#down,
      steps: this.#steps,
      unfinished: this.#unfinished,
      selfChecks: this.#selfChecks,
      exercised: this.#exercised,
      warnings: this.#warnings,
      features: this.#features,
      schedulers: this.#schedulers,
      failing: [...this.#failing.values()],
      more: this.#more,
      trouble: this.#trouble,
    };
  }

  /** Once a plug-in is known to be at fault, nothing that it does says anything. */
  get #isOver(): boolean {
    return this.#runs >= this.#most || this.#stop() || this.#trouble.some(isFault);
  }

  #runAll(stage: Stage, given: Case, origin: Origin, specs: readonly SchedulerSpec[]): void {
    this.#worlds++;
    if (stage.isDown) this.#down++;
    if (stage.plugIn !== undefined && stage.isDown)
      checkBringUp(stage.world, stage.plugIn, () => build(given.scenario, given.pairing).world);
    for (const feature of featuresOf(given.scenario))
      this.#features[feature] = (this.#features[feature] ?? 0) + 1;
    if (stage.isDown && keysOf(stage.world, this.#setting.strict).length === 0) {
      const text = 'bring-up did not come to its end';
      this.#trouble.push({ kind: 'inconclusive', text, block: this.#block });
      return;
    }
    let expected = STEPS_EXPECTED;
    for (const spec of stage.isDown ? specs.slice(0, 1) : specs) {
      if (this.#isOver) return;
      expected = this.#runOnce(stage, origin, spec, expected);
    }
  }

  /** Returns the steps that it took. */
  #runOnce(stage: Stage, origin: Origin, spec: SchedulerSpec, expected: number): number {
    const { world } = stage;
    const { choice, numbers } = recorded(schedulerFor(spec, world, expected));
    const { moves, ended } = perform(stage, choice);
    const keys = keysOf(world, this.#setting.strict);
    const doubts = stage.plugIn !== undefined && keys.some((key) => !this.#failing.has(nameOf(key)));
    // What a plug-in does that has hidden state is no violation.
    const isFaulty = doubts && !stage.isDown && !this.#check(stage, moves);
    if (!isFaulty) {
      for (const key of keys) this.#remember(key, origin, numbers);
      for (const rule of warningsOf(world, this.#setting.strict))
        this.#warnings[rule] = (this.#warnings[rule] ?? 0) + 1;
    }
    this.#schedulers[spec.kind]++;
    this.#steps += moves.length;
    if (!ended) this.#unfinished++;
    const isChecked =
      this.#runs++ === 0 && (this.#block % CHECKED === 0 || stage.plugIn !== undefined) && !doubts;
    if (isChecked && !stage.isDown) this.#check(stage, moves);
    return moves.length;
  }

  #remember(key: FindingKey, origin: Origin, numbers: readonly number[]): void {
    const name = nameOf(key);
    if (this.#failing.has(name)) this.#more[key.rule] = (this.#more[key.rule] ?? 0) + 1;
    else this.#failing.set(name, { block: this.#block, run: this.#runs, key, origin, numbers: [...numbers] });
  }

  /** The run is repeated, undone and redone: a model with hidden state would make every result worthless. */
  #check({ world, plugIn }: Stage, moves: ReturnType<typeof perform>['moves']): boolean {
    this.#selfChecks++;
    const difference = selfCheck(world, moves);
    if (difference === undefined) return true;
    const { text } = difference;
    this.#trouble.push({
      block: this.#block,
      ...(plugIn === undefined
        ? { kind: 'internal', text }
        : { kind: 'bad-plug-in', text: hiddenState(world, plugIn, text).message }),
    });
    return false;
  }

  #countRules({ world: { judge } }: Stage): void {
    for (const { id } of rules) {
      const count = judge.exercisedCount(id);
      if (count > 0) this.#exercised[id] = (this.#exercised[id] ?? 0) + count;
    }
  }
}

function nameOf({ rule, party }: FindingKey): string {
  return `${rule}/${party}`;
}

/** A plug-in is at fault. */
export function isFault({ kind }: FuzzTrouble): boolean {
  return kind === 'bad-plug-in';
}
