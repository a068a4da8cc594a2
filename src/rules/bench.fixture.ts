/** Runs a trace from `fixtures/rules` past a judge. */
import { type EventType, type LinkEvent, linkEvents } from '../link/events.ts';
import { adminOpcode } from '../spec/opcodes.ts';
import type { Judge } from './judge.ts';
import type { RuleTrace, Step } from './trace.fixture.ts';

export const everything: readonly EventType[] = [
  ...linkEvents,
  'request.begin',
  'request.end',
  'aen.arrived',
  'command.begin',
  'command.end',
];

/** Plays the trace. `judge` is made by the caller, who owns the arena. Returns what was seen, in order. */
export function play(
  trace: RuleTrace,
  judge: Judge,
  observes: ReadonlySet<EventType>,
): { history: LinkEvent[]; early: number } {
  const history: LinkEvent[] = [];
  const see = (event: LinkEvent): void => {
    if (!observes.has(event.type)) return;
    judge.observe(event);
    history.push(event);
  };
  trace.bringUp.forEach(see);
  const early = judge.findings.length;
  judge.clearCounts();
  for (const step of trace.steps) {
    if ('event' in step) see(step.event);
    else if ('settle' in step) judge.settle(step.settle);
    else judge.unanswered({ hostCanStep: step.unanswered });
  }
  return { history, early };
}

/** The same run as it shows where fetches do not: entries are seen when the host writes them. */
export function withoutFetches(trace: RuleTrace): RuleTrace {
  const steps: Step[] = [...trace.bringUp.map((event) => ({ event })), ...trace.steps];
  const writes = new Map<number, LinkEvent[]>();
  const tails = new Map<number, { at: number; value: number }[]>();
  steps.forEach((step, at) => {
    if (!('event' in step)) return;
    const { event } = step;
    if (event.type === 'db.sq' || event.type === 'shadow.sq') {
      tails.set(event.qid, [...(tails.get(event.qid) ?? []), { at, value: event.value }]);
    } else if (event.type === 'sqe.fetch') {
      const moves = tails.get(event.sqid) ?? [];
      // The move that covers the slot is the last one before the fetch from a value not past the slot.
      const index = moves.findLastIndex((_, move) => (moves[move - 1]?.value ?? 0) <= event.slot);
      const before = moves[Math.max(index, 0)]?.at ?? at;
      if (event.sqid === 0 && event.opcode === adminOpcode.createSq)
        tails.delete((event.words[10] ?? 0) & 0xffff);
      writes.set(before, [...(writes.get(before) ?? []), { ...event, type: 'sqe.write' }]);
    } else if (event.type === 'reg.w') tails.clear();
  });
  const shown = steps.flatMap((step, at): Step[] => {
    const written = (writes.get(at) ?? []).map((event) => ({ event }));
    return 'event' in step && step.event.type === 'sqe.fetch' ? written : [...written, step];
  });
  return { ...trace, bringUp: [], steps: shown };
}
