/** The systems that a command line names: models, and modules of the user's. */
import { type Stats, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isPlugInPath } from '../scenario/plug-in-path.ts';
import { reason } from '../scenario/read.ts';
import type { PlugInFile } from '../targets/plug-in/registry.ts';
import { checkSystem } from './check-system.ts';
import type { Connections, SystemRow } from './connections.ts';
import { InputError } from './input-error.ts';

type Role = SystemRow['role'];

export interface ChosenSystems {
  /** All that scenarios can name. */
  readonly systems: readonly SystemRow[];
  /** As named in reports and counterexamples. */
  readonly controller: string | undefined;
  readonly driver: string | undefined;
  /** Modules that every worker imports. */
  readonly plugIns: readonly PlugInFile[];
  /** Roles whose systems the command line names: what a scenario names there is replaced. */
  readonly replaced: readonly Role[];
}

const roles: readonly Role[] = ['controller', 'driver'];

/** Throws `UsageError` for a name that no system has, and `InputError` for a module that is no plug-in. */
export async function chosenSystems(
  options: { readonly controller?: string; readonly driver?: string },
  connections: Connections,
  offered: (system: SystemRow) => boolean = () => true,
): Promise<ChosenSystems> {
  const models = (await connections.systems()).filter(offered);
  const rows: SystemRow[] = [];
  const plugIns: PlugInFile[] = [];
  for (const role of roles) {
    const name = options[role];
    if (name === undefined || !isPlugInPath(name)) checkSystem(models, role, name);
    else {
      const file = plugInFile(role, name);
      plugIns.push(file);
      rows.push({ aliases: [], knownFor: '', ...(await connections.plugIn(file)) });
    }
  }
  const nameOf = (role: Role): string | undefined =>
    plugIns.find((file) => file.role === role)?.name ?? options[role];
  return {
    systems: [...models, ...rows],
    controller: nameOf('controller'),
    driver: nameOf('driver'),
    plugIns,
    replaced: roles.filter((role) => options[role] !== undefined),
  };
}

/** One name for one file, however it was typed: relative to the working directory. */
function plugInFile(role: Role, path: string): PlugInFile {
  const file = resolve(path);
  const here = relative('.', file).split(sep).join('/');
  const name = here.startsWith('../') ? here : `./${here}`;
  checkFile(name, file);
  return { role, name, url: pathToFileURL(file).href };
}

function checkFile(name: string, file: string): void {
  let stats: Stats;
  try {
    stats = statSync(file);
  } catch (error) {
    throw new InputError(`${name}: ${reason(error)}`, 3);
  }
  if (stats.isDirectory()) throw new InputError(`${name}: a folder; name the module in it`, 3);
  if (!stats.isFile()) throw new InputError(`${name}: not a regular file`, 3);
}
