/**
 * Commands that were written and not answered (PendingCommands). A command identifier is the command's key in
 * the table, ten bits, under a sequence number of six bits that counts commands, not uses of the key.
 */
import type { Arena } from '../../arena/arena.ts';
import { Table } from '../../arena/containers.ts';
import { state, type StateOf, type Word, word } from '../../arena/state.ts';
import type { CommandId } from '../../spec/units.ts';

const KEY_BITS = 10;
const SEQUENCES = 1 << 6;
/** MAX_CIDS */
export const KEYS: number = 1 << KEY_BITS;

/** Who is answered when the command completes: the number of a call, or one of the two below. */
export type Caller = number;
/** An Asynchronous Event Request of the handler itself. */
export const HANDLER: Caller = -1;
/** A command from before the restore: its result is thrown away (Rpc::detached). */
export const DETACHED: Caller = -2;

const fields = { sequence: word as Word };
const Fields: StateOf<typeof fields> = state(fields);

const CID = 0;
const CALLER = 1;

export class PendingCommands extends Fields {
  readonly #capacity: number;
  readonly #rows: Table;

  /** Full at `capacity` commands; `rows` of them can come together here. */
  constructor(arena: Arena, capacity: number, rows: number) {
    super(arena);
    this.#capacity = capacity;
    this.#rows = new Table(arena, rows, 2);
  }

  get full(): boolean {
    return this.#rows.size >= this.#capacity;
  }

  get empty(): boolean {
    return this.#rows.size === 0;
  }

  /**
   * Takes the lowest free key and returns the command's identifier. (OpenVMM's slab hands out the key freed
   * last; the sequence number makes the identifiers differ either way.)
   */
  insert(caller: Caller): CommandId {
    let key = 0;
    while (this.#rows.has(key)) key++;
    const cid = key | (this.sequence << KEY_BITS);
    this.sequence = (this.sequence + 1) % SEQUENCES;
    const row = this.#rows.insert(key);
    this.#rows.set(row, CID, cid);
    this.#rows.set(row, CALLER, caller);
    return cid;
  }

  /** Takes a command out; or the panic that its identifier causes. */
  remove(
    cid: CommandId,
  ): { readonly caller: Caller } | { readonly panic: 'unknown key' | 'sequence mismatch' } {
    const row = this.#rows.find(keyOf(cid));
    if (row < 0) return { panic: 'unknown key' };
    if (this.#rows.get(row, CID) !== cid) return { panic: 'sequence mismatch' };
    const caller = this.#rows.get(row, CALLER);
    this.#rows.remove(row);
    return { caller };
  }

  /** The callers are gone; the commands stay, and so do those of the handler itself. */
  detach(each: (call: number) => void): void {
    for (let row = 0; row < this.#rows.size; row++) {
      const caller = this.#rows.get(row, CALLER);
      if (caller === HANDLER) continue;
      if (caller !== DETACHED) each(caller);
      this.#rows.set(row, CALLER, DETACHED);
    }
  }
}

export function keyOf(cid: CommandId): number {
  return cid & (KEYS - 1);
}
