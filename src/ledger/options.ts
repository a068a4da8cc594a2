/** What the ledger has to be told about the world it watches. */
export interface LedgerOptions {
  /** Highest queue identifier + 1; queues beyond it count as never created. */
  readonly queuesMax: number;
  /** Commands outstanding on one SQ that can be told apart. */
  readonly outstandingMax: number;
  readonly vectors: number;
  /** CAP.DSTRD */
  readonly stride: number;
  /** CAP.MQES, 0's based. */
  readonly mqes: number;
  /** Whether `sqe.fetch` shows; if not, commands are known from `sqe.write` and the tail. True by default. */
  readonly fetchVisible?: boolean;
  /** Slots of the largest SQ; needed only where fetches are not visible. MQES + 1 by default. */
  readonly slotsMax?: number;
}
