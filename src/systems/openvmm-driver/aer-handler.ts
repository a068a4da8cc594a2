/** AdminAerHandler: keeps one Asynchronous Event Request outstanding and answers NextAen requests. */
import { flag, type Flag, state, type StateOf, type Word, word } from '../../arena/state.ts';
import type { Arena } from '../../arena/arena.ts';
import type { Link } from '../../link/link.ts';
import type { CompletionEntry } from '../../spec/entries.ts';
import { status } from '../../spec/status.ts';
import type { CommandId } from '../../spec/units.ts';
import type { Door } from './door.ts';

const fields = {
  /** CID of the request that is outstanding, plus one (await_aen_cid). */
  awaited: word as Word,
  /** An event that nobody has asked for (last_aen); the next one takes its place. */
  last: flag as Flag,
  /** The NextAen request whose reply is parked, plus one (send_aen). */
  parked: word as Word,
  /** The controller refused a request (failed_status): none is sent any more, until the driver is restored. */
  failed: flag as Flag,
};
const Fields: StateOf<typeof fields> = state(fields);

export class AerHandler extends Fields {
  readonly #link: Link;
  readonly #door: Door;

  constructor(arena: Arena, link: Link, door: Door) {
    super(arena);
    this.#link = link;
    this.#door = door;
  }

  /** poll_send_aer */
  get wantsToSend(): boolean {
    return this.awaited === 0 && !this.failed;
  }

  sent(cid: CommandId): void {
    this.awaited = cid + 1;
  }

  /** handle_completion */
  complete(entry: CompletionEntry): void {
    if (entry.cid + 1 !== this.awaited) return;
    this.awaited = 0;
    if (entry.status === status.success) {
      this.#link.emit({ type: 'aen.arrived' });
      if (this.parked === 0) this.last = true;
    } else {
      this.failed = true;
      this.last = false;
    }
    this.#answerParked();
  }

  /** handle_aen_request */
  request(request: number): void {
    if (this.last) this.last = false;
    else if (!this.failed) {
      this.parked = request + 1;
      return;
    }
    this.#door.answerRequest(request);
  }

  /** Whoever is parked hears that the queue pair is gone. */
  drop(): void {
    const request = this.parked - 1;
    this.parked = 0;
    if (request >= 0) this.#door.dropRequest(request);
  }

  /** AerHandler::restore: `awaited` and `last` are in the saved state, that a request failed is not. */
  restore(): void {
    this.failed = false;
  }

  #answerParked(): void {
    const request = this.parked - 1;
    this.parked = 0;
    if (request >= 0) this.#door.answerRequest(request);
  }
}
