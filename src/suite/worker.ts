/** A worker: examines the pairings it is given, one after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Scenario } from '../scenario/scenario.ts';
import { prepareThread } from '../targets/plug-in/prepare.ts';
import { examine, type ExamineOptions } from './examine.ts';
import { stopper, type WorkerSetup } from './pool.ts';
import type { PairingResult } from './result.ts';

/** One pairing of one scenario: everything a worker needs to build its world anew. */
export interface Job {
  readonly scenario: Scenario;
  readonly pairing: Scenario['pairings'][number];
  readonly options: ExamineOptions;
}

const setup = workerData as WorkerSetup;
const stop = stopper(setup);
await prepareThread(setup.plugIns, setup.pulse);

parentPort?.on('message', ({ scenario, pairing, options }: Job) => {
  const result: PairingResult = examine(scenario, pairing, options, stop);
  parentPort?.postMessage(result);
});
