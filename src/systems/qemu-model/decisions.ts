/** What hw/nvme/ctrl.c decided differently over time. Each decision says what the code does. */
export interface QemuDecisions {
  /**
   * What nvme_post_cqes stores in CQ EventIdx before it reads the shadow head for the next entry: nothing, or the
   * head as it knows it.
   */
  readonly cqEventIdx: 'never-written' | 'head-before-each-look';
  /**
   * A request goes back to the list of a submission queue that had none left, and the queue has entries: whether
   * its bottom half is scheduled.
   */
  readonly requestReturned: 'schedules-nobody' | 'schedules-its-queue';
  /** Whom a head doorbell schedules when the completion queue was full. */
  readonly headDoorbellSchedules: 'queue-and-its-submission-queues' | 'queue';
}

/** From the first shadow doorbells (7.1) to fa5db2aa168b^ (8.0; stable 7.2 releases have the fix). */
export const preFa5db2aa: QemuDecisions = {
  cqEventIdx: 'never-written',
  requestReturned: 'schedules-nobody',
  headDoorbellSchedules: 'queue-and-its-submission-queues',
};

/** fa5db2aa168b up to 9529aa6bb4d1^ (November 2024). */
export const pre9529aa6b: QemuDecisions = { ...preFa5db2aa, cqEventIdx: 'head-before-each-look' };

/** 9529aa6bb4d1 and later. */
export const head: QemuDecisions = {
  ...pre9529aa6b,
  requestReturned: 'schedules-its-queue',
  headDoorbellSchedules: 'queue',
};

/** The values that each decision can take. */
export const qemuDecisionValues: { readonly [K in keyof QemuDecisions]: readonly QemuDecisions[K][] } = {
  cqEventIdx: ['never-written', 'head-before-each-look'],
  requestReturned: ['schedules-nobody', 'schedules-its-queue'],
  headDoorbellSchedules: ['queue-and-its-submission-queues', 'queue'],
};
