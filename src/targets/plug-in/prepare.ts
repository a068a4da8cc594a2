/** What a worker does before its first job: it imports the plug-ins, so that building a world stays synchronous. */
import { loadPlugIn } from './load.ts';
import { type Pulse, showPulse } from './pulse.ts';
import { admit, type PlugInFile } from './registry.ts';

/** Throws `PlugInFault`. */
export async function prepareThread(plugIns: readonly PlugInFile[], pulse?: Pulse): Promise<void> {
  if (pulse !== undefined) showPulse(pulse);
  for (const file of plugIns) admit(await loadPlugIn(file));
}
