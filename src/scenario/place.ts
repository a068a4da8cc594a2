/** A place in a scenario file: what stands there, where that is, and whom to tell what is wrong with it. */
import type { z } from 'zod';
import type { Problem } from './diagnostic.ts';
import type { Path, YamlFile } from './document.ts';
import type { Position } from './scenario.ts';

/** Mistakes told of one file. */
export const MOST = 100;

export class Place {
  readonly #file: YamlFile;
  readonly #path: Path;
  readonly #problems: Problem[];

  constructor(file: YamlFile, problems: Problem[], path: Path = []) {
    this.#file = file;
    this.#problems = problems;
    this.#path = path;
  }

  /** The part `steps` further in; it need not be there. */
  at(...steps: Path): Place {
    return new Place(this.#file, this.#problems, [...this.#path, ...steps]);
  }

  /** What stands here; undefined if nothing does. */
  get value(): unknown {
    return this.#path.reduce<unknown>(
      (value, step) => (isTable(value) && Object.hasOwn(value, step) ? value[step] : undefined),
      this.#file.value,
    );
  }

  get position(): Position {
    return this.#file.position(this.#path);
  }

  get keyPosition(): Position {
    return this.#file.position(this.#path, 'key');
  }

  /** The places of the elements of the list or map that stands here, with their keys. */
  entries(): readonly (readonly [string, Place])[] {
    const { value } = this;
    return isTable(value) ? Object.keys(value).map((key) => [key, this.at(key)] as const) : [];
  }

  /** Says what is wrong with the value here. Returns nothing, so that `return place.wrong(…)` reads well. */
  wrong(message: string, hint?: string): undefined {
    if (this.#problems.length < MOST) this.#problems.push({ position: this.position, message, hint });
  }

  /** Says what is wrong with the key here. */
  wrongKey(message: string, hint?: string): undefined {
    if (this.#problems.length < MOST) this.#problems.push({ position: this.keyPosition, message, hint });
  }

  /** The value as `schema` reads it, or undefined: its complaints were told when the file was checked. */
  read<T>(schema: z.ZodType<T>): T | undefined {
    return schema.safeParse(this.value).data;
  }
}

function isTable(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}
