/**
 * Runs scenarios in worker threads. The main thread stays free for signals and progress, and owns the processes of
 * real controllers: a worker that waits for one cannot end it.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Scenario } from '../scenario/scenario.ts';
import { type QemuProcess, startQemu } from '../targets/qemu/process.ts';
import type { Connection } from './examine.ts';
import { pairingsOf, type Replacement } from './pairings.ts';
import type { Outcome, PairingResult, SuiteResult } from './result.ts';
import { labelOf } from './verdict.ts';
import type { Job, JobResult, WorkerSetup } from './worker.ts';

export interface SuiteRequest extends Replacement {
  readonly scenarios: readonly Scenario[];
  readonly seed: number;
  readonly runs: number | undefined;
  readonly strict: boolean;
}

export interface SuiteCallbacks {
  /** Called as results come in, in no particular order. */
  readonly onResult?: (result: PairingResult, done: number, total: number) => void;
}

/** The name of the target that is QEMU's controller in a process of its own. */
export const QEMU = 'qemu';
/** How long workers get to come to a stop of their own, in milliseconds. */
const GRACE = 400;

type Signal = 'SIGINT' | 'SIGTERM';
type Task = Omit<Job, 'index' | 'options'>;

export async function runSuite(request: SuiteRequest, callbacks: SuiteCallbacks = {}): Promise<SuiteResult> {
  const tasks = request.scenarios.flatMap((scenario): Task[] =>
    pairingsOf(scenario, request).map((pairing) => ({ scenario, pairing })),
  );
  const run = new Run(request, tasks, callbacks);
  const interrupt = (signal: Signal): void => run.interrupt(signal);
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    await run.toEnd();
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
  return run.result();
}

class Run {
  readonly #request: SuiteRequest;
  readonly #tasks: readonly Task[];
  readonly #callbacks: SuiteCallbacks;
  readonly #results: (PairingResult | undefined)[];
  readonly #stopFlag = new Int32Array(new SharedArrayBuffer(4));
  readonly #machines = new Set<QemuProcess>();
  readonly #workers = new Set<Worker>();
  #next = 0;
  #done = 0;
  #interrupted: Signal | undefined;

  constructor(request: SuiteRequest, tasks: readonly Task[], callbacks: SuiteCallbacks) {
    this.#request = request;
    this.#tasks = tasks;
    this.#callbacks = callbacks;
    this.#results = tasks.map(() => undefined);
  }

  async toEnd(): Promise<void> {
    const lanes = Math.min(availableParallelism(), this.#tasks.length);
    await Promise.all(Array.from({ length: lanes }, () => this.#lane()));
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }

  interrupt(signal: Signal): void {
    if (this.#interrupted !== undefined) return;
    this.#interrupted = signal;
    Atomics.store(this.#stopFlag, 0, 1);
    for (const machine of this.#machines) machine.interrupt('interrupted');
    setTimeout(() => {
      for (const machine of this.#machines) machine.kill();
      for (const worker of this.#workers) void worker.terminate();
    }, GRACE).unref();
  }

  result(): SuiteResult {
    const results = this.#results.filter((result) => result !== undefined);
    return {
      results,
      seed: this.#request.seed,
      interrupted: this.#interrupted,
      strict: this.#request.strict,
    };
  }

  /** One worker and the tasks it takes, until none is left. */
  async #lane(): Promise<void> {
    let worker: Worker | undefined;
    while (this.#next < this.#tasks.length && this.#interrupted === undefined) {
      const index = this.#next++;
      const task = this.#tasks[index] as Task;
      worker ??= this.#startWorker();
      // eslint-disable-next-line no-await-in-loop -- a lane does one thing at a time
      const result = await this.#perform(worker, index, task);
      if (result !== 'worker ended') this.#settle(index, result);
      if (!this.#workers.has(worker)) worker = undefined;
    }
  }

  #startWorker(): Worker {
    const workerData: WorkerSetup = { stopFlag: this.#stopFlag };
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData });
    this.#workers.add(worker);
    worker.on('exit', () => this.#workers.delete(worker));
    worker.on('error', () => this.#workers.delete(worker));
    return worker;
  }

  async #perform(worker: Worker, index: number, task: Task): Promise<PairingResult | 'worker ended'> {
    if (task.pairing.controller.model !== QEMU) return this.#examine(worker, index, task, undefined);
    const writes = task.scenario.body.kind === 'steps' && task.scenario.body.steps.some(isWrite);
    let machine: QemuProcess;
    try {
      machine = await startQemu({ namespaces: [{ drive: writes ? 'memory' : 'null' }] });
    } catch (error) {
      return unexamined(task, 'inconclusive', error instanceof Error ? error.message : String(error));
    }
    this.#machines.add(machine);
    try {
      const { fifoPrefix, ramPath, ramBytes } = machine;
      return await this.#examine(worker, index, task, { fifoPrefix, ramPath, ramBytes });
    } finally {
      this.#machines.delete(machine);
      await machine.dispose();
    }
  }

  #examine(
    worker: Worker,
    index: number,
    task: Task,
    connection: Connection | undefined,
  ): Promise<PairingResult | 'worker ended'> {
    const { seed, runs, strict } = this.#request;
    const job: Job = { index, ...task, options: { seed, runs, strict, connection } };
    return new Promise((resolve) => {
      const answered = ({ result }: JobResult): void => finish(result);
      const failed = (error: Error): void =>
        finish(unexamined(task, 'internal', error.stack ?? error.message));
      const ended = (): void => finish('worker ended');
      const finish = (result: PairingResult | 'worker ended'): void => {
        worker.off('message', answered).off('error', failed).off('exit', ended);
        resolve(result);
      };
      worker.on('message', answered).on('error', failed).on('exit', ended);
      worker.postMessage(job);
    });
  }

  #settle(index: number, result: PairingResult): void {
    // What was cut short says nothing, unless it had found something.
    if (this.#interrupted !== undefined && result.outcome !== 'unexpected') return;
    this.#results[index] = result;
    this.#done++;
    this.#callbacks.onResult?.(result, this.#done, this.#tasks.length);
  }
}

function isWrite(step: { readonly do: string; readonly operation?: string }): boolean {
  return step.do === 'submit' && step.operation === 'write';
}

function unexamined({ scenario, pairing }: Task, outcome: Outcome, reason: string): PairingResult {
  return {
    file: scenario.file,
    title: scenario.title,
    driver: scenario.body.kind === 'steps' ? undefined : pairing.driver.model,
    controller: labelOf(pairing.controller),
    expected: pairing.verdict,
    outcome,
    reason,
    position: pairing.position,
    rules: scenario.rules,
    findings: [],
    unmet: [],
    explorations: [],
    exercised: {},
    undecidable: [],
  };
}
