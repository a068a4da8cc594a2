/**
 * The places where controllers are known to differ or to go wrong. Each decision says what the code does:
 * which value it stores, where and when. The first value named is the default, and conforms.
 */
export interface ControllerDecisions {
  /** Largest queue, 0's based (CAP.MQES). */
  readonly mqes: number;
  /** I/O queues granted by Number of Queues, of each kind. */
  readonly ioQueues: number;
  /** Commands in execution at once, over all queues. */
  readonly commands: number;
  /** Blocks of 512 bytes in the namespace. */
  readonly blocks: number;
  /** Asynchronous Event Requests held, 0's based (AERL). */
  readonly aerl: number;
  /** Asynchronous events that happen in a run, each while an I/O command is executed. */
  readonly events: number;
  /** Doorbell Buffer Config, an optional command (OACS bit 8). */
  readonly doorbellBuffer: 'implemented' | 'absent';

  /** When a completion queue slot is set aside for a command. */
  readonly reserveSlot: 'before-fetch' | 'before-post';
  /** What is done with a completion that finds no free slot (`before-post` only). */
  readonly postWhenFull: 'wait' | 'overwrite' | 'discard' | 'discard-and-fail';
  /** Who looks again when the host frees slots of a completion queue. */
  readonly headDoorbellWakes: 'queue' | 'nobody';
  /** Which submission queues stop when a completion queue has no free slot. */
  readonly fullQueueStops: 'its-submission-queues' | 'every-submission-queue';
  /** Which slot is fetched next. */
  readonly nextFetch: 'head' | 'newest';
  /** Up to where entries are fetched. */
  readonly fetchUntil: 'tail' | 'one-past-tail';
  /** Slot after which the completion queue's tail returns to 0. */
  readonly completionWrap: 'last-slot' | 'last-but-one';
  /** Phase tag of posted entries: inverted on every pass, or always 1. */
  readonly phase: 'inverts' | 'constant';
  /** When the dword with the phase tag is stored: with the rest of the entry, or a step before it. */
  readonly phaseWritten: 'with-the-entry' | 'first';
  /** What is reported as SQ head. */
  readonly sqhd: 'head' | 'tail' | 'unwrapped-head';
  /** When the SQ head that a completion reports is looked at; both conform, as 4.2.1 says when the entry is made. */
  readonly sqhdTaken: 'at-post' | 'at-fetch';
  /** SQ identifier written into completion entries. */
  readonly completionSqid: 'of-the-command' | 'zero';
  /** Completion queue that an entry is posted to. */
  readonly postTo: 'bound-queue' | 'queue-of-same-id';
  /** What becomes of a command that names a block outside the namespace. */
  readonly rangeError: 'completes' | 'is-dropped';
  /** What Create does to the queue's indices and phase. */
  readonly create: 'initialises' | 'keeps-indices';
  /** What Delete I/O SQ does with commands in execution. */
  readonly deleteSq: 'discards-them' | 'lets-them-finish';
  /** Delete I/O CQ while submission queues are bound to it. */
  readonly deleteCqInUse: 'is-refused' | 'succeeds';
  /** What becomes of commands in execution when CC.EN falls. */
  readonly disable: 'discards-them' | 'lets-them-finish';
  /** What a Create is refused for; each value but the first leaves one check out. */
  readonly createChecks: 'all' | 'not-in-use' | 'not-completion-queue';
  /** When CSTS.RDY falls after CC.EN. */
  readonly clearsReady: 'at-once' | 'when-no-command-is-left';
  /** Each time that CC.EN is set, or by a task that runs from the start and ends with the first reset. */
  readonly setsReady: 'at-each-enable' | 'until-the-first-reset';
  /** When CSTS.SHST says that a shutdown is complete. */
  readonly shutdown: 'at-once' | 'when-queues-are-deleted';
  /** Which queues a Controller Level Reset deletes. */
  readonly resetDeletes: 'every-queue' | 'the-admin-queue';
  /** Whether a Controller Level Reset ends shadow doorbells. */
  readonly resetForgetsDoorbellBuffer: boolean;
  /** What Abort does to its target: completes it in its place, or besides its own completion. */
  readonly abort: 'instead' | 'as-well' | 'never';

  /** SQ EventIdx: the value stored before the fetcher sleeps. */
  readonly sqEventIdx: 'head' | 'never-written';
  /** Whether the fetcher reads the shadow tail again after it stored EventIdx. */
  readonly sqReread: boolean;
  /** CQ EventIdx: when it is stored and with which value. */
  readonly cqEventIdx: 'head-when-blocked' | 'tail-after-post' | 'never-written';
  /** Whether the shadow head is read again after CQ EventIdx was stored. */
  readonly cqReread: boolean;
  /** What a doorbell write means while a queue has shadow doorbells. */
  readonly doorbellInShadowMode: 'kick' | 'value';

  /** When an interrupt is wanted for a posted entry. */
  readonly interrupt: 'each-post' | 'when-queue-was-empty' | 'never';
  /** What is done for a vector that is masked. */
  readonly masked: 'set-pending' | 'send' | 'drop';
  /** What is done when a vector with its pending bit set is unmasked. */
  readonly unmask: 'send' | 'keep-pending';
}

export const conforming: ControllerDecisions = {
  mqes: 63,
  ioQueues: 4,
  commands: 8,
  blocks: 8,
  aerl: 3,
  events: 0,
  doorbellBuffer: 'implemented',
  reserveSlot: 'before-fetch',
  postWhenFull: 'wait',
  headDoorbellWakes: 'queue',
  fullQueueStops: 'its-submission-queues',
  nextFetch: 'head',
  fetchUntil: 'tail',
  completionWrap: 'last-slot',
  phase: 'inverts',
  phaseWritten: 'with-the-entry',
  sqhd: 'head',
  sqhdTaken: 'at-post',
  completionSqid: 'of-the-command',
  postTo: 'bound-queue',
  rangeError: 'completes',
  create: 'initialises',
  deleteSq: 'discards-them',
  deleteCqInUse: 'is-refused',
  disable: 'discards-them',
  createChecks: 'all',
  clearsReady: 'at-once',
  setsReady: 'at-each-enable',
  shutdown: 'at-once',
  resetDeletes: 'every-queue',
  resetForgetsDoorbellBuffer: true,
  abort: 'instead',
  sqEventIdx: 'head',
  sqReread: true,
  cqEventIdx: 'head-when-blocked',
  cqReread: true,
  doorbellInShadowMode: 'kick',
  interrupt: 'each-post',
  masked: 'set-pending',
  unmask: 'send',
};

/** The values that each decision can take; an empty list: any number. */
export const controllerDecisionValues: {
  readonly [K in keyof ControllerDecisions]: readonly ControllerDecisions[K][];
} = {
  mqes: [],
  ioQueues: [],
  commands: [],
  blocks: [],
  aerl: [],
  events: [],
  doorbellBuffer: ['implemented', 'absent'],
  reserveSlot: ['before-fetch', 'before-post'],
  postWhenFull: ['wait', 'overwrite', 'discard', 'discard-and-fail'],
  headDoorbellWakes: ['queue', 'nobody'],
  fullQueueStops: ['its-submission-queues', 'every-submission-queue'],
  nextFetch: ['head', 'newest'],
  fetchUntil: ['tail', 'one-past-tail'],
  completionWrap: ['last-slot', 'last-but-one'],
  phase: ['inverts', 'constant'],
  phaseWritten: ['with-the-entry', 'first'],
  sqhd: ['head', 'tail', 'unwrapped-head'],
  sqhdTaken: ['at-post', 'at-fetch'],
  completionSqid: ['of-the-command', 'zero'],
  postTo: ['bound-queue', 'queue-of-same-id'],
  rangeError: ['completes', 'is-dropped'],
  create: ['initialises', 'keeps-indices'],
  deleteSq: ['discards-them', 'lets-them-finish'],
  deleteCqInUse: ['is-refused', 'succeeds'],
  disable: ['discards-them', 'lets-them-finish'],
  createChecks: ['all', 'not-in-use', 'not-completion-queue'],
  clearsReady: ['at-once', 'when-no-command-is-left'],
  setsReady: ['at-each-enable', 'until-the-first-reset'],
  shutdown: ['at-once', 'when-queues-are-deleted'],
  resetDeletes: ['every-queue', 'the-admin-queue'],
  resetForgetsDoorbellBuffer: [true, false],
  abort: ['instead', 'as-well', 'never'],
  sqEventIdx: ['head', 'never-written'],
  sqReread: [true, false],
  cqEventIdx: ['head-when-blocked', 'tail-after-post', 'never-written'],
  cqReread: [true, false],
  doorbellInShadowMode: ['kick', 'value'],
  interrupt: ['each-post', 'when-queue-was-empty', 'never'],
  masked: ['set-pending', 'send', 'drop'],
  unmask: ['send', 'keep-pending'],
};
