import { type ChildProcess, spawn } from 'node:child_process';
import { forget, remember } from './leftovers.ts';
import type { Workplace } from './workplace.ts';

/** How a process ended: with an exit code or by a signal; neither if it could not be started at all. */
export interface QemuExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A child process and the files that end with it. */
export interface Child {
  readonly pid: number;
  /** Resolves, never rejects, once the process has ended and its files are gone. */
  readonly exited: Promise<QemuExit>;
  /** The last lines it wrote on its standard error, '' if none. */
  lastWords(): string;
  /** SIGKILL, without waiting; idempotent. */
  kill(): void;
}

const KEPT_CHARACTERS = 4096;
const KEPT_LINES = 8;

/** Starts a command whose end, like the end of this process, releases the workplace, whatever the cause. */
export function startChild([program = '', ...words]: readonly string[], workplace: Workplace): Child {
  // A session of its own: Ctrl-C is the tester's to handle, and must not look like the death of the target.
  const child = spawn(program, words, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const release = (): void => {
    workplace.release();
    forget(abandon);
  };
  const abandon = (): void => {
    child.kill('SIGKILL');
    workplace.release();
  };
  remember(abandon);
  workplace.reaper.watch(child.pid);
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    text = (text + more).slice(-KEPT_CHARACTERS);
  });
  child.on('error', (error) => {
    text += error.message;
  });
  return {
    pid: child.pid ?? 0,
    exited: endOf(child, release),
    lastWords: () => text.trim().split('\n').slice(-KEPT_LINES).join('\n'),
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Calls `release` at once when the process ends, and resolves when its last output has been read too. */
function endOf(child: ChildProcess, release: () => void): Promise<QemuExit> {
  return new Promise((resolve) => {
    child.once('exit', release);
    child.once('close', (code, signal) => resolve({ code, signal }));
    child.once('error', () => {
      if (child.pid !== undefined) return; // it runs; only a signal could not be sent
      release();
      resolve({ code: null, signal: null });
    });
  });
}
