/** What a session has found: which failing runs are shrunk, which of those are the same, and where each is saved. */
import type { Pairing, Scenario } from '../scenario/scenario.ts';
import { type Comments, writeScenario } from '../scenario/write.ts';
import type { RuleId } from '../spec/rule.ts';
import { InOrder } from '../suite/in-order.ts';
import type { BlockResult, Failing, Setting } from './block.ts';
import { type Corpus, shapeOf } from './corpus.ts';
import { type Draft, targetOf } from './counterexample.ts';
import { NotRepeatable } from './not-repeatable.ts';
import type { Counterexample } from './result.ts';
import { type Known, unshrunk } from './shrink.ts';

/**
 * Failing runs of each rule that are shrunk: no more of them after so many in a row that showed nothing new, and so many
 * in all. What comes later is counted. Each takes seconds, which a controller that fails everywhere would need for
 * nothing else.
 */
const IN_VAIN = 2;
const SHRUNK_OF_A_RULE = 6;

/** A counterexample that is about to be saved. */
export interface Unsaved extends Draft {
  readonly block: number;
  readonly run: number;
}

export interface FindingsCallbacks {
  /** What is written into the file beside the scenario. */
  readonly comments: (unsaved: Unsaved) => Comments;
  /** Each counterexample once, in the order of their blocks, however many workers there are. */
  readonly onCounterexample?: (counterexample: Counterexample) => void;
  /** Why a counterexample could not be saved. */
  readonly onUnsaved?: (error: unknown) => void;
}

/** A failing run with its place among those that may be shrunk. */
interface Placed {
  readonly place: number;
  readonly failing: Failing;
}

/** A failing run that is to be shrunk. */
export interface Candidate extends Placed {
  /** Shapes of counterexamples, those of its rule among them: runs that are shrunk to one of them show nothing new. */
  readonly known: readonly string[];
}

/**
 * The failing runs of one rule. They are shrunk one after the other, because what the earlier ones have shown decides
 * about the later ones: so it is the same with any number of workers.
 */
interface Line {
  readonly waiting: Placed[];
  /** Somebody is shrinking it. */
  begun: Placed | undefined;
  shrunk: number;
  /** Of those, the last so many showed nothing new. */
  vain: number;
  /** What they and earlier sessions have shown. */
  readonly shapes: Set<string>;
}

export class Findings {
  readonly #setting: Setting;
  readonly #corpus: Corpus;
  readonly #callbacks: FindingsCallbacks;
  readonly #lines = new Map<RuleId, Line>();
  /** By shape. */
  readonly #found = new Map<string, Counterexample>();
  /** Counterexamples of earlier sessions, by shape, with the runs that came down to them. */
  readonly #earlier = new Map<string, { readonly file: string; runs: number }>();
  readonly #inOrder: InOrder<() => void>;
  #places = 0;
  readonly notShrunk: Partial<Record<RuleId, number>> = {};

  constructor(setting: Setting, corpus: Corpus, callbacks: FindingsCallbacks) {
    this.#setting = setting;
    this.#corpus = corpus;
    this.#callbacks = callbacks;
    this.#inOrder = new InOrder((settle) => settle());
  }

  get counterexamples(): readonly Counterexample[] {
    return [...this.#found.values()];
  }

  /** Whether anything was found. */
  get isAny(): boolean {
    return this.#places > 0;
  }

  /** Runs that came down to what earlier sessions have found, by file. */
  get foundAgain(): Readonly<Record<string, number>> {
    const met = [...this.#earlier.values()].filter(({ runs }) => runs > 0);
    return Object.fromEntries(met.map(({ file, runs }) => [file, runs]));
  }

  /** Rules whose runs are being shrunk. */
  get shrinking(): readonly RuleId[] {
    return [...this.#lines].filter(([, { begun }]) => begun !== undefined).map(([rule]) => rule);
  }

  /**
   * To be told, before any block, of each counterexample of an earlier session that still shows its finding: what comes
   * down to it is counted, and neither shrunk to its end nor told again.
   */
  remember(earlier: Scenario): void {
    this.#earlier.set(shapeOf(earlier), { file: earlier.file, runs: 0 });
  }

  /** To be told of the blocks in their order. `only`: one run of the block is shrunk, the first. */
  meet({ failing, more }: BlockResult, only: boolean): void {
    for (const [rule, runs] of Object.entries(more)) this.#leave(rule as RuleId, runs);
    for (const each of failing.toSorted((a, b) => a.run - b.run)) {
      const { rule } = each.key;
      if (only && this.isAny) this.#leave(rule, 1);
      else this.#lineOf(rule).waiting.push({ place: this.#places++, failing: each });
    }
  }

  /** The next run to be shrunk. There may be more when another one is done. */
  next(): Candidate | undefined {
    for (const line of this.#lines.values()) {
      if (line.begun !== undefined) continue;
      if (isOver(line)) this.#leaveRest(line);
      const next = line.waiting.shift();
      if (next === undefined) continue;
      line.begun = next;
      return { ...next, known: [...line.shapes] };
    }
    return undefined;
  }

  take({ place, failing }: Placed, result: Draft | Known): void {
    const { block, run } = failing;
    const shape = 'shape' in result ? result.shape : shapeOf(result.scenario);
    const line = this.#lineOf(failing.key.rule);
    line.begun = undefined;
    line.shrunk++;
    line.vain = line.shapes.has(shape) ? line.vain + 1 : 0;
    line.shapes.add(shape);
    const unsaved = 'shape' in result ? undefined : { ...result, block, run };
    this.#inOrder.put(place, () => this.#meetShape(shape, unsaved));
  }

  /** Counts a run that cannot be shrunk. */
  leave({ place, failing }: Placed): void {
    this.#lineOf(failing.key.rule).begun = undefined;
    this.#leave(failing.key.rule, 1);
    this.#inOrder.put(place, () => {});
  }

  /** Saves what nobody has time to shrink any more, as long as `hasTime`: one run of each rule comes first. */
  saveRest(hasTime: () => boolean): void {
    const lines = [...this.#lines.values()];
    const rests = lines.map((line) => {
      const { begun, waiting, shrunk } = line;
      const rest = [...(begun ? [begun] : []), ...waiting.splice(0)];
      const most = isOver(line) ? 0 : Math.max(0, IN_VAIN + 1 - shrunk);
      for (const { failing } of rest.splice(most)) this.#leave(failing.key.rule, 1);
      return rest;
    });
    for (const candidate of [
      ...rests.flatMap((rest) => rest.slice(0, 1)),
      ...rests.flatMap((rest) => rest.slice(1)),
    ]) {
      if (hasTime()) this.#saveUnshrunk(candidate);
      else this.#leave(candidate.failing.key.rule, 1);
    }
    this.#inOrder.flush();
  }

  #saveUnshrunk(candidate: Placed): void {
    let draft: Draft;
    try {
      draft = unshrunk(this.#setting, candidate.failing);
    } catch (error) {
      if (error instanceof NotRepeatable) return this.leave(candidate);
      throw error;
    }
    this.take(candidate, draft);
  }

  #lineOf(rule: RuleId): Line {
    const line = this.#lines.get(rule) ?? {
      waiting: [],
      begun: undefined,
      shrunk: 0,
      vain: 0,
      shapes: new Set(this.#earlier.keys()),
    };
    this.#lines.set(rule, line);
    return line;
  }

  #leaveRest({ waiting }: Line): void {
    for (const { place, failing } of waiting.splice(0)) {
      this.#leave(failing.key.rule, 1);
      this.#inOrder.put(place, () => {});
    }
  }

  #leave(rule: RuleId, runs: number): void {
    this.notShrunk[rule] = (this.notShrunk[rule] ?? 0) + runs;
  }

  /** `unsaved`: undefined where the shape was all that was looked for. */
  #meetShape(shape: string, unsaved: Unsaved | undefined): void {
    const same = this.#found.get(shape);
    const earlier = this.#earlier.get(shape);
    if (earlier !== undefined) earlier.runs++;
    else if (same !== undefined) {
      const better = unsaved && isShorter(unsaved, same) ? this.#improved(same, unsaved) : same;
      this.#found.set(shape, { ...better, duplicates: same.duplicates + 1 });
    } else if (unsaved !== undefined) {
      const counterexample = { ...counterexampleIn(this.#save(unsaved), unsaved), duplicates: 0 };
      this.#found.set(shape, counterexample);
      this.#callbacks.onCounterexample?.(counterexample);
    }
  }

  #save(unsaved: Unsaved): string | undefined {
    const { scenario, finding } = unsaved;
    const target = targetOf(scenario.pairings[0] as Pairing, finding);
    try {
      return this.#corpus.save(scenario, [finding.rule, target], this.#textOf(unsaved));
    } catch (error) {
      this.#callbacks.onUnsaved?.(error);
      return undefined;
    }
  }

  /** The shorter way takes the place of the longer one, unless somebody has changed its file. */
  #improved(same: Counterexample, shorter: Unsaved): Counterexample {
    try {
      if (same.file === undefined || !this.#corpus.improve(same.file, this.#textOf(shorter))) return same;
    } catch (error) {
      this.#callbacks.onUnsaved?.(error);
      return same;
    }
    return { ...same, ...counterexampleIn(same.file, shorter) };
  }

  #textOf(unsaved: Unsaved): string {
    return writeScenario(unsaved.scenario, this.#callbacks.comments(unsaved));
  }
}

function isOver({ shrunk, vain }: Line): boolean {
  return vain === IN_VAIN || shrunk === SHRUNK_OF_A_RULE;
}

type Way = Pick<Counterexample, 'steps' | 'preemptions'>;

function isShorter(one: Way, other: Way): boolean {
  return one.steps === other.steps ? one.preemptions < other.preemptions : one.steps < other.steps;
}

function counterexampleIn(
  file: string | undefined,
  { scenario, ...unsaved }: Unsaved,
): Omit<Counterexample, 'duplicates'> {
  return { file, ...unsaved, scenario: { ...scenario, file: file ?? scenario.file } };
}
