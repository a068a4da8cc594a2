/** From a module of the user's to a system that can be built. */
import { spawnSync } from 'node:child_process';
import { cpusOf } from '../../driver/driver.ts';
import type { ControllerSystem, DriverSystem } from '../../systems/system.ts';
import type { PlugInModel } from './define.ts';
import { kindOf, PlugInFault, theirs } from './fault.ts';
import { guardedController, guardedDriver } from './guard.ts';
import { enter, leave } from './pulse.ts';
import type { PlugIn, PlugInFile } from './registry.ts';

/** Throws `PlugInFault`. */
export async function loadPlugIn(file: PlugInFile): Promise<PlugIn> {
  const model = modelOf(file, await imported(file));
  const state = model.state ?? 'arena';
  return { system: systemOf(file.name, model), state };
}

async function imported({ name, url }: PlugInFile): Promise<Readonly<Record<string, unknown>>> {
  enter();
  try {
    return (await import(url)) as Record<string, unknown>;
  } catch (error) {
    throw new PlugInFault(name, `cannot be imported: ${placed(error, url)}`);
  } finally {
    leave();
  }
}

/** Node tells the place of a syntax error only to the terminal of a process that dies of it. */
function placed(error: unknown, url: string): string {
  const text = theirs(error);
  if (!(error instanceof SyntaxError) || text.includes('\n')) return text;
  const words = ['--input-type=module', '--eval', `import(${JSON.stringify(url)})`];
  const { stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 5000 });
  const before = stderr.split(`\n${text}`)[0] ?? '';
  return before === stderr || before === '' ? text : `${text}\n${before.trim()}`;
}

/** The default export, or the one that is named after the role. */
function modelOf({ name, role }: PlugInFile, module: Readonly<Record<string, unknown>>): PlugInModel {
  const found = module['default'] ?? module[role];
  if (found === undefined) throw new PlugInFault(name, `no default export, and none called '${role}'`);
  const wrong = (key: string, what: string): never => {
    throw new PlugInFault(name, `${key} ${what}`);
  };
  if (typeof found !== 'object' || found === null)
    return wrong(
      'the default export',
      `is not a ${role} but ${kindOf(found)}; define${title(role)} makes one`,
    );
  const model = found as Readonly<Record<string, unknown>>;
  const oneOf = (key: string, values: readonly unknown[], optional: boolean): void => {
    const value = model[key];
    if (value === undefined ? optional : values.includes(value)) return;
    wrong(key, `is ${value === undefined ? 'missing' : said(value)}; it can be ${values.join(' or ')}`);
  };
  const other = role === 'controller' ? 'driver' : 'controller';
  if (model['role'] === other) wrong('the default export', `is a ${other}: --${other} ${name}`);
  oneOf('role', [role], false);
  oneOf('state', ['arena', 'plain'], true);
  if (role === 'controller') oneOf('delivery', ['posted', 'synchronous', 'value-then-wake'], true);
  for (const [key, kind] of Object.entries(kinds)) {
    const value = model[key];
    if (value === undefined && key !== 'build') continue;
    if (!isKind(value, kind))
      wrong(key, value === undefined ? 'is missing' : `is not ${kind} but ${kindOf(value)}`);
  }
  return found as PlugInModel;
}

const kinds = {
  build: 'a function',
  cpus: 'a function',
  describes: 'a text',
  decisions: 'an object of lists',
  hides: 'a list of texts',
} as const;

function isKind(value: unknown, kind: (typeof kinds)[keyof typeof kinds]): boolean {
  switch (kind) {
    case 'a function':
      return typeof value === 'function';
    case 'a text':
      return typeof value === 'string';
    case 'a list of texts':
      return Array.isArray(value) && value.every((each) => typeof each === 'string');
    case 'an object of lists':
      return typeof value === 'object' && value !== null && Object.values(value).every(Array.isArray);
  }
}

function systemOf(name: string, model: PlugInModel): ControllerSystem | DriverSystem {
  const { describes = 'A plug-in.', decisions = {}, state = 'arena' } = model;
  const described = { name, aliases: [], describes, knownFor: '', decisions };
  if (model.role === 'controller') {
    const { delivery = 'posted', hides = [] } = model;
    const build = guardedController(name, state, model.build);
    return { ...described, role: 'controller', delivery, hides, build };
  }
  const { cpus = cpusOf } = model;
  return { ...described, role: 'driver', ...guardedDriver(name, state, cpus, model.build) };
}

function title(role: string): string {
  return role === 'controller' ? 'Controller' : 'Driver';
}

function said(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : kindOf(value);
}
