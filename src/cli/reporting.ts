/** Where reports go: `--reporter NAME[=FILE]` understood, files opened, and every event told to all reporters. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Counterexample } from '../fuzz/result.ts';
import { plainLook } from '../report/look.ts';
import type { Ending, Header, Reporter } from '../report/reporter.ts';
import { isReporterName, reporters, type ReporterName } from '../report/reporters.ts';
import { printable } from '../report/text.ts';
import { suggestion } from '../scenario/nearest.ts';
import type { PairingResult } from '../suite/result.ts';
import type { Channel } from './output.ts';
import { UsageError } from './usage-error.ts';

interface Choice {
  readonly name: ReporterName;
  /** Undefined: stdout. */
  readonly file: string | undefined;
}

/** A place to write to. */
interface Sink {
  write(text: string): void;
  /** Throws a UsageError if something that was written is not there. */
  close(): void;
}

/** What the reporters of one run are told, in the order that `Reporter` demands. */
export interface Reports {
  begin(header: Header): void;
  result(result: PairingResult): void;
  counterexample(counterexample: Counterexample): void;
  /** Closes the files. Throws a UsageError if one could not be written whole. */
  end(ending: Ending): void;
}

/**
 * Opens the files, empty, before anything runs. `typed` is what the option gave; stdout has a report in any case.
 * `makeRoom` is called before something is written there: it takes a progress line away. Throws a UsageError for a
 * reporter or a file that cannot be.
 */
export function openReports(
  typed: readonly string[],
  stdout: Channel,
  makeRoom: () => void = () => {},
): Reports {
  const choices = withDefault(typed.map(choiceOf), stdout);
  checkApart(choices);
  const places = choices.map(({ name, file }) => ({
    kind: reporters[name],
    look: file === undefined ? stdout.look : plainLook,
    sink: file === undefined ? stdoutSink(stdout, reporters[name].isForPeople, makeRoom) : fileSink(file),
  }));
  let told: readonly { readonly reporter: Reporter; readonly sink: Sink }[] = [];
  const tell = (text: (reporter: Reporter) => string): void => {
    for (const { reporter, sink } of told) sink.write(text(reporter));
  };
  return {
    begin: (header) => {
      told = places.map(({ kind, look, sink }) => ({ reporter: kind.make(header, look), sink }));
      tell((reporter) => reporter.begin());
    },
    result: (result) => tell((reporter) => reporter.result(result)),
    counterexample: (counterexample) => tell((reporter) => reporter.counterexample(counterexample)),
    end: (ending) => {
      tell((reporter) => reporter.end(ending));
      for (const { sink } of told) sink.close();
    },
  };
}

function choiceOf(typed: string): Choice {
  const at = typed.indexOf('=');
  const name = at < 0 ? typed : typed.slice(0, at);
  const file = at < 0 ? undefined : typed.slice(at + 1);
  if (!isReporterName(name)) {
    throw new UsageError(`unknown reporter '${printable(name)}'`, suggestion(name, Object.keys(reporters)));
  }
  if (file === '') throw new UsageError(`a file is missing after '${name}='`);
  return { name, file };
}

/** Unless a reporter was put there, stdout gets the report for people on a terminal, and TAP in a pipe. */
function withDefault(choices: readonly Choice[], { isTerminal }: Channel): readonly Choice[] {
  if (choices.some(({ file }) => file === undefined)) return choices;
  return [{ name: isTerminal ? 'pretty' : 'tap', file: undefined }, ...choices];
}

/** Two reports in one place would be none. */
function checkApart(choices: readonly Choice[]): void {
  const taken = new Map<string, ReporterName>();
  for (const { name, file } of choices) {
    const place = file === undefined ? '' : resolve(file);
    const other = taken.get(place);
    if (other !== undefined) {
      const where = file === undefined ? 'stdout' : `'${printable(file)}'`;
      throw new UsageError(
        `two reporters, ${other} and ${name}, cannot both write to ${where}`,
        `a file of its own: --reporter ${name}=FILE`,
      );
    }
    taken.set(place, name);
  }
}

function stdoutSink(channel: Channel, isForPeople: boolean, makeRoom: () => void): Sink {
  return {
    write: (text) => {
      if (text === '') return;
      makeRoom();
      channel.write(text, !isForPeople);
    },
    close: () => {},
  };
}

/** Written at once, so that nothing is lost however the program ends. An error ends the writing, not the run. */
function fileSink(file: string): Sink {
  const failed = (error: unknown): UsageError =>
    new UsageError(`cannot write '${printable(file)}': ${(error as Error).message}`);
  let error: UsageError | undefined;
  let descriptor: number;
  try {
    descriptor = openSync(file, 'w');
  } catch (reason) {
    throw failed(reason);
  }
  const attempt = (action: () => void): void => {
    if (error !== undefined) return;
    try {
      action();
    } catch (reason) {
      error = failed(reason);
    }
  };
  return {
    write: (text) => attempt(() => writeWhole(descriptor, Buffer.from(text))),
    close: () => {
      attempt(() => closeSync(descriptor));
      if (error !== undefined) throw error;
    },
  };
}

/** A pipe or a full disk may take a part only. */
function writeWhole(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
}
