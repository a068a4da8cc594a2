/** What a plug-in does wrong as a module or as a model; the rules of the protocol are another matter. */
import { fileURLToPath } from 'node:url';
import { NotOffered, UnknownDecision } from '../../systems/system.ts';

/** A module that is no plug-in, or a model that throws, returns nonsense or breaks what its port promises. */
export class PlugInFault extends Error {
  constructor(plugIn: string, text: string, cause?: unknown) {
    super(`${plugIn}: ${text}${cause === undefined ? '' : `: ${theirs(cause)}`}`);
  }
}

/**
 * What says that a scenario or a controller did something, in the words of this package; known by name, as a plug-in may
 * have a copy of the package of its own.
 */
export function notItsFault(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  switch (error.constructor.name) {
    case 'NotOffered':
      return new NotOffered(error.message);
    case 'UnknownDecision': {
      const { decision, known } = error as UnknownDecision;
      return new UnknownDecision(decision, known, error.message);
    }
    case 'BringUpRefused':
      return error;
    default:
      return undefined;
  }
}

/** The folder of this package's own modules. */
const OWN: string = new URL('../..', import.meta.url).href;
const OWN_PATH: string = fileURLToPath(OWN);

/** What was thrown, with those lines of its stack that are the user's. */
export function theirs(error: unknown): string {
  if (!(error instanceof Error)) return `it threw ${String(error)}`;
  const { stack = '' } = error;
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const own = (line: string): boolean =>
    line.includes('node:') || line.includes(OWN) || line.includes(OWN_PATH);
  return [`${error.name}: ${error.message}`, ...frames.filter((line) => !own(line))].join('\n');
}

/** What a value is, for a sentence about what it should have been. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'undefined';
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return 'a list';
  return `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`;
}
