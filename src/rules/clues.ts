/** Which events an argument rests on: each clue names the latest event of its kind before the finding. */
import type { LinkEvent } from '../link/events.ts';
import { adminOpcode } from '../spec/opcodes.ts';
import { csts, decodeCc, register } from '../spec/registers.ts';
import { ADMIN, type CommandId, type QueueId, type Vector } from '../spec/units.ts';
import type { Argument, Fact, History } from './finding.ts';
import { describe } from './describe.ts';

export type Clue = (event: LinkEvent) => boolean;

export const clue: {
  readonly tail: (qid: QueueId) => Clue;
  readonly head: (qid: QueueId) => Clue;
  readonly fetch: (sqid: QueueId, cid?: CommandId) => Clue;
  /** The command that was taken last, of whatever queue. */
  readonly fetched: Clue;
  readonly post: (cqid: QueueId) => Clue;
  /** A write of its own to the dword with the phase tag. */
  readonly phaseShown: (cqid: QueueId) => Clue;
  readonly completion: (sqid: QueueId, cid?: CommandId) => Clue;
  readonly eventIdx: (ring: 'sq' | 'cq', qid: QueueId) => Clue;
  readonly eventIdxRead: (ring: 'sq' | 'cq', qid: QueueId) => Clue;
  readonly admin: (opcode: number, qid: QueueId) => Clue;
  readonly adminOpcode: (opcode: number) => Clue;
  /** The Abort that names a command. */
  readonly abort: (sqid: QueueId, cid: CommandId) => Clue;
  readonly interrupt: (vector: Vector) => Clue;
  readonly mask: (vector: Vector) => Clue;
  readonly pending: (vector: Vector) => Clue;
  readonly reset: Clue;
  readonly enable: Clue;
  readonly controllerConfiguration: Clue;
  readonly status: Clue;
  readonly failed: Clue;
  readonly request: Clue;
} = {
  tail: (qid) => (event) => (event.type === 'db.sq' || event.type === 'shadow.sq') && event.qid === qid,
  head: (qid) => (event) => (event.type === 'db.cq' || event.type === 'shadow.cq') && event.qid === qid,
  fetch: (sqid, cid) => (event) =>
    event.type === 'sqe.fetch' && event.sqid === sqid && (cid === undefined || event.cid === cid),
  fetched: (event) => event.type === 'sqe.fetch',
  post: (cqid) => (event) => event.type === 'cqe.post' && event.cqid === cqid,
  phaseShown: (cqid) => (event) => event.type === 'cqe.write' && event.dword === 3 && event.cqid === cqid,
  completion: (sqid, cid) => (event) =>
    event.type === 'cqe.post' && event.sqid === sqid && (cid === undefined || event.cid === cid),
  eventIdx: (ring, qid) => (event) => event.type === (ring === 'sq' ? 'ei.sq' : 'ei.cq') && event.qid === qid,
  eventIdxRead: (ring, qid) => (event) =>
    event.type === 'ei.read' && event.ring === ring && event.qid === qid,
  admin: (opcode, qid) => (event) =>
    event.type === 'sqe.fetch' &&
    event.sqid === ADMIN &&
    event.opcode === opcode &&
    ((event.words[10] ?? 0) & 0xffff) === qid,
  abort: (sqid, cid) => (event) =>
    event.type === 'sqe.fetch' &&
    event.sqid === ADMIN &&
    event.opcode === adminOpcode.abort &&
    event.words[10] === (sqid | (cid << 16)),
  adminOpcode: (opcode) => (event) =>
    event.type === 'sqe.fetch' && event.sqid === ADMIN && event.opcode === opcode,
  interrupt: (vector) => (event) => event.type === 'irq' && event.vector === vector,
  mask: (vector) => (event) =>
    event.type === 'irq.mask' && (event.vector === vector || event.vector === 'function'),
  pending: (vector) => (event) => event.type === 'irq.pending' && event.vector === vector,
  reset: (event) =>
    event.type === 'reset' ||
    (event.type === 'reg.w' && event.offset === register.CC && !decodeCc(event.value).en),
  enable: (event) => event.type === 'reg.w' && event.offset === register.CC && decodeCc(event.value).en,
  controllerConfiguration: (event) => event.type === 'reg.w' && event.offset === register.CC,
  status: (event) => event.type === 'reg.r' && event.offset === register.CSTS,
  failed: (event) =>
    event.type === 'reg.r' && event.offset === register.CSTS && (event.value & csts.CFS) !== 0,
  request: (event) => event.type === 'request.begin',
};

/** The Delete I/O SQ that ended this queue. */
export function deletionOf(sqid: QueueId): Clue {
  return clue.admin(adminOpcode.deleteSq, sqid);
}

/** The latest event of each clue among the first `end` events, in order; event `at` itself if it is given. */
export function argue(
  history: History,
  clues: readonly Clue[],
  end: number,
  at: number,
  inference: string,
): Argument {
  const numbers = new Set<number>();
  const bound = Math.min(end, history.events.length);
  for (const matches of clues) {
    for (let number = bound - 1; number >= 0; number--) {
      if (number !== at && matches(history.events[number] as LinkEvent)) {
        numbers.add(number);
        break;
      }
    }
  }
  if (at >= 0 && at < history.events.length) numbers.add(at);
  const facts: Fact[] = [...numbers]
    .toSorted((a, b) => a - b)
    .map((event) => ({ event, text: describe(history.events[event] as LinkEvent) }));
  return { facts, inference };
}
