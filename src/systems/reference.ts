/** The reference controller and driver as systems, and the systems that differ from them by decisions only. */
import { ReferenceController } from '../controller/controller.ts';
import {
  conforming as conformingController,
  type ControllerDecisions,
  controllerDecisionValues,
} from '../controller/decisions.ts';
import {
  conforming as conformingDriver,
  type DriverDecisions,
  driverDecisionValues,
} from '../driver/decisions.ts';
import { cpusOf, ReferenceDriver } from '../driver/driver.ts';
import {
  builtFrom,
  type ControllerSystem,
  type Description,
  type DriverSystem,
  overridden,
} from './system.ts';

/** A controller that is the reference with other decisions. */
export function controllerByDecisions(
  description: Description,
  decisions: Partial<ControllerDecisions>,
  delivery: ControllerSystem['delivery'] = 'posted',
): ControllerSystem {
  return {
    ...description,
    role: 'controller',
    decisions: controllerDecisionValues,
    delivery,
    build: (arena, link, shape, overrides) => {
      const sized = { ...conformingController, ioQueues: shape.ioQueues, commands: shape.outstanding };
      const controller = new ReferenceController(
        arena,
        link,
        overridden({ ...sized, ...decisions }, overrides),
      );
      return builtFrom(controller);
    },
  };
}

/** A driver that is the reference with other decisions. */
export function driverByDecisions(
  description: Description,
  decisions: Partial<DriverDecisions>,
): DriverSystem {
  return {
    ...description,
    role: 'driver',
    decisions: driverDecisionValues,
    cpus: cpusOf,
    build: (arena, link, plan, overrides) => {
      const made = overridden({ ...conformingDriver, ...decisions }, overrides);
      const driver = new ReferenceDriver(arena, link, plan, made);
      const rereadsEntries = made.completes === 'after-head-doorbell' && made.entryRead === 'when-completed';
      return { processes: driver.processes, isUp: () => driver.ready, rereadsEntries };
    },
  };
}

export const referenceController: ControllerSystem = controllerByDecisions(
  {
    name: 'reference',
    aliases: [],
    describes: 'The reference controller: every decision conforms. Register writes are posted.',
    knownFor: '',
  },
  {},
);

export const trappedReferenceController: ControllerSystem = controllerByDecisions(
  {
    name: 'reference/trapped',
    aliases: [],
    describes:
      'The reference controller as a device model in a VMM: register writes are trapped and synchronous.',
    knownFor: '',
  },
  {},
  'synchronous',
);

export const referenceDriver: DriverSystem = driverByDecisions(
  {
    name: 'reference',
    aliases: [],
    describes: 'The reference driver: every decision conforms.',
    knownFor: '',
  },
  {},
);
