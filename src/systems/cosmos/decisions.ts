/**
 * The places where the revisions of Cosmos' NVMe driver differ, and what it may meet. Each says what the code does.
 */
export interface CosmosDecisions {
  /** How InterruptEvent takes its lock: AcquireIrqSafe masks interrupts on this CPU until Release, Acquire does not. */
  readonly eventLock: 'irq-safe' | 'plain';
  /** Where Wait calls BlockThread: in the scope of the lock under which it found no signal, or after it. */
  readonly waitBlocks: 'inside-the-lock' | 'after-the-lock';
  /** The same of AcquireSlot, which found no slot. */
  readonly acquireBlocks: 'inside-the-lock' | 'after-the-lock';
  /** I/O slots, and with them commands outstanding: as many as the queue has entries, or one less. */
  readonly slots: 'depth-less-one' | 'depth';
  /** DmaBarrier between the stores of an entry and its doorbell, and between the loads of a phase tag and of its entry. */
  readonly barriers: 'dma' | 'none';
  /** What becomes of the slot of a command that timed out. */
  readonly timedOutSlot: 'quarantined' | 'released';
  /** What WaitCompletion (polled) does with an entry whose CID it did not expect. */
  readonly otherCid: 'discarded' | 'taken';
  /** Whether InterruptEvent.Wait counts its passes and gives up after so many. */
  readonly waitBound: 'counted' | 'none';
  /** MSI-X table entry that the I/O completion queue names (IV); the admin queue has entry 0. */
  readonly msixEntry: number;
  /** How completions are noticed; `polled` is the fallback where MSI-X cannot be had. */
  readonly completion: 'msix' | 'polled';
  /** When SubmitOnSlot writes the doorbell: before it gives `_submitSqLock` back, or after. */
  readonly tailDoorbell: 'under-the-lock' | 'after-the-lock';
  /** When the ISR writes the head doorbell: after it drained the queue, or for each entry before it signals. */
  readonly headDoorbell: 'after-the-loop' | 'before-each-signal';

  /** Whether the first caller is the main kernel thread, which polls the event's latch where others block. */
  readonly mainThread: boolean;
  /** ARM64 orders neither the stores of an entry before its doorbell nor the loads of a phase tag and its entry. */
  readonly architecture: 'x64' | 'arm64';
  /** CPUs; one in every revision so far (GetCurrentCpuId is 0). Interrupts go to the first. */
  readonly cpus: number;
  /** Waits that may exceed their number of passes in a run. */
  readonly timeouts: number;
  /** MSI-X messages that may get lost on their way to the CPU in a run. */
  readonly lostMessages: number;
}

/** From eab7e338, 548ea0b7 (2026-07) and the commits around them on; read at 1286e243. */
export const head: CosmosDecisions = {
  eventLock: 'irq-safe',
  waitBlocks: 'inside-the-lock',
  acquireBlocks: 'inside-the-lock',
  slots: 'depth-less-one',
  barriers: 'dma',
  timedOutSlot: 'quarantined',
  otherCid: 'discarded',
  waitBound: 'counted',
  msixEntry: 1,
  completion: 'msix',
  tailDoorbell: 'under-the-lock',
  headDoorbell: 'after-the-loop',
  mainThread: false,
  architecture: 'x64',
  cpus: 1,
  timeouts: 0,
  lostMessages: 0,
};

/** 2a69d046 (2026-05-13) up to eab7e338 (2026-07-06): the driver that the seed document describes. */
export const seed: CosmosDecisions = {
  ...head,
  waitBlocks: 'after-the-lock',
  acquireBlocks: 'after-the-lock',
  slots: 'depth',
  barriers: 'none',
  timedOutSlot: 'released',
  otherCid: 'taken',
  waitBound: 'none',
  msixEntry: 0,
};

/** 6c497186 (2026-05-08) up to cceef440, two days later. */
export const first: CosmosDecisions = { ...seed, eventLock: 'plain' };

/** The values that each decision can take; an empty list: any number. */
export const cosmosDecisionValues: { readonly [K in keyof CosmosDecisions]: readonly CosmosDecisions[K][] } =
  {
    eventLock: ['irq-safe', 'plain'],
    waitBlocks: ['inside-the-lock', 'after-the-lock'],
    acquireBlocks: ['inside-the-lock', 'after-the-lock'],
    slots: ['depth-less-one', 'depth'],
    barriers: ['dma', 'none'],
    timedOutSlot: ['quarantined', 'released'],
    otherCid: ['discarded', 'taken'],
    waitBound: ['counted', 'none'],
    msixEntry: [],
    completion: ['msix', 'polled'],
    tailDoorbell: ['under-the-lock', 'after-the-lock'],
    headDoorbell: ['after-the-loop', 'before-each-signal'],
    mainThread: [true, false],
    architecture: ['x64', 'arm64'],
    cpus: [],
    timeouts: [],
    lostMessages: [],
  };
