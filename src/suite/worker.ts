/** A worker: examines the pairings it is given, one after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Scenario } from '../scenario/scenario.ts';
import { examine, type ExamineOptions } from './examine.ts';
import type { PairingResult } from './result.ts';

/** One pairing of one scenario: everything a worker needs to build its world anew. */
export interface Job {
  readonly index: number;
  readonly scenario: Scenario;
  readonly pairing: Scenario['pairings'][number];
  readonly options: ExamineOptions;
}
export interface JobResult {
  readonly index: number;
  readonly result: PairingResult;
}
export interface WorkerSetup {
  /** Word 0 is set when everybody is to stop. */
  readonly stopFlag: Int32Array;
}

const { stopFlag } = workerData as WorkerSetup;
const stop = (): boolean => Atomics.load(stopFlag, 0) !== 0;

parentPort?.on('message', (job: Job) => {
  const answer: JobResult = {
    index: job.index,
    result: examine(job.scenario, job.pairing, job.options, stop),
  };
  parentPort?.postMessage(answer);
});
