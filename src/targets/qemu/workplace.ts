import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { accessSync, closeSync, constants, mkdirSync, openSync, readSync, rmSync, statfsSync } from 'node:fs';
import { truncateSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QemuUnavailable } from './errors.ts';
import { type Reaper, startReaper } from './reaper.ts';

const SHARED_MEMORY = '/dev/shm';

/** The paths of the files that one QEMU needs, all in one directory. */
export interface WorkplacePaths {
  readonly directory: string;
  readonly ramPath: string;
  readonly romPath: string;
  /** The FIFOs are `PREFIX.in` (commands) and `PREFIX.out` (answers). */
  readonly fifoPrefix: string;
  /** A sparse file for each size asked for, in order. */
  readonly drivePaths: readonly string[];
}

/** The private directory of one QEMU: made on construction (synchronously), gone after `release`. */
export class Workplace {
  readonly paths: WorkplacePaths;
  readonly reaper: Reaper;
  #fifos: { readonly commands: number; readonly answers: number } | undefined;

  /** Sizes in bytes; `root` is the directory in which the private one is made. Throws QemuUnavailable. */
  constructor(ramBytes: number, driveBytes: readonly number[], root?: string) {
    const parent = root ?? roomyRoot(driveBytes.reduce((sum, bytes) => sum + bytes, ramBytes));
    const directory = join(parent, `nvme-conform-${randomUUID()}`);
    this.paths = {
      directory,
      ramPath: join(directory, 'ram'),
      romPath: join(directory, 'rom'),
      fifoPrefix: join(directory, 'qtest'),
      drivePaths: driveBytes.map((_bytes, index) => join(directory, `drive-${index}`)),
    };
    this.reaper = startReaper(directory);
    try {
      mkdirSync(directory, { mode: 0o700 });
      this.#fill(ramBytes, driveBytes);
    } catch (error) {
      this.release();
      throw error;
    }
  }

  #fill(ramBytes: number, driveBytes: readonly number[]): void {
    const { ramPath, romPath, fifoPrefix, drivePaths } = this.paths;
    writeFileSync(romPath, haltRom());
    sparseFile(ramPath, ramBytes);
    for (const [index, path] of drivePaths.entries()) sparseFile(path, driveBytes[index] ?? 0);
    makeFifos([`${fifoPrefix}.in`, `${fifoPrefix}.out`]);
    // Held for as long as the FIFOs have names. What is written here stays readable even if the reader comes
    // later; a reader that comes after the removal finds no file: nobody can come too late and wait for ever.
    const flags = constants.O_RDWR | constants.O_NONBLOCK;
    const commands = openSync(`${fifoPrefix}.in`, flags);
    this.#fifos = { commands, answers: openSync(`${fifoPrefix}.out`, flags) };
  }

  /** Sends the target a harmless command, to see whether it answers. Only before there is a channel. */
  knock(): void {
    if (this.#fifos) writeSync(this.#fifos.commands, 'endianness\n');
  }

  /** Whether an answer to `knock` has arrived; takes it away. */
  takeAnswer(): boolean {
    if (!this.#fifos) return false;
    try {
      return readSync(this.#fifos.answers, Buffer.alloc(256)) > 0;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return false;
      throw error;
    }
  }

  /** Writes a line of our own among the answers; up to 4096 bytes, so that it is never inside another. */
  say(line: string): void {
    if (!this.#fifos) return;
    try {
      writeSync(this.#fifos.answers, `${line}\n`);
    } catch {
      // Full: 64 KiB of answers that nobody reads, and so nobody who is blocked.
    }
  }

  /** Tells a blocked reader that the target is dead, and removes everything. Synchronous, idempotent. */
  release(): void {
    this.say('DIED');
    try {
      rmSync(this.paths.directory, { recursive: true, force: true });
    } catch {
      // A process that has been killed but is not dead yet added a file: the reaper tries again.
    }
    if (this.#fifos) for (const fifo of Object.values(this.#fifos)) closeSync(fifo);
    this.#fifos = undefined;
    this.reaper.watch(undefined);
    this.reaper.release();
  }
}

/** Memory if it is there, ours to write, and large enough that no page of guest RAM can fail to be had. */
function roomyRoot(bytes: number): string {
  try {
    accessSync(SHARED_MEMORY, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(SHARED_MEMORY);
    if (bavail * bsize > bytes) return SHARED_MEMORY;
  } catch {
    // No such place on this system.
  }
  return tmpdir();
}

function sparseFile(path: string, bytes: number): void {
  writeFileSync(path, '', { mode: 0o600, flag: 'wx' });
  truncateSync(path, bytes);
}

function makeFifos(paths: readonly string[]): void {
  const { error, status, stderr } = spawnSync('mkfifo', ['-m', '600', ...paths], { encoding: 'utf8' });
  if (error) throw new QemuUnavailable(`mkfifo cannot be run (${error.message}): install coreutils`);
  if (status !== 0) throw new Error(`mkfifo failed: ${stderr.trim()}`);
}

/** A ROM in which the virtual CPU sleeps for ever, so that no firmware touches the controller. */
function haltRom(): Uint8Array {
  const rom = new Uint8Array(0x10000).fill(0xf4); // hlt
  rom.set([0xfa, 0xf4, 0xeb, 0xfd], 0xfff0); // the reset vector: cli; hlt; jmp to the hlt
  return rom;
}
