/**
 * State classes: declare the fields once, read and write them like an ordinary object.
 *
 *     const fields = { head: word as Word<SlotIndex>, parked: flag as Flag };
 *     const Fields: StateOf<typeof fields> = state(fields);
 *     export class SubmissionQueue extends Fields { … }
 */
import type { Arena } from './arena.ts';

/** A 32-bit word that holds a number of type `T`. */
export interface Word<T extends number = number> {
  readonly kind: 'word';
  readonly type?: T;
}
/** A word that holds a truth value. */
export interface Flag {
  readonly kind: 'flag';
}
/** A word outside the hash: counts and event numbers that decide nothing. */
export interface Loose {
  readonly kind: 'loose';
}

export const word: Word<never> = { kind: 'word' };
export const flag: Flag = { kind: 'flag' };
export const loose: Loose = { kind: 'loose' };

type Field = Word | Flag | Loose;
type Fields = Readonly<Record<string, Field>>;
type ValueOf<F extends Field> = F extends Word<infer T> ? T : F extends Flag ? boolean : number;

/** An instance: the arena it lives in and one property for each field. */
export type StateInstance<F extends Fields> = { readonly arena: Arena } & {
  -readonly [K in keyof F]: ValueOf<F[K]>;
};
export type StateOf<F extends Fields> = new (arena: Arena) => StateInstance<F>;

class State {
  readonly arena: Arena;
  readonly wordsFrom: number;
  readonly looseFrom: number;

  constructor(arena: Arena, words: number, looseWords: number) {
    this.arena = arena;
    this.wordsFrom = words > 0 ? arena.allocate(words, true) : 0;
    this.looseFrom = looseWords > 0 ? arena.allocateLoose(looseWords) : 0;
  }
}

/** Makes a class whose instances keep `fields` in the arena they are constructed with, all zero at first. */
export function state<const F extends Fields>(fields: F): StateOf<F> {
  const names = Object.keys(fields);
  const looseNames = names.filter((name) => fields[name]?.kind === 'loose');
  const hashedNames = names.filter((name) => fields[name]?.kind !== 'loose');

  class Declared extends State {
    constructor(arena: Arena) {
      super(arena, hashedNames.length, looseNames.length);
    }
  }
  hashedNames.forEach((name, offset) => {
    Object.defineProperty(Declared.prototype, name, accessor(offset, fields[name]?.kind === 'flag'));
  });
  looseNames.forEach((name, offset) => {
    Object.defineProperty(Declared.prototype, name, looseAccessor(offset));
  });
  return Declared as unknown as StateOf<F>;
}

function accessor(offset: number, isFlag: boolean): PropertyDescriptor & ThisType<State> {
  return isFlag
    ? {
        get() {
          return this.arena.get(this.wordsFrom + offset) !== 0;
        },
        set(value: boolean) {
          this.arena.set(this.wordsFrom + offset, value ? 1 : 0);
        },
      }
    : {
        get() {
          return this.arena.get(this.wordsFrom + offset);
        },
        set(value: number) {
          this.arena.set(this.wordsFrom + offset, value);
        },
      };
}

function looseAccessor(offset: number): PropertyDescriptor & ThisType<State> {
  return {
    get() {
      return this.arena.loose[this.looseFrom + offset];
    },
    set(value: number) {
      this.arena.setLoose(this.looseFrom + offset, value);
    },
  };
}
