/** The program: what the shim in `bin` calls. */
import { CommanderError } from 'commander';
import { connections } from './connections.ts';
import type { ExitCode } from './exit-code.ts';
import { InputError } from './input-error.ts';
import { processOutput, type Channel } from './output.ts';
import { createProgram } from './program.ts';
import { UsageError } from './usage-error.ts';

/**
 * Runs the command of this process's arguments and sets the exit code. The process then ends by itself, so
 * that everything written reaches its reader.
 */
export async function main(): Promise<void> {
  const output = processOutput();
  // What nobody waited for and nobody caught: Node's own exit code, 1, would be taken for a violation.
  process.on('uncaughtException', (error) => process.exit(failure(error, output.notes)));
  const program = createProgram(connections, output, (code) => {
    process.exitCode = code;
  });
  try {
    await program.parseAsync(process.argv);
  } catch (error) {
    process.exitCode = failure(error, output.notes);
  }
}

/** Says what went wrong. Commander has told its own errors by now; its code for them is 1, ours is 2. */
function failure(error: unknown, notes: Channel): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { palette } = notes.look;
  if (error instanceof InputError) {
    notes.write(`${palette.bad('error')}: ${error.message}\n`);
    return error.code;
  }
  if (error instanceof UsageError) {
    notes.write(
      `${palette.bad('error')}: ${error.message}\n${error.hint === undefined ? '' : `  ${error.hint}\n`}`,
    );
    return 2;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  notes.write(
    `${palette.bad('internal error')}: ${text}\n` +
      `This is a defect of nvme-conform; please report it (Node ${process.version}).\n`,
  );
  return 70;
}
