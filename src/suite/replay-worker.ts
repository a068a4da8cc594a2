/** A worker that replays: for counterexamples of plug-ins, which may not come back. */
import { parentPort, workerData } from 'node:worker_threads';
import { prepareThread } from '../targets/plug-in/prepare.ts';
import type { WorkerSetup } from './pool.ts';
import { replay, type ReplayRequest } from './replay.ts';

const { plugIns, pulse } = workerData as WorkerSetup;
await prepareThread(plugIns, pulse);

parentPort?.on('message', (request: ReplayRequest) => parentPort?.postMessage(replay(request)));
