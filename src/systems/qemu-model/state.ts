/** `NvmeCtrl` with its queues: what they keep beside the geometry that any controller keeps. */
import type { Arena } from '../../arena/arena.ts';
import { BitSet, Fifo } from '../../arena/containers.ts';
import { state, type StateOf, type Word, word } from '../../arena/state.ts';
import type { Command } from '../../controller/command.ts';
import { conforming } from '../../controller/decisions.ts';
import type { CompletionQueue, SubmissionQueue } from '../../controller/queues.ts';
import { ControllerState } from '../../controller/state.ts';
import type { Link } from '../../link/link.ts';
import type { ControllerShape } from '../system.ts';
import type { QemuDecisions } from './decisions.ts';

/** The admin command that a bottom half works on needs a place too. */
const ADMIN_COMMANDS = 2;

const bqlFields = { holder: word as Word };
const BqlFields: StateOf<typeof bqlFields> = state(bqlFields);

/** The big QEMU lock: bottom halves, callbacks of the block layer and MMIO handlers exclude each other. */
export class BigLock extends BqlFields {
  get free(): boolean {
    return this.holder === 0;
  }
}

export class QemuState extends ControllerState {
  readonly qemu: QemuDecisions;
  readonly bql: BigLock;
  /** Bottom halves that are scheduled, by queue. */
  readonly sqScheduled: BitSet;
  readonly cqScheduled: BitSet;
  /** `NvmeCQueue::req_list`, by queue: finished requests in order, by their number in the pool. */
  readonly finished: readonly Fifo[];

  constructor(arena: Arena, link: Link, decisions: QemuDecisions, shape: ControllerShape) {
    const commands = shape.outstanding + ADMIN_COMMANDS;
    super(arena, link, { ...conforming, ioQueues: shape.ioQueues, commands, abort: 'never' });
    this.qemu = decisions;
    this.bql = new BigLock(arena);
    this.sqScheduled = new BitSet(arena, shape.ioQueues + 1);
    this.cqScheduled = new BitSet(arena, shape.ioQueues + 1);
    this.finished = this.cqs.map(() => new Fifo(arena, commands));
  }

  /** `dbbuf_enabled`: for every queue, that of the admin commands included. */
  get dbbufEnabled(): boolean {
    return this.shadowPage !== 0;
  }

  /** Whether `NvmeSQueue::req_list` is empty: there is one request for each slot, and each waiting AER holds one. */
  outOfRequests(sq: SubmissionQueue): boolean {
    let inUse = sq.qid === 0 ? this.eventRequests.length : 0;
    for (const { stageNumber, sqid } of this.pool.commands) if (stageNumber !== 0 && sqid === sq.qid) inUse++;
    return inUse >= sq.size || this.pool.free() === undefined;
  }

  /** nvme_enqueue_req_completion */
  enqueue(command: Command): void {
    const list = this.finished[command.cqid] as Fifo;
    list.push(this.pool.commands.indexOf(command));
    this.cqScheduled.add(command.cqid);
  }

  /** The request whose entry is posted next. */
  firstFinished(cq: CompletionQueue): Command | undefined {
    const list = this.finished[cq.qid] as Fifo;
    return list.length === 0 ? undefined : this.pool.commands[list.at(0)];
  }
}
