/** What all parts of a host share: its rings, its outstanding commands, its memory for data. */
import type { Arena } from '../arena/arena.ts';
import { BitSet, Table, WordArray } from '../arena/containers.ts';
import { flag, type Flag, state, type StateOf, type Word, word } from '../arena/state.ts';
import type { Link } from '../link/link.ts';
import { PAGE_BYTES } from '../link/memory.ts';
import type { SubmissionEntry } from '../spec/entries.ts';
import { nvmOpcode } from '../spec/opcodes.ts';
import type { Status } from '../spec/status.ts';
import { type Address, ADMIN, type CommandId, type QueueId, type SlotIndex } from '../spec/units.ts';
import { AbortTargets } from './abort-targets.ts';
import type { DriverDecisions } from './decisions.ts';
import { DoorbellPages } from './doorbell-pages.ts';
import { type HostPlan, type Io, slotsOf, type SubmissionQueueSetup } from './plan.ts';
import { ReportedHead } from './reported-head.ts';
import { CompletionRing, SubmissionRing } from './rings.ts';

const BLOCK_BYTES = 512;

const sqFields = {
  live: flag as Flag,
  /** Its completion queue in this life. */
  cqid: word as Word<QueueId>,
  /** Program that holds the queue's lock, plus one; 0 when it is free. */
  lock: word as Word,
  /** Nothing new is submitted here: the queue is about to be deleted. */
  held: flag as Flag,
  /** Status of the command completed last, plus one. */
  lastStatus: word as Word,
};
const SqFields: StateOf<typeof sqFields> = state(sqFields);

/** One I/O submission queue as its driver keeps it: ring, lock, tags. */
export class HostSubmissionQueue extends SqFields {
  readonly ring: SubmissionRing;
  readonly tags: BitSet;
  /** Tags there are. */
  readonly limit: number;
  /** Present if the plan aborts commands of this queue. */
  readonly targets: AbortTargets | undefined;
  /** Data buffer of each tag. */
  readonly buffers: readonly Address[];
  /** `freeSlots: sqhd` only. */
  readonly taken: ReportedHead | undefined;
  /** It never has as many commands outstanding as the queue has slots. */
  readonly #keepsBelowSize: boolean;

  constructor(
    arena: Arena,
    ring: SubmissionRing,
    setup: SubmissionQueueSetup,
    plan: HostPlan,
    { tags, freeSlots }: DriverDecisions,
  ) {
    super(arena);
    const limit = tags > 0 ? tags : freeSlots === 'sqhd' ? plan.outstandingMax : ring.slots - 1;
    this.ring = ring;
    this.cqid = setup.cqid;
    this.limit = limit;
    this.#keepsBelowSize = freeSlots === 'tags' && tags < setup.size;
    this.tags = new BitSet(arena, limit);
    this.buffers = Array.from({ length: limit }, () => ring.link.memory.allocate(BLOCK_BYTES));
    this.taken = freeSlots === 'sqhd' ? new ReportedHead(arena, ring, limit) : undefined;
    const aborted = plan.control.flatMap((action) =>
      action.do === 'abort' && action.sqid === setup.qid ? [action.command] : [],
    );
    this.targets = aborted.length > 0 ? new AbortTargets(arena, [...new Set(aborted)]) : undefined;
  }

  /** Whether one more command may be outstanding: a driver that keeps below a size does so in every life of the queue. */
  get hasTag(): boolean {
    const depth = this.#keepsBelowSize ? Math.min(this.limit, this.ring.size - 1) : this.limit;
    return this.tags.firstAbsent(depth) >= 0;
  }

  clear(): void {
    this.live = this.held = false;
    this.lock = this.lastStatus = 0;
    this.tags.clear();
    this.targets?.forget();
    this.taken?.clear();
  }
}

/** What Save and restore have to know of a program of the host. */
export interface Instance {
  /** It has entries that are consumed and not completed: there is no state to save yet. */
  readonly holds: () => boolean;
  /** The same program of the restored driver takes its place, at its beginning. */
  readonly restart: () => void;
}

const fields = {
  /** Bring-up is over. */
  up: flag as Flag,
  /** Saved or torn down: this host will not move again until it is restored, and owes nothing. */
  stopped: flag as Flag,
  /** Submitters and handlers start nothing new: all queues are about to change. */
  paused: flag as Flag,
  doorbellBuffer: flag as Flag,
  adminSqhd: word as Word<SlotIndex>,
  adminCid: word as Word<CommandId>,
};
const Fields: StateOf<typeof fields> = state(fields);

export class Host extends Fields {
  readonly link: Link;
  readonly plan: HostPlan;
  readonly decisions: DriverDecisions;
  readonly pages: DoorbellPages;
  readonly adminSq: SubmissionRing;
  readonly adminCq: CompletionRing;
  readonly sqs: ReadonlyMap<QueueId, HostSubmissionQueue>;
  readonly cqs: ReadonlyMap<QueueId, CompletionRing>;
  readonly cqLive: BitSet;
  /** Completion queues whose handler is between waking and resting. */
  readonly cqBusy: BitSet;
  /** Completion queues whose handler starts nothing new: they are about to be deleted. */
  readonly cqHeld: BitSet;
  /** 4096 bytes for Identify and log pages. */
  readonly scratch: Address;
  /** Outstanding Asynchronous Event Requests by CID, and events that arrived and were not asked for. */
  readonly eventRequests: Table;
  readonly events: WordArray;
  /** Threads and handlers. */
  readonly instances: Instance[] = [];

  constructor(arena: Arena, link: Link, plan: HostPlan, decisions: DriverDecisions) {
    super(arena);
    this.link = link;
    this.plan = plan;
    this.decisions = decisions;
    this.pages = new DoorbellPages(arena, link, decisions.doorbellPages);
    this.adminSq = new SubmissionRing(arena, link, ADMIN, plan.adminEntries, this.pages);
    this.adminCq = new CompletionRing(arena, link, ADMIN, plan.adminEntries, this.pages);
    this.sqs = new Map(
      plan.sqs.map((setup) => {
        const { qid } = setup;
        const ring = new SubmissionRing(arena, link, qid, slotsOf(plan, 'sq', qid), this.pages);
        return [qid, new HostSubmissionQueue(arena, ring, setup, plan, decisions)];
      }),
    );
    this.cqs = new Map(
      plan.cqs.map(({ qid }) => [
        qid,
        new CompletionRing(arena, link, qid, slotsOf(plan, 'cq', qid), this.pages),
      ]),
    );
    this.cqLive = new BitSet(arena, 32);
    this.cqBusy = new BitSet(arena, 32);
    this.cqHeld = new BitSet(arena, 32);
    this.scratch = link.memory.allocate(PAGE_BYTES);
    this.eventRequests = new Table(arena, plan.outstandingMax + plan.eventRequests + 1, 1);
    this.events = new WordArray(arena, 2); // how many arrived, DW0 of the latest
  }

  sq(qid: QueueId): HostSubmissionQueue {
    const sq = this.sqs.get(qid);
    if (sq === undefined) throw new Error(`the host has no SQ${qid}`);
    return sq;
  }

  cq(qid: QueueId): CompletionRing {
    const cq = this.cqs.get(qid);
    if (cq === undefined) throw new Error(`the host has no CQ${qid}`);
    return cq;
  }

  /** Whether a command can be written to this queue: a tag is free, and a slot by the driver's own measure. */
  hasRoom(sq: HostSubmissionQueue): boolean {
    if (!sq.live || !sq.hasTag) return false;
    return sq.taken === undefined || !sq.ring.isFull(sq.taken.head);
  }

  /** Takes a tag and writes the command's entry; the tail moves in the host only. */
  writeIo(sq: HostSubmissionQueue, io: Io): void {
    const tag = sq.tags.firstAbsent(sq.limit);
    sq.tags.add(tag);
    const { tailWrap, cid, firstCid, callers } = this.decisions;
    if (callers === 'shown')
      this.link.emit({ type: 'command.begin', caller: tag, sqid: sq.ring.qid, opcode: io.opcode });
    const entry = ioEntry(this.link, io, cid === 'tag' ? firstCid + tag : 0, sq.buffers[tag] as Address);
    const slot = sq.ring.write(entry, tailWrap === 'size' ? sq.ring.size : sq.ring.size + 1);
    sq.taken?.wrote(tag, slot);
    sq.targets?.wrote(entry.cid ?? 0);
  }

  /** Completes the command that an entry answers: its tag is free from here on. */
  complete(sqid: QueueId, cid: CommandId, sqhd: SlotIndex, status: Status): void {
    const sq = this.sqs.get(sqid);
    if (sq === undefined) return;
    const tag = cid - this.decisions.firstCid;
    const isTag = tag >= 0 && tag < sq.limit;
    if (this.decisions.callers === 'shown' && isTag && sq.tags.has(tag))
      this.link.emit({ type: 'command.end', caller: tag, sqid, status, cid });
    if (isTag) sq.tags.delete(tag);
    sq.targets?.completed(cid);
    if (isTag) sq.taken?.reported(tag, sqhd);
    sq.lastStatus = status + 1;
  }

  /** Nobody holds a queue's lock, no handler is at work, and what they wrote has arrived. */
  get idle(): boolean {
    if (!this.cqBusy.empty || !this.writesArrived) return false;
    for (const sq of this.sqs.values()) if (sq.lock !== 0) return false;
    return true;
  }

  /** No doorbell write is under way: one that arrives late would ring for the queue's next life. */
  get writesArrived(): boolean {
    for (let cpu = 0; cpu < this.link.cpus; cpu++) if (!this.link.drained(cpu)) return false;
    return true;
  }

  /** Everything about I/O queues is gone: a Controller Level Reset. */
  forgetIoQueues(): void {
    for (const sq of this.sqs.values()) sq.clear();
    this.cqLive.clear();
    this.cqBusy.clear();
    this.cqHeld.clear();
    this.eventRequests.clear();
    this.doorbellBuffer = false;
  }
}

/** The entry of a command whose data is in `buffer`; a Write finds the block's pattern there. */
export function ioEntry(link: Link, io: Io, cid: CommandId, buffer: Address): Partial<SubmissionEntry> {
  if (io.opcode === nvmOpcode.write) fill(link, buffer, io.lba);
  const transfer = io.opcode === nvmOpcode.flush ? {} : { prp1: buffer, cdw10: io.lba };
  return { opcode: io.opcode, cid, nsid: io.nsid ?? 1, ...transfer };
}

/** What Write commands write to block `lba`: a pattern that names the block. */
export function pattern(lba: number, index: number): number {
  return ((lba + 1) * 0x0101_0101 + index) >>> 0;
}

function fill(link: Link, buffer: Address, lba: number): void {
  for (let index = 0; index < BLOCK_BYTES / 4; index++)
    link.hostWrite32(buffer + index * 4, pattern(lba, index));
}
