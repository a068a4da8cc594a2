/** What a session has found: which failing runs are shrunk, which of those are the same, and where each is saved. */
import type { Pairing } from '../scenario/scenario.ts';
import { type Comments, writeScenario } from '../scenario/write.ts';
import type { RuleId } from '../spec/rule.ts';
import { InOrder } from '../suite/in-order.ts';
import type { BlockResult, Failing, Setting } from './block.ts';
import { type Corpus, shapeOf } from './corpus.ts';
import { type Draft, targetOf } from './counterexample.ts';
import type { Counterexample } from './result.ts';
import { unshrunk } from './shrink.ts';

/**
 * Failing blocks of each rule whose run is shrunk; what comes later is counted. Each takes seconds, which a controller
 * that fails everywhere would need for nothing else.
 */
const SHRUNK_OF_A_RULE = 4;

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

/** A failing run with its place among those that are shrunk. */
export interface Candidate {
  readonly place: number;
  readonly failing: Failing;
}

export class Findings {
  readonly #setting: Setting;
  readonly #corpus: Corpus;
  readonly #callbacks: FindingsCallbacks;
  readonly #waiting: Candidate[] = [];
  /** Those that somebody is shrinking. */
  readonly #begun = new Map<number, Failing>();
  readonly #inOrder: InOrder<Unsaved>;
  readonly #candidates: Partial<Record<RuleId, number>> = {};
  readonly #found = new Map<string, Counterexample>();
  #places = 0;
  readonly notShrunk: Partial<Record<RuleId, number>> = {};

  constructor(setting: Setting, corpus: Corpus, callbacks: FindingsCallbacks) {
    this.#setting = setting;
    this.#corpus = corpus;
    this.#callbacks = callbacks;
    this.#inOrder = new InOrder((unsaved) => this.#add(unsaved));
  }

  get counterexamples(): readonly Counterexample[] {
    return [...this.#found.values()];
  }

  /** Whether anything was found. */
  get isAny(): boolean {
    return this.#places > 0;
  }

  /** To be told of the blocks in their order. `only`: one run of the block is shrunk, the first. */
  meet({ failing, more }: BlockResult, only: boolean): void {
    for (const [rule, runs] of Object.entries(more)) this.#leave(rule as RuleId, runs);
    for (const each of failing.toSorted((a, b) => a.run - b.run)) {
      const { rule } = each.key;
      const before = this.#candidates[rule] ?? 0;
      if (before === SHRUNK_OF_A_RULE || (only && this.isAny)) this.#leave(rule, 1);
      else {
        this.#candidates[rule] = before + 1;
        this.#waiting.push({ place: this.#places++, failing: each });
      }
    }
  }

  /** The next run to be shrunk. */
  next(): Candidate | undefined {
    const candidate = this.#waiting.shift();
    if (candidate !== undefined) this.#begun.set(candidate.place, candidate.failing);
    return candidate;
  }

  take({ place, failing }: Candidate, draft: Draft): void {
    this.#begun.delete(place);
    this.#inOrder.put(place, { ...draft, block: failing.block, run: failing.run });
  }

  /** Saves what nobody has time to shrink any more, as long as `hasTime`: one run of each rule comes first. */
  saveRest(hasTime: () => boolean): void {
    const rest = [...this.#begun].map(([place, failing]): Candidate => ({ place, failing }));
    const candidates = [...rest, ...this.#waiting].toSorted((a, b) => a.place - b.place);
    const rules = new Set<RuleId>();
    const isFirst = ({ failing: { key } }: Candidate): boolean => rules.size < rules.add(key.rule).size;
    const first = candidates.filter(isFirst);
    for (const candidate of [...first, ...candidates.filter((each) => !first.includes(each))]) {
      if (hasTime()) this.take(candidate, unshrunk(this.#setting, candidate.failing));
      else this.#leave(candidate.failing.key.rule, 1);
    }
    this.#inOrder.flush();
  }

  #leave(rule: RuleId, runs: number): void {
    this.notShrunk[rule] = (this.notShrunk[rule] ?? 0) + runs;
  }

  #add(unsaved: Unsaved): void {
    const { finding, scenario, commands, steps, preemptions, block, run } = unsaved;
    const shape = shapeOf(scenario);
    const same = this.#found.get(shape);
    if (same !== undefined) {
      this.#found.set(shape, { ...same, duplicates: same.duplicates + 1 });
      return;
    }
    const kept = this.#corpus.fileOf(scenario);
    const file = kept ?? this.#save(unsaved);
    const counterexample: Counterexample = {
      file,
      known: kept !== undefined,
      finding,
      scenario: { ...scenario, file: file ?? scenario.file },
      commands,
      steps,
      preemptions,
      block,
      run,
      duplicates: 0,
    };
    this.#found.set(shape, counterexample);
    this.#callbacks.onCounterexample?.(counterexample);
  }

  #save(unsaved: Unsaved): string | undefined {
    const { scenario, finding } = unsaved;
    const text = writeScenario(scenario, this.#callbacks.comments(unsaved));
    const target = targetOf(scenario.pairings[0] as Pairing, finding);
    try {
      return this.#corpus.save(scenario, [finding.rule, target], text);
    } catch (error) {
      this.#callbacks.onUnsaved?.(error);
      return undefined;
    }
  }
}
