/** What the revisions of the emulator do in different ways. None is right by default: each system states all of them. */
export interface EmulatorDecisions {
  /**
   * Where a doorbell's value is. `register-and-shadow`: in a `DoorbellRegister` that MMIO writes and, once configured,
   * in the guest's page as well, which is copied over the register on every look. `one-memory`: in `DoorbellMemory`,
   * which Doorbell Buffer Config exchanges for the guest's page; MMIO stores there.
   */
  readonly doorbells: 'register-and-shadow' | 'one-memory';
  /**
   * The worker of a completion queue. `one-queue-pair`: one SQ, and nothing is looked at until the CQ has room.
   * `several-queues`: any number of SQs, and completions that find the CQ full wait in a list.
   */
  readonly worker: 'one-queue-pair' | 'several-queues';
  /** EventIdx of the queues that there are when Doorbell Buffer Config comes. */
  readonly configuredEventIdx: 'left-alone' | 'doorbell-values';
  /** What a command that names no namespace does to its queue's count of I/Os in flight (`several-queues` only). */
  readonly unknownNamespace: 'counted-down' | 'not-counted';
  /** Where the doorbells are after a controller reset (`one-memory` only). */
  readonly resetDoorbells: 'in-the-page' | 'in-own-memory';
  /** I/Os in flight of each submission queue (`MAX_IO_QUEUE_DEPTH`). */
  readonly ioQueueDepth: number;
  /** Whether the disk behind the namespace finishes what it is given. One that is stuck is no revision's doing. */
  readonly disk: 'answers' | 'is-stuck';
}

/** 94889caeb^ */
export const pre1582: EmulatorDecisions = {
  doorbells: 'register-and-shadow',
  worker: 'one-queue-pair',
  configuredEventIdx: 'left-alone',
  unknownNamespace: 'not-counted',
  resetDoorbells: 'in-own-memory',
  ioQueueDepth: 8,
  disk: 'answers',
};

/** 94889caeb, #1582 (2025-08-30) */
export const after1582: EmulatorDecisions = {
  ...pre1582,
  doorbells: 'one-memory',
  configuredEventIdx: 'doorbell-values',
  resetDoorbells: 'in-the-page',
};

/** 722d203dc, #1945 (2025-09-08) */
export const after1945: EmulatorDecisions = {
  ...after1582,
  worker: 'several-queues',
  unknownNamespace: 'counted-down',
};

/** 36711face, #3474 (2026-05-20) */
export const after3474: EmulatorDecisions = { ...after1945, unknownNamespace: 'not-counted' };

/** b6cd54439, #4011 (2026-07-30) */
export const head: EmulatorDecisions = { ...after3474, resetDoorbells: 'in-own-memory' };

/** The values that each decision can take; an empty list: any number. */
export const emulatorDecisionValues: {
  readonly [K in keyof EmulatorDecisions]: readonly EmulatorDecisions[K][];
} = {
  doorbells: ['register-and-shadow', 'one-memory'],
  worker: ['one-queue-pair', 'several-queues'],
  configuredEventIdx: ['left-alone', 'doorbell-values'],
  unknownNamespace: ['counted-down', 'not-counted'],
  resetDoorbells: ['in-the-page', 'in-own-memory'],
  ioQueueDepth: [],
  disk: ['answers', 'is-stuck'],
};
