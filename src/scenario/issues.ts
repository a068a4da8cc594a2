/** What Zod found, in sentences at places of the file. */
import type { z } from 'zod';
import { quote } from './diagnostic.ts';
import { expected } from './kinds.ts';
import { suggestion } from './nearest.ts';
import type { Place } from './place.ts';

/** Tells every issue of `error`, whose paths begin at `place`. */
export function tell(error: z.ZodError, place: Place): void {
  for (const issue of error.issues) one(issue, place.at(...issue.path));
}

const nouns: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  array: 'a list',
};

function one(issue: z.core.$ZodIssue, place: Place): void {
  const name = String(issue.path.at(-1) ?? '');
  if (place.value === undefined) {
    place.wrong(`${quote(name)} is missing`);
  } else if (issue.code === 'custom') {
    custom(place, name, issue.message, issue.params ?? {});
  } else if (issue.code === 'invalid_type') {
    place.wrong(expected(nouns[issue.expected] ?? issue.expected, place.value));
  } else {
    place.wrong(issue.message);
  }
}

/** The parameters are those that `kinds.ts` gives. */
function custom(
  place: Place,
  name: string,
  message: string,
  params: Readonly<Record<string, unknown>>,
): void {
  const { known, hint, onKey } = params;
  const advice = typeof hint === 'string' ? hint : undefined;
  if (Array.isArray(known)) place.wrongKey(`unknown key ${quote(name)}`, suggestion(name, known.map(String)));
  else if (onKey === true) place.wrongKey(message, advice);
  else place.wrong(message, advice);
}
