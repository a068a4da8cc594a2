/** Commands for the reader to copy. */
import { isPlugInPath } from '../scenario/plug-in-path.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { PairingResult } from '../suite/result.ts';
import type { Look } from './look.ts';
import { shellWord, unbroken, wrap } from './text.ts';

/** What the run was called with, as far as it decides what comes out. */
export interface Invocation {
  readonly controller?: string | undefined;
  readonly driver?: string | undefined;
  readonly runs?: number | undefined;
  readonly strict?: boolean | undefined;
  readonly states?: number | undefined;
  readonly depth?: number | undefined;
  readonly memory?: number | undefined;
  /** False: asked for with `--no-reduction`. */
  readonly reduction?: boolean | undefined;
  /** Given, or chosen by the program. */
  readonly seed: number;
}

/**
 * The words of the command that runs one pair of a scenario again, or all of its pairs where none can be named alone.
 * The seed decides only what was found at random.
 */
export function rerun(
  { file, alone }: Pick<PairingResult, 'file' | 'alone'>,
  invocation: Invocation,
  isRandom: boolean,
): readonly string[] {
  const { runs, strict, seed, states, depth, memory, reduction } = invocation;
  const { controller, driver } = alone ?? invocation;
  const given = (option: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [option, String(value)];
  return [
    'nvme-conform',
    'run',
    file,
    ...given('--controller', controller),
    ...given('--driver', driver),
    ...given('--seed', isRandom ? seed : undefined),
    ...given('--runs', runs),
    ...given('--states', states),
    ...given('--depth', depth),
    ...given('--memory', memory),
    ...(reduction === false ? ['--no-reduction'] : []),
    ...(strict === true ? ['--strict'] : []),
  ];
}

/** The words of the command that runs a counterexample exactly, and draws it: plug-ins are named there again. */
export function replay(file: string, { driver, controller }: Systems): readonly string[] {
  const plugIn = (option: string, name: string | undefined): string[] =>
    name !== undefined && isPlugInPath(name) ? [option, name] : [];
  return [
    'nvme-conform',
    'replay',
    file,
    ...plugIn('--controller', controller),
    ...plugIn('--driver', driver),
  ];
}

/** Of a counterexample: models by name. */
export function systemsIn({ pairings: [pairing] }: Pick<Scenario, 'pairings'>): Systems {
  return { driver: pairing?.driver.model, controller: pairing?.controller.model };
}

interface Systems {
  readonly driver: string | undefined;
  readonly controller: string | undefined;
}

/** A command in one line, for a shell. */
export function commandText(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

/** A command behind its label, to be copied into a shell as it stands: long ones go on after a backslash. */
export function commandLines(label: string, words: readonly string[], look: Look): string[] {
  const margin = ' '.repeat(label.length + 6);
  const lines = wrap(parts(words).map(unbroken).join(' '), look.width - margin.length - 2);
  return lines.map((line, index) => {
    const beginning = index === 0 ? `  ${look.palette.dim(label)}  ` : margin;
    return `${beginning}${line}${index < lines.length - 1 ? ' \\' : ''}`;
  });
}

/** The words, each option together with its value. */
function parts(words: readonly string[]): readonly string[] {
  return words.flatMap((word, index) => {
    if (isOption(words[index - 1]) && !isOption(word)) return [];
    const value = words[index + 1];
    const hasValue = isOption(word) && value !== undefined && !isOption(value);
    return hasValue ? `${word} ${shellWord(value)}` : shellWord(word);
  });
}

function isOption(word: string | undefined): boolean {
  return word?.startsWith('--') ?? false;
}
