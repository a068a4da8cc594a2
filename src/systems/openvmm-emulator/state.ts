/** What the workers of the emulator share, and what each of them keeps between two instructions. */
import type { Arena } from '../../arena/arena.ts';
import { BitSet, Fifo, WordArray } from '../../arena/containers.ts';
import { flag, type Flag, state, type StateOf, type Word, word } from '../../arena/state.ts';
import type { Command } from '../../controller/command.ts';
import { conforming } from '../../controller/decisions.ts';
import type { CompletionQueue, SubmissionQueue } from '../../controller/queues.ts';
import { ControllerState } from '../../controller/state.ts';
import type { Link } from '../../link/link.ts';
import { isFull } from '../../spec/ring.ts';
import type { CommandId, QueueId } from '../../spec/units.ts';
import type { ControllerShape } from '../system.ts';
import type { EmulatorDecisions } from './decisions.ts';

/** Commands in hand beyond those that the host was planned to have outstanding: admin commands. */
const ADMIN_COMMANDS = 2;

const sqFields = {
  /** `evt_idx`: as last written to the guest, or with one memory: as last armed. */
  eventIdx: word as Word,
  inFlight: word as Word,
  /** CID of the Delete I/O SQ that waits for the I/Os in flight, plus one; 0 for none. */
  deletedBy: word as Word<CommandId>,
  /** The worker has let go of the queue: `SqDeleteComplete` is sent to the admin worker. */
  released: flag as Flag,
};
const SqFields: StateOf<typeof sqFields> = state(sqFields);

/** `SubmissionQueue`; `ring.tail` is the tail as last looked at, `cached_tail` or `current`. */
export class EmulatorSq extends SqFields {
  readonly ring: SubmissionQueue;

  constructor(arena: Arena, ring: SubmissionQueue) {
    super(arena);
    this.ring = ring;
  }

  clear(): void {
    this.eventIdx = this.inFlight = this.deletedBy = 0;
    this.released = false;
  }
}

const cqFields = { eventIdx: word as Word };
const CqFields: StateOf<typeof cqFields> = state(cqFields);

/** `CompletionQueue`; `ring.head` is the head as last looked at. */
export class EmulatorCq extends CqFields {
  readonly ring: CompletionQueue;

  constructor(arena: Arena, ring: CompletionQueue) {
    super(arena);
    this.ring = ring;
  }

  get isFull(): boolean {
    return isFull(this.ring.head, this.ring.tail, this.ring.size);
  }
}

const workerFields = {
  /** The task was woken and has not been polled since. */
  woken: flag as Flag,
  /** It ended with a queue error. */
  ended: flag as Flag,
  /** `register-and-shadow` only: a closure that turns shadow doorbells on waits to be run. */
  update: flag as Flag,
  /** The submission queue that is looked at. */
  sqid: word as Word<QueueId>,
  /** Place in the pool of the command in hand, plus one. */
  inHand: word as Word,
};
const WorkerFields: StateOf<typeof workerFields> = state(workerFields);

/** The task of one completion queue and of the submission queues on it; that of queue 0 is the admin worker. */
export class Worker extends WorkerFields {
  readonly cq: EmulatorCq;
  /** Finished I/Os that were not taken in yet, by place in the pool. */
  readonly finished: Fifo;
  /** `several-queues` only: completions that found the completion queue full. */
  readonly completions: Fifo;

  constructor(arena: Arena, cq: EmulatorCq, commands: number) {
    super(arena);
    this.cq = cq;
    this.finished = new Fifo(arena, commands);
    this.completions = new Fifo(arena, commands);
  }

  clear(): void {
    this.woken = this.ended = this.update = false;
    this.sqid = this.inHand = 0;
    this.finished.clear();
    this.completions.clear();
  }
}

const fields = {
  /** An assertion or an overflow check failed: the process is gone. */
  panicked: flag as Flag,
};
const Fields: StateOf<typeof fields> = state(fields);
class Process extends Fields {}

export class Emulator extends ControllerState {
  readonly emulator: EmulatorDecisions;
  readonly process: Process;
  readonly emulatorSqs: readonly EmulatorSq[];
  readonly workers: readonly Worker[];
  /** Doorbell values that are not in a page of the guest, by doorbell. */
  readonly doorbells: WordArray;
  /** `one-memory` only: doorbells whose waker is registered. */
  readonly wakers: BitSet;
  /** `register-and-shadow` only: commands, by place in the pool, whose EventIdx is moved when they complete. */
  readonly deferred: BitSet;

  constructor(arena: Arena, link: Link, emulator: EmulatorDecisions, shape: ControllerShape) {
    const commands = shape.outstanding + ADMIN_COMMANDS;
    super(arena, link, {
      ...conforming,
      mqes: 255,
      ioQueues: shape.ioQueues,
      commands,
      deleteSq: 'lets-them-finish',
      abort: 'never',
      resetForgetsDoorbellBuffer: emulator.resetDoorbells === 'in-own-memory',
    });
    this.emulator = emulator;
    this.process = new Process(arena);
    this.emulatorSqs = this.sqs.map((ring) => new EmulatorSq(arena, ring));
    this.workers = this.cqs.map((ring) => new Worker(arena, new EmulatorCq(arena, ring), commands));
    this.doorbells = new WordArray(arena, 2 * this.sqs.length);
    this.wakers = new BitSet(arena, 2 * this.sqs.length);
    this.deferred = new BitSet(arena, commands);
  }

  override get running(): boolean {
    return this.ready && (this.cc & 1) === 1 && this.shutdown === 0 && !this.process.panicked;
  }

  sq(qid: QueueId): EmulatorSq {
    return this.emulatorSqs[qid] as EmulatorSq;
  }

  worker(cqid: QueueId): Worker {
    return this.workers[cqid] as Worker;
  }

  /** Submission queues that the worker serves, in the order of their creation, which is taken to be that of their ids. */
  served(worker: Worker): EmulatorSq[] {
    const { qid, live } = worker.cq.ring;
    return live
      ? this.emulatorSqs.filter(({ ring, released }) => ring.live && ring.cqid === qid && !released)
      : [];
  }

  /** The command that the worker has in hand. */
  inHand(worker: Worker): Command {
    return this.pool.commands[worker.inHand - 1] as Command;
  }

  /** Whether the worker may take another entry of the queue. */
  takes(sq: EmulatorSq): boolean {
    const { inFlight, deletedBy } = sq;
    if (this.isHeld('fetch') || this.pool.free() === undefined) return false;
    return inFlight < this.emulator.ioQueueDepth && deletedBy === 0;
  }

  /** Takes the entry at the head into the worker's hand. */
  take(worker: Worker, sq: EmulatorSq): Command {
    const { ring } = sq;
    const place = this.pool.commands.findIndex(({ stage }) => stage === 'free');
    const command = this.pool.commands[place] as Command;
    command.load(this.link.fetch(ring.qid, ring.head, ring.addressOf(ring.head)), ring.qid, ring.cqid);
    ring.head = ring.head + 1 === ring.size ? 0 : ring.head + 1;
    worker.inHand = place + 1;
    return command;
  }

  /** An I/O ends; below nothing in flight the count is not allowed to go. */
  countDown(sq: EmulatorSq): void {
    if (sq.inFlight === 0) this.process.panicked = true;
    else sq.inFlight--;
  }
}
