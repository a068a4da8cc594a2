/**
 * The smallest case in which a finding still shows for some schedule. What is tried in each smaller case goes from cheap
 * to dear: the turns of the run that failed last, a few schedules of the portfolio, then more of them, and where little
 * is left to shrink every schedule in a small bound. Bounded in steps and states, not in time.
 */
import { exploreExhaustively } from '../explore/exhaustive.ts';
import { scheduleOf } from '../explore/following.ts';
import { recorded } from '../explore/recorded.ts';
import { byMoves, byNumbers, type Choice, runToEnd } from '../explore/schedule.ts';
import { schedulerFor, type SchedulerSpec } from '../explore/scheduler.ts';
import { type FindingKey, isKey } from '../explore/finding-key.ts';
import type { StepName } from '../world/naming.ts';
import type { Move } from '../world/world.ts';
import type { Failing } from './block.ts';
import {
  caseOf,
  type Cases,
  judged,
  type Origin,
  perform,
  type Stage,
  stageOf,
  STEPS,
  SHORT_RUN,
} from './case.ts';
import { commandsOf } from './counterexample.ts';
import type { Genes } from './genes.ts';
import { guidedBy } from './guide.ts';
import { shows } from './key.ts';
import { shrinkCase } from './shrink-case.ts';

/** Smaller cases that are tried in each of the stages. */
const CASES = 400;
/** Schedules in each smaller case, steps that all of them may take, and commands that are few enough to go on. */
const stages = [
  { schedules: 24, steps: 500_000, commands: 0 },
  { schedules: 120, steps: 500_000, commands: 2 },
] as const;
/** Cases that are larger than this are not searched; states in each smaller case, and in all of them. */
const SEARCHED = { commands: 6, control: 2, states: 40_000, all: 300_000 };
/** Longer schedules than this are not looked for. */
const DEPTH = 100;

/** A case that fails, and a schedule that shows it. */
export interface FailingCase {
  readonly origin: Origin;
  readonly numbers: readonly number[];
}

export interface CaseQuestion {
  readonly cases: Cases;
  readonly failing: Failing;
  readonly genes: Genes;
  /** Schedules that are tried. */
  readonly specs: readonly SchedulerSpec[];
  /** Whether it need not become smaller. */
  readonly enough: (origin: Origin) => boolean;
  readonly stop: () => boolean;
}

export function smallestCase(question: CaseQuestion): FailingCase {
  return new CaseSearch(question).smallest();
}

/** A schedule in the list form that leads to the finding, and its steps by name. */
interface Shown {
  readonly numbers: readonly number[];
  readonly steps: readonly StepName[];
}

class CaseSearch {
  readonly #question: CaseQuestion;
  readonly #key: FindingKey;
  /** Those that have shown it in another case come first. */
  readonly #specs: SchedulerSpec[];
  readonly #shown = new Map<string, Shown>();
  #genes: Genes;
  /** How it shows in the smallest case so far. */
  #best: Shown;
  #enough = false;
  #steps = 0;
  #states = SEARCHED.all;

  constructor(question: CaseQuestion) {
    const { failing, genes, specs } = question;
    this.#question = question;
    this.#key = failing.key;
    this.#specs = [...specs];
    this.#genes = genes;
    this.#best = { numbers: failing.numbers, steps: [] };
  }

  smallest(): FailingCase {
    const first = this.#judged(this.#genes, (stage) => this.#run(stage, byNumbers(this.#best.numbers)));
    if (first !== undefined) this.#best = first;
    for (const { schedules, steps, commands } of stages) {
      if (this.#commands <= commands) break;
      this.#steps = steps;
      this.#shrink((each) => (this.#steps > 0 ? this.#schedule(each, schedules) : undefined));
    }
    if (this.#isSmall) this.#shrink((each) => this.#searched(each));
    return { origin: { kind: 'generated', genes: this.#genes }, numbers: this.#best.numbers };
  }

  get #commands(): number {
    return commandsOf(caseOf(this.#question.cases, { kind: 'generated', genes: this.#genes }).scenario);
  }

  get #isSmall(): boolean {
    const commands = this.#commands;
    const isLittle = this.#genes.control.length <= SEARCHED.control;
    return isLittle && commands > 1 && commands <= SEARCHED.commands && this.#best.steps.length <= DEPTH;
  }

  get #isOver(): boolean {
    return this.#enough || this.#question.stop();
  }

  #shrink(look: (stage: Stage) => Shown | undefined): void {
    const { cases, enough } = this.#question;
    const worldOf = (genes: Genes): string =>
      JSON.stringify(caseOf(cases, { kind: 'generated', genes }).scenario);
    const fails = (genes: Genes): boolean => {
      const shown = this.#judged(genes, look);
      if (shown === undefined) return false;
      this.#shown.set(worldOf(genes), shown);
      this.#best = shown;
      this.#enough = enough({ kind: 'generated', genes });
      return true;
    };
    this.#genes = shrinkCase(this.#genes, fails, CASES, worldOf, () => this.#isOver);
    this.#best = this.#shown.get(worldOf(this.#genes)) ?? this.#best;
  }

  /** A world that comes to no verdict is no smaller counterexample. */
  #judged(genes: Genes, look: (stage: Stage) => Shown | undefined): Shown | undefined {
    return judged(() => look(stageOf(caseOf(this.#question.cases, { kind: 'generated', genes }))));
  }

  /** A schedule that shows the finding: much like the one that did so in a larger case, or one of the portfolio. */
  #schedule(stage: Stage, schedules: number): Shown | undefined {
    const { numbers, steps } = this.#best;
    const { world, isDown } = stage;
    const alike = this.#run(stage, guidedBy(world, steps)) ?? this.#run(stage, byNumbers(numbers));
    if (alike !== undefined || isDown) return alike;
    for (let at = 0; at < schedules && this.#steps > 0 && !this.#isOver; at++) {
      const spec = this.#specs[at];
      const shown = spec && this.#run(stage, schedulerFor(spec, world, SHORT_RUN));
      if (shown === undefined) continue;
      this.#specs.unshift(...this.#specs.splice(at, 1));
      return shown;
    }
    return undefined;
  }

  #run(stage: Stage, choice: Choice): Shown | undefined {
    const { world, isDown } = stage;
    const { choice: recording, numbers } = recorded(choice);
    const moves = judged(() => perform(stage, recording).moves);
    this.#steps -= moves?.length ?? numbers.length;
    if (moves === undefined || !shows(world, this.#key)) return undefined;
    return { numbers, steps: isDown ? [] : scheduleOf(world, moves) };
  }

  #searched({ world, isDown }: Stage): Shown | undefined {
    if (isDown || this.#states <= 0 || !world.rewinds) return undefined;
    world.restart();
    const bounds = { states: Math.min(SEARCHED.states, this.#states), depth: DEPTH, reduce: false };
    const { found, states } = exploreExhaustively(world, bounds, () => this.#isOver);
    this.#states -= states;
    const first = found.find(({ finding }) => isKey(finding, this.#key));
    if (first === undefined) return undefined;
    const numbers = numbersOf({ world, isDown }, first.moves);
    return shows(world, this.#key) ? { numbers, steps: scheduleOf(world, first.moves) } : undefined;
  }
}

/** The list form of these moves; their findings are left in `world.findings`. */
export function numbersOf({ world }: Stage, moves: readonly Move[]): readonly number[] {
  world.restart();
  const { choice, numbers } = recorded(byMoves(moves));
  runToEnd(world, STEPS, choice);
  return numbers;
}
