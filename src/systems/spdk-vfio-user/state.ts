/**
 * What the parts of the model share: the controller's state and, beside it, what only this transport keeps.
 */
import type { Arena } from '../../arena/arena.ts';
import { BitSet, WordArray } from '../../arena/containers.ts';
import { flag, type Flag, state, type StateOf, type Word, word } from '../../arena/state.ts';
import { conforming } from '../../controller/decisions.ts';
import type { CompletionQueue, SubmissionQueue } from '../../controller/queues.ts';
import { ControllerState } from '../../controller/state.ts';
import type { Link } from '../../link/link.ts';
import { ADMIN, type QueueId, type SlotIndex } from '../../spec/units.ts';
import type { ControllerShape } from '../system.ts';
import type { SpdkDecisions } from './decisions.ts';

/** NVMF_VFIO_USER_EVENTIDX_POLL: a value that no doorbell of at most 64 Ki slots moves past. */
export const EVENTIDX_POLL = 0xffff_ffff;

/**
 * Commands that can be in hand beyond those that the host was planned to have outstanding: admin commands.
 */
const ADMIN_COMMANDS = 2;

export class SpdkState extends ControllerState {
  readonly spdk: SpdkDecisions;
  /** BAR0 from 1000h on: plain memory that the host writes and the pollers read. */
  readonly bar0: WordArray;
  /** For each completion queue: last_head, the head doorbell as it was read last. */
  readonly lastHead: WordArray;
  /** For each completion queue: last_trigger_irq_tail, the tail that adaptive interrupts told the host about. */
  readonly lastTriggerTail: WordArray;
  /** Submission queues whose EventIdx was passed and has to be set before the group sleeps (need_rearm). */
  readonly needRearm: BitSet;
  /** Submission queues that Delete waits to see drained (VFIO_USER_SQ_DELETED, qpair not gone yet). */
  readonly deleting: BitSet;
  /** For each submission queue: the tail that was reported as an invalid doorbell value, plus one. */
  readonly rejected: WordArray;

  constructor(arena: Arena, link: Link, spdk: SpdkDecisions, shape: ControllerShape) {
    super(arena, link, {
      ...conforming,
      ioQueues: shape.ioQueues,
      commands: shape.outstanding + ADMIN_COMMANDS,
      deleteSq: 'lets-them-finish',
    });
    this.spdk = spdk;
    const queues = shape.ioQueues + 1;
    this.bar0 = new WordArray(arena, 2 * queues);
    this.lastHead = new WordArray(arena, queues);
    this.lastTriggerTail = new WordArray(arena, queues);
    this.needRearm = new BitSet(arena, queues);
    this.deleting = new BitSet(arena, queues);
    this.rejected = new WordArray(arena, queues);
  }

  /**
   * Unlike the reference it goes on after fail_ctrlr: sq_poll asks for the controller's state, not for
   * CSTS.CFS.
   */
  override get running(): boolean {
    return this.ready && (this.cc & 1) === 1 && this.shutdown === 0;
  }

  /** Whether the completions of this queue interrupt only as suppressed-irq.ts says. */
  isAdaptive(cq: CompletionQueue): boolean {
    return this.spdk.interrupts === 'when-the-head-rests' && this.spdk.mode === 'polling' && cq.qid !== ADMIN;
  }

  isActive(sq: SubmissionQueue): boolean {
    return sq.live && !this.deleting.has(sq.qid);
  }

  /** *sq_dbl_tailp: BAR0, or the shadow page for I/O queues once it is configured. */
  tailDoorbell(sq: SubmissionQueue): number {
    const { qid, shadow } = sq;
    const value = shadow ? this.link.dmaRead32(this.shadowAddress('sq', qid)) : this.bar0.get(2 * qid);
    return value & 0xffff;
  }

  /** *cq_dbl_headp. It is used as it stands: nothing checks it against the queue's size. */
  headDoorbell(cq: CompletionQueue): number {
    return cq.shadow ? this.link.dmaRead32(this.shadowAddress('cq', cq.qid)) : this.bar0.get(2 * cq.qid + 1);
  }

  clearDoorbell(ring: 'sq' | 'cq', qid: QueueId): void {
    // "We should always reset the doorbells": older Linux left garbage in a shadow page that it used again.
    const shadow = this.shadowPage !== 0 && qid !== ADMIN;
    if (shadow) this.link.dmaWrite32(this.shadowAddress(ring, qid), 0);
    else this.bar0.set(2 * qid + (ring === 'cq' ? 1 : 0), 0);
  }

  /** A store of the value that is there already is no news to anybody. */
  storeEventIdx(ring: 'sq' | 'cq', qid: QueueId, value: number): void {
    const address = this.eventIdxAddress(ring, qid);
    if (this.link.dmaRead32(address) !== value >>> 0) this.link.dmaWrite32(address, value);
  }

  refreshHead(cq: CompletionQueue): void {
    this.lastHead.set(cq.qid, this.headDoorbell(cq));
  }

  /** cq_free_slots, by the cached head unless another is given. */
  freeSlots(cq: CompletionQueue, head: SlotIndex = this.lastHead.get(cq.qid)): number {
    if (cq.tail === head) return cq.size - 1;
    return cq.tail > head ? cq.size - (cq.tail - head) - 1 : head - cq.tail - 1;
  }

  /** Commands of this queue that hold one of its requests. */
  requestsInUse(sq: SubmissionQueue): number {
    const held = this.pool.commands.filter(({ stageNumber, sqid }) => stageNumber !== 0 && sqid === sq.qid);
    return held.length;
  }
}

const groupFields = {
  /** The group's eventfd can be read, or a message for its thread waits. Several writes merge. */
  kicked: flag as Flag,
  /** need_kick: write the eventfd when this round is over. */
  needKick: flag as Flag,
  /** The submission queue at hand, and whether it is being re-armed rather than polled. */
  sqid: word as Word<QueueId>,
  rearming: flag as Flag,
  /** new_tail or old_tail of the call at hand. */
  tail: word as Word<SlotIndex>,
  /** Entries taken in this call of handle_sq_tdbl_write. */
  fetched: word as Word,
  /** Times that set_sq_eventidx lost the race for this queue. */
  lost: word as Word,
};
const GroupFields: StateOf<typeof groupFields> = state(groupFields);

/** struct nvmf_vfio_user_poll_group, and what the functions of its thread keep on their stack. */
export class PollGroup extends GroupFields {
  readonly name: string;
  readonly #members: (cqid: QueueId) => boolean;

  constructor(arena: Arena, name: string, members: (cqid: QueueId) => boolean) {
    super(arena);
    this.name = name;
    this.#members = members;
  }

  /** All submission queues of one completion queue are in one group. */
  has(cqid: QueueId): boolean {
    return this.#members(cqid);
  }

  clear(): void {
    this.kicked = this.needKick = false;
    this.clearStack();
  }

  clearStack(): void {
    this.rearming = false;
    this.sqid = this.tail = this.fetched = this.lost = 0;
  }
}
