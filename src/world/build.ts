/** Puts ledger and judge beside a host, a link and a controller, and makes a world of them. */
import type { Arena } from '../arena/arena.ts';
import { driverDoor, type EventType, linkEvents } from '../link/events.ts';
import type { Link } from '../link/link.ts';
import type { Process } from '../link/process.ts';
import { Ledger } from '../ledger/ledger.ts';
import { Judge } from '../rules/judge.ts';
import type { QueueId } from '../spec/units.ts';
import type { RuleId } from '../spec/rule.ts';
import type { OutsideController } from './outside.ts';
import { type Script, World, type WorldParts } from './world.ts';

export interface WorldPlan {
  readonly arena: Arena;
  readonly link: Link;
  readonly processes: readonly Process[];
  readonly isUp: () => boolean;
  /** Highest queue identifier, plus one. */
  readonly queuesMax: number;
  readonly outstandingMax: number;
  /** CAP.MQES, 0's based. */
  readonly mqes: number;
  /** Event types that this target does not show. */
  readonly hides: readonly EventType[];
  readonly rereadsEntries: boolean;
  /** What moves the host when no driver model does. Made when the ledger is there, because it looks into it. */
  readonly script: ((fetched: Fetched) => Script) | undefined;
  /** Slots of the largest submission queue. */
  readonly slotsMax: number;
  readonly provokes?: readonly RuleId[];
  /** I/O commands that the driver is asked to submit to each SQ, where nothing ends one early. */
  readonly asked?: ReadonlyMap<QueueId, number>;
  readonly outside?: OutsideController;
}

/** Entries that were fetched in this life of a queue; undefined where that does not show. */
export type Fetched = (sqid: QueueId) => number | undefined;

/** `again`: where steps cannot be undone, the plan of another world like it, for each run. */
export function buildWorld(plan: WorldPlan, again?: () => WorldPlan): World {
  return new World({ ...partsOf(plan), ...(again && { again: () => partsOf(again()) }) });
}

function partsOf(plan: WorldPlan): WorldParts {
  const hostIsModel = plan.script === undefined;
  const shown = [...linkEvents, ...(hostIsModel ? driverDoor : [])].filter(
    (type) => !plan.hides.includes(type),
  );
  const observes = new Set<EventType>(shown);
  const ledger = new Ledger(plan.arena, {
    queuesMax: plan.queuesMax,
    outstandingMax: plan.outstandingMax,
    vectors: plan.link.msix.vectors,
    stride: plan.link.stride,
    mqes: plan.mqes,
    fetchVisible: observes.has('sqe.fetch'),
    slotsMax: plan.slotsMax,
  });
  const judge = new Judge(plan.arena, ledger, {
    observes,
    hostIsModel,
    ...(plan.asked && { asked: plan.asked }),
  });
  return {
    arena: plan.arena,
    link: plan.link,
    ledger,
    judge,
    processes: plan.processes,
    isUp: plan.isUp,
    ...(plan.script ? { script: plan.script(fetchedOf(ledger)) } : {}),
    forgets: !plan.rereadsEntries,
    ...(plan.provokes ? { provokes: plan.provokes } : {}),
    ...(plan.outside ? { outside: plan.outside } : {}),
  };
}

function fetchedOf(ledger: Ledger): Fetched {
  return (sqid) => (ledger.fetchVisible ? ledger.sq(sqid)?.fetched : undefined);
}
