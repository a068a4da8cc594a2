/** The one table of systems: names and aliases, controllers and drivers. */
import { cosmosDrivers } from './cosmos/cosmos.ts';
import { linuxDrivers } from './linux.ts';
import { mutantControllers, mutantDrivers } from './mutants.ts';
import { openvmmDrivers } from './openvmm-driver/openvmm-driver.ts';
import { emulatorControllers } from './openvmm-emulator/openvmm-emulator.ts';
import { propolisControllers } from './propolis/propolis.ts';
import { qemuModelControllers } from './qemu-model/qemu-model.ts';
import { referenceController, referenceDriver, trappedReferenceController } from './reference.ts';
import { spdkControllers } from './spdk-vfio-user/spdk-vfio-user.ts';
import type { ControllerSystem, DecisionTable, DriverSystem } from './system.ts';

export const controllers: readonly ControllerSystem[] = [
  referenceController,
  trappedReferenceController,
  ...propolisControllers,
  ...emulatorControllers,
  ...spdkControllers,
  ...qemuModelControllers,
  ...mutantControllers,
];

export const drivers: readonly DriverSystem[] = [
  referenceDriver,
  ...openvmmDrivers,
  ...cosmosDrivers,
  ...linuxDrivers,
  ...mutantDrivers,
];

export function controllerNamed(name: string): ControllerSystem | undefined {
  return controllers.find((system) => system.name === name || system.aliases.includes(name));
}

export function driverNamed(name: string): DriverSystem | undefined {
  return drivers.find((system) => system.name === name || system.aliases.includes(name));
}

/** What a scenario can decide for a model by name; undefined for a name that is none of ours. */
export function decisionsOf(role: 'controller' | 'driver', model: string): DecisionTable | undefined {
  return (role === 'controller' ? controllerNamed(model) : driverNamed(model))?.decisions;
}
