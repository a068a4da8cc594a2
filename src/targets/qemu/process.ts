import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';
import { type Child, type QemuExit, startChild } from './child.ts';
import { driveFileSizes, qemuArguments, type QemuMachine } from './command-line.ts';
import { QemuFailed, QemuUnavailable } from './errors.ts';
import { findProgram, parentDeathPrefix } from './programs.ts';
import { Workplace } from './workplace.ts';

/** What to start, and where. */
export interface QemuOptions extends QemuMachine {
  /** The program: a path, or a name to look for on PATH. Default: `qemu-system-x86_64`. */
  readonly binary?: string;
  /** Guest RAM in bytes, whole MiB. Default: 64 MiB. */
  readonly ramBytes?: number;
  /** Where the private directory is made. Default: shared memory if it has room, else the temporary one. */
  readonly root?: string;
  /** How long QEMU may take to answer for the first time, in milliseconds. Default: 30 000. */
  readonly startTimeoutMs?: number;
}

/** A running QEMU. `fifoPrefix`, `ramPath` and `ramBytes` are what a worker needs to talk to it. */
export interface QemuProcess {
  readonly fifoPrefix: string;
  readonly ramPath: string;
  readonly ramBytes: number;
  readonly pid: number;
  /** Resolves, never rejects, once the process has ended and its files are gone. */
  readonly exited: Promise<QemuExit>;
  /** The last lines QEMU wrote on its standard error, '' if none. */
  lastWords(): string;
  /** Makes the user of the channel throw ChannelStopped: at once if blocked, else at its next command. */
  interrupt(reason: string): void;
  /** SIGKILL, without waiting; idempotent. */
  kill(): void;
  /** Kills and waits for `exited`; idempotent. */
  dispose(): Promise<void>;
}

const MIB = 1024 * 1024;
const POLL_MS = 2;

/**
 * Starts QEMU with one NVMe controller and waits until its qtest server answers. Main thread only: the kernel
 * kills QEMU with the thread that started it, and only a thread that is never blocked can free one that is.
 *
 * However QEMU ends, the line `DIED` goes into `PREFIX.out` and its files are removed. However this process
 * ends, QEMU is killed and its files are removed: by a hook on `exit`, by the reaper after a signal.
 * Throws QemuUnavailable (not installed), QemuFailed (did not come up), RangeError (bad options).
 */
export async function startQemu(options: QemuOptions = {}): Promise<QemuProcess> {
  if (!isMainThread) throw new Error('QEMU must be started by the main thread');
  const { binary = 'qemu-system-x86_64', ramBytes = 64 * MIB, startTimeoutMs = 30_000 } = options;
  if (ramBytes < MIB || ramBytes % MIB !== 0) throw new RangeError('ramBytes must be whole MiB');
  const program = findProgram(binary);
  if (program === undefined) throw new QemuUnavailable(howToInstall(binary));
  const workplace = new Workplace(ramBytes, driveFileSizes(options), options.root);
  let child: Child;
  try {
    const words = qemuArguments(options, workplace.paths, ramBytes);
    child = startChild([...parentDeathPrefix(), program, ...words], workplace);
  } catch (error) {
    workplace.release();
    throw error;
  }
  const failure = await waitForAnswer(child, workplace, startTimeoutMs);
  if (failure === undefined) return present(child, workplace, ramBytes);
  child.kill();
  await child.exited;
  throw new QemuFailed(`QEMU could not be started: ${child.lastWords() || failure}`);
}

/** Undefined once the qtest server has answered, else why it did not. */
async function waitForAnswer(child: Child, workplace: Workplace, limit: number): Promise<string | undefined> {
  const ended = child.exited.then(({ code, signal }) => `it ended with ${signal ?? `exit code ${code}`}`);
  const deadline = performance.now() + limit;
  workplace.knock();
  while (!workplace.takeAnswer()) {
    if (performance.now() > deadline) return `no answer within ${limit} ms`;
    const end = await Promise.race([ended, sleep(POLL_MS)]);
    if (end !== undefined) return end;
  }
  return undefined;
}

function present(child: Child, workplace: Workplace, ramBytes: number): QemuProcess {
  const { fifoPrefix, ramPath } = workplace.paths;
  return {
    ...child,
    fifoPrefix,
    ramPath,
    ramBytes,
    interrupt: (reason) => workplace.say(`STOP ${reason.replaceAll(/\s+/g, ' ').slice(0, 1000)}`),
    async dispose() {
      child.kill();
      await child.exited;
    },
  };
}

function howToInstall(binary: string): string {
  return (
    `${binary} was not found: install QEMU's x86 system emulator (Debian, Ubuntu: qemu-system-x86; ` +
    'Fedora: qemu-system-x86-core; Alpine: qemu-system-x86_64)'
  );
}
