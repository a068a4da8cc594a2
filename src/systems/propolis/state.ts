/** `PciNvme` with its queues, and the block workers that serve them. */
import type { Arena } from '../../arena/arena.ts';
import { flag, type Flag, state, type StateOf, type Word, word } from '../../arena/state.ts';
import type { Command } from '../../controller/command.ts';
import { conforming } from '../../controller/decisions.ts';
import { ControllerState } from '../../controller/state.ts';
import type { Link } from '../../link/link.ts';
import type { QueueId, SlotIndex } from '../../spec/units.ts';
import { notify } from '../trapped-msix.ts';
import type { PropolisDecisions } from './decisions.ts';
import { CompQueue, SubQueue } from './queues.ts';

const workerFields = {
  /** Not asleep: `sleeping_on` is none. */
  running: flag as Flag,
  /** The condition variable was signalled. */
  notified: flag as Flag,
  /** The worker's own lock, which it holds from the poll until it sleeps or has a request. */
  polling: flag as Flag,
  /** Completion queue of the permit in hand; 0 when there is none. */
  cqid: word as Word<QueueId>,
  sqhd: word as Word<SlotIndex>,
  /** The submission queue of the request in hand was deleted: its weak reference leads nowhere. */
  orphaned: flag as Flag,
};
const WorkerFields: StateOf<typeof workerFields> = state(workerFields);

export class Worker extends WorkerFields {
  /** The request in hand. */
  readonly command: Command;

  constructor(arena: Arena, command: Command) {
    super(arena);
    this.command = command;
  }

  clear(): void {
    this.command.free();
    this.polling = this.orphaned = false;
    this.cqid = this.sqhd = 0;
  }
}

const fields = {
  /** `PciNvme::state`, the lock that admin commands are processed under. */
  locked: flag as Flag,
  /** An assertion failed: the process is gone. */
  panicked: flag as Flag,
};
const Fields: StateOf<typeof fields> = state(fields);

export class Propolis extends Fields {
  readonly decisions: PropolisDecisions;
  /** Registers, geometry and data: what Propolis does like anybody. */
  readonly controller: ControllerState;
  readonly sqs: readonly SubQueue[];
  readonly cqs: readonly CompQueue[];
  /** Block workers by submission queue. */
  readonly workers: readonly (readonly Worker[])[];

  constructor(arena: Arena, link: Link, decisions: PropolisDecisions, ioQueues: number) {
    super(arena);
    this.decisions = decisions;
    const queues = ioQueues + 1;
    const perQueue = decisions.workers;
    this.controller = new ControllerState(arena, link, {
      ...conforming,
      ioQueues,
      commands: 1 + ioQueues * perQueue,
      deleteSq: 'lets-them-finish',
    });
    const { sqs, cqs, pool } = this.controller;
    this.sqs = sqs.map((ring) => new SubQueue(arena, ring, perQueue));
    this.cqs = cqs.map((ring) => new CompQueue(arena, ring, queues));
    this.workers = sqs.map(({ qid }) =>
      qid === 0
        ? []
        : pool.commands
            .slice(1 + (qid - 1) * perQueue, 1 + qid * perQueue)
            .map((command) => new Worker(arena, command)),
    );
  }

  get link(): Link {
    return this.controller.link;
  }

  /** The command that the admin queue is being processed for. */
  get adminCommand(): Command {
    return this.controller.pool.commands[0] as Command;
  }

  sq(qid: QueueId): SubQueue {
    return this.sqs[qid] as SubQueue;
  }

  cq(qid: QueueId): CompQueue {
    return this.cqs[qid] as CompQueue;
  }

  /**
   * `fire_interrupt`: a message if the queue is not empty. bhyve keeps it pending while the vector is masked.
   */
  fireInterrupt(cq: CompQueue): void {
    const { ring } = cq;
    if (ring.occupied === 0 || (!ring.interrupts && this.decisions.interruptEnable === 'honoured')) return;
    notify(this.link.msix, ring.vector);
  }

  /** `assignments_refresh`: queues came or went, so every worker looks again. */
  refreshAssignments(): void {
    for (const sq of this.sqs) sq.idle.clear();
    for (const worker of this.workers.flat()) if (!worker.running) worker.notified = true;
  }
}
