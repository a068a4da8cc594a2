/** The one table of systems: names and aliases, controllers and drivers. */
import { linuxDrivers } from './linux.ts';
import { mutantControllers, mutantDrivers } from './mutants.ts';
import { propolisControllers } from './propolis/propolis.ts';
import { referenceController, referenceDriver } from './reference.ts';
import { spdkControllers } from './spdk-vfio-user/systems.ts';
import type { ControllerSystem, DriverSystem } from './system.ts';

export const controllers: readonly ControllerSystem[] = [referenceController, ...propolisControllers, ...spdkControllers, ...mutantControllers];

export const drivers: readonly DriverSystem[] = [referenceDriver, ...linuxDrivers, ...mutantDrivers];

export function controllerNamed(name: string): ControllerSystem | undefined {
  return controllers.find((system) => system.name === name || system.aliases.includes(name));
}

export function driverNamed(name: string): DriverSystem | undefined {
  return drivers.find((system) => system.name === name || system.aliases.includes(name));
}
