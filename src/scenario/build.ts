/** Builds the world of one scenario and one pair of systems. */
import { register } from '../spec/registers.ts';
import { assembleQemu, type QemuConnection } from '../targets/black-box.ts';
import {
  assemble,
  type Assembly,
  ioQueuesOf,
  largestIo,
  largestSq,
  NotOffered,
  type ScriptedHost,
} from '../targets/target.ts';
import type { OutsideController } from '../world/outside.ts';
import { buildWorld, type Fetched, type WorldPlan } from '../world/build.ts';
import type { World } from '../world/world.ts';
import { hostPlan } from './plan.ts';
import type { Pairing, Scenario, Step } from './scenario.ts';
import { RunningScript } from './running-script.ts';

export interface Built {
  readonly world: World;
  readonly script: RunningScript | undefined;
  /** The plug-ins that take part, by name. */
  readonly plugIns: readonly string[];
}

/** A scenario that this target cannot run. */
export class NotApplicable extends Error {}

/** A driver and a controller model, or a script and a controller model. Throws `NotApplicable`, `UnknownSystem`, `UnknownDecision`. */
export function build(scenario: Scenario, pairing: Pairing): Built {
  const plan = hostPlan(scenario);
  const { controller, driver } = pairing;
  const wakeup = scenario.wakeup === undefined ? {} : { wakeup: scenario.wakeup };
  const host =
    scenario.body.kind === 'steps'
      ? undefined
      : { model: driver.model, decisions: { ...wakeup, ...driver.decisions } };
  const assembled = (): Assembly => offered(() => assemble(plan, controller, host));
  const assembly = assembled();
  if (scenario.body.kind === 'workload') checkSizes(plan, assembly);
  if (holds(scenario) && assembly.hold === undefined) {
    throw new NotApplicable(`${controller.model} cannot hold back fetching, executing or posting`);
  }
  return finish(scenario, assembly, { again: assembly.rebuilt ? assembled : undefined });
}

/** The script of a `steps` body against QEMU's controller. Throws `NotApplicable`, and what the transport throws. */
export function buildWithQemu(
  scenario: Scenario,
  connection: QemuConnection,
): Built & { readonly close: () => void } {
  if (scenario.body.kind !== 'steps')
    throw new NotApplicable('a driver model needs a controller in this process');
  if (holds(scenario)) throw new NotApplicable('QEMU cannot hold back fetching, executing or posting');
  const assembly = assembleQemu(hostPlan(scenario), connection);
  return {
    ...finish(scenario, assembly, { outside: assembly.controller }),
    close: () => assembly.controller.close(),
  };
}

/** What a system never does makes the scenario one that does not apply to it. */
function offered(assembled: () => Assembly): Assembly {
  try {
    return assembled();
  } catch (error) {
    throw error instanceof NotOffered ? new NotApplicable(error.message) : error;
  }
}

/** Its host could not come up: creation of a larger queue is refused (Base 2.1, 5.2.1 and 5.2.2). */
function checkSizes(plan: ReturnType<typeof hostPlan>, { link }: Assembly): void {
  const most = (link.peek(register.CAP) & 0xffff) + 1;
  if (largestIo(plan) > most)
    throw new NotApplicable(`the controller has no queues of more than ${most} slots (CAP.MQES)`);
}

function holds({ body }: Scenario): boolean {
  return body.kind === 'steps' && body.steps.some((step) => step.do === 'hold' || step.do === 'release');
}

interface Special {
  readonly outside?: OutsideController;
  /** Where steps cannot be undone: host, link and controller of another run. */
  readonly again?: (() => Assembly) | undefined;
}

function finish(scenario: Scenario, assembly: Assembly, { outside, again }: Special): Built {
  const script: { running: RunningScript | undefined } = { running: undefined };
  const planned = (assembled: Assembly): WorldPlan => worldPlan(scenario, assembled, outside, script);
  const world = buildWorld(planned(assembly), again && (() => planned(again())));
  return { world, script: script.running, plugIns: assembly.plugIns ?? [] };
}

/** `script.running` becomes the script of the world that is built last. */
function worldPlan(
  scenario: Scenario,
  assembly: Assembly,
  outside: OutsideController | undefined,
  script: { running: RunningScript | undefined },
): WorldPlan {
  const { body } = scenario;
  const plan = hostPlan(scenario);
  const scripted = assembly.script;
  const running = (fetched: Fetched, host: ScriptedHost, steps: readonly Step[]): RunningScript =>
    (script.running = new RunningScript(assembly.arena, steps, host, assembly.hold, fetched));
  return {
    ...assembly,
    queuesMax: ioQueuesOf(plan) + 2,
    outstandingMax: plan.outstandingMax + plan.eventRequests + 8,
    mqes: assembly.link.peek(register.CAP) & 0xffff,
    slotsMax: largestSq(plan),
    provokes: scenario.provokes,
    ...(endsNothing(scenario) && { asked: asked(plan) }),
    ...(outside ? { outside } : {}),
    script:
      scripted === undefined || body.kind !== 'steps'
        ? undefined
        : (fetched) => running(fetched, scripted, body.steps),
  };
}

/** Control actions that end no command and take no queue away. */
const harmless: ReadonlySet<string> = new Set([
  'inspect',
  'next-aen',
  'mask',
  'unmask',
  'doorbell-buffer',
  'create',
]);

function endsNothing({ body }: Scenario): boolean {
  return body.kind === 'workload' && body.control.every((action) => harmless.has(action.do));
}

/** I/O commands for each SQ. */
function asked({ threads }: ReturnType<typeof hostPlan>): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  for (const { sqid } of threads.flat()) sums.set(sqid, (sums.get(sqid) ?? 0) + 1);
  return sums;
}
