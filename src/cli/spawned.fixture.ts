/** Test support: the built program, spawned. `npm run build` comes first. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root: string = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const shim: string = join(root, 'bin', 'nvme-conform.js');

/** The words for `env` that begin the program; tap adds a loader to every Node process that its tests start. */
export const program: readonly string[] = ['-u', 'NODE_OPTIONS', process.execPath, shim];

/** Runs `nvme-conform` with these words, in the folder of the project. */
export function conform(...words: readonly string[]): Ended {
  const command = [...program, ...words];
  const env = { PATH: process.env['PATH'], LANG: 'C.UTF-8' };
  const { status, stdout, stderr } = spawnSync('env', command, { cwd: root, env, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}
