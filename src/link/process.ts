/** Everything that runs concurrently in a real system is a process that takes atomic steps. */

export type ProcessParty = 'host' | 'controller' | 'link';

export interface Process {
  /** Unique in its world, e.g. `SQ1 fetcher`. */
  readonly name: string;
  readonly party: ProcessParty;
  /** Where it stands, a small number: what it may touch with its next step can depend on that. Absent: always 0. */
  readonly location?: number;
  /** How many different steps it could take now; 0 when it is blocked. Reads state, changes nothing. */
  choices(): number;
  /** Takes step `choice`, 0 <= choice < choices(). It must change at least one word of the arena. */
  step(choice: number): void;
  /** What that step would do, for diagrams and counterexamples. */
  label(choice: number): string;
}
