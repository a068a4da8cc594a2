/** What an event says, in a few words that fit into a diagram. Who did it is shown by the lane. */
import type {
  EntryWrite,
  Fetch,
  InterruptMask,
  LinkEvent,
  Post,
  RegisterRead,
  RegisterWrite,
  RequestKind,
  ResetKind,
} from '../link/events.ts';
import { opcodeName } from '../spec/opcodes.ts';
import { decodeCc, register, registerName } from '../spec/registers.ts';
import { statusName } from '../spec/status.ts';

export function eventText(event: LinkEvent): string {
  switch (event.type) {
    case 'reg.w':
      return registerText(event);
    case 'reg.r':
      return `${registerText(event)} read`;
    case 'db.sq':
      return `SQ${event.qid} tail doorbell = ${event.value}`;
    case 'db.cq':
      return `CQ${event.qid} head doorbell = ${event.value}`;
    case 'shadow.sq':
      return `shadow SQ${event.qid} tail = ${event.value}${unusual(event.writer, 'host')}`;
    case 'shadow.cq':
      return `shadow CQ${event.qid} head = ${event.value}${unusual(event.writer, 'host')}`;
    case 'ei.sq':
      return `EventIdx SQ${event.qid} = ${event.value}${unusual(event.writer, 'controller')}`;
    case 'ei.cq':
      return `EventIdx CQ${event.qid} = ${event.value}${unusual(event.writer, 'controller')}`;
    case 'ei.read':
      return `EventIdx ${event.ring.toUpperCase()}${event.qid} read: ${event.value}`;
    case 'sqe.write':
      return `${entryText(event)} written`;
    case 'sqe.fetch':
      return `${entryText(event)} fetched`;
    case 'cqe.post':
      return completionText(event);
    case 'cqe.write':
      return `CQ${event.cqid}[${event.slot}] dword ${event.dword} = ${event.value.toString(16)}h`;
    case 'irq':
      return `interrupt, vector ${event.vector}`;
    case 'irq.mask':
      return `${vectorText(event.vector)} ${event.masked ? 'masked' : 'unmasked'}`;
    case 'irq.pending':
      return `vector ${event.vector} pending = ${event.pending ? 1 : 0}`;
    case 'reset':
      return resetNames[event.kind];
    case 'request.begin':
      return `${requestNames[event.request]} requested (request ${event.id})`;
    case 'request.end':
      return `${requestNames[event.request]} answered (request ${event.id})`;
    case 'aen.arrived':
      return 'asynchronous event arrives';
    case 'command.begin':
      return `caller ${event.caller} wants ${opcodeName(event.sqid, event.opcode)} on SQ${event.sqid}`;
    case 'command.end':
      return `caller ${event.caller} answered: ${event.status === 0 ? 'success' : statusName(event.status)}`;
    case 'host.sleep':
      return `sleeps on vector ${event.vector}`;
    case 'host.wake':
      return `wakes on vector ${event.vector}`;
  }
}

const resetNames: Readonly<Record<ResetKind, string>> = {
  'cc-en': 'Controller Reset (CC.EN)',
  'flr': 'Function Level Reset',
  'conventional': 'Conventional Reset',
  'nssr': 'NVM Subsystem Reset',
};

const requestNames: Readonly<Record<RequestKind, string>> = {
  'save': 'Save',
  'restore': 'Restore',
  'inspect': 'Inspect',
  'next-aen': 'NextAen',
};

/** CC is told with the bits that a reader looks for. */
function registerText({ offset, value }: RegisterWrite | RegisterRead): string {
  const text = `${registerName(offset)} = ${(value >>> 0).toString(16)}h`;
  if (offset !== register.CC) return text;
  const { en, shn } = decodeCc(value);
  return `${text} (EN=${en ? 1 : 0}${shn === 0 ? '' : ` SHN=${shn}`})`;
}

function entryText({ sqid, slot, cid, opcode }: EntryWrite | Fetch): string {
  return `SQ${sqid}[${slot}] cid ${cid} ${opcodeName(sqid, opcode)}`;
}

function vectorText(vector: InterruptMask['vector']): string {
  return vector === 'function' ? 'function' : `vector ${vector}`;
}

/** Status and DW0 are left out when they are 0. */
function completionText(post: Post): string {
  const { cqid, slot, cid, sqid, sqhd, phase, status, dw0 } = post;
  const entry = `CQ${cqid}[${slot}] cid ${cid} SQ${sqid} sqhd ${sqhd} P=${phase}`;
  const result = dw0 === 0 ? '' : ` DW0=${dw0.toString(16)}h`;
  return `${entry}${result}${status === 0 ? '' : ` ${statusName(status)}`}`;
}

/** Names the writer of a word that the other party normally writes. */
function unusual(writer: 'host' | 'controller', normal: 'host' | 'controller'): string {
  return writer === normal ? '' : ` by the ${writer}`;
}
