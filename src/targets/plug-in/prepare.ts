/** What a worker does before its first job: it imports the plug-ins, so that building a world stays synchronous. */
import { writeSync } from 'node:fs';
import { loadPlugIn } from './load.ts';
import { type Pulse, showPulse } from './pulse.ts';
import { admit, type PlugInFile } from './registry.ts';

/** Throws `PlugInFault`. */
export async function prepareThread(plugIns: readonly PlugInFile[], pulse: Pulse): Promise<void> {
  if (plugIns.length > 0) openThread(pulse);
  for (const file of plugIns) admit(await loadPlugIn(file));
}

/** For a thread that runs plug-ins: others see whether they come back, and what they print is no part of a report. */
export function openThread(pulse: Pulse): void {
  showPulse(pulse);
  process.stdout.write = process.stderr.write = printAside;
}

const STDERR = 2;

/** At once: what a thread prints by its streams waits for a turn of its loop, which may never come. */
function printAside(text: string | Uint8Array): boolean {
  try {
    writeSync(STDERR, typeof text === 'string' ? Buffer.from(text) : text);
  } catch {
    // Nobody reads it, or not fast enough.
  }
  return true;
}
