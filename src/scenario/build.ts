/** Builds the world of one scenario and one pair of systems. */
import { register } from '../spec/registers.ts';
import { assemble, ioQueuesOf } from '../targets/target.ts';
import { buildWorld } from '../world/build.ts';
import type { World } from '../world/world.ts';
import { hostPlan } from './plan.ts';
import type { Pairing, Scenario } from './scenario.ts';
import { RunningScript } from './running-script.ts';

export interface Built {
  readonly world: World;
  readonly script: RunningScript | undefined;
}

/** A scenario that this target cannot run. */
export class NotApplicable extends Error {}

/** Throws `NotApplicable`, `UnknownSystem`, `UnknownDecision`. */
export function build(scenario: Scenario, pairing: Pairing): Built {
  const { body } = scenario;
  const plan = hostPlan(scenario);
  const driver =
    body.kind === 'steps'
      ? undefined
      : {
          model: pairing.driver.model,
          decisions: { ...(scenario.wakeup ? { wakeup: scenario.wakeup } : {}), ...pairing.driver.decisions },
        };
  const assembly = assemble(plan, pairing.controller, driver);
  const holds = body.kind === 'steps' && body.steps.some((step) => step.do === 'hold' || step.do === 'release');
  if (holds && assembly.hold === undefined) {
    throw new NotApplicable(`${pairing.controller.model} cannot hold back fetching, executing or posting`);
  }
  let script: RunningScript | undefined;
  const scripted = assembly.script;
  const world = buildWorld({
    ...assembly,
    queuesMax: ioQueuesOf(plan) + 2,
    outstandingMax: plan.outstandingMax + plan.eventRequests + 8,
    mqes: assembly.link.peek(register.CAP) & 0xffff,
    script:
      scripted === undefined || body.kind !== 'steps'
        ? undefined
        : () => (script = new RunningScript(assembly.arena, body.steps, scripted, assembly.hold, () => undefined)),
  });
  return { world, script };
}
