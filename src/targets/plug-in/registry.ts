/** The plug-ins of this thread, and systems by name with plug-ins among them. */
import * as catalogue from '../../systems/catalogue.ts';
import type { ControllerSystem, DriverSystem } from '../../systems/system.ts';
import type { StateKind } from './define.ts';

/** A module that was named on the command line. Plain data: every worker imports it for itself. */
export interface PlugInFile {
  readonly role: 'controller' | 'driver';
  /** How reports and counterexamples name it: `./mine.mjs`. */
  readonly name: string;
  /** `file:` address of the module. */
  readonly url: string;
}

export interface PlugIn {
  readonly system: ControllerSystem | DriverSystem;
  readonly state: StateKind;
}

const admitted = new Map<string, PlugIn>();

/** From here on it can be built by its name. */
export function admit(plugIn: PlugIn): void {
  const { role, name } = plugIn.system;
  admitted.set(`${role} ${name}`, plugIn);
}

export function plugInNamed(role: PlugInFile['role'], name: string): PlugIn | undefined {
  return admitted.get(`${role} ${name}`);
}

export function controllerNamed(name: string): ControllerSystem | undefined {
  const system = plugInNamed('controller', name)?.system;
  return system?.role === 'controller' ? system : catalogue.controllerNamed(name);
}

export function driverNamed(name: string): DriverSystem | undefined {
  const system = plugInNamed('driver', name)?.system;
  return system?.role === 'driver' ? system : catalogue.driverNamed(name);
}
