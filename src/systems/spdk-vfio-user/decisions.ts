/**
 * What the code of lib/nvmf/vfio_user.c decided differently over time, or decides by configuration. Each
 * decision says what the code does; none is right by default, because each system states all of them.
 */
export interface SpdkDecisions {
  /** Whether reactors poll, or sleep on an eventfd (spdk_interrupt_mode_enable). */
  readonly mode: 'polling' | 'interrupt';
  /**
   * Who runs a poll group: one reactor for all queues, or one for each completion queue and its submission
   * queues.
   */
  readonly pollGroups: 'per-completion-queue' | 'one';
  /** What handle_sq_tdbl_write compares before it takes the next entry. */
  readonly fetchGate: 'none' | 'fetched-in-this-call-below-free' | 'free-above-outstanding';
  /** Interrupt mode: what is written when the gate closes, so that somebody comes back to the queue. */
  readonly gatedKick: 'nothing' | 'socket-fd' | 'group-eventfd' | 'self-kick';
  /** Interrupt mode: what vfio_user_sq_rearm does when its retry took no entry. */
  readonly emptyRetry: 'fails-the-controller' | 'counts-as-lost';
  /**
   * Polling mode, I/O queues: whether each completion interrupts (`disable_adaptive_irq`), or a poll that finds the
   * head of a queue with entries where the poll before it found it.
   */
  readonly interrupts: 'each-completion' | 'when-the-head-rests';
  /** What Create I/O CQ does with the cached head (last_head) that the queue's former life left behind. */
  readonly cachedHead: 'is-kept' | 'is-cleared';
  /** Requests that a submission queue has; without a free one an entry is answered with an error at once. */
  readonly requests: 'one-for-each-slot' | 'ample';
}

/** Up to 23b518a013 (February 2023). */
export const v0: SpdkDecisions = {
  mode: 'polling',
  pollGroups: 'per-completion-queue',
  fetchGate: 'none',
  gatedKick: 'nothing',
  emptyRetry: 'fails-the-controller',
  interrupts: 'each-completion',
  cachedHead: 'is-kept',
  requests: 'one-for-each-slot',
};

/** 23b518a013 up to 4bcab9fb9b. */
export const v1: SpdkDecisions = {
  ...v0,
  fetchGate: 'fetched-in-this-call-below-free',
  gatedKick: 'socket-fd',
};

/** 4bcab9fb9b up to 6e1d0b50c1 (November 2024). */
export const v2: SpdkDecisions = { ...v1, gatedKick: 'group-eventfd' };

/** 6e1d0b50c1 and later: review 25473, "sq flow control isn't working properly". */
export const v3: SpdkDecisions = {
  ...v2,
  fetchGate: 'free-above-outstanding',
  gatedKick: 'self-kick',
  emptyRetry: 'counts-as-lost',
};

/** The same with what is the default in polling mode since dd17459701 (January 2022). */
export const v3Adaptive: SpdkDecisions = { ...v3, interrupts: 'when-the-head-rests' };

/** The values that each decision can take; an empty list: any number. */
export const spdkDecisionValues: { readonly [K in keyof SpdkDecisions]: readonly SpdkDecisions[K][] } = {
  mode: ['polling', 'interrupt'],
  pollGroups: ['per-completion-queue', 'one'],
  fetchGate: ['none', 'fetched-in-this-call-below-free', 'free-above-outstanding'],
  gatedKick: ['nothing', 'socket-fd', 'group-eventfd', 'self-kick'],
  emptyRetry: ['fails-the-controller', 'counts-as-lost'],
  interrupts: ['each-completion', 'when-the-head-rests'],
  cachedHead: ['is-kept', 'is-cleared'],
  requests: ['one-for-each-slot', 'ample'],
};
