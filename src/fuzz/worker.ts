/** A worker of a session: runs blocks, shrinks what failed, runs what earlier sessions have kept. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Pairing, Scenario } from '../scenario/scenario.ts';
import { examine } from '../suite/examine.ts';
import { stopper, type WorkerSetup } from '../suite/pool.ts';
import type { PairingResult } from '../suite/result.ts';
import { type BlockResult, type Failing, runBlock, type Setting } from './block.ts';
import type { Draft } from './counterexample.ts';
import { shrink } from './shrink.ts';

export type Question =
  | { readonly kind: 'block'; readonly block: number; readonly runs: number }
  | { readonly kind: 'shrink'; readonly failing: Failing }
  | { readonly kind: 'kept'; readonly scenario: Scenario; readonly pairing: Pairing };

export type Answer = BlockResult | Draft | PairingResult;

const setup = workerData as WorkerSetup<Setting>;
const stop = stopper(setup);
const setting = setup.data;

parentPort?.on('message', (question: Question) => parentPort?.postMessage(answer(question)));

function answer(question: Question): Answer {
  switch (question.kind) {
    case 'block':
      return runBlock(setting, question.block, question.runs, stop);
    case 'shrink':
      return shrink(setting, question.failing, stop);
    case 'kept': {
      const { seed, strict } = setting;
      const options = { seed, runs: undefined, strict, connection: undefined };
      return examine(question.scenario, question.pairing, options, stop);
    }
  }
}
