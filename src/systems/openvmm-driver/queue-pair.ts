/** QueuePair: a submission queue, its completion queue, its interrupt, and the channels into its task. */
import type { Arena } from '../../arena/arena.ts';
import { flag, type Flag, state, type StateOf, type Word, word } from '../../arena/state.ts';
import type { CompletionRing, SubmissionRing } from '../../driver/rings.ts';
import type { Listener } from '../../link/msix.ts';
import type { Address, CpuIndex, QueueId, SlotIndex } from '../../spec/units.ts';
import type { AerHandler } from './aer-handler.ts';
import { Channel, Task } from './channel.ts';
import type { OpenvmmDecisions } from './decisions.ts';
import { PendingCommands } from './pending-commands.ts';

const fields = {
  /** The handler's loop runs: its channels have a receiver. */
  running: flag as Flag,
  /** SQ head as the completion handled last reported it. */
  head: word as Word<SlotIndex>,
  /** The task's waker is registered with the interrupt. */
  interruptWaker: flag as Flag,
};
const Fields: StateOf<typeof fields> = state(fields);

export interface QueuePairParts {
  readonly sq: SubmissionRing;
  readonly cq: CompletionRing;
  readonly cpu: CpuIndex;
  /** The latch of this queue pair: vector 0 is shared by the admin queue and the first I/O queue. */
  readonly listener: Listener;
  /** Data buffer of each key of the table. */
  readonly buffers: readonly Address[];
  /** I/O queues have none (NoOpAerHandler). */
  readonly aer: AerHandler | undefined;
  /** Messages that one channel can hold. */
  readonly messages: number;
  /** Commands that can be outstanding at once. */
  readonly commands: number;
}

export class QueuePair extends Fields {
  readonly parts: QueuePairParts;
  readonly qid: QueueId;
  readonly task: Task;
  readonly pending: PendingCommands;
  /** recv, or recv_cmd. */
  readonly commands: Channel;
  /** recv_req; the same channel where there is only one. */
  readonly requests: Channel;

  constructor(arena: Arena, decisions: OpenvmmDecisions, parts: QueuePairParts) {
    super(arena);
    this.parts = parts;
    this.qid = parts.sq.qid;
    this.task = new Task(arena);
    this.pending = new PendingCommands(arena, decisions.pendingCapacity, parts.commands);
    this.commands = new Channel(arena, this.task, parts.messages);
    this.requests =
      decisions.channels === 'one' ? this.commands : new Channel(arena, this.task, parts.messages);
  }

  /** Whether a command could be written: a slot is free as far as `head` tells, and so is a key. */
  get hasRoom(): boolean {
    return !this.parts.sq.isFull(this.head) && !this.pending.full;
  }
}
