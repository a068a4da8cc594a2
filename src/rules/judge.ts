/**
 * The judge asks the rules about every event and about every moment at which nothing more happens.
 *
 * Rules look at the ledger as the event found it; then the ledger takes the event in.
 */
import { overLeftovers } from '../ledger/admin-effects.ts';
import type { LedgerCq } from '../ledger/completion-queue.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { DoorbellWrite, Fetch, LinkEvent, Post, ShadowWrite } from '../link/events.ts';
import { adminOpcode } from '../spec/opcodes.ts';
import { next } from '../spec/ring.ts';
import type { RuleId } from '../spec/rule.ts';
import { ADMIN } from '../spec/units.ts';
import { entryWritten, fetchFromQueue, identifier, namesCommand, reportedHead } from './commands.ts';
import { afterPost, entryWrite, postToQueue } from './completion-queue.ts';
import { announcesNew, requestBegins, unanswered } from './control-plane.ts';
import { isDecidable } from './decidable.ts';
import { Desk, type JudgeOptions } from './desk.ts';
import { headWrite, tailWrite } from './doorbells.ts';
import { answered } from './driver-door.ts';
import { deadFetch, registerWrite, reset, whileDisabled } from './enable-reset.ts';
import type { Finding } from './finding.ts';
import { afterMask, interrupt, interruptsPost } from './interrupts.ts';
import { answers, deleteCqTaken } from './queues.ts';
import { staleDoorbellBuffer, staleWrite } from './shadow.ts';
import { type Moment, settle } from './stall.ts';

export type { JudgeOptions } from './desk.ts';
export type { Argument, Fact, Finding, History } from './finding.ts';
export type { Moment } from './stall.ts';

export class Judge {
  readonly #desk: Desk;
  readonly #ledger: Ledger;

  constructor(_arena: Ledger['arena'], ledger: Ledger, options: JudgeOptions) {
    this.#ledger = ledger;
    this.#desk = new Desk(ledger, options);
  }

  /** Of the current run; whoever starts a run empties it. */
  get findings(): Finding[] {
    return this.#desk.findings;
  }

  /** Safety rules; then the ledger takes the event in. */
  observe(event: LinkEvent): void {
    this.#desk.atEvent = true;
    this.#before(event);
    this.#ledger.fold(event);
    if (event.type === 'irq.mask') afterMask(this.#desk, event);
    else if (event.type === 'cqe.post') {
      const cq = this.#ledger.cq(event.cqid);
      if (cq?.live) afterPost(this.#desk, cq);
    }
    this.#desk.atEvent = false;
  }

  /** The world is quiet: what is owed? */
  settle(moment: Moment): void {
    settle(this.#desk, moment);
  }

  /** To be asked in every state while `ledger.requestsOpen` is not 0. */
  unanswered(moment: { readonly hostCanStep: boolean }): void {
    unanswered(this.#desk, moment.hostCanStep);
  }

  /** How often the rule was exercised since `clearCounts`. */
  exercisedCount(id: RuleId): number {
    return this.#desk.exercisedCount(id);
  }

  /** Goes on counting where another judge of the same rules stopped. */
  countFrom(other: Judge): void {
    this.#desk.counts.set(other.#desk.counts);
  }

  clearCounts(): void {
    this.#desk.counts.fill(0);
  }

  /** Whether this target shows the events that the rule needs. */
  decidable(id: RuleId): boolean {
    return isDecidable(id, this.#desk.options);
  }

  #before(event: LinkEvent): void {
    const desk = this.#desk;
    switch (event.type) {
      case 'db.sq':
      case 'shadow.sq':
        if (event.type === 'shadow.sq') staleWrite(desk, event);
        tailWrite(desk, event);
        announcesNew(desk, event);
        this.#submits(event);
        return;
      case 'db.cq':
      case 'shadow.cq':
        if (event.type === 'shadow.cq') staleWrite(desk, event);
        return headWrite(desk, event);
      case 'ei.sq':
      case 'ei.cq':
        return staleWrite(desk, event);
      case 'reg.w':
        return registerWrite(desk, event);
      case 'reset':
        return reset(desk, event);
      case 'sqe.fetch':
        return this.#fetch(event);
      case 'cqe.post':
        return this.#post(event);
      case 'irq':
        return interrupt(desk, event);
      case 'cqe.write':
        return entryWrite(desk, event);
      case 'request.begin':
        return requestBegins(desk, event);
      case 'sqe.write':
        return entryWritten(desk, event);
      case 'command.end':
        return answered(desk, event);
      case 'reg.r':
      case 'ei.read':
      case 'irq.mask':
      case 'irq.pending':
      case 'request.end':
      case 'aen.arrived':
      case 'command.begin':
      case 'host.sleep':
      case 'host.wake':
        return;
    }
  }

  #fetch(event: Fetch): void {
    const desk = this.#desk;
    if (whileDisabled(desk, event)) return;
    const sq = this.#ledger.sq(event.sqid);
    if (sq && overLeftovers(this.#ledger, sq)) return;
    if (!sq?.live) return deadFetch(desk, event, sq);
    staleDoorbellBuffer(desk);
    const cq = this.#ledger.cqOf(sq);
    if (cq.full && !cq.poisoned) desk.exercise('CQ-FULL-NO-POST');
    this.#isolation(cq);
    fetchFromQueue(desk, event, sq);
    identifier(desk, event, sq);
    if (event.sqid === ADMIN) this.#adminTaken(event.words);
  }

  /** An admin command is in the controller's hands, or may be. */
  #adminTaken(words: Int32Array | undefined): void {
    if (words === undefined || ((words[0] ?? 0) & 0xff) !== adminOpcode.deleteCq) return;
    deleteCqTaken(this.#desk, (words[10] ?? 0) & 0xffff);
  }

  /** Where fetches are not visible, commands are judged when the tail covers them. */
  #submits(event: DoorbellWrite | ShadowWrite): void {
    const ledger = this.#ledger;
    const sq = ledger.sq(event.qid);
    if (ledger.fetchVisible || !sq?.live || event.value >= sq.size) return;
    if (event.type === 'db.sq' ? sq.doorbell.on : !ledger.controller.doorbellBuffer) return;
    for (let slot = sq.tail; slot !== event.value; slot = next(slot, sq.size)) {
      const cid = ledger.writtenCid(sq, slot);
      if (cid >= 0) identifier(this.#desk, { cid }, sq);
      if (event.qid === ADMIN) this.#adminTaken(ledger.writtenAdmin(slot));
    }
  }

  #post(event: Post): void {
    const desk = this.#desk;
    if (whileDisabled(desk, event)) return;
    const ledger = this.#ledger;
    staleDoorbellBuffer(desk);
    const sq = ledger.sq(event.sqid);
    if (ledger.callers.open(event.sqid) > 0) desk.exercise('ANSWER-OWED');
    const row = namesCommand(desk, event);
    if (sq?.live) reportedHead(desk, event, sq, row);
    if (sq?.live && row >= 0 && sq.isOwed(row)) desk.exercise('CMD-COMPLETES');
    if (event.sqid === ADMIN && row >= 0) answers(desk, event);
    const cq = ledger.cq(event.cqid);
    if (!cq?.live) return;
    interruptsPost(desk, cq);
    this.#isolation(cq);
    postToQueue(desk, event, cq);
  }

  /** Something happens here while another CQ is full: it might have been held up by that. */
  #isolation(cq: LedgerCq): void {
    for (const other of this.#ledger.cqs) {
      if (other !== cq && other.full && !other.poisoned && this.#ledger.room.wanted(other)) {
        this.#desk.exercise('CQ-FULL-ISOLATION');
        return;
      }
    }
  }
}
