/** Replays in a thread of its own, which is ended if a plug-in does not come back. */
import type { PlugInFile } from '../targets/plug-in/registry.ts';
import { pairingsOf } from './pairings.ts';
import { type Answered, Pool } from './pool.ts';
import type { Replay, ReplayRequest } from './replay.ts';
import type { Outcome } from './result.ts';
import { unexamined } from './unexamined.ts';

export async function replayApart(
  request: ReplayRequest,
  plugIns: readonly PlugInFile[],
): Promise<readonly Replay[]> {
  const module = new URL('./replay-worker.js', import.meta.url);
  const pool = new Pool<ReplayRequest, readonly Replay[]>({ module, data: undefined, plugIns });
  const lane: { answered: Answered<readonly Replay[]> } = { answered: { kind: 'ended' } };
  await pool.run(1, async (ask) => {
    lane.answered = await ask(request);
  });
  const { answered } = lane;
  if (answered.kind === 'answer') return answered.answer;
  const outcomes = { 'failed': 'internal', 'bad-plug-in': 'bad-plug-in', 'silent': 'inconclusive' } as const;
  const outcome: Outcome = answered.kind === 'ended' ? 'inconclusive' : outcomes[answered.kind];
  const text = answered.kind === 'ended' ? 'interrupted' : answered.text;
  const { scenario } = request;
  return pairingsOf(scenario, request).map((pairing) => ({
    result: unexamined({ scenario, pairing }, outcome, text),
    trace: [],
    misfit: undefined,
  }));
}
