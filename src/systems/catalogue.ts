/** The one table of systems: names and aliases, controllers and drivers. */
import { linuxDrivers } from './linux.ts';
import { referenceController, referenceDriver } from './reference.ts';
import type { ControllerSystem, DriverSystem } from './system.ts';

export const controllers: readonly ControllerSystem[] = [referenceController];

export const drivers: readonly DriverSystem[] = [referenceDriver, ...linuxDrivers];

export function controllerNamed(name: string): ControllerSystem | undefined {
  return controllers.find((system) => system.name === name || system.aliases.includes(name));
}

export function driverNamed(name: string): DriverSystem | undefined {
  return drivers.find((system) => system.name === name || system.aliases.includes(name));
}
