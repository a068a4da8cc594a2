/** Registers, doorbell buffer and failure of the controller, as far as an observer knows them. */
import { flag, type Flag, state, type StateOf, word, type Word } from '../arena/state.ts';

const fields = {
  /** CC as last written. */
  cc: word as Word,
  aqa: word as Word,
  asqLow: word as Word,
  asqHigh: word as Word,
  acqLow: word as Word,
  acqHigh: word as Word,
  /**
   * CSTS.RDY as last read. Assumed 0 when EN is set and 1 when EN is cleared: until it reads otherwise,
   * the host must not submit and the controller may still be finishing.
   */
  ready: flag as Flag,
  /** CSTS.CFS was read as 1. */
  fatal: flag as Flag,
  /** No command was submitted since EN was set. */
  untouched: flag as Flag,
  /** Doorbell Buffer Config has succeeded since the last reset. */
  doorbellBuffer: flag as Flag,
  /** A reset took the doorbell buffer away, and it was not configured again. */
  doorbellBufferRevoked: flag as Flag,
  shadowPageLow: word as Word,
  shadowPageHigh: word as Word,
  eventIdxPageLow: word as Word,
  eventIdxPageHigh: word as Word,
  /** The host broke a rule: a controller that fails after that is not blamed. */
  hostErred: flag as Flag,
};
const Fields: StateOf<typeof fields> = state(fields);

export class LedgerController extends Fields {
  get enabled(): boolean {
    return (this.cc & 1) !== 0;
  }

  /** Whether the host gave both admin queues a place and more than one entry: else what follows is undefined (3.1.4.8). */
  get hasAdminQueues(): boolean {
    const placed = (this.asqLow | this.asqHigh) !== 0 && (this.acqLow | this.acqHigh) !== 0;
    return placed && (this.aqa & 0xfff) !== 0 && (this.aqa & 0xfff_0000) !== 0;
  }

  /** CC.SHN asks for a shutdown: commands may be aborted or left (3.6.1). */
  get shuttingDown(): boolean {
    return (this.cc & 0xc000) !== 0;
  }
}
