/**
 * Runs scenarios in worker threads. The main thread stays free for signals and progress, and owns the processes of
 * real controllers: a worker that waits for one cannot end it.
 */
import { availableParallelism } from 'node:os';
import type { Scenario } from '../scenario/scenario.ts';
import type { PlugInFile } from '../targets/plug-in/registry.ts';
import { type QemuProcess, startQemu } from '../targets/qemu/process.ts';
import type { Connection, SearchLimits } from './examine.ts';
import { InOrder } from './in-order.ts';
import { pairingsOf, type Replacement } from './pairings.ts';
import { type Answered, type Ask, Pool } from './pool.ts';
import type { PairingResult, SuiteResult } from './result.ts';
import { isFor, type Shard } from './shard.ts';
import { unexamined } from './unexamined.ts';
import type { Job } from './worker.ts';

export interface SuiteRequest extends Replacement {
  readonly plugIns?: readonly PlugInFile[];
  readonly scenarios: readonly Scenario[];
  readonly seed: number;
  readonly runs: number | undefined;
  readonly strict: boolean;
  readonly search?: SearchLimits | undefined;
  /** Undefined: everything is run here. */
  readonly shard?: Shard | undefined;
}

export interface SuiteCallbacks {
  /** Called as results come in, in no particular order. */
  readonly onResult?: (result: PairingResult, done: number, total: number) => void;
  /** Called with each result in the order of the scenarios, as soon as those before it have come in. */
  readonly onNext?: (result: PairingResult) => void;
}

/** The name of the target that is QEMU's controller in a process of its own. */
export const QEMU = 'qemu';

type Task = Omit<Job, 'options'>;
type Examiner = Ask<Job, PairingResult>;

export async function runSuite(request: SuiteRequest, callbacks: SuiteCallbacks = {}): Promise<SuiteResult> {
  const tasks = request.scenarios
    .flatMap((scenario): Task[] => pairingsOf(scenario, request).map((pairing) => ({ scenario, pairing })))
    .filter((_, number) => isFor(request.shard, number));
  const run = new Run(request, tasks, callbacks);
  await run.toEnd();
  return run.result();
}

class Run {
  readonly #request: SuiteRequest;
  readonly #tasks: readonly Task[];
  readonly #callbacks: SuiteCallbacks;
  readonly #results: (PairingResult | undefined)[];
  readonly #inOrder: InOrder<PairingResult>;
  readonly #machines = new Set<QemuProcess>();
  readonly #pool: Pool<Job, PairingResult>;
  #next = 0;
  #done = 0;

  constructor(request: SuiteRequest, tasks: readonly Task[], callbacks: SuiteCallbacks) {
    this.#request = request;
    this.#tasks = tasks;
    this.#callbacks = callbacks;
    this.#results = tasks.map(() => undefined);
    this.#inOrder = new InOrder((result) => callbacks.onNext?.(result));
    this.#pool = new Pool({
      module: new URL('./worker.js', import.meta.url),
      data: undefined,
      plugIns: request.plugIns ?? [],
      onInterrupt: () => this.#machines.forEach((machine) => machine.interrupt('interrupted')),
      onForce: () => this.#machines.forEach((machine) => machine.kill()),
    });
  }

  async toEnd(): Promise<void> {
    await this.#pool.run(Math.min(availableParallelism(), this.#tasks.length), (ask) => this.#lane(ask));
    this.#inOrder.flush();
  }

  result(): SuiteResult {
    const results = this.#results.filter((result) => result !== undefined);
    return {
      results,
      seed: this.#request.seed,
      interrupted: this.#pool.interrupted,
      strict: this.#request.strict,
    };
  }

  /** One worker and the tasks it takes, until none is left. */
  async #lane(ask: Examiner): Promise<void> {
    while (this.#next < this.#tasks.length && this.#pool.interrupted === undefined) {
      const index = this.#next++;
      const task = this.#tasks[index] as Task;
      const result = await this.#perform(ask, task);
      if (result !== undefined) this.#settle(index, result);
    }
  }

  /** Undefined when the worker was ended before it had answered. */
  async #perform(ask: Examiner, task: Task): Promise<PairingResult | undefined> {
    if (task.pairing.controller.model !== QEMU) return this.#examine(ask, task, undefined);
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
      return await this.#examine(ask, task, { fifoPrefix, ramPath, ramBytes });
    } finally {
      this.#machines.delete(machine);
      await machine.dispose();
    }
  }

  async #examine(
    ask: Examiner,
    task: Task,
    connection: Connection | undefined,
  ): Promise<PairingResult | undefined> {
    const { seed, runs, strict, search } = this.#request;
    const answered: Answered<PairingResult> = await ask({
      ...task,
      options: { seed, runs, strict, connection, ...(search && { search }) },
    });
    switch (answered.kind) {
      case 'answer':
        return answered.answer;
      case 'failed':
        return unexamined(task, 'internal', answered.text);
      case 'bad-plug-in':
        return unexamined(task, 'bad-plug-in', answered.text);
      case 'silent':
        return unexamined(task, 'inconclusive', answered.text);
      case 'ended':
        return undefined;
    }
  }

  #settle(index: number, result: PairingResult): void {
    // What was cut short says nothing, unless it had found something.
    if (this.#pool.interrupted !== undefined && result.outcome !== 'unexpected') return;
    this.#results[index] = result;
    this.#done++;
    this.#inOrder.put(index, result);
    this.#callbacks.onResult?.(result, this.#done, this.#tasks.length);
  }
}

function isWrite(step: { readonly do: string; readonly operation?: string }): boolean {
  return step.do === 'submit' && step.operation === 'write';
}
