/** Assembles host, link and controller of one world from the names of its systems. */
import { Arena } from '../arena/arena.ts';
import type { HostPlan } from '../driver/plan.ts';
import { SCRIPT_CPUS, ScriptedHost } from '../driver/scripted-host.ts';
import type { EventType } from '../link/events.ts';
import { Link } from '../link/link.ts';
import { ArenaMemory } from '../link/memory.ts';
import type { Process } from '../link/process.ts';
import type { BuiltController, ControllerSystem, Overrides } from '../systems/system.ts';
import { controllerNamed, driverNamed, plugInNamed } from './plug-in/registry.ts';

export { type HostPlan, largestIo, largestSq } from '../driver/plan.ts';
export type { ScriptedHost } from '../driver/scripted-host.ts';
export { controllers, drivers } from '../systems/catalogue.ts';
export { controllerNamed, driverNamed } from './plug-in/registry.ts';
export { NotOffered, type Overrides, UnknownDecision } from '../systems/system.ts';

export interface SystemChoice {
  readonly model: string;
  readonly decisions: Overrides;
}

/** Host, link and controller, not running yet. */
export interface Assembly {
  readonly arena: Arena;
  readonly link: Link;
  /** In the order of the default policy: deliveries, controller, host. */
  readonly processes: readonly Process[];
  readonly isUp: () => boolean;
  readonly script: ScriptedHost | undefined;
  readonly hold: BuiltController['hold'];
  readonly rereadsEntries: boolean;
  readonly hides: readonly EventType[];
  /** The plug-ins that take part, by name. */
  readonly plugIns?: readonly string[];
  /** Some state is outside the arena: nothing can be undone, and a run begins with another assembly. */
  readonly rebuilt?: boolean;
}

export class UnknownSystem extends Error {}

/** CAP.DSTRD of in-process controllers. */
const STRIDE = 0;

/** A driver model, or a script when `driver` is absent, against a controller model. */
export function assemble(
  plan: HostPlan,
  controller: SystemChoice,
  driver: SystemChoice | undefined,
): Assembly {
  const system = controllerOf(controller);
  const arena = new Arena();
  const memory = new ArenaMemory(arena);
  const driverSystem = driver === undefined ? undefined : driverNamed(driver.model);
  if (driver !== undefined && driverSystem === undefined)
    throw new UnknownSystem(`no driver is called '${driver.model}'`);
  const link = new Link(arena, {
    memory,
    delivery: system.delivery,
    cpus: driverSystem?.cpus(plan) ?? SCRIPT_CPUS,
    vectors: vectorsOf(plan),
    stride: STRIDE,
  });
  const shape = { ioQueues: ioQueuesOf(plan), outstanding: plan.outstandingMax };
  const built = system.build(arena, link, shape, controller.decisions);
  link.attach(built.port);
  const common = {
    ...plugInsOf(controller, driver),
    arena,
    link,
    hold: built.hold,
    hides: system.hides ?? [],
  };
  if (driver === undefined || driverSystem === undefined) {
    const script = new ScriptedHost(arena, link, plan);
    const processes = [...link.processes, ...built.processes, ...script.processes];
    return { ...common, processes, isUp: () => script.isUp, script, rereadsEntries: false };
  }
  const host = driverSystem.build(arena, link, plan, driver.decisions);
  const processes = [...link.processes, ...built.processes, ...host.processes];
  const { rereadsEntries } = host;
  return { ...common, processes, isUp: host.isUp, script: undefined, rereadsEntries };
}

function plugInsOf(
  controller: SystemChoice,
  driver: SystemChoice | undefined,
): Required<Pick<Assembly, 'plugIns' | 'rebuilt'>> {
  const found = [
    plugInNamed('controller', controller.model),
    driver && plugInNamed('driver', driver.model),
  ].filter((plugIn) => plugIn !== undefined);
  return {
    plugIns: found.map(({ system }) => system.name),
    rebuilt: found.some(({ state }) => state === 'plain'),
  };
}

function controllerOf(choice: SystemChoice): ControllerSystem {
  const system = controllerNamed(choice.model);
  if (system === undefined) throw new UnknownSystem(`no controller is called '${choice.model}'`);
  return system;
}

export function ioQueuesOf(plan: HostPlan): number {
  return Math.max(1, ...plan.cqs.map(({ qid }) => qid), ...plan.sqs.map(({ qid }) => qid));
}

export function vectorsOf(plan: HostPlan): number {
  return Math.max(0, ...plan.cqs.map(({ vector }) => vector ?? 0)) + 1;
}
