/** From a module of the user's to a system that can be built. */
import { spawnSync } from 'node:child_process';
import { cpusOf } from '../../driver/driver.ts';
import { linkEvents } from '../../link/events.ts';
import type { ControllerSystem, DriverSystem } from '../../systems/system.ts';
import type { PlugInModel } from './define.ts';
import { kindOf, PlugInFault, theirs } from './fault.ts';
import { guardedController, guardedDriver } from './guard.ts';
import { enter, leave } from './pulse.ts';
import { allOffers, allSituations, checkOffered, situationsBeyond } from './offers.ts';
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
    throw new PlugInFault(name, `cannot be imported: ${placed(error, url)}${remedy(error)}`);
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

/** What helps against the commonest reasons. */
function remedy(error: unknown): string {
  const { code, message } = error as Partial<NodeJS.ErrnoException>;
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION' && message?.includes('.ts'))
    return '\nNode reads TypeScript from 22.18 on; compile the module to JavaScript for this one';
  if (code === 'ERR_MODULE_NOT_FOUND' && message?.includes("package 'nvme-conform'"))
    return '\nInstall nvme-conform where the module is: npm install nvme-conform';
  return '';
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
  if (model['role'] === undefined)
    wrong('the default export', `has no role: define${title(role)} makes a ${role} of it`);
  oneOf('role', [role], false);
  oneOf('state', ['arena', 'plain'], true);
  if (role === 'controller') oneOf('delivery', ['posted', 'synchronous', 'value-then-wake'], true);
  for (const [key, kind] of Object.entries(kinds)) {
    const value = model[key];
    if (value === undefined && key !== 'build') continue;
    if (!isKind(value, kind))
      wrong(key, value === undefined ? 'is missing' : `is not ${kind} but ${kindOf(value)}`);
  }
  for (const [key, words] of Object.entries(vocabularies)) {
    const other = (model[key] as readonly string[] | undefined)?.find((value) => !words.includes(value));
    if (other !== undefined) wrong(key, `has '${other}'; it can have ${words.join(', ')}`);
  }
  const unknown = Object.keys(model).find((key) => !keys[role].includes(key));
  if (unknown !== undefined)
    wrong(`'${unknown}'`, `says nothing of a ${role}; known are ${keys[role].join(', ')}`);
  return found as PlugInModel;
}

/** `name` and what follows it are of the models; a module's name is its path. */
const common = ['role', 'build', 'state', 'describes', 'decisions', 'never', 'name', 'aliases', 'knownFor'];
const keys: Readonly<Record<PlugInFile['role'], readonly string[]>> = {
  controller: [...common, 'delivery', 'hides'],
  driver: [...common, 'cpus', 'offers'],
};

const kinds = {
  build: 'a function',
  cpus: 'a function',
  describes: 'a text',
  decisions: 'an object of lists',
  hides: 'a list of texts',
  never: 'a list of texts',
  offers: 'a list of texts',
} as const;

const vocabularies: Readonly<Record<string, readonly string[]>> = {
  hides: linkEvents,
  never: allSituations,
  offers: allOffers,
};

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
  const { describes = 'A plug-in.', decisions = {}, state = 'arena', never = [] } = model;
  const described = { name, aliases: [], describes, knownFor: '', decisions, never };
  if (model.role === 'controller') {
    const { delivery = 'posted', hides = [] } = model;
    const build = guardedController(name, state, model.build);
    return { ...described, role: 'controller', delivery, hides, build };
  }
  const { cpus = cpusOf, offers = allOffers } = model;
  const guarded = guardedDriver(name, state, cpus, model.build);
  return {
    ...described,
    role: 'driver',
    never: [...never, ...situationsBeyond(offers)],
    cpus: guarded.cpus,
    build: (arena, link, plan, overrides) => {
      checkOffered(name, offers, plan);
      return guarded.build(arena, link, plan, overrides);
    },
  };
}

function title(role: string): string {
  return role === 'controller' ? 'Controller' : 'Driver';
}

function said(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : kindOf(value);
}
