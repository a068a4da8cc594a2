/**
 * The places where the revisions of the queue handler differ, and what bounds it. Each says what the code does; a
 * revision is the one before it with one thing changed.
 */

export interface OpenvmmDecisions {
  /** Which messages share a channel: every kind one FIFO, or commands one and control requests another. */
  readonly channels: 'commands-and-requests' | 'one';
  /**
   * When a control request is looked for: on every pass, or only on passes on which a command could be taken.
   * With one channel, `always` takes the message at its front if that is a request.
   */
  readonly requestsPolled: 'always' | 'while-room';
  /** Whether a restored handler looks for control requests while it drains. */
  readonly requestsInDrain: 'polled' | 'not-polled';
  /** Which saved commands a restored handler waits for before it takes new ones: its own, or those of every queue. */
  readonly drains: 'every-queue' | 'its-own-queue';
  /** What a queue pair does that is created while others drain: wait for them, or take commands at once. */
  readonly newQueues: 'wait-for-the-drain' | 'take-commands';
  /** What becomes of a queue pair that the worker is creating when a Save comes: it is finished first, or given up. */
  readonly saveDuringCreation: 'gives-it-up' | 'waits-for-it';
  /** The doorbells that a draining handler rings before it sleeps. */
  readonly drainCommits: 'both' | 'cq';
  /** The SQ head that free slots are counted from: the furthest that completions prove, or the one reported last. */
  readonly sqHead: 'furthest' | 'latest';
  /** When the callers of what a saved handler leaves behind are told: as its loop ends, or when its memory goes. */
  readonly callersTold: 'with-the-loop' | 'with-the-queue-pair';
  /**
   * Commands that one queue pair keeps track of (MAX_CIDS, 1024 in OpenVMM); small, so that it can be
   * reached.
   */
  readonly pendingCapacity: number;
}

/** 86a1cba42^: one channel, polled only if neither the submission queue nor the table of commands is full. */
const pre2708: OpenvmmDecisions = {
  channels: 'one',
  requestsPolled: 'while-room',
  requestsInDrain: 'not-polled',
  drains: 'its-own-queue',
  newQueues: 'take-commands',
  saveDuringCreation: 'waits-for-it',
  drainCommits: 'cq',
  sqHead: 'latest',
  callersTold: 'with-the-loop',
  pendingCapacity: 4,
};

/** 86a1cba42, #2708: two channels, and requests are polled whether or not a command could be taken. */
const at2708: OpenvmmDecisions = {
  ...pre2708,
  channels: 'commands-and-requests',
  requestsPolled: 'always',
};

/** d02d292b0, #2736: recv_req is polled in drain mode too. */
const at2736: OpenvmmDecisions = { ...at2708, requestsInDrain: 'polled' };

/** c1541ef31, #2833: DrainAfterRestore, a barrier over all queues that were saved. */
const at2833: OpenvmmDecisions = { ...at2736, drains: 'every-queue' };

/** 831eb3db3, #2864: queues created after restore wait at the barrier too. */
const at2864: OpenvmmDecisions = { ...at2833, newQueues: 'wait-for-the-drain' };

/** 1488a37b: since a1807d023, #3431, the channels belong to the task and not to its loop. */
const head: OpenvmmDecisions = { ...at2864, callersTold: 'with-the-queue-pair' };

/**
 * What it would take: a Save waits for no creation, the drain announces what the saved driver wrote, and no head is
 * taken back.
 */
const ideal: OpenvmmDecisions = {
  ...at2864,
  saveDuringCreation: 'gives-it-up',
  drainCommits: 'both',
  sqHead: 'furthest',
};

export const revisions: {
  readonly [K in 'pre-2708' | '2708' | '2736' | '2833' | '2864' | 'head' | 'ideal']: OpenvmmDecisions;
} = {
  'pre-2708': pre2708,
  '2708': at2708,
  '2736': at2736,
  '2833': at2833,
  '2864': at2864,
  'head': head,
  'ideal': ideal,
};

/** The values that each decision can take; an empty list: any number. */
export const openvmmDecisionValues: {
  readonly [K in keyof OpenvmmDecisions]: readonly OpenvmmDecisions[K][];
} = {
  channels: ['commands-and-requests', 'one'],
  requestsPolled: ['always', 'while-room'],
  requestsInDrain: ['polled', 'not-polled'],
  drains: ['every-queue', 'its-own-queue'],
  newQueues: ['wait-for-the-drain', 'take-commands'],
  saveDuringCreation: ['gives-it-up', 'waits-for-it'],
  drainCommits: ['both', 'cq'],
  sqHead: ['furthest', 'latest'],
  callersTold: ['with-the-loop', 'with-the-queue-pair'],
  pendingCapacity: [],
};
