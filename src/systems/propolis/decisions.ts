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
  /** What becomes of the EventIdx of a queue that is given its doorbell buffer. */
  readonly configuredEventIdx: 'left-alone' | 'index-in-use';
  /**
   * When `cur_head`, which completions report as SQHD, passes an entry: before or after the entry is read.
   */
  readonly sqHeadPublished: 'before-entry-is-read' | 'after-entry-is-read';
  /** Whether CDW11.IEN of Create I/O Completion Queue is kept. */
  readonly interruptEnable: 'ignored' | 'honoured';
}

/** What all revisions up to the newest have in common. */
const common: Omit<PropolisDecisions, 'cqEventIdx'> = {
  workers: 2,
  kickWhenAvailRises: false,
  configuredEventIdx: 'left-alone',
  sqHeadPublished: 'before-entry-is-read',
  interruptEnable: 'ignored',
};

/** e25e56ee^ */
export const before: PropolisDecisions = { ...common, cqEventIdx: 'tail' };

/** e25e56ee */
export const after: PropolisDecisions = { ...common, cqEventIdx: 'tail-minus-one-if-more-than-one' };

/** No revision: what it takes to pass. */
export const ideal: PropolisDecisions = {
  workers: 2,
  cqEventIdx: 'head-when-reservation-fails',
  kickWhenAvailRises: true,
  configuredEventIdx: 'index-in-use',
  sqHeadPublished: 'after-entry-is-read',
  interruptEnable: 'honoured',
};

/** The values that each decision can take; an empty list: any number. */
export const propolisDecisionValues: {
  readonly [K in keyof PropolisDecisions]: readonly PropolisDecisions[K][];
} = {
  workers: [],
  cqEventIdx: ['tail', 'tail-minus-one-if-more-than-one', 'head-when-reservation-fails'],
  kickWhenAvailRises: [true, false],
  configuredEventIdx: ['left-alone', 'index-in-use'],
  sqHeadPublished: ['before-entry-is-read', 'after-entry-is-read'],
  interruptEnable: ['ignored', 'honoured'],
};
