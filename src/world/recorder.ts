/** The trace of a run: every step and every event, kept only while somebody wants to read it. */
import type { LinkEvent } from '../link/events.ts';
import type { ProcessParty } from '../link/process.ts';

/** An event on the link, or a step that crossed nothing. */
export interface TraceRow {
  /** Number of the event, from 1; a step that crossed nothing has none. */
  readonly number: number | undefined;
  readonly event: LinkEvent | undefined;
  /** Who moved, and what the step is called. */
  readonly process: string;
  readonly party: ProcessParty;
  readonly step: string;
  /** Part of bring-up: drawn as one line. */
  readonly bringUp: boolean;
}

export class Recorder {
  recording = false;
  bringUp = false;
  rows: TraceRow[] = [];
  events: LinkEvent[] = [];

  #process = '';
  #party: ProcessParty = 'host';
  #step = '';
  #silent = false;
  #baseRows = 0;
  #baseEvents = 0;

  step(process: string, party: ProcessParty, step: string): void {
    if (!this.recording) return;
    this.#flushSilent();
    this.#process = process;
    this.#party = party;
    this.#step = step;
    this.#silent = true;
  }

  event(event: LinkEvent): void {
    if (!this.recording) return;
    this.#silent = false;
    this.events.push(event);
    this.#row(this.events.length, event);
  }

  /** Keeps the last step too, if it crossed nothing. */
  finish(): void {
    this.#flushSilent();
  }

  /** Remembers that the rows so far belong to bring-up, which a restart keeps. */
  keep(): void {
    this.#flushSilent();
    this.#baseRows = this.rows.length;
    this.#baseEvents = this.events.length;
  }

  rewind(): void {
    this.#silent = false;
    this.rows.length = Math.min(this.rows.length, this.#baseRows);
    this.events.length = Math.min(this.events.length, this.#baseEvents);
  }

  #flushSilent(): void {
    if (this.#silent) this.#row(undefined, undefined);
    this.#silent = false;
  }

  #row(number: number | undefined, event: LinkEvent | undefined): void {
    this.rows.push({
      number,
      event,
      process: this.#process,
      party: this.#party,
      step: this.#step,
      bringUp: this.bringUp,
    });
  }
}
