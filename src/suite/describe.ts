/** What the plug-ins named on the command line are. The main thread never runs what it has not seen come to an end. */
import type { StateKind } from '../targets/plug-in/define.ts';
import type { PlugIn, PlugInFile } from '../targets/plug-in/registry.ts';
import { type Answered, Pool, type Signal } from './pool.ts';

export interface DescribedPlugIn {
  readonly name: string;
  readonly role: PlugInFile['role'];
  readonly describes: string;
  readonly decisions: PlugIn['system']['decisions'];
  readonly state: StateKind;
}

/** `text`: one or more lines. `because`: it is none, or a bad one; it does not answer; somebody did not want to wait. */
export interface NoPlugIn {
  readonly text: string;
  readonly because: 'bad' | 'silent' | Signal;
}

/** In a thread of its own, which is ended if the module never comes to its end. */
export async function describePlugIn(file: PlugInFile): Promise<DescribedPlugIn | NoPlugIn> {
  type Answer = DescribedPlugIn | { readonly fault: string };
  const module = new URL('./describe-worker.js', import.meta.url);
  const pool = new Pool<PlugInFile, Answer>({ module, data: undefined, plugIns: [file] });
  const lane: { answered: Answered<Answer> } = { answered: { kind: 'ended' } };
  await pool.run(1, async (ask) => {
    lane.answered = await ask(file);
  });
  const { answered } = lane;
  switch (answered.kind) {
    case 'answer':
      return 'fault' in answered.answer ? { text: answered.answer.fault, because: 'bad' } : answered.answer;
    case 'ended':
      return {
        text: `${file.name}: interrupted while it was imported`,
        because: pool.interrupted ?? 'silent',
      };
    case 'failed':
    case 'bad-plug-in':
      return { text: answered.text, because: 'bad' };
    case 'silent':
      return { text: answered.text, because: 'silent' };
  }
}
