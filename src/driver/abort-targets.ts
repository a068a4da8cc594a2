/** Which commands of a queue a plan wants aborted, and under which identifiers they are outstanding. */
import type { Arena } from '../arena/arena.ts';
import { WordArray } from '../arena/containers.ts';
import type { CommandId } from '../spec/units.ts';

/** Commands are numbered from 0 as they are written, over all lives of their queue. */
export class AbortTargets {
  readonly #numbers: readonly number[];
  readonly #beyond: number;
  /** How many commands were written, as far as that matters. Then, for each target, its CID plus one while it is outstanding. */
  readonly #words: WordArray;

  constructor(arena: Arena, numbers: readonly number[]) {
    this.#numbers = numbers;
    this.#beyond = Math.max(...numbers) + 1;
    this.#words = new WordArray(arena, numbers.length + 1);
  }

  wrote(cid: CommandId): void {
    const number = this.#words.get(0);
    if (number === this.#beyond) return; // no target comes any more
    this.#words.set(0, number + 1);
    const target = this.#numbers.indexOf(number);
    if (target >= 0) this.#words.set(target + 1, cid + 1);
  }

  completed(cid: CommandId): void {
    for (let word = 1; word < this.#words.length; word++)
      if (this.#words.get(word) === cid + 1) this.#words.set(word, 0);
  }

  /** The queue is gone, and with it whatever was outstanding there. */
  forget(): void {
    for (let word = 1; word < this.#words.length; word++) this.#words.set(word, 0);
  }

  /** Whether command `number` was written, in whichever life of the queue. */
  came(number: number): boolean {
    return this.#words.get(0) > number;
  }

  /** The CID of command `number`; undefined when it is not outstanding. */
  cidOf(number: number): CommandId | undefined {
    const stored = this.#words.get(this.#numbers.indexOf(number) + 1);
    return stored === 0 ? undefined : stored - 1;
  }
}
