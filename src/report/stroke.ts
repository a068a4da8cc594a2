/** From where to where a row of a trace is drawn. Memory, registers and interrupts are the link's. */
import type { LinkEvent } from '../link/events.ts';
import type { TraceRow } from '../suite/result.ts';
import { eventText } from './event-text.ts';

export type Lane = 'host' | 'link' | 'controller';
/** What one row of a trace draws. From a lane to itself: a note beside it. */
export interface Stroke {
  readonly from: Lane;
  readonly to: Lane;
  readonly text: string;
}

/** Whether register writes end at the link, and arrive by a step of their own. */
export function isPosted(rows: readonly TraceRow[]): boolean {
  return rows.some((row) => row.party === 'link');
}

export function strokeOf(row: TraceRow, posted: boolean): Stroke {
  const { event, party, process, step } = row;
  if (event !== undefined) return { ...lanesOf(event, posted), text: eventText(event) };
  if (party === 'link') return { from: 'link', to: 'controller', text: step };
  return { from: party, to: party, text: `${process}: ${step}` };
}

function lanesOf(event: LinkEvent, posted: boolean): { readonly from: Lane; readonly to: Lane } {
  switch (event.type) {
    case 'reg.w':
    case 'db.sq':
    case 'db.cq':
      return { from: 'host', to: posted ? 'link' : 'controller' };
    case 'reset':
    case 'irq.mask':
      return { from: 'host', to: 'controller' };
    case 'shadow.sq':
    case 'shadow.cq':
    case 'ei.sq':
    case 'ei.cq':
      return { from: event.writer, to: 'link' };
    case 'sqe.write':
      return { from: 'host', to: 'link' };
    case 'ei.read':
      return { from: 'link', to: 'host' };
    case 'sqe.fetch':
      return { from: 'link', to: 'controller' };
    case 'cqe.post':
    case 'cqe.write':
      return { from: 'controller', to: 'link' };
    case 'irq':
    case 'reg.r':
      return { from: 'controller', to: 'host' };
    case 'irq.pending':
      return { from: 'controller', to: 'controller' };
    case 'request.begin':
    case 'request.end':
    case 'aen.arrived':
    case 'command.begin':
    case 'command.end':
    case 'host.sleep':
    case 'host.wake':
      return { from: 'host', to: 'host' };
  }
}
