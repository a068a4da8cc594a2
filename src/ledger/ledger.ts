import type { Arena } from '../arena/arena.ts';
import type { LinkEvent } from '../link/events.ts';
import type { LedgerOptions } from './options.ts';
export type { LedgerOptions } from './options.ts';

export class Ledger {
  readonly arena: Arena;
  readonly options: LedgerOptions;
  constructor(arena: Arena, options: LedgerOptions) {
    this.arena = arena;
    this.options = options;
  }
  /** Control-plane requests that must be answered now. */
  get requestsOpen(): number {
    return 0;
  }
  fold(_event: LinkEvent): void {}
}
