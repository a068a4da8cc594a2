/**
 * What the schema is built of. Zod judges the shapes; these add two things. A choice between shapes is made
 * by a first look, so that a mistake is told in the terms of the shape that was meant and not as a failed
 * union. And unknown names are answered with the names that exist.
 */
import { z } from 'zod';
import { quote } from './diagnostic.ts';
import { suggestion } from './nearest.ts';

/** How a schema that looks first describes itself in the exported JSON Schema; `of` describes its parts. */
export type Description = (of: (part: z.ZodType) => Json) => Json;
export type Json = Readonly<Record<string, unknown>>;
export const descriptions: WeakMap<z.core.$ZodType, Description> = new WeakMap();

/** What is said instead of judging a value. */
export interface Complaint {
  readonly message: string;
  readonly hint?: string | undefined;
  /** About this key of the map and not about the map; `true`: about the key that the value stands under. */
  readonly key?: string | true | undefined;
}

/** A schema that looks at the value to choose which schema judges it. */
export function look<T>(
  describe: Description,
  choose: (value: unknown) => z.ZodType<T> | Complaint,
): z.ZodType<T> {
  const schema = z.unknown().transform((value, context): T => {
    const chosen = choose(value);
    if ('message' in chosen) {
      const path = typeof chosen.key === 'string' ? [chosen.key] : [];
      const params = { hint: chosen.hint, onKey: chosen.key !== undefined };
      context.issues.push({ code: 'custom', message: chosen.message, path, params, input: value });
      return z.NEVER;
    }
    const result = chosen.safeParse(value);
    if (result.success) return result.data;
    context.issues.push(
      ...result.error.issues.map((issue) => ({ ...issue, input: value }) as z.core.$ZodRawIssue),
    );
    return z.NEVER;
  });
  descriptions.set(schema, describe);
  return schema;
}

/** A map with these keys and no others. */
export function fields<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape);
  const stranger = z.custom<never>(() => false, { params: { known } });
  descriptions.set(stranger, () => ({ not: {} })); // no value at all
  return z.object(shape).catchall(stranger) as unknown as z.ZodObject<Shape, z.core.$strict>;
}

/** A map whose keys choose the schema of their values. `patterns` are the keys as regular expressions. */
export function keyed<T>(
  patterns: Readonly<Record<string, z.ZodType<T>>>,
  unknownKey: (key: string) => Complaint,
): z.ZodType<Readonly<Record<string, T>>> {
  const rows = Object.entries(patterns).map(([source, schema]) => ({ pattern: new RegExp(source), schema }));
  const describe: Description = (of) => ({
    type: 'object',
    patternProperties: Object.fromEntries(rows.map(({ pattern, schema }) => [pattern.source, of(schema)])),
    additionalProperties: false,
  });
  return look(describe, (value) => {
    if (!isMap(value)) return { message: expected('a map', value) };
    const shape: Record<string, z.ZodType<T>> = {};
    for (const key of Object.keys(value)) {
      const row = rows.find(({ pattern }) => pattern.test(key));
      shape[key] =
        row?.schema ??
        look<T>(
          () => ({}),
          () => ({ ...unknownKey(key), key: true }),
        );
    }
    return z.object(shape);
  });
}

/** One of a few words. */
export function oneOf<const Word extends string>(noun: string, words: readonly Word[]): z.ZodType<Word> {
  const schema = z.enum(words);
  return look(
    (of) => of(schema),
    (value) => {
      if (typeof value !== 'string')
        return { message: expected(`a ${noun}`, value), hint: suggestion('', words) };
      if (words.some((word) => word === value)) return schema;
      return { message: `unknown ${noun} ${quote(value)}`, hint: suggestion(value, words) };
    },
  );
}

/** A whole number from `least` to `most`. */
export function whole(noun: string, least: number, most: number): z.ZodType<number> {
  return z
    .int()
    .min(least, `${noun} ${least === 0 ? 'cannot be negative' : `must be at least ${least}`}`)
    .max(most, `${noun} over the limit of ${most}`);
}

type Kind = 'string' | 'number' | 'boolean' | 'list' | 'map';

/** Whichever of these the value is: a word, a number, a list, a map. */
export function either<T>(noun: string, kinds: Readonly<Partial<Record<Kind, z.ZodType<T>>>>): z.ZodType<T> {
  const parts = Object.values(kinds);
  return look(
    (of) => ({ anyOf: parts.map(of) }),
    (value) => {
      const kind = kindOf(value);
      const chosen = kind === undefined ? undefined : kinds[kind];
      return chosen ?? { message: expected(noun, value) };
    },
  );
}

/** A key that the language will have. */
export function notYet(name: string): z.ZodType<undefined> {
  const complaint = {
    message: `${quote(name)} is a word of the language that is not built yet`,
    key: true,
  } as const;
  return look<undefined>(
    () => ({ not: {} }),
    () => complaint,
  ).optional();
}

/** A list of words without repetitions. */
export function distinct<Word extends string>(
  noun: string,
  item: z.ZodType<Word>,
  least: number,
): z.ZodType<readonly Word[]> {
  const repeated = (list: readonly unknown[], context: z.core.$RefinementCtx): void => {
    for (const [index, value] of list.entries()) {
      // What is no word was refused already.
      if (typeof value !== 'string' || list.indexOf(value) === index) continue;
      context.addIssue({ code: 'custom', message: `this ${noun} stands twice`, path: [index] });
    }
  };
  return z
    .array(item)
    .min(least, `name at least one ${noun}`)
    .superRefine(repeated, { when: ({ value }) => Array.isArray(value) });
}

/** `expected a map, found text` */
export function expected(noun: string, value: unknown): string {
  return `expected ${noun}, found ${found(value)}`;
}

function found(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  return isMap(value) ? 'a map' : 'nothing';
}

function kindOf(value: unknown): Kind | undefined {
  if (Array.isArray(value)) return 'list';
  if (isMap(value)) return 'map';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : undefined;
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
