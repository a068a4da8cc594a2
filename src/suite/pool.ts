/**
 * Worker threads that are asked one question at a time, and how all of them are stopped: by a flag in shared memory that
 * they poll, a little later by force. Takes care of SIGINT and SIGTERM while it works.
 */
import { Worker } from 'node:worker_threads';
import { newPulse, type Pulse } from '../targets/plug-in/pulse.ts';
import type { PlugInFile } from '../targets/plug-in/registry.ts';
import { watch } from './watch.ts';

export type Signal = 'SIGINT' | 'SIGTERM';

/** What a worker finds in its `workerData`. */
export interface WorkerSetup<Data = undefined> {
  /** Word 0 is set when everybody is to stop. */
  readonly stopFlag: Int32Array;
  /** What it imports before its first job, and where it shows that those come back from each call. */
  readonly plugIns: readonly PlugInFile[];
  readonly pulse: Pulse;
  readonly data: Data;
}

export type Answered<Answer> =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** The worker threw something and is gone; its stack. */
  | { readonly kind: 'failed'; readonly text: string }
  /** A plug-in threw where nobody could catch it. */
  | { readonly kind: 'bad-plug-in'; readonly text: string }
  /** A plug-in does not come back from a call, ended its thread, or used up its memory. */
  | { readonly kind: 'silent'; readonly text: string }
  /** The worker was ended by force. */
  | { readonly kind: 'ended' };

/** One worker, started when it is asked for the first time, and anew after it has failed. */
export type Ask<Question, Answer> = (question: Question) => Promise<Answered<Answer>>;

/** MiB of memory for the objects of a worker that plug-ins run in. */
const MEMORY_WITH_PLUG_INS = 1024;

/** How long workers get to come to a stop of their own, in milliseconds. */
const GRACE = 400;

export interface PoolOptions<Data> {
  /** The module that the workers run. */
  readonly module: URL;
  readonly data: Data;
  readonly plugIns?: readonly PlugInFile[];
  /** A signal came: whatever keeps a worker waiting is to end. */
  readonly onInterrupt?: () => void;
  /** The time to stop of one's own accord is over. */
  readonly onForce?: () => void;
}

export class Pool<Question, Answer, Data = undefined> {
  readonly #options: PoolOptions<Data>;
  readonly #stopFlag = new Int32Array(new SharedArrayBuffer(4));
  readonly #workers = new Set<Worker>();
  #interrupted: Signal | undefined;

  constructor(options: PoolOptions<Data>) {
    this.#options = options;
  }

  /** The first signal that came. */
  get interrupted(): Signal | undefined {
    return this.#interrupted;
  }

  /** Runs `lane` as many times at once as there are lanes, each with a worker of its own, until all have ended. */
  async run(lanes: number, lane: (ask: Ask<Question, Answer>) => Promise<void>): Promise<void> {
    const interrupt = (signal: Signal): void => this.#interrupt(signal);
    process.on('SIGINT', interrupt);
    process.on('SIGTERM', interrupt);
    try {
      await Promise.all(Array.from({ length: lanes }, () => lane(this.#asker())));
      await Promise.all([...this.#workers].map((worker) => worker.terminate()));
    } finally {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    }
  }

  #interrupt(signal: Signal): void {
    if (this.#interrupted !== undefined) return;
    this.#interrupted = signal;
    Atomics.store(this.#stopFlag, 0, 1);
    this.#options.onInterrupt?.();
    setTimeout(() => {
      this.#options.onForce?.();
      for (const worker of this.#workers) void worker.terminate();
    }, GRACE).unref();
  }

  #asker(): Ask<Question, Answer> {
    let worker: Watched | undefined;
    return async (question) => {
      if (worker === undefined || !this.#workers.has(worker)) worker = this.#start();
      return this.#accused(await this.#watched(worker, question));
    };
  }

  /** Ends a worker that is inside a plug-in for too long, or at the expense of too much memory. */
  async #watched(worker: Watched, question: Question): Promise<Answered<Answer>> {
    if (this.#plugIns.length === 0) return answerOf(worker, question);
    const names = this.#plugIns.map(({ name }) => name).join(' or ');
    let text = `${names} ended its thread: by process.exit(), or by awaiting what never comes`;
    const unwatch = watch(worker.pulse, names, (reason) => {
      text = reason;
      void worker.terminate();
    });
    const answered = await answerOf<Answer>(worker, question);
    unwatch();
    const isSilent = answered.kind === 'ended' && this.#interrupted === undefined;
    return isSilent ? { kind: 'silent', text } : answered;
  }

  /** Whose fault it was that a worker failed. */
  #accused(answered: Answered<Answer>): Answered<Answer> {
    if (answered.kind !== 'failed' || this.#plugIns.length === 0) return answered;
    const { text } = answered;
    const [first] = this.#plugIns;
    if (text.includes('ERR_WORKER_OUT_OF_MEMORY'))
      return { kind: 'silent', text: `${first?.name} used up ${MEMORY_WITH_PLUG_INS} MiB of memory` };
    const guilty = this.#plugIns.find(({ name, url }) => text.includes(url) || text.includes(`${name}: `));
    return guilty === undefined ? answered : { kind: 'bad-plug-in', text: `${guilty.name}: ${text}` };
  }

  get #plugIns(): readonly PlugInFile[] {
    return this.#options.plugIns ?? [];
  }

  #start(): Watched {
    const { module, data } = this.#options;
    const plugIns = this.#plugIns;
    const pulse = newPulse();
    const workerData: WorkerSetup<Data> = { stopFlag: this.#stopFlag, plugIns, pulse, data };
    const limits = { maxOldGenerationSizeMb: MEMORY_WITH_PLUG_INS };
    const started = new Worker(module, { workerData, ...(plugIns.length > 0 && { resourceLimits: limits }) });
    const worker: Watched = Object.assign(started, { pulse });
    this.#workers.add(worker);
    worker.on('exit', () => this.#workers.delete(worker));
    worker.on('error', () => this.#workers.delete(worker));
    return worker;
  }
}

type Watched = Worker & { readonly pulse: Pulse };

function answerOf<Answer>(worker: Worker, question: unknown): Promise<Answered<Answer>> {
  return new Promise((resolve) => {
    const answered = (answer: Answer): void => finish({ kind: 'answer', answer });
    const failed = (error: Error & { code?: string }): void =>
      finish({ kind: 'failed', text: [error.code ?? [], error.stack ?? error.message].flat().join(' ') });
    const ended = (): void => finish({ kind: 'ended' });
    const finish = (result: Answered<Answer>): void => {
      worker.off('message', answered).off('error', failed).off('exit', ended);
      resolve(result);
    };
    worker.on('message', answered).on('error', failed).on('exit', ended);
    worker.postMessage(question);
  });
}

/** Whether a worker is to stop; to be polled. */
export function stopper({ stopFlag }: WorkerSetup<unknown>): () => boolean {
  return () => Atomics.load(stopFlag, 0) !== 0;
}
