/** A worker of a session: runs blocks, shrinks what failed, runs what earlier sessions have kept. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Pairing, Scenario } from '../scenario/scenario.ts';
import { examine } from '../suite/examine.ts';
import { notRepeatable } from '../suite/hidden-state.ts';
import { stopper, type WorkerSetup } from '../suite/pool.ts';
import type { PairingResult } from '../suite/result.ts';
import { PlugInFault } from '../targets/plug-in/fault.ts';
import { prepareThread } from '../targets/plug-in/prepare.ts';
import { type BlockResult, type Failing, runBlock, type Setting } from './block.ts';
import type { Draft } from './counterexample.ts';
import { NotRepeatable } from './not-repeatable.ts';
import { type Known, shrink, unshrunk } from './shrink.ts';

export type Question =
  | { readonly kind: 'block'; readonly block: number; readonly runs: number }
  | { readonly kind: 'shrink'; readonly failing: Failing; readonly known: readonly string[] }
  | { readonly kind: 'kept'; readonly scenario: Scenario; readonly pairing: Pairing };

/** A plug-in turned out to be at fault. */
export interface Fault {
  readonly fault: string;
}

export type Answer = BlockResult | Draft | Known | Fault | PairingResult;

const setup = workerData as WorkerSetup<Setting>;
const stop = stopper(setup);
const setting = setup.data;
await prepareThread(setup.plugIns, setup.pulse);

parentPort?.on('message', (question: Question) => parentPort?.postMessage(answer(question)));

function answer(question: Question): Answer {
  switch (question.kind) {
    case 'block':
      return runBlock(setting, question.block, question.runs, stop);
    case 'shrink':
      return shrunk(question.failing, question.known);
    case 'kept': {
      const { seed, strict } = setting;
      const options = { seed, runs: undefined, strict, connection: undefined };
      return examine(question.scenario, question.pairing, options, stop);
    }
  }
}

function shrunk(failing: Failing, known: readonly string[]): Draft | Known | Fault {
  try {
    return stop() ? unshrunk(setting, failing) : shrink(setting, failing, known, stop);
  } catch (error) {
    if (error instanceof PlugInFault) return { fault: error.message };
    const [plugIn] = setup.plugIns;
    if (!(error instanceof NotRepeatable) || plugIn === undefined) throw error;
    return { fault: notRepeatable(plugIn.name, error.rule).message };
  }
}
