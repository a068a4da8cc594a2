/** What a plug-in is: a controller or a driver of the user's, described in a module of the user's. */
import type { Arena } from '../../arena/arena.ts';
import type { ControlAction, HostPlan } from '../../driver/plan.ts';
import type { EventType } from '../../link/events.ts';
import type { Link } from '../../link/link.ts';
import type { MmioDelivery } from '../../link/port.ts';
import type {
  BuiltController,
  BuiltDriver,
  ControllerShape,
  DecisionTable,
  Overrides,
  Situation,
} from '../../systems/system.ts';

/**
 * Where a plug-in keeps its state. `arena`: all of it in the arena it is built with, so that steps can be undone and
 * every order of them tried. `plain`: anywhere; nothing is undone, every run builds it anew, and no search of every
 * order is possible.
 */
export type StateKind = 'arena' | 'plain';

interface PlugInDescription {
  /** `arena` unless it says otherwise. */
  readonly state?: StateKind;
  /** One sentence for reports. */
  readonly describes?: string;
  /** What a scenario can decide for it, with the values of each decision; an empty list: any. */
  readonly decisions?: DecisionTable;
  /** What the fuzzer does not put it into. */
  readonly never?: readonly Situation[];
}

export interface ControllerPlugIn extends PlugInDescription {
  readonly role: 'controller';
  /** How register writes reach it; `posted` unless it says otherwise. */
  readonly delivery?: MmioDelivery;
  /** Event types that it does not show, such as `sqe.fetch`: rules that need them are then not decided. */
  readonly hides?: readonly EventType[];
  /**
   * Makes one controller. Called for each world; synchronous. With state in the arena this is the only time to
   * allocate. `overrides`: decisions that a scenario sets.
   */
  readonly build: (arena: Arena, link: Link, shape: ControllerShape, overrides: Overrides) => BuiltController;
}

/** `rereadsEntries` is true unless it says otherwise: a search then takes no entry for consumed for good. */
export type PlugInDriver = Omit<BuiltDriver, 'rereadsEntries'> & Partial<BuiltDriver>;

export interface DriverPlugIn extends PlugInDescription {
  readonly role: 'driver';
  /**
   * What of `plan.control` it does. A scenario that asks for more is not applicable to it, and the fuzzer asks for
   * nothing else. `defineDriver` takes it for nothing if it is not said.
   */
  readonly offers?: readonly ControlAction['do'][];
  /** Host CPUs that it writes registers from; without it, one for each thread and completion queue, and one more. */
  readonly cpus?: (plan: HostPlan) => number;
  /**
   * Makes one driver that does what `plan` asks for: brings the controller up, lets each thread submit its commands, does
   * `plan.control` in its order. Called for each world; synchronous. With state in the arena this is the only time to
   * allocate, host memory included, and to listen to vectors. `overrides`: decisions that a scenario sets, and `wakeup`
   * where it names the formula. Throws `NotOffered` for a plan that the driver never has, such as queues that share a
   * completion queue; a step throws `BringUpRefused` if the controller does not let it come up.
   */
  readonly build: (arena: Arena, link: Link, plan: HostPlan, overrides: Overrides) => PlugInDriver;
}

export type PlugInModel = ControllerPlugIn | DriverPlugIn;

/** A controller of one's own: the default export of a module for `--controller ./module.mjs`. */
export function defineController(plugIn: Omit<ControllerPlugIn, 'role'>): ControllerPlugIn {
  return { ...plugIn, role: 'controller' };
}

/** A driver of one's own: the default export of a module for `--driver ./module.mjs`. */
export function defineDriver(plugIn: Omit<DriverPlugIn, 'role'>): DriverPlugIn {
  return { offers: [], ...plugIn, role: 'driver' };
}
