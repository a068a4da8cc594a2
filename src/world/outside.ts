/**
 * A controller that lives outside: what it does is not a step that somebody chooses, it is found out by looking.
 * Completion entries are seen in memory, in slot order, by their phase tags.
 */
import type { Ledger } from '../ledger/ledger.ts';
import { type Link, readCqe } from '../link/link.ts';
import { CQE_BYTES } from '../spec/entries.ts';
import { shadowOffset } from '../spec/registers.ts';
import type { Vector } from '../spec/units.ts';

export interface OutsideController {
  /** Vectors whose messages arrived since it was asked last. */
  takeMessages(): readonly Vector[];
  /** Pending bits, likewise; asked when nothing else happens. */
  samplePending(link: Link): void;
  /** Gives the controller time to do what it has to do. */
  wait(): void;
}

export class Outside {
  readonly #controller: OutsideController;
  readonly #ledger: Ledger;
  readonly #link: Link;
  #looking = false;

  constructor(controller: OutsideController, ledger: Ledger, link: Link) {
    this.#controller = controller;
    this.#ledger = ledger;
    this.#link = link;
  }

  /**
   * Announces what the controller has done. Messages are taken first and announced last: an entry was written before
   * its message, so whatever a message speaks of can be seen once the message was.
   */
  look(): boolean {
    if (this.#looking) return false;
    this.#looking = true;
    const vectors = this.#controller.takeMessages();
    this.#lookForEventIdx();
    const posts = this.#lookForPosts();
    for (const vector of vectors) this.#link.msix.send(vector);
    this.#looking = false;
    return posts || vectors.length > 0;
  }

  /** Waits for news. False when the controller had its time and nothing came. */
  await(): boolean {
    if (this.look()) return true;
    this.#controller.wait();
    const news = this.look();
    if (!news) this.#controller.samplePending(this.#link);
    return news;
  }

  /** EventIdx as memory holds it now; values that came and went between two looks are not seen. */
  #lookForEventIdx(): void {
    const page = this.#link.eventIdxPage;
    if (!this.#ledger.controller.doorbellBuffer) return; // a late look must not pass for a write after a reset
    for (const ring of ['sq', 'cq'] as const) {
      for (const queue of ring === 'sq' ? this.#ledger.sqs : this.#ledger.cqs) {
        if (!queue.live) continue;
        const value = this.#link.memory.read32(page + shadowOffset(ring, queue.qid, this.#link.stride));
        if (value === queue.doorbell.eventIdx) continue;
        this.#link.emit({ type: `ei.${ring}`, qid: queue.qid, value, writer: 'controller' });
      }
    }
  }

  #lookForPosts(): boolean {
    let news = false;
    for (const cq of this.#ledger.cqs) {
      for (let seen = 0; cq.live && seen < cq.size - 1; seen++) {
        const address = cq.base + cq.tail * CQE_BYTES;
        if (readCqe(this.#link.memory, address).phase !== cq.phase) break;
        // Read again after the phase tag was seen: a read of 16 bytes is not atomic against the controller.
        this.#link.announcePost(cq.qid, cq.tail, readCqe(this.#link.memory, address));
        news = true;
      }
    }
    return news;
  }
}
