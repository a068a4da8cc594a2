/** Everything the parts of the reference controller share. */
import type { Arena } from '../arena/arena.ts';
import { Fifo, WordArray } from '../arena/containers.ts';
import { flag, type Flag, state, type StateOf, type Word, word } from '../arena/state.ts';
import type { Link } from '../link/link.ts';
import { shadowOffset } from '../spec/registers.ts';
import type { Address, QueueId } from '../spec/units.ts';
import { type Command, CommandPool } from './command.ts';
import type { ControllerDecisions } from './decisions.ts';
import { CompletionQueue, SubmissionQueue } from './queues.ts';

const fields = {
  cc: word as Word,
  aqa: word as Word,
  asq: word as Word<Address>,
  acq: word as Word<Address>,
  intms: word as Word,
  ready: flag as Flag,
  failed: flag as Flag,
  shutdown: word as Word,
  /** CC.EN was cleared once. */
  wasDisabled: flag as Flag,
  /** Number of Queues was negotiated; 0's based counts. */
  queuesAsked: flag as Flag,
  queuesCreated: flag as Flag,
  shadowPage: word as Word<Address>,
  eventIdxPage: word as Word<Address>,
  /** Bit n: error event n happened and was not reported yet; masked until its log page is read. */
  errorEvents: word as Word,
  errorsMasked: flag as Flag,
  /** What a test holds back: bit 0 fetch, 1 execute, 2 post. */
  held: word as Word,
};
const Fields: StateOf<typeof fields> = state(fields);

export class ControllerState extends Fields {
  readonly link: Link;
  readonly decisions: ControllerDecisions;
  readonly sqs: readonly SubmissionQueue[];
  readonly cqs: readonly CompletionQueue[];
  readonly pool: CommandPool;
  /** The namespace: `blocks` blocks of 512 bytes. */
  readonly media: WordArray;
  /** Asynchronous Event Requests without an event, oldest first: CID and SQ head. They take no place in the pool. */
  readonly eventRequests: Fifo;
  /** For each vector, whether a message is wanted. */
  readonly interruptWanted: WordArray;

  constructor(arena: Arena, link: Link, decisions: ControllerDecisions) {
    super(arena);
    this.link = link;
    this.decisions = decisions;
    const queues = decisions.ioQueues + 1;
    this.sqs = Array.from({ length: queues }, (_, qid) => new SubmissionQueue(arena, qid));
    this.cqs = Array.from({ length: queues }, (_, qid) => new CompletionQueue(arena, qid));
    this.pool = new CommandPool(arena, decisions.commands);
    this.media = new WordArray(arena, decisions.blocks * 128);
    this.eventRequests = new Fifo(arena, decisions.aerl + 1);
    this.interruptWanted = new WordArray(arena, link.msix.vectors, true);
  }

  /** Whether commands are processed: CC.EN and CSTS.RDY set, no fatal error, not shut down. */
  get running(): boolean {
    return this.ready && (this.cc & 1) === 1 && !this.failed && this.shutdown === 0;
  }

  liveSq(qid: QueueId): SubmissionQueue | undefined {
    const sq = this.sqs[qid];
    return sq?.live ? sq : undefined;
  }

  liveCq(qid: QueueId): CompletionQueue | undefined {
    const cq = this.cqs[qid];
    return cq?.live ? cq : undefined;
  }

  shadowAddress(ring: 'sq' | 'cq', qid: QueueId): Address {
    return this.shadowPage + shadowOffset(ring, qid, this.link.stride);
  }

  eventIdxAddress(ring: 'sq' | 'cq', qid: QueueId): Address {
    return this.eventIdxPage + shadowOffset(ring, qid, this.link.stride);
  }

  /** Slots of this completion queue became free, or may have: whoever waits looks again. */
  wakeWaiters(cq: CompletionQueue): void {
    cq.parked = false;
    for (const sq of this.sqs) {
      const waits = sq.cqid === cq.qid || this.decisions.fullQueueStops === 'every-submission-queue';
      if (sq.live && waits) sq.parked = false;
    }
  }

  /**
   * Whether a command may be taken that gets a slot of this completion queue only when it is finished: such commands
   * stay as long as the queue is full, and must leave one place for each other completion queue (3.3.1.2.1).
   */
  hasCommandFor(cq: CompletionQueue): boolean {
    const holds = ({ qid }: CompletionQueue): boolean =>
      this.pool.commands.some(
        ({ stage, cqid }) => cqid === qid && (stage === 'executing' || stage === 'done'),
      );
    const kept = holds(cq)
      ? this.cqs.filter((other) => other !== cq && other.live && !holds(other)).length
      : 0;
    return this.pool.count('free') > kept;
  }

  /** The command leaves the controller and gives back the slot that was held for it. */
  retire(command: Command): void {
    this.releaseSlot(command);
    command.free();
  }

  releaseSlot(command: Command): void {
    if (command.reserved === 0) return;
    const cq = this.cqs[command.cqid] as CompletionQueue;
    command.reserved = 0;
    cq.reserved--;
  }

  isHeld(what: 'fetch' | 'execute' | 'post'): boolean {
    return (this.held & (1 << holdPoints.indexOf(what))) !== 0;
  }
}

export const holdPoints: readonly ('fetch' | 'execute' | 'post')[] = ['fetch', 'execute', 'post'];
