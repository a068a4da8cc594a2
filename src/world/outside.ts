/**
 * A controller that lives outside: what it does is not a step that somebody chooses, it is found out by looking.
 * Completion entries are seen in memory, in slot order, by their phase tags.
 */
import type { Ledger } from '../ledger/ledger.ts';
import { type Link, readCqe } from '../link/link.ts';
import { CQE_BYTES } from '../spec/entries.ts';

export interface OutsideController {
  /** Messages that arrived since it was asked last are announced on the link. Returns whether there were any. */
  sampleInterrupts(link: Link): boolean;
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

  /** Announces what the controller has done; entries before messages, because that is the order it did them in. */
  look(): boolean {
    if (this.#looking) return false;
    this.#looking = true;
    const posts = this.#lookForPosts();
    const messages = this.#controller.sampleInterrupts(this.#link);
    this.#looking = false;
    return posts || messages;
  }

  /** Waits for news. False when the controller had its time and nothing came. */
  await(): boolean {
    if (this.look()) return true;
    this.#controller.wait();
    const news = this.look();
    if (!news) this.#controller.samplePending(this.#link);
    return news;
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
