/** Words of a script: bare (`settle`), or a map of the word to what it takes (`reap: cq1`). */
import { z } from 'zod';
import { quote } from './diagnostic.ts';
import { isMap, look, expected, type Complaint } from './kinds.ts';
import { suggestion } from './nearest.ts';

/** A word and what it was given; bare words were given nothing. */
export type Spoken<Taking, Bare extends string> =
  | { [Word in keyof Taking]: { readonly word: Word; readonly given: Taking[Word] } }[keyof Taking]
  | { readonly word: Bare; readonly given: undefined };

export interface Vocabulary<Taking, Bare extends string> {
  readonly taking: { readonly [Word in keyof Taking]: z.ZodType<Taking[Word]> };
  readonly bare: readonly Bare[];
  /** Words that the language will have. */
  readonly later: readonly string[];
  /** How a word that takes something is used: `submit: { sq: sq1, read: 1 }`. */
  readonly examples: { readonly [Word in keyof Taking]: string };
}

/** A schema for one word of `vocabulary`. The word decides before anything is judged. */
export function oneWordOf<Taking, Bare extends string>(
  vocabulary: Vocabulary<Taking, Bare>,
): z.ZodType<Spoken<Taking, Bare>> {
  const { taking, bare, later } = vocabulary;
  const words = Object.keys(taking) as (keyof Taking & string)[];
  const known = [...words, ...bare];
  const example = (word: string): string | undefined =>
    (vocabulary.examples as Readonly<Record<string, string>>)[word];
  const schemas = new Map<string, z.ZodType>(words.map((word) => [word, phrase(word, taking[word])]));
  const lone = z.enum(bare);

  const unknown = (word: string, key?: string): Complaint =>
    later.includes(word)
      ? { message: `${quote(word)} is a word of the language that is not built yet`, key }
      : { message: `unknown word ${quote(word)}`, hint: suggestion(word, known), key };

  const choose = (value: unknown): z.ZodType | Complaint => {
    if (typeof value === 'string') {
      if (bare.some((word) => word === value)) return lone.transform((word) => ({ word, given: undefined }));
      const use = example(value);
      return use === undefined
        ? unknown(value)
        : { message: `${quote(value)} needs an argument`, hint: `as in: ${use}` };
    }
    if (!isMap(value)) return { message: expected('a word', value) };
    const [word, second] = Object.keys(value);
    if (word === undefined) return { message: expected('a word', undefined) };
    if (second !== undefined) return crowded(value, word, second, known);
    const schema = schemas.get(word);
    if (schema === undefined) {
      return bare.some((lone) => lone === word)
        ? { message: `${quote(word)} takes no argument`, hint: `write only: ${word}`, key: word }
        : unknown(word, word);
    }
    return value[word] === null
      ? { message: `${quote(word)} needs an argument`, hint: `as in: ${example(word) ?? word}`, key: word }
      : schema;
  };
  return look(
    (of) => ({
      anyOf: [of(lone), ...words.map((word) => of(z.strictObject({ [word]: taking[word] as z.ZodType })))],
    }),
    choose as (value: unknown) => z.ZodType<Spoken<Taking, Bare>> | Complaint,
  );
}

function phrase(word: string, schema: z.ZodType): z.ZodType {
  return z.object({ [word]: schema }).transform((map) => ({ word, given: map[word] }));
}

/** Two words in one map: forgotten dash, or arguments not indented under their word. */
function crowded(
  map: Record<string, unknown>,
  word: string,
  second: string,
  known: readonly string[],
): Complaint {
  const hint =
    map[word] === null && !known.includes(second)
      ? `indent what ${quote(word)} takes further than ${quote(word)} itself`
      : 'begin each step with a dash of its own';
  return { message: `one word at a time: here are ${quote(word)} and ${quote(second)}`, hint, key: second };
}
