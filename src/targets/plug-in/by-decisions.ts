/** The reference controller and driver with decisions of the user's: the shortest plug-ins. */
import type { ControllerDecisions } from '../../controller/decisions.ts';
import type { DriverDecisions } from '../../driver/decisions.ts';
import type { MmioDelivery } from '../../link/port.ts';
import { controllerByDecisions, driverByDecisions } from '../../systems/reference.ts';
import type { ControllerPlugIn, DriverPlugIn } from './define.ts';

/** What a plug-in is called, its file says. */
const description = { name: '', aliases: [], describes: '', knownFor: '' };

/** The reference controller with these decisions in the place of the conforming ones. */
export function referenceController(
  decisions: Partial<ControllerDecisions> = {},
  delivery: MmioDelivery = 'posted',
): ControllerPlugIn {
  return controllerByDecisions(description, decisions, delivery);
}

/** The reference driver with these decisions in the place of the conforming ones. */
export function referenceDriver(decisions: Partial<DriverDecisions> = {}): DriverPlugIn {
  return driverByDecisions(description, decisions);
}
