/**
 * Mutants: the reference with one decision the way a real implementation got it wrong. Each breaks one rule, and a
 * scenario must find it: a rule that no mutant can trip is not worth having.
 */
import type { ControllerDecisions } from '../controller/decisions.ts';
import type { DriverDecisions } from '../driver/decisions.ts';
import type { RuleId } from '../spec/rule.ts';
import { controllerByDecisions, driverByDecisions } from './reference.ts';
import type { ControllerSystem, DriverSystem } from './system.ts';

interface Mutation<Decisions> {
  readonly name: string;
  /** What the code does, and where this was seen. */
  readonly describes: string;
  readonly decisions: Partial<Decisions>;
  /** The rule it breaks. */
  readonly breaks: RuleId;
  /** The scenario that shows it, by the name of its file. */
  readonly shownBy: string;
}

export const controllerMutations: readonly Mutation<ControllerDecisions>[] = [
  {
    name: 'creates-in-use',
    describes: 'does not look whether the identifier is in use',
    decisions: { createChecks: 'not-in-use' },
    breaks: 'CREATE-QID',
    shownBy: 'create-refused',
  },
  {
    name: 'creates-without-cq',
    describes: 'looks for the completion queue when it posts first',
    decisions: { createChecks: 'not-completion-queue' },
    breaks: 'CREATE-SQ-CQID',
    shownBy: 'create-refused',
  },
  {
    name: 'ready-once',
    describes: 'sets CSTS.RDY from a task that the first reset cancels',
    decisions: { setsReady: 'until-the-first-reset' },
    breaks: 'RDY-RISES',
    shownBy: 'reset-in-flight',
  },
  {
    name: 'reset-waits-for-commands',
    describes: 'clears CSTS.RDY when no command is left, and finishes none once CC.EN is cleared',
    decisions: { clearsReady: 'when-no-command-is-left' },
    breaks: 'RDY-FALLS',
    shownBy: 'reset-in-flight',
  },
  {
    name: 'shutdown-needs-deletion',
    describes: 'ignores CC.SHN as long as I/O queues exist',
    decisions: { shutdown: 'when-queues-are-deleted' },
    breaks: 'SHN-COMPLETES',
    shownBy: 'shutdown-with-queues',
  },
  {
    name: 'fetches-newest-first',
    describes: 'takes the entry before the tail instead of the one at the head',
    decisions: { nextFetch: 'newest' },
    breaks: 'SQ-FETCH-ORDER',
    shownBy: 'doorbell-held-back',
  },
  {
    name: 'fetches-past-tail',
    describes: 'compares with the tail before the last entry was taken, and takes one entry more',
    decisions: { fetchUntil: 'one-past-tail' },
    breaks: 'SQ-FETCH-PAST-TAIL',
    shownBy: 'doorbell-held-back',
  },
  {
    name: 'overwrites-full-queue',
    describes: 'posts without looking at the head',
    decisions: { reserveSlot: 'before-post', postWhenFull: 'overwrite' },
    breaks: 'CQ-FULL-NO-POST',
    shownBy: 'cq-full-parked-sq',
  },
  {
    name: 'discards-at-full-queue',
    describes: 'gives a completion up when no slot is free (SPDK vfio-user before 2023)',
    decisions: { reserveSlot: 'before-post', postWhenFull: 'discard' },
    breaks: 'CQ-FULL-NO-LOSS',
    shownBy: 'cq-full-parked-sq',
  },
  {
    name: 'full-queue-stops-all',
    describes: 'fetches from no submission queue while any completion queue is full',
    decisions: { fullQueueStops: 'every-submission-queue' },
    breaks: 'CQ-FULL-ISOLATION',
    shownBy: 'cq-full-isolation',
  },
  {
    name: 'head-doorbell-wakes-nobody',
    describes: 'takes the new head and leaves parked submission queues parked',
    decisions: { headDoorbellWakes: 'nobody' },
    breaks: 'CQ-FULL-RESUME',
    shownBy: 'cq-full-parked-sq',
  },
  {
    name: 'wraps-one-slot-early',
    describes: 'returns the completion tail to 0 after the last slot but one',
    decisions: { completionWrap: 'last-but-one' },
    breaks: 'CQE-SLOT-ORDER',
    shownBy: 'phase-wrap',
  },
  {
    name: 'constant-phase',
    describes: 'posts phase 1 on every pass',
    decisions: { phase: 'constant' },
    breaks: 'PHASE-EXPECTED',
    shownBy: 'phase-wrap',
  },
  {
    name: 'phase-tag-first',
    describes: 'stores the dword with the phase tag before the rest of a completion entry',
    decisions: { phaseWritten: 'first' },
    breaks: 'PHASE-LAST-WRITE',
    shownBy: 'phase-wrap',
  },
  {
    name: 'unwrapped-sqhd',
    describes: 'reports the size of the queue instead of 0 as SQ head',
    decisions: { sqhd: 'unwrapped-head' },
    breaks: 'SQHD-RANGE',
    shownBy: 'smallest-rings',
  },
  {
    name: 'sqhd-is-tail',
    describes: 'reports the tail as SQ head, so that unfetched slots look free',
    decisions: { sqhd: 'tail' },
    breaks: 'SQHD-NOT-AHEAD',
    shownBy: 'cq-full-parked-sq',
  },
  {
    name: 'zero-sqid',
    describes: 'leaves the SQ identifier of completions zero (SPDK vfio-user before 77522c0a67)',
    decisions: { completionSqid: 'zero' },
    breaks: 'CQE-UNKNOWN-CID',
    shownBy: 'phase-wrap',
  },
  {
    name: 'abort-completes-twice',
    describes: 'posts Command Abort Requested for the target, and then its own completion too',
    decisions: { abort: 'as-well' },
    breaks: 'CQE-DUPLICATE',
    shownBy: 'abort-in-flight',
  },
  {
    name: 'queue-of-same-id',
    describes: 'takes the SQ identifier for the CQ identifier',
    decisions: { postTo: 'queue-of-same-id', reserveSlot: 'before-post' },
    breaks: 'CQE-WRONG-CQ',
    shownBy: 'crossed-queues',
  },
  {
    name: 'error-path-drops-command',
    describes: 'forgets a command that names a block outside the namespace',
    decisions: { rangeError: 'is-dropped' },
    breaks: 'CMD-COMPLETES',
    shownBy: 'error-completes',
  },
  {
    name: 'create-keeps-indices',
    describes: 'uses the indices and the phase of the queue that was deleted (bhyve before rS364603)',
    decisions: { create: 'keeps-indices' },
    breaks: 'QUEUE-FRESH-STATE',
    shownBy: 'recreated-queue',
  },
  {
    name: 'delete-lets-commands-finish',
    describes: 'acknowledges Delete I/O SQ while commands of the queue are still in execution',
    decisions: { deleteSq: 'lets-them-finish' },
    breaks: 'DELETE-SQ-LATE-CQE',
    shownBy: 'late-completion-after-delete',
  },
  {
    name: 'deletes-used-cq',
    describes: 'deletes a completion queue that submission queues are bound to',
    decisions: { deleteCqInUse: 'succeeds' },
    breaks: 'DELETE-CQ-IN-USE',
    shownBy: 'delete-order',
  },
  {
    name: 'posts-after-disable',
    describes: 'lets commands finish and posts them after CSTS.RDY was cleared',
    decisions: { disable: 'lets-them-finish' },
    breaks: 'DISABLED-SILENT',
    shownBy: 'reset-in-flight',
  },
  {
    name: 'io-queues-survive-reset',
    describes: 'deletes only the admin queue when CC.EN falls',
    decisions: { resetDeletes: 'the-admin-queue' },
    breaks: 'CLR-IOQ-GONE',
    shownBy: 'reset-in-flight',
  },
  {
    name: 'no-second-look-at-tail',
    describes: 'sleeps after the store of EventIdx without reading the shadow tail again',
    decisions: { sqReread: false },
    breaks: 'EVENTIDX-SQ-LOST-WAKEUP',
    shownBy: 'shadow-wakeup',
  },
  {
    name: 'cq-eventidx-is-tail',
    describes: 'stores the tail in CQ EventIdx after each post (Propolis before e25e56ee)',
    decisions: { cqEventIdx: 'tail-after-post' },
    breaks: 'EVENTIDX-CQ-LOST-WAKEUP',
    shownBy: 'eventidx-lagging-tail',
  },
  {
    name: 'doorbell-pages-survive-reset',
    describes: 'keeps using the shadow doorbell pages after a reset (OpenVMM before b6cd54439)',
    decisions: { resetForgetsDoorbellBuffer: false },
    breaks: 'DBC-CLR-LIFETIME',
    shownBy: 'shadow-ends-with-reset',
  },
  {
    name: 'interrupts-only-when-empty',
    describes: 'sends a message only for an entry posted to a queue that was empty',
    decisions: { interrupt: 'when-queue-was-empty' },
    breaks: 'INT-OWED',
    shownBy: 'three-slot-rings',
  },
  {
    name: 'ignores-mask',
    describes: 'sends messages of masked vectors',
    decisions: { masked: 'send' },
    breaks: 'MSIX-MASKED',
    shownBy: 'msix-mask-unmask',
  },
  {
    name: 'unmask-keeps-pending',
    describes: 'records a pending message and does not send it on unmask',
    decisions: { unmask: 'keep-pending' },
    breaks: 'MSIX-UNMASK',
    shownBy: 'msix-mask-unmask',
  },
];

export const driverMutations: readonly Mutation<DriverDecisions>[] = [
  {
    name: 'tail-wraps-late',
    describes: 'wraps the tail one slot after the end of the queue',
    decisions: { tailWrap: 'one-past' },
    breaks: 'SQ-TAIL-RANGE',
    shownBy: 'three-slot-rings',
  },
  {
    name: 'as-many-tags-as-slots',
    describes: 'keeps as many commands outstanding as the queue has slots (Cosmos before 548ea0b7)',
    decisions: { tags: 3 },
    breaks: 'SQ-TAIL-OVERRUN',
    shownBy: 'three-slot-rings',
  },
  {
    name: 'head-wraps-at-sq-size',
    describes: 'wraps the completion head at the size of the submission queue',
    decisions: { headWrap: 'submission-queue-size' },
    breaks: 'CQ-HEAD-RANGE',
    shownBy: 'unequal-rings',
  },
  {
    name: 'head-one-further',
    describes: 'publishes the slot after the next one to be consumed',
    decisions: { headPublished: 'one-further' },
    breaks: 'CQ-HEAD-PAST-TAIL',
    shownBy: 'three-slot-rings',
  },
  {
    name: 'rings-before-create',
    describes: 'writes the doorbell of a new queue before it creates the queue',
    decisions: { ringsNewQueue: 'before-create' },
    breaks: 'DB-NO-QUEUE',
    shownBy: 'three-slot-rings',
  },
  {
    name: 'same-cid-for-all',
    describes: 'gives every command the identifier 0',
    decisions: { cid: 'zero' },
    breaks: 'CID-UNIQUE',
    shownBy: 'three-slot-rings',
  },
  {
    name: 'does-not-await-ready',
    describes: 'submits the first admin command without waiting for CSTS.RDY',
    decisions: { waitsForReady: false },
    breaks: 'CMD-BEFORE-RDY',
    shownBy: 'three-slot-rings',
  },
  {
    name: 'no-barrier-before-eventidx',
    describes: 'lets the load of EventIdx pass the store of the shadow doorbell (Linux before 2018)',
    decisions: { fence: 'none' },
    breaks: 'SHADOW-RING-MISSED',
    shownBy: 'shadow-wakeup',
  },
  {
    name: 'rings-old-value',
    describes: 'writes the value before the shadow update to the register',
    decisions: { ringValue: 'old' },
    breaks: 'SHADOW-RING-VALUE',
    shownBy: 'shadow-wakeup',
  },
];

export const mutantControllers: readonly ControllerSystem[] = controllerMutations.map((mutation) =>
  controllerByDecisions(described(mutation), mutation.decisions),
);

export const mutantDrivers: readonly DriverSystem[] = driverMutations.map((mutation) =>
  driverByDecisions(described(mutation), mutation.decisions),
);

function described({ name, describes, breaks }: Mutation<object>): {
  name: string;
  aliases: readonly string[];
  describes: string;
  knownFor: string;
} {
  return {
    name: `mutant/${name}`,
    aliases: [],
    describes: `The reference, but it ${describes}.`,
    knownFor: breaks,
  };
}
