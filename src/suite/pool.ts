/**
 * Worker threads that are asked one question at a time, and how all of them are stopped: by a flag in shared memory that
 * they poll, a little later by force. Takes care of SIGINT and SIGTERM while it works.
 */
import { Worker } from 'node:worker_threads';

export type Signal = 'SIGINT' | 'SIGTERM';

/** What a worker finds in its `workerData`. */
export interface WorkerSetup<Data = undefined> {
  /** Word 0 is set when everybody is to stop. */
  readonly stopFlag: Int32Array;
  readonly data: Data;
}

export type Answered<Answer> =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** The worker threw something and is gone; its stack. */
  | { readonly kind: 'failed'; readonly text: string }
  /** The worker was ended by force. */
  | { readonly kind: 'ended' };

/** One worker, started when it is asked for the first time, and anew after it has failed. */
export type Ask<Question, Answer> = (question: Question) => Promise<Answered<Answer>>;

/** How long workers get to come to a stop of their own, in milliseconds. */
const GRACE = 400;

export interface PoolOptions<Data> {
  /** The module that the workers run. */
  readonly module: URL;
  readonly data: Data;
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
    let worker: Worker | undefined;
    return async (question) => {
      if (worker === undefined || !this.#workers.has(worker)) worker = this.#start();
      return answerOf(worker, question);
    };
  }

  #start(): Worker {
    const workerData: WorkerSetup<Data> = { stopFlag: this.#stopFlag, data: this.#options.data };
    const worker = new Worker(this.#options.module, { workerData });
    this.#workers.add(worker);
    worker.on('exit', () => this.#workers.delete(worker));
    worker.on('error', () => this.#workers.delete(worker));
    return worker;
  }
}

function answerOf<Answer>(worker: Worker, question: unknown): Promise<Answered<Answer>> {
  return new Promise((resolve) => {
    const answered = (answer: Answer): void => finish({ kind: 'answer', answer });
    const failed = (error: Error): void => finish({ kind: 'failed', text: error.stack ?? error.message });
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
