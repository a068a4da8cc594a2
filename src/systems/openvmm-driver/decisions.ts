/**
 * The places where the two revisions of the queue handler differ, and what bounds it. Each says what the code
 * does.
 */

export interface OpenvmmDecisions {
  /** Which messages share a channel: every kind one FIFO, or commands one and control requests another. */
  readonly channels: 'commands-and-requests' | 'one';
  /**
   * When a control request is looked for: on every pass, or only on passes on which a command could be taken.
   * With one channel, `always` takes the message at its front if that is a request.
   */
  readonly requestsPolled: 'always' | 'while-room';
  /**
   * Commands that one queue pair keeps track of (MAX_CIDS, 1024 in OpenVMM); small, so that it can be
   * reached.
   */
  readonly pendingCapacity: number;
}

const PENDING_CAPACITY = 4;

/** 86a1cba42, #2708: two channels, and requests are polled whether or not a command could be taken. */
export const after: OpenvmmDecisions = {
  channels: 'commands-and-requests',
  requestsPolled: 'always',
  pendingCapacity: PENDING_CAPACITY,
};

/** 86a1cba42^: one channel, polled only if neither the submission queue nor the table of commands is full. */
export const before: OpenvmmDecisions = {
  channels: 'one',
  requestsPolled: 'while-room',
  pendingCapacity: PENDING_CAPACITY,
};

/** The values that each decision can take; an empty list: any number. */
export const openvmmDecisionValues: {
  readonly [K in keyof OpenvmmDecisions]: readonly OpenvmmDecisions[K][];
} = {
  channels: ['commands-and-requests', 'one'],
  requestsPolled: ['always', 'while-room'],
  pendingCapacity: [],
};
