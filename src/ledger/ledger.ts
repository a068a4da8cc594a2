/**
 * The observer: events in, protocol state out.
 *
 * Everything is hashed but the counts, because everything else can decide a rule; and nothing is kept
 * that grows with the run, because then no two states would ever merge. Rules look before an event is
 * folded in, so a violation is seen in the state that the event met.
 */
import type { Arena } from '../arena/arena.ts';
import type { Fetch, LinkEvent, Post } from '../link/events.ts';
import type { EntryPlace } from '../link/link.ts';
import { CQE_BYTES } from '../spec/entries.ts';
import { csts, register } from '../spec/registers.ts';
import { distance } from '../spec/ring.ts';
import {
  type Address,
  ADMIN,
  type CommandId,
  type QueueId,
  type RegisterOffset,
  type SlotIndex,
} from '../spec/units.ts';
import { answer, begin } from './admin-effects.ts';
import { LedgerAdminCommands } from './admin-commands.ts';
import { LedgerCallers } from './callers.ts';
import { LedgerCq } from './completion-queue.ts';
import { LedgerControlPlane, requestEnds } from './control-plane.ts';
import { LedgerController } from './controller-state.ts';
import { LedgerCount } from './count.ts';
import { doorbellWrite, eventIdxWrite, shadowWrite } from './doorbell-moves.ts';
import { LedgerInterrupts } from './interrupts.ts';
import type { LedgerOptions } from './options.ts';
import { Room } from './room.ts';
import { LedgerSq, life } from './submission-queue.ts';
import { WrittenEntries } from './written-entries.ts';

export type { LedgerOptions } from './options.ts';

export class Ledger {
  readonly arena: Arena;
  readonly options: LedgerOptions;
  readonly fetchVisible: boolean;
  readonly controller: LedgerController;
  readonly interrupts: LedgerInterrupts;
  readonly controlPlane: LedgerControlPlane;
  readonly admin: LedgerAdminCommands;
  readonly callers: LedgerCallers;
  readonly sqs: readonly LedgerSq[];
  readonly cqs: readonly LedgerCq[];
  readonly room: Room;
  /** By SQ, where fetches are not visible; else empty. */
  readonly written: readonly WrittenEntries[];
  readonly #count: LedgerCount;

  constructor(arena: Arena, options: LedgerOptions) {
    this.arena = arena;
    this.options = options;
    this.fetchVisible = options.fetchVisible ?? true;
    this.controller = new LedgerController(arena);
    this.interrupts = new LedgerInterrupts(arena, options.vectors);
    this.controlPlane = new LedgerControlPlane(arena);
    this.admin = new LedgerAdminCommands(arena, options.outstandingMax);
    this.callers = new LedgerCallers(arena, options.queuesMax);
    this.#count = new LedgerCount(arena);
    const qids = Array.from({ length: options.queuesMax }, (_, qid) => qid);
    this.sqs = qids.map((qid) => new LedgerSq(arena, qid, options.outstandingMax));
    this.cqs = qids.map((qid) => new LedgerCq(arena, qid));
    this.room = new Room(this.sqs, this.fetchVisible);
    const slots = options.slotsMax ?? options.mqes + 1;
    this.written = this.fetchVisible ? [] : qids.map((qid) => new WrittenEntries(arena, qid, slots));
  }

  /** Events folded in so far in this run: the number of the event that comes next. */
  get events(): number {
    return this.#count.events;
  }

  /** Control-plane requests that must be answered now. */
  get requestsOpen(): number {
    return this.controlPlane.open;
  }

  sq(qid: QueueId): LedgerSq | undefined {
    return this.sqs[qid];
  }

  cq(qid: QueueId): LedgerCq | undefined {
    return this.cqs[qid];
  }

  /** The CQ that the SQ was created with. */
  cqOf(sq: LedgerSq): LedgerCq {
    return this.cqs[sq.cqid] as LedgerCq;
  }

  /** The slot of a live CQ at an address, if there is one. */
  entryAt(address: Address): EntryPlace | undefined {
    for (const cq of this.cqs) {
      if (!cq.live || address < cq.base || address >= cq.base + cq.size * CQE_BYTES) continue;
      const slot = Math.floor((address - cq.base) / CQE_BYTES);
      return { cqid: cq.qid, slot, shown: cq.shown && slot === cq.tail };
    }
    return undefined;
  }

  /** CSTS as the host read it. */
  readStatus(value: number): void {
    this.controller.ready = (value & csts.RDY) !== 0;
    this.seeFailure(value);
  }

  /** CSTS as the tester reads it, which tells the host nothing. */
  seeFailure(value: number): void {
    if ((value & csts.CFS) === 0 || this.controller.fatal || !this.controller.enabled) return;
    this.controller.fatal = true;
    for (const sq of this.sqs) if (sq.live) sq.meetCfs(this.fetchVisible);
  }

  fold(event: LinkEvent): void {
    this.#count.events++;
    switch (event.type) {
      case 'reg.w':
        return this.#registerWrite(event.offset, event.value);
      case 'reg.r':
        if (event.offset === register.CSTS) this.readStatus(event.value);
        return;
      case 'db.sq':
      case 'db.cq':
        return doorbellWrite(this, event);
      case 'shadow.sq':
      case 'shadow.cq':
        return shadowWrite(this, event);
      case 'ei.sq':
      case 'ei.cq':
        return eventIdxWrite(this, event);
      case 'ei.read': {
        const queue = event.ring === 'sq' ? this.sqs[event.qid] : this.cqs[event.qid];
        if (queue?.live) queue.doorbell.eventIdxRead(event.value, queue.size);
        if (queue instanceof LedgerCq) this.room.stirs(queue);
        return;
      }
      case 'sqe.write':
        this.controlPlane.saved = false;
        this.written[event.sqid]?.write(event.slot, event.cid, event.opcode, event.words);
        this.sqs[event.sqid]?.entryWritten(event.slot);
        return;
      case 'sqe.fetch':
        return this.#fetch(event);
      case 'cqe.post':
        return this.#post(event);
      case 'cqe.write':
        if (event.dword === 3) this.cqs[event.cqid]?.phaseWritten(event.slot, event.value, event.was);
        return;
      case 'irq':
        this.interrupts.setDue(event.vector, false);
        for (const cq of this.cqs) if (cq.live && cq.interrupts && cq.vector === event.vector) cq.told();
        return;
      case 'irq.mask':
        return this.#mask(event.vector, event.masked);
      case 'irq.pending':
        return this.interrupts.setPending(event.vector, event.pending);
      case 'reset':
        return this.#reset(event.kind !== 'cc-en');
      case 'request.begin':
        return this.controlPlane.begin(event.request);
      case 'request.end':
        return requestEnds(this, event);
      case 'aen.arrived':
        this.controlPlane.aenArrived = true;
        return;
      case 'command.begin':
        this.callers.ask(event.sqid);
        return;
      case 'command.end':
        this.callers.answer(event.sqid);
        return;
      case 'host.sleep':
      case 'host.wake':
        return;
    }
  }

  // --- registers -------------------------------------------------------------------------------------------

  #registerWrite(offset: RegisterOffset, value: number): void {
    const controller = this.controller;
    if (offset === register.CC) {
      const was = controller.enabled;
      if (was && (value & 1) === 0) this.#reset(false);
      controller.cc = value;
      if (!was && controller.enabled) this.#enable();
      return;
    }
    if (controller.enabled) return; // the values latched by EN stay in force (3.1.4.5)
    if (offset === register.AQA) controller.aqa = value;
    else if (offset === register.ASQ) controller.asqLow = value;
    else if (offset === register.ASQ + 4) controller.asqHigh = value;
    else if (offset === register.ACQ) controller.acqLow = value;
    else if (offset === register.ACQ + 4) controller.acqHigh = value;
  }

  #enable(): void {
    const controller = this.controller;
    controller.ready = false;
    controller.untouched = true;
    const asqs = (controller.aqa & 0xfff) + 1;
    const acqs = ((controller.aqa >>> 16) & 0xfff) + 1;
    this.sqs[ADMIN]?.open(asqs, controller.asqLow, controller.asqHigh, ADMIN);
    this.cqs[ADMIN]?.open(acqs, controller.acqLow, controller.acqHigh, true, 0);
  }

  /** A Controller Level Reset (3.7.2): no I/O queue and no doorbell buffer survives it. */
  #reset(registersToo: boolean): void {
    const controller = this.controller;
    for (const sq of this.sqs) if (sq.live) sq.close(sq.qid === ADMIN ? life.absent : life.gone);
    for (const cq of this.cqs) if (cq.live) cq.close(cq.qid === ADMIN ? life.absent : life.gone);
    for (let vector = 0; vector < this.interrupts.vectors; vector++) this.interrupts.setDue(vector, false);
    this.admin.clear();
    this.callers.leave();
    if (controller.enabled) controller.ready = true;
    controller.cc = 0;
    controller.fatal = controller.untouched = controller.hostErred = false;
    if (controller.doorbellBuffer) controller.doorbellBufferRevoked = true;
    controller.doorbellBuffer = false;
    if (!registersToo) return;
    controller.aqa = controller.asqLow = controller.asqHigh = controller.acqLow = controller.acqHigh = 0;
  }

  // --- commands --------------------------------------------------------------------------------------------

  /** Where fetches are not visible: the CID that the host wrote into a slot, or -1. */
  writtenCid(sq: LedgerSq, slot: SlotIndex): number {
    const written = this.written[sq.qid];
    return written?.has(slot) ? written.cid(slot) : -1;
  }

  /** The entry that the host wrote to a slot of the admin SQ, where fetches are not visible; or nothing. */
  writtenAdmin(slot: SlotIndex): Int32Array | undefined {
    const written = this.written[ADMIN];
    return written?.has(slot) ? written.words(slot) : undefined;
  }

  #fetch(event: Fetch): void {
    const sq = this.sqs[event.sqid];
    if (!sq?.live || !this.fetchVisible) return;
    const cq = this.cqOf(sq);
    cq.fetchedFor(this.room.outstandingOn(cq));
    sq.fetch(event.slot);
    this.take(sq, event.cid, event.slot, event.opcode, event.sqid === ADMIN ? event.words : undefined);
    this.room.hold(this.cqOf(sq));
  }

  /** A command comes into the controller's hands. */
  take(sq: LedgerSq, cid: CommandId, slot: SlotIndex, opcode: number, words: Int32Array | undefined): void {
    sq.take(cid, slot, opcode, this.cqOf(sq).full);
    if (words !== undefined) begin(this, cid, opcode, words);
  }

  #post(event: Post): void {
    const cq = this.cqs[event.cqid];
    if (cq?.live) {
      cq.post(event.slot);
      if (cq.full) for (const sq of this.sqs) if (sq.live && sq.cqid === cq.qid) sq.meetFull();
    }
    const sq = this.sqs[event.sqid];
    const row = sq?.live ? sq.out.find(event.cid) : -1;
    if (!sq || row < 0) return;
    this.#reported(sq, row, event.sqhd);
    sq.complete(row);
    if (!this.fetchVisible) {
      sq.rung = false;
      sq.held = false;
      this.room.hold(this.cqOf(sq));
    }
    if (event.sqid === ADMIN) answer(this, event);
  }

  /** Hr moves only forward, and only inside what the controller has consumed: SQHD need not be monotonic. */
  #reported(sq: LedgerSq, row: number, sqhd: SlotIndex): void {
    const consumed = this.fetchVisible ? sq.head : sq.tail;
    if (sqhd >= sq.size) return;
    if (!sq.coversSelf(row, sqhd, consumed)) sq.misled = true;
    if (distance(sq.reported, sqhd, sq.size) <= distance(sq.reported, consumed, sq.size)) sq.reported = sqhd;
  }

  // --- interrupts ------------------------------------------------------------------------------------------

  #mask(vector: number | 'function', masked: boolean): void {
    this.interrupts.setMask(vector, masked);
    const first = vector === 'function' ? 0 : vector;
    const last = vector === 'function' ? this.interrupts.vectors - 1 : vector;
    for (let each = first; each <= last; each++) {
      const waits = this.interrupts.isPending(each) || this.interrupts.isDue(each);
      this.interrupts.setDue(each, waits && !this.interrupts.isMasked(each) && this.unread(each));
    }
  }

  /** Whether some interrupting CQ of the vector holds entries the host has not released. */
  unread(vector: number): boolean {
    return this.cqs.some((cq) => cq.live && cq.interrupts && cq.vector === vector && cq.occupied > 0);
  }
}
