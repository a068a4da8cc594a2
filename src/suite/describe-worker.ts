/** A worker that imports plug-ins to say what they are: one that never comes back is ended with its thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { PlugInFault } from '../targets/plug-in/fault.ts';
import { loadPlugIn } from '../targets/plug-in/load.ts';
import { openThread } from '../targets/plug-in/prepare.ts';
import type { PlugInFile } from '../targets/plug-in/registry.ts';
import type { DescribedPlugIn } from './describe.ts';
import type { WorkerSetup } from './pool.ts';

openThread((workerData as WorkerSetup).pulse);

parentPort?.on('message', (file: PlugInFile) => {
  void describe(file).then((answer) => parentPort?.postMessage(answer));
});

async function describe(file: PlugInFile): Promise<DescribedPlugIn | { readonly fault: string }> {
  try {
    const { system, state } = await loadPlugIn(file);
    const { describes, decisions } = system;
    return { name: file.name, role: file.role, describes, decisions, state };
  } catch (error) {
    if (error instanceof PlugInFault) return { fault: error.message };
    throw error;
  }
}
