/** Hands on in order what comes in out of order: results of workers, so that nothing depends on who was quicker. */
export class InOrder<T> {
  readonly #take: (value: T) => void;
  readonly #early = new Map<number, T>();
  #next = 0;

  constructor(take: (value: T) => void) {
    this.#take = take;
  }

  /** The value of place `index`, from 0. */
  put(index: number, value: T): void {
    this.#early.set(index, value);
    for (;;) {
      const next = this.#early.get(this.#next);
      if (next === undefined) return;
      this.#early.delete(this.#next++);
      this.#take(next);
    }
  }

  /** Hands on what waits for values that will not come any more. */
  flush(): void {
    const rest = [...this.#early].toSorted(([a], [b]) => a - b);
    this.#early.clear();
    for (const [, value] of rest) this.#take(value);
  }
}
