/** The pages that Doorbell Buffer Config names (Base 2.1, 5.2.5), one pair after the other if there are two. */
import type { Arena } from '../arena/arena.ts';
import { flag, type Flag, state, type StateOf } from '../arena/state.ts';
import type { Link } from '../link/link.ts';
import { PAGE_BYTES } from '../link/memory.ts';
import type { Address } from '../spec/units.ts';
import type { DriverDecisions } from './decisions.ts';

/** Bytes of a page that are backed: the entries of 32 queues. */
const BACKED = PAGE_BYTES / 16;

interface Pair {
  readonly shadow: Address;
  readonly eventIdx: Address;
}

const fields = { secondInUse: flag as Flag };
const Fields: StateOf<typeof fields> = state(fields);

/** Allocated whether or not they are used. */
export class DoorbellPages extends Fields {
  readonly #link: Link;
  readonly #first: Pair;
  /** The same pair, unless pages change. */
  readonly #second: Pair;

  constructor(arena: Arena, link: Link, decision: DriverDecisions['doorbellPages']) {
    super(arena);
    const pair = (): Pair => ({
      shadow: link.memory.allocate(BACKED),
      eventIdx: link.memory.allocate(BACKED),
    });
    this.#link = link;
    this.#first = pair();
    this.#second = decision === 'in-turn' ? pair() : this.#first;
  }

  /** The shadow doorbells in use. */
  get shadow(): Address {
    return this.#inUse.shadow;
  }

  get eventIdx(): Address {
    return this.#inUse.eventIdx;
  }

  /** The pair that the next command names. */
  get next(): Pair {
    return this.secondInUse ? this.#first : this.#second;
  }

  /** Other pages than those in use hold zeroes before they are named, as fresh ones do. */
  clearNext(): void {
    if (this.#first === this.#second) return;
    for (const page of [this.next.shadow, this.next.eventIdx])
      for (let address = page; address < page + BACKED; address += 4) this.#link.hostWrite32(address, 0);
  }

  /** The command has succeeded: only the pages that it named count. */
  turn(): void {
    this.secondInUse = this.#first !== this.#second && !this.secondInUse;
  }

  get #inUse(): Pair {
    return this.secondInUse ? this.#second : this.#first;
  }
}
