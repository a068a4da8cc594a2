/**
 * The places where drivers are known to differ or to go wrong. Each decision says what the code does. The first
 * value named is the default, and conforms.
 */
import { type WakeupFormula, wakeupFormulas } from '../spec/wakeup.ts';

export interface DriverDecisions {
  /** When a moved shadow doorbell is also rung (Annex B.5). */
  readonly wakeup: WakeupFormula;
  /** Commands outstanding at once on a submission queue; 0 stands for one less than its size. */
  readonly tags: number;
  /** How a free slot is known: by counting outstanding commands, or by the SQ head that completions report. */
  readonly freeSlots: 'tags' | 'sqhd';
  /** Register writes for a run of submissions: one each, or one for all that could be written. */
  readonly tailDoorbell: 'each' | 'batch';
  /** When the completion queue's head is published: after each entry, or when no more are found. */
  readonly headDoorbell: 'batch' | 'entry';
  /** Whether a command is completed (its tag freed) before the head is published, or after. */
  readonly completes: 'before-head-doorbell' | 'after-head-doorbell';
  /** When an entry is read, if commands are completed after the head doorbell: before it, or only then. */
  readonly entryRead: 'when-consumed' | 'when-completed';
  /** How completions are noticed. */
  readonly completion: 'interrupt' | 'polled';
  /** Between the store of a shadow doorbell and the load of EventIdx: a full barrier, or none. */
  readonly fence: 'full' | 'none';

  /** Whether the driver's door shows what its callers ask and are answered; a caller is known by its command's tag. */
  readonly callers: 'unseen' | 'shown';

  /** Command identifier given to a command. */
  readonly cid: 'tag' | 'zero';
  /** Identifier of the first tag: the others count on from there. */
  readonly firstCid: number;
  /** Where the tail wraps: at the queue's size, or one slot later. */
  readonly tailWrap: 'size' | 'one-past';
  /** Where the completion queue's head wraps: at its own size, or at that of the submission queue. */
  readonly headWrap: 'size' | 'submission-queue-size';
  /** Head value published: of the last entry consumed, or one further. */
  readonly headPublished: 'consumed' | 'one-further';
  /** Value written to the register after a shadow update: the new one, or the one before. */
  readonly ringValue: 'new' | 'old';
  /** Whether bring-up waits for CSTS.RDY before the first command. */
  readonly waitsForReady: boolean;
  /** When the doorbell of a new submission queue is written for the first time. */
  readonly ringsNewQueue: 'when-used' | 'before-create';
  /** How queue 0 is announced once shadow doorbells are configured: as before (Linux), or like any queue (libvfn). */
  readonly adminDoorbells: 'registers' | 'shadow';
  /** Pages that a later Doorbell Buffer Config names: the same again, or another pair, cleared, and the first one after that. */
  readonly doorbellPages: 'same' | 'in-turn';
  /** Shadow entries of a queue that is created: cleared first, or as its last life left them (Linux before 2021). */
  readonly newQueueEntries: 'cleared' | 'left-alone';
}

export const conforming: DriverDecisions = {
  wakeup: 'strict',
  tags: 0,
  freeSlots: 'tags',
  tailDoorbell: 'each',
  headDoorbell: 'batch',
  completes: 'before-head-doorbell',
  entryRead: 'when-consumed',
  completion: 'interrupt',
  fence: 'full',
  callers: 'unseen',
  cid: 'tag',
  firstCid: 0,
  tailWrap: 'size',
  headWrap: 'size',
  headPublished: 'consumed',
  ringValue: 'new',
  waitsForReady: true,
  ringsNewQueue: 'when-used',
  adminDoorbells: 'registers',
  doorbellPages: 'same',
  newQueueEntries: 'cleared',
};

/** The values that each decision can take; an empty list: any number. */
export const driverDecisionValues: { readonly [K in keyof DriverDecisions]: readonly DriverDecisions[K][] } =
  {
    wakeup: wakeupFormulas,
    tags: [],
    freeSlots: ['tags', 'sqhd'],
    tailDoorbell: ['each', 'batch'],
    headDoorbell: ['batch', 'entry'],
    completes: ['before-head-doorbell', 'after-head-doorbell'],
    entryRead: ['when-consumed', 'when-completed'],
    completion: ['interrupt', 'polled'],
    fence: ['full', 'none'],
    callers: ['unseen', 'shown'],
    cid: ['tag', 'zero'],
    firstCid: [],
    tailWrap: ['size', 'one-past'],
    headWrap: ['size', 'submission-queue-size'],
    headPublished: ['consumed', 'one-further'],
    ringValue: ['new', 'old'],
    waitsForReady: [true, false],
    ringsNewQueue: ['when-used', 'before-create'],
    adminDoorbells: ['registers', 'shadow'],
    doorbellPages: ['same', 'in-turn'],
    newQueueEntries: ['cleared', 'left-alone'],
  };
