/**
 * A session: hands out blocks to workers, in order, and takes in what comes back in the same order, so that the findings
 * do not depend on the number of workers. What earlier sessions have kept is run first.
 */
import type { Scenario } from '../scenario/scenario.ts';
import { InOrder } from '../suite/in-order.ts';
import { type Answered, type Ask, Pool } from '../suite/pool.ts';
import type { PairingResult } from '../suite/result.ts';
import { isFor, type Shard } from '../suite/shard.ts';
import type { PlugInFile } from '../targets/plug-in/registry.ts';
import { type BlockResult, isFault, RUNS_OF_A_BLOCK, type Setting } from './block.ts';
import { soleCase } from './case.ts';
import { Corpus, isAbout } from './corpus.ts';
import { type Draft, stillShows } from './counterexample.ts';
import { type Candidate, Findings, type FindingsCallbacks } from './findings.ts';
import type { FuzzProgress, FuzzResult, FuzzTrouble } from './result.ts';
import { type Known, unshrunk } from './shrink.ts';
import { labelsOf, targetsOf } from './systems.ts';
import { Totals } from './totals.ts';
import type { Answer, Fault, Question } from './worker.ts';

export type { Unsaved } from './findings.ts';

export interface FuzzRequest extends Setting {
  /** Runs of the whole session, all shards together. Undefined: as many as there is time for. */
  readonly runs: number | undefined;
  readonly plugIns?: readonly PlugInFile[];
  /** Time after which no new block is begun; what was found by then is still shrunk. */
  readonly milliseconds: number | undefined;
  readonly workers: number;
  /** Begin nothing new after the first finding. */
  readonly bail: boolean;
  readonly shard: Shard | undefined;
  /** Where counterexamples are saved, and what is there now. */
  readonly folder: string;
  readonly kept: readonly Scenario[];
}

export interface FuzzCallbacks extends FindingsCallbacks {
  /** What became of each counterexample of earlier sessions, in their order, before anything else. */
  readonly onKept?: (result: PairingResult) => void;
  /** Again and again, in no particular rhythm. */
  readonly onProgress?: (progress: FuzzProgress) => void;
}

/** Milliseconds after a signal in which what is not shrunk yet can be saved: the whole end takes less than a second. */
const SAVING = 750;
/** How often the progress is told when nothing else happens. */
const HEARTBEAT = 500;

/** Takes care of SIGINT and SIGTERM while it runs. Never throws for what a model does: that is a result. */
export async function fuzz(request: FuzzRequest, callbacks: FuzzCallbacks): Promise<FuzzResult> {
  return new Session(request, callbacks).toEnd();
}

/** Does one piece of work with a worker, and takes in what comes of it. */
type Task = (ask: Ask<Question, Answer>) => Promise<void>;

class Session {
  readonly #request: FuzzRequest;
  readonly #callbacks: FuzzCallbacks;
  readonly #pool: Pool<Question, Answer, Setting>;
  readonly #findings: Findings;
  readonly #totals = new Totals();
  readonly #kept: readonly Scenario[];
  readonly #keptResults: PairingResult[] = [];
  readonly #keptInOrder: InOrder<PairingResult>;
  readonly #blocksInOrder: InOrder<BlockResult>;
  /** All blocks of the session, those of other shards among them. */
  readonly #blocks: number;
  readonly #start = performance.now();
  #nextKept = 0;
  #nextBlock = 0;
  /** Blocks that were begun here. */
  #begun = 0;
  #atWork = 0;
  #saveUntil = 0;
  /** Workers were ended by force. */
  #isForced = false;
  #over: 'time' | 'bail' | undefined;
  #idle: (() => void)[] = [];

  constructor(request: FuzzRequest, callbacks: FuzzCallbacks) {
    const { seed, cases, strict, folder, kept, runs, plugIns = [] } = request;
    this.#request = request;
    this.#callbacks = callbacks;
    const setting: Setting = { seed, cases, strict };
    this.#pool = new Pool({
      module: new URL('./worker.js', import.meta.url),
      data: setting,
      plugIns,
      onInterrupt: () => (this.#saveUntil = performance.now() + SAVING),
      onForce: () => (this.#isForced = true),
    });
    this.#findings = new Findings(setting, new Corpus(folder), callbacks);
    const targets = targetsOf(cases);
    this.#kept = kept.filter((scenario) => isAbout(scenario, targets));
    this.#blocks = runs === undefined ? Infinity : Math.ceil(runs / RUNS_OF_A_BLOCK);
    this.#keptInOrder = new InOrder((result) => this.#takeKept(result));
    this.#blocksInOrder = new InOrder((result) => this.#takeBlock(result));
  }

  async toEnd(): Promise<FuzzResult> {
    const { milliseconds, workers } = this.#request;
    const timer = milliseconds === undefined ? undefined : setTimeout(() => this.#end('time'), milliseconds);
    const heart = setInterval(() => this.#tell(), HEARTBEAT);
    try {
      await this.#pool.run(workers, (ask) => this.#lane(ask));
    } finally {
      clearTimeout(timer);
      clearInterval(heart);
    }
    this.#keptInOrder.flush();
    this.#blocksInOrder.flush();
    if (this.#pool.interrupted !== undefined)
      this.#findings.saveRest(() => !this.#hasPlugIns && performance.now() < this.#saveUntil);
    return this.#result();
  }

  /** One worker and what it does, until nothing is left that anybody could do. */
  async #lane(ask: Ask<Question, Answer>): Promise<void> {
    for (;;) {
      const task = this.#next();
      if (task === undefined && this.#atWork === 0) return;
      if (task === undefined) {
        await new Promise<void>((resolve) => this.#idle.push(resolve));
        continue;
      }
      this.#atWork++;
      await task(ask);
      this.#atWork--;
      this.#tell();
      for (const wake of this.#idle.splice(0)) wake();
    }
  }

  /** What can be begun now. While others are at work, there may be more later. */
  #next(): Task | undefined {
    // Plug-ins are not run in this thread: what is told to stop saves what it has.
    if (this.#pool.interrupted !== undefined)
      return this.#hasPlugIns && !this.#isForced ? this.#shrinkTask() : undefined;
    const place = this.#nextKept;
    const kept = this.#kept[place];
    if (kept !== undefined) {
      this.#nextKept++;
      return (ask) => this.#runKept(ask, place, kept);
    }
    if (this.#keptResults.length < this.#kept.length) return undefined;
    return this.#shrinkTask() ?? (this.#over === undefined ? this.#blockTask() : undefined);
  }

  get #hasPlugIns(): boolean {
    return (this.#request.plugIns ?? []).length > 0;
  }

  #shrinkTask(): Task | undefined {
    const candidate = this.#findings.next();
    return candidate && ((ask) => this.#shrink(ask, candidate));
  }

  #blockTask(): Task | undefined {
    while (this.#nextBlock < this.#blocks && !isFor(this.#request.shard, this.#nextBlock)) this.#nextBlock++;
    if (this.#nextBlock >= this.#blocks) return undefined;
    const block = this.#nextBlock++;
    const { runs = Infinity } = this.#request;
    const place = this.#begun++;
    const size = Math.min(RUNS_OF_A_BLOCK, runs - block * RUNS_OF_A_BLOCK);
    return (ask) => this.#runBlock(ask, place, block, size);
  }

  async #runKept(ask: Ask<Question, Answer>, place: number, scenario: Scenario): Promise<void> {
    const answered = await ask({ kind: 'kept', ...soleCase(scenario) });
    if (answered.kind === 'answer') this.#keptInOrder.put(place, answered.answer as PairingResult);
    else this.#trouble(answered, 0);
  }

  async #runBlock(ask: Ask<Question, Answer>, place: number, block: number, runs: number): Promise<void> {
    const answered = await ask({ kind: 'block', block, runs });
    if (answered.kind !== 'answer') return this.#trouble(answered, block);
    const result = answered.answer as BlockResult;
    if (this.#request.bail && result.failing.length > 0) this.#end('bail');
    this.#blocksInOrder.put(place, result);
  }

  async #shrink(ask: Ask<Question, Answer>, candidate: Candidate): Promise<void> {
    const { failing, known } = candidate;
    const answered = await ask({ kind: 'shrink', failing, known });
    if (answered.kind === 'answer') this.#takeShrunk(candidate, answered.answer as Draft | Known | Fault);
    else if (answered.kind === 'bad-plug-in' || answered.kind === 'silent') {
      this.#trouble(answered, failing.block);
      this.#findings.leave(candidate);
    } else if (answered.kind === 'failed') {
      this.#trouble(answered, candidate.failing.block);
      if (this.#hasPlugIns) this.#findings.leave(candidate);
      else this.#findings.take(candidate, unshrunk(this.#request, candidate.failing));
    }
  }

  #takeShrunk(candidate: Candidate, answer: Draft | Known | Fault): void {
    if (!('fault' in answer)) return this.#findings.take(candidate, answer);
    this.#trouble({ kind: 'bad-plug-in', text: answer.fault }, candidate.failing.block);
    this.#findings.leave(candidate);
  }

  /** A worker that failed is a defect of ours, unless a plug-in made it fail; one that was ended by force is none. */
  #trouble(answered: Answered<Answer>, block: number): void {
    if (answered.kind === 'answer' || answered.kind === 'ended') return;
    const kinds = { 'failed': 'internal', 'bad-plug-in': 'bad-plug-in', 'silent': 'inconclusive' } as const;
    const trouble: FuzzTrouble = { kind: kinds[answered.kind], text: answered.text, block };
    this.#totals.tell(trouble);
    this.#end('bail');
  }

  #takeKept(result: PairingResult): void {
    this.#keptResults.push(result);
    this.#callbacks.onKept?.(result);
    const scenario = this.#kept.find(({ file }) => file === result.file);
    if (scenario !== undefined && stillShows(scenario, result)) this.#findings.remember(scenario);
    if (this.#request.bail && result.outcome === 'unexpected') this.#end('bail');
  }

  /** With `bail`, blocks behind the first that fails are as if they had never been begun. */
  #takeBlock(result: BlockResult): void {
    const { bail } = this.#request;
    if ((bail && this.#findings.isAny) || this.#totals.sums.trouble.some(isFault)) return;
    this.#totals.add(result);
    if (result.trouble.some(isFault)) this.#end('bail');
    this.#findings.meet(result, bail);
  }

  #end(why: 'time' | 'bail'): void {
    this.#over ??= why;
  }

  #tell(): void {
    const { runs, steps, exercised } = this.#totals.sums;
    const { milliseconds } = this.#request;
    const passed = performance.now() - this.#start;
    const left = { runs: this.#asked - runs };
    this.#callbacks.onProgress?.({
      runs,
      steps,
      milliseconds: passed,
      rules: Object.keys(exercised).length,
      findings: this.#findings.counterexamples.length,
      shrinking: this.#findings.shrinking,
      left: milliseconds === undefined ? left : { milliseconds: Math.max(0, milliseconds - passed) },
    });
  }

  /** Runs of this shard: only the last block of the session may be smaller. */
  get #asked(): number {
    const { runs = Infinity, shard } = this.#request;
    if (shard === undefined || runs === Infinity) return runs;
    const blocks = Math.max(0, Math.ceil((this.#blocks - shard.index + 1) / shard.of));
    const short = isFor(shard, this.#blocks - 1) ? this.#blocks * RUNS_OF_A_BLOCK - runs : 0;
    return blocks * RUNS_OF_A_BLOCK - short;
  }

  #result(): FuzzResult {
    const { seed, shard, strict, cases, kept } = this.#request;
    return {
      seed,
      shard,
      ...labelsOf(cases),
      asked: this.#asked === Infinity ? undefined : this.#asked,
      ...this.#totals.sums,
      milliseconds: performance.now() - this.#start,
      counterexamples: this.#findings.counterexamples,
      notShrunk: this.#findings.notShrunk,
      corpus: this.#keptResults,
      foundAgain: this.#findings.foundAgain,
      corpusLeftAlone: kept.length - this.#kept.length,
      ended: this.#pool.interrupted ?? this.#over ?? 'runs',
      strict,
    };
  }
}
