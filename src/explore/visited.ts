/** The set of states that were seen, as 64-bit fingerprints in typed arrays, with the least depth of each. */
const EMPTY = 0;

export class Visited {
  #low: Int32Array;
  #high: Int32Array;
  /** Least depth at which the state was seen, plus one; 0 marks a free place. */
  #depth: Int32Array;
  #size = 0;
  #mask: number;
  readonly #leastDepth: boolean;

  /**
   * `leastDepth`: a state met again higher up counts as new, because a bound on depth may have cut off what lies
   * behind it.
   */
  constructor(leastDepth: boolean, capacity: number = 1 << 14) {
    this.#leastDepth = leastDepth;
    this.#low = new Int32Array(capacity);
    this.#high = new Int32Array(capacity);
    this.#depth = new Int32Array(capacity);
    this.#mask = capacity - 1;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a state; false when nothing new lies behind it. */
  add(low: number, high: number, depth: number): boolean {
    let at = (low ^ Math.imul(high, 0x9e3779b1)) & this.#mask;
    while (this.#depth[at] !== EMPTY) {
      if (this.#low[at] === low && this.#high[at] === high) {
        if (!this.#leastDepth || (this.#depth[at] as number) <= depth + 1) return false;
        this.#depth[at] = depth + 1;
        return true;
      }
      at = (at + 1) & this.#mask;
    }
    this.#low[at] = low;
    this.#high[at] = high;
    this.#depth[at] = depth + 1;
    if (++this.#size * 2 > this.#mask) this.#grow();
    return true;
  }

  /** Probability that two of the states shared a fingerprint (birthday bound, 64 bits). */
  get collision(): number {
    return this.#size ** 2 / 2 ** 65;
  }

  #grow(): void {
    const old = { low: this.#low, high: this.#high, depth: this.#depth };
    const capacity = old.low.length * 2;
    this.#low = new Int32Array(capacity);
    this.#high = new Int32Array(capacity);
    this.#depth = new Int32Array(capacity);
    this.#mask = capacity - 1;
    this.#size = 0;
    for (let at = 0; at < old.low.length; at++) {
      const depth = old.depth[at] as number;
      if (depth !== EMPTY) this.add(old.low[at] as number, old.high[at] as number, depth - 1);
    }
  }
}
