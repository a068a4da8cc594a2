/** QueuePair: a submission queue, its completion queue, its interrupt, and the channels into its task. */
import type { Arena } from '../../arena/arena.ts';
import { flag, type Flag, state, type StateOf, type Word, word } from '../../arena/state.ts';
import { ReportedHead } from '../../driver/reported-head.ts';
import type { CompletionRing, SubmissionRing } from '../../driver/rings.ts';
import type { Link } from '../../link/link.ts';
import type { Listener } from '../../link/msix.ts';
import type { SubmissionEntry } from '../../spec/entries.ts';
import {
  type Address,
  ADMIN,
  type CommandId,
  type CpuIndex,
  type QueueId,
  type SlotIndex,
} from '../../spec/units.ts';
import type { AerHandler } from './aer-handler.ts';
import { Channel, isRequest, type Message, Task } from './channel.ts';
import type { OpenvmmDecisions } from './decisions.ts';
import type { Door } from './door.ts';
import { Drain } from './drain.ts';
import { type Caller, keyOf, PendingCommands } from './pending-commands.ts';

const fields = {
  /** The controller has its queues. */
  created: flag as Flag,
  /** The handler's loop runs. */
  running: flag as Flag,
  /** SQ head as the completion handled last reported it. */
  latestHead: word as Word<SlotIndex>,
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
  readonly drain: Drain;
  readonly #taken: ReportedHead | undefined;
  readonly #door: Door;

  constructor(arena: Arena, door: Door, decisions: OpenvmmDecisions, parts: QueuePairParts) {
    super(arena);
    this.parts = parts;
    this.qid = parts.sq.qid;
    this.task = new Task(arena);
    this.pending = new PendingCommands(arena, decisions.pendingCapacity, parts.commands);
    this.commands = new Channel(arena, this.task, parts.messages);
    this.requests =
      decisions.channels === 'one' ? this.commands : new Channel(arena, this.task, parts.messages);
    this.drain = new Drain(arena, this.task);
    this.#taken =
      decisions.sqHead === 'furthest' ? new ReportedHead(arena, parts.sq, parts.commands) : undefined;
    this.#door = door;
  }

  /** The slot before which every entry was taken, as far as the handler knows. */
  get head(): SlotIndex {
    return this.#taken?.head ?? this.latestHead;
  }

  /** Whether a command could be written: a slot is free as far as `head` tells, and so is a key. */
  get hasRoom(): boolean {
    return !this.parts.sq.isFull(this.head) && !this.pending.full;
  }

  /** Its queues are there, and the task starts; `head` is where the queue's entries were taken to. */
  start(link: Link, head: SlotIndex): void {
    this.latestHead = head;
    if (this.#taken !== undefined) this.#taken.head = head;
    this.created = true;
    this.run(link);
  }

  /** The task runs, with an interrupt that has not come yet: an earlier one was for somebody else. */
  run(link: Link): void {
    this.running = true;
    link.msix.take(this.parts.listener);
  }

  /** Gives a command its identifier and puts it into the ring; nothing is announced. */
  write(caller: Caller, entry: (key: number) => Partial<SubmissionEntry>): CommandId {
    const cid = this.pending.insert(caller);
    const key = keyOf(cid);
    const slot = this.parts.sq.write({ ...entry(key), cid });
    this.#taken?.wrote(key, slot);
    return cid;
  }

  /** SubmissionQueue::update_head: with whatever comes, so that an older report moves the head backwards. */
  updateHead(cid: CommandId, sqhd: SlotIndex): void {
    if (this.#taken === undefined) this.latestHead = sqhd;
    else this.#taken.reported(keyOf(cid), sqhd);
  }

  /** The loop ends after a Save; the words of the queue pair stay as they are: they are what was saved. */
  leave(): void {
    this.task.woken = this.interruptWaker = this.drain.waker = this.running = false;
    this.commands.waker = this.requests.waker = false;
  }

  /** What is still in the channels and in the table has nobody to answer it: its callers hear that. */
  drop(): void {
    const tell = (message: Message): void => {
      if (isRequest(message)) this.#door.dropRequest(~message);
      else this.#door.dropCommand(message);
    };
    this.commands.close(tell);
    this.requests.close(tell);
    this.pending.detach((call) => this.#door.dropCommand(call));
    this.parts.aer?.drop();
  }

  /** QueueHandler::restore: over the same memory, from what was saved. No doorbell is rung. */
  restore(link: Link): void {
    this.parts.aer?.restore();
    this.run(link);
  }

  /** I/O queues drain. The admin queue always has an Asynchronous Event Request pending. */
  get drains(): boolean {
    return this.qid !== ADMIN && this.created && !this.pending.empty;
  }
}
