/** What a system under test is to the rest of the program: a controller or a driver that can be built by name. */
import type { Arena } from '../arena/arena.ts';
import type { HostPlan } from '../driver/plan.ts';
import type { EventType } from '../link/events.ts';
import type { Link } from '../link/link.ts';
import type { ControllerPort, MmioDelivery } from '../link/port.ts';
import type { Process } from '../link/process.ts';
import type { RuleId } from '../spec/rule.ts';

/** Decisions set by a scenario: names and values, checked by `overridden`. */
export type Overrides = Readonly<Record<string, string | number | boolean>>;

/** How large a controller has to be for what it will be asked. */
export interface ControllerShape {
  /** Highest I/O queue identifier. */
  readonly ioQueues: number;
  /** Commands that may be outstanding at once, over all queues. */
  readonly outstanding: number;
}

export interface BuiltController {
  readonly port: ControllerPort;
  readonly processes: readonly Process[];
  /** Holds fetching, executing or posting back; absent where the controller cannot be held. */
  readonly hold?: (what: 'fetch' | 'execute' | 'post', held: boolean) => void;
}

/** Of a model that is its own port, and can be held back. */
export function builtFrom(
  controller: ControllerPort & Required<Pick<BuiltController, 'processes' | 'hold'>>,
): BuiltController {
  const { processes } = controller;
  return { port: controller, processes, hold: (what, held) => controller.hold(what, held) };
}

export interface BuiltDriver {
  readonly processes: readonly Process[];
  /** Whether the first bring-up is over: from then on who moves is tried in every order. */
  readonly isUp: () => boolean;
  /** Whether it reads a completion entry again after it announced it as consumed. */
  readonly rereadsEntries: boolean;
}

/** What a system says of itself. */
export interface Description {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Project, revisions, and what it stands for: one or two sentences. */
  readonly describes: string;
  /** What it is known to get wrong, or nothing. */
  readonly knownFor: string;
  /** The scenario that shows that, below `scenarios/` and without `.yaml`; and what it violates there, if anything. */
  readonly shownBy?: string;
  readonly violates?: readonly RuleId[];
  /** A world that has it would say nothing about the real system. */
  readonly never?: readonly Situation[];
}

/**
 * What a generated world may have, and some real system never meets. `doorbellBuffer`: Doorbell Buffer Config after
 * bring-up; `requests`: Save and NextAen at the driver's door.
 */
export type Situation =
  | 'severalQueues'
  | 'sharedCompletionQueues'
  | 'unequalSizes'
  | 'otherSizes'
  | 'shadowDoorbells'
  | 'doorbellBuffer'
  | 'inspect'
  | 'abort'
  | 'mask'
  | 'reset'
  | 'recreate'
  | 'restore'
  | 'requests';

/** A queue pair for each CPU, both queues of one size: no other host's completions share the queue. */
export const queuePairs: readonly Situation[] = ['sharedCompletionQueues', 'unequalSizes', 'otherSizes'];

interface Described extends Description {
  /** What a scenario can decide for it, and the values that each decision can take; an empty list: any number. */
  readonly decisions: DecisionTable;
}

export type DecisionTable = Readonly<Record<string, readonly (string | number | boolean)[]>>;

export interface ControllerSystem extends Described {
  readonly role: 'controller';
  readonly delivery: MmioDelivery;
  /** Event types it does not show, beyond the driver's door. */
  readonly hides?: readonly EventType[];
  /** Throws `UnknownDecision`. */
  readonly build: (arena: Arena, link: Link, shape: ControllerShape, overrides: Overrides) => BuiltController;
}

export interface DriverSystem extends Described {
  readonly role: 'driver';
  readonly cpus: (plan: HostPlan) => number;
  readonly build: (arena: Arena, link: Link, plan: HostPlan, overrides: Overrides) => BuiltDriver;
}

/** A scenario asks for something that the real system never does. */
export class NotOffered extends Error {}

/** A scenario sets a decision that this system does not have, or to a value of another kind. */
export class UnknownDecision extends Error {
  readonly decision: string;
  readonly known: readonly string[];

  constructor(decision: string, known: readonly string[], message: string) {
    super(message);
    this.decision = decision;
    this.known = known;
  }
}

/** `defaults` with a scenario's decisions in their place. */
export function overridden<D extends object>(defaults: D, overrides: Overrides): D {
  const known = Object.keys(defaults);
  for (const [name, value] of Object.entries(overrides)) {
    const before: unknown = (defaults as Record<string, unknown>)[name];
    if (before === undefined) throw new UnknownDecision(name, known, `there is no decision '${name}'`);
    if (typeof before !== typeof value) {
      throw new UnknownDecision(
        name,
        known,
        `decision '${name}' takes a ${typeof before}, not a ${typeof value}`,
      );
    }
  }
  return { ...defaults, ...overrides };
}
