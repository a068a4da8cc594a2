/** What the revisions of Propolis store where and when, and how large the model is. */
export interface PropolisDecisions {
  /**
   * Block workers assigned to each submission queue (`Strategy::Static`). Each has one request in hand at
   * most.
   */
  readonly workers: number;
  /**
   * CQ EventIdx. `tail`: after every push. `tail-minus-one-if-more-than-one`: after a push that leaves more
   * than one entry by the head just read. `head-when-reservation-fails`: before an SQ is corked, and the head
   * is read again.
   */
  readonly cqEventIdx: 'tail' | 'tail-minus-one-if-more-than-one' | 'head-when-reservation-fails';
  /** Whether corked SQs are notified wherever `avail` rises, or by the CQ doorbell alone. */
  readonly kickWhenAvailRises: boolean;
  /**
   * Whether a worker looks for an entry before it reserves a slot of the CQ. If not, workers with nothing to do can
   * take the last slot by turns, each waking the other when it gives it back, while one with an entry finds none.
   */
  readonly looksBeforeItReserves: boolean;
  /** What becomes of the EventIdx of a queue that is given its doorbell buffer. */
  readonly configuredEventIdx: 'left-alone' | 'index-in-use';
  /**
   * What Doorbell Buffer Config stores in the shadow entry of a queue that has one already. The index in use may be
   * older than what the guest has stored there.
   */
  readonly reconfiguredShadow: 'index-in-use' | 'left-alone';
  /**
   * What a doorbell register of a queue with a doorbell buffer is rung for: its value is taken for the index, or the
   * shadow entry is read. A ring may be late (B.5.1), and then its value is older than the entry.
   */
  readonly ringInShadowMode: 'value-is-taken' | 'entry-is-read';
  /**
   * When `cur_head`, which completions report as SQHD, passes an entry: before or after the entry is read.
   */
  readonly sqHeadPublished: 'before-entry-is-read' | 'after-entry-is-read';
  /** What becomes of workers that `flush_notifications` took out of `notify_workers` and did not wake. */
  readonly idleNotWoken: 'goes-back' | 'is-forgotten';
  /** Whether `next_req` looks at its queue while other workers are marked as idle on it. */
  readonly nextReq: 'looks-always' | 'leaves-it-to-idle-workers';
  /** Whether CDW11.IEN of Create I/O Completion Queue is kept. */
  readonly interruptEnable: 'ignored' | 'honoured';
}

/** What all revisions up to the newest have in common. */
const common: Omit<PropolisDecisions, 'cqEventIdx'> = {
  workers: 2,
  kickWhenAvailRises: false,
  looksBeforeItReserves: false,
  configuredEventIdx: 'left-alone',
  reconfiguredShadow: 'index-in-use',
  ringInShadowMode: 'value-is-taken',
  sqHeadPublished: 'before-entry-is-read',
  idleNotWoken: 'goes-back',
  nextReq: 'looks-always',
  interruptEnable: 'ignored',
};

/** e25e56ee^ */
export const before: PropolisDecisions = { ...common, cqEventIdx: 'tail' };

/** 4726609f^ (#973, November 2025): doorbell buffers are two months old. */
export const pre973: PropolisDecisions = {
  ...before,
  idleNotWoken: 'is-forgotten',
  nextReq: 'leaves-it-to-idle-workers',
};

/** e25e56ee */
export const after: PropolisDecisions = { ...common, cqEventIdx: 'tail-minus-one-if-more-than-one' };

/** No revision: what it takes to pass. */
export const ideal: PropolisDecisions = {
  workers: 2,
  cqEventIdx: 'head-when-reservation-fails',
  kickWhenAvailRises: true,
  looksBeforeItReserves: true,
  configuredEventIdx: 'index-in-use',
  reconfiguredShadow: 'left-alone',
  ringInShadowMode: 'entry-is-read',
  sqHeadPublished: 'after-entry-is-read',
  idleNotWoken: 'goes-back',
  nextReq: 'looks-always',
  interruptEnable: 'honoured',
};

/** The values that each decision can take; an empty list: any number. */
export const propolisDecisionValues: {
  readonly [K in keyof PropolisDecisions]: readonly PropolisDecisions[K][];
} = {
  workers: [],
  cqEventIdx: ['tail', 'tail-minus-one-if-more-than-one', 'head-when-reservation-fails'],
  kickWhenAvailRises: [true, false],
  looksBeforeItReserves: [true, false],
  configuredEventIdx: ['left-alone', 'index-in-use'],
  reconfiguredShadow: ['index-in-use', 'left-alone'],
  ringInShadowMode: ['value-is-taken', 'entry-is-read'],
  sqHeadPublished: ['before-entry-is-read', 'after-entry-is-read'],
  idleNotWoken: ['goes-back', 'is-forgotten'],
  nextReq: ['looks-always', 'leaves-it-to-idle-workers'],
  interruptEnable: ['ignored', 'honoured'],
};
