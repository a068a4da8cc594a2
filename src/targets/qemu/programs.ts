import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of an executable: `name` itself if it has a slash, else the first on PATH; undefined if none. */
export function findProgram(name: string): string | undefined {
  const candidates = name.includes('/')
    ? [name]
    : (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder === '' ? '.' : folder, name));
  return candidates.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

let prefix: readonly string[] | undefined;

/**
 * The words to put before a command so that the kernel kills it when the thread that started it ends;
 * empty where that cannot be had. Tried once and remembered: not every `setpriv` knows the option.
 */
export function parentDeathPrefix(): readonly string[] {
  prefix ??= tryParentDeath();
  return prefix;
}

function tryParentDeath(): readonly string[] {
  const words = ['setpriv', '--pdeathsig', 'KILL'];
  const trial = spawnSync('setpriv', [...words.slice(1), 'true'], { stdio: 'ignore' });
  return trial.status === 0 ? words : [];
}
