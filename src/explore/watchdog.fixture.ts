/** A world that goes round for ever, whatever its controller does. */
import { flag, type Flag, state, type StateOf } from '../arena/state.ts';
import type { Process } from '../link/process.ts';
import { register } from '../spec/registers.ts';
import { hostPlan } from '../scenario/plan.ts';
import { smallScope } from '../scenario/small-scope.fixture.ts';
import { assemble, ioQueuesOf } from '../targets/target.ts';
import { buildWorld } from '../world/build.ts';
import type { World } from '../world/world.ts';

const fields = { toggle: flag as Flag };
const Fields: StateOf<typeof fields> = state(fields);

/** A host that reads CSTS for ever: it is never quiet, whatever the controller does. */
export function withWatchdog(controller: string): World {
  const [scenario] = smallScope({ size: 2, reads: [2] });
  const plan = hostPlan(scenario);
  const assembly = assemble(
    plan,
    { model: controller, decisions: {} },
    { model: 'reference', decisions: {} },
  );
  const toggle = new Fields(assembly.arena);
  const watchdog: Process = {
    name: 'watchdog',
    party: 'host',
    choices: () => (assembly.isUp() ? 1 : 0),
    step: () => {
      toggle.toggle = !toggle.toggle;
      assembly.link.read(register.CSTS);
    },
    label: () => 'read CSTS',
  };
  return buildWorld({
    ...assembly,
    processes: [...assembly.processes, watchdog],
    queuesMax: ioQueuesOf(plan) + 2,
    outstandingMax: plan.outstandingMax + 8,
    mqes: 127,
    slotsMax: 8,
    script: undefined,
  });
}
