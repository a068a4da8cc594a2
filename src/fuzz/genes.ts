/**
 * What a generated world is made from: small numbers and flags. fast-check generates them without mapping, so that it
 * can shrink any of them later, knowing nothing of how they came about. `scenarioOf` reads every value of this type,
 * and reads smaller ones as simpler worlds: 0, false and an empty list stand for the least there is.
 *
 * Shrinking takes the parts in the order in which they stand here.
 */
import fc from 'fast-check';

export interface Genes {
  /** For each host thread, what it submits in order. The first thread has at least one command. */
  readonly threads: readonly (readonly CommandGene[])[];
  readonly control: readonly EpisodeGene[];
  /** How control ends: not at all, or with a request that nothing can follow. */
  readonly end: number;
  /** Completion queues; there is one at least. */
  readonly cqs: readonly CompletionQueueGene[];
  /** Submission queues; each completion queue has one at least. */
  readonly sqs: readonly SubmissionQueueGene[];
  /** Completion queue of the first submission queue: the others follow from it. */
  readonly crossed: number;
  readonly sharedVector: boolean;
  /** When Doorbell Buffer Config is issued in bring-up. */
  readonly doorbellBuffer: number;
  readonly driver: DriverGenes;
  readonly controller: ControllerGenes;
  /** Features that may take part. */
  readonly swarm: Swarm;
}

/** `count` commands of one kind, less one. */
export interface CommandGene {
  readonly count: number;
  readonly sq: number;
  readonly operation: number;
  readonly lba: number;
}

/** Control actions that belong together; masking lasts for some of the episodes after it. */
export interface EpisodeGene {
  /** Counts the kinds that the swarm leaves. */
  readonly kind: number;
  readonly queue: number;
  /** What it needs further: a size, a command, a kind of reset, whether two vectors are masked. */
  readonly detail: number;
  /** How many episodes a vector stays masked, or where a queue moves to. From 2 on a CQ comes back to a masked vector. */
  readonly also: number;
}

/** Slots of a queue, less two. */
export interface CompletionQueueGene {
  readonly size: number;
  readonly polled: boolean;
}
export interface SubmissionQueueGene {
  readonly size: number;
  /** Completion queue of one that is not the first on its own. */
  readonly cq: number;
}

/** Decisions of the reference driver that all conform, as `src/driver/decisions.ts` lists them; 0: the default. */
export interface DriverGenes {
  readonly wakeup: number;
  readonly tags: number;
  readonly freeSlots: boolean;
  readonly tailDoorbell: boolean;
  readonly headDoorbell: boolean;
  readonly completes: boolean;
  readonly completion: boolean;
  /** Whether the driver's door shows its callers. */
  readonly callers: boolean;
  /** Whether Doorbell Buffer Config names other pages each time. */
  readonly otherPages: boolean;
  /** Where command identifiers begin. */
  readonly firstCid: number;
}
/** The same of the reference controller. */
export interface ControllerGenes {
  readonly trapped: boolean;
  readonly reserveSlot: boolean;
  readonly sqhdTaken: boolean;
  readonly abort: boolean;
  /** Commands in execution at once; 0: as many as are outstanding. */
  readonly commands: number;
}

/**
 * Each world does without some features, because features hide each other's bugs: a poller finds what an interrupt
 * failed to announce, a reset ends what would have hung (Groce, Zhang, Eide, Chen, Regehr: Swarm Testing, ISSTA 2012).
 */
export type Swarm = Readonly<Record<(typeof swarmFeatures)[number], boolean>>;
export const swarmFeatures = [
  'severalQueues',
  'sharedCompletionQueues',
  'unequalSizes',
  'largeQueues',
  'polledQueues',
  'shadowDoorbells',
  'severalThreads',
  'otherCommands',
  'errors',
  'inspect',
  'abort',
  'mask',
  'doorbellBuffer',
  'reset',
  'recreate',
  'otherSizes',
  'restore',
  'driverDecisions',
  'controllerDecisions',
] as const;

/** Small numbers far more often than large ones. */
function mostly(most: number, max: number): fc.Arbitrary<number> {
  return fc.oneof({ weight: 4, arbitrary: fc.nat({ max: most }) }, { weight: 1, arbitrary: fc.nat({ max }) });
}
/** A list that is seldom empty. It is shrunk by the first of the two, so that any item can go. */
function filled<T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.oneof(
    { weight: 1, arbitrary: fc.array(item, { maxLength: 3 }) },
    { weight: 8, arbitrary: fc.array(item, { minLength: 1, maxLength: 3 }) },
  );
}
/** Slots beyond the two that there are at least: seldom more than any queue of a test has. */
const slots = fc.oneof(
  { weight: 16, arbitrary: fc.nat({ max: 2 }) },
  { weight: 4, arbitrary: fc.nat({ max: 6 }) },
  { weight: 1, arbitrary: fc.nat({ max: 15 }) },
);
const usual = fc.constantFrom(false, true, true);

const command: fc.Arbitrary<CommandGene> = fc.record({
  count: mostly(5, 9),
  sq: fc.nat({ max: 3 }),
  operation: fc.nat({ max: 2 }),
  lba: fc.nat({ max: 9 }),
});
const episode: fc.Arbitrary<EpisodeGene> = fc.record({
  kind: fc.nat({ max: 59 }),
  queue: fc.nat({ max: 11 }),
  detail: fc.nat({ max: 7 }),
  also: fc.nat({ max: 3 }),
});
const swarm = fc.record(
  Object.fromEntries(swarmFeatures.map((feature) => [feature, usual])),
) as fc.Arbitrary<Swarm>;

export const genes: fc.Arbitrary<Genes> = fc.record({
  threads: filled(filled(command)),
  control: fc.array(episode, { maxLength: 5 }),
  end: mostly(0, 2),
  cqs: fc.array(fc.record({ size: slots, polled: fc.boolean() }), { maxLength: 3 }),
  sqs: fc.array(fc.record({ size: slots, cq: fc.nat({ max: 2 }) }), { maxLength: 4 }),
  crossed: fc.nat({ max: 2 }),
  sharedVector: fc.boolean(),
  doorbellBuffer: fc.nat({ max: 3 }),
  driver: fc.record({
    wakeup: fc.nat({ max: 2 }),
    tags: mostly(0, 3),
    freeSlots: fc.boolean(),
    tailDoorbell: fc.boolean(),
    headDoorbell: fc.boolean(),
    completes: fc.boolean(),
    completion: fc.constantFrom(false, false, true),
    callers: fc.constantFrom(false, false, true),
    otherPages: fc.boolean(),
    firstCid: mostly(0, 3),
  }),
  controller: fc.record({
    trapped: fc.boolean(),
    reserveSlot: fc.boolean(),
    sqhdTaken: fc.boolean(),
    abort: fc.boolean(),
    commands: fc.nat({ max: 6 }),
  }),
  swarm,
});
