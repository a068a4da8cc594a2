/**
 * One running thing: link, processes, ledger, rules. It knows what can step now, steps it, undoes it, and says
 * whether nothing more will happen.
 */
import type { Arena, Mark } from '../arena/arena.ts';
import type { LinkEvent } from '../link/events.ts';
import type { Link } from '../link/link.ts';
import type { Process } from '../link/process.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Finding } from '../rules/finding.ts';
import type { Judge } from '../rules/judge.ts';
import { register } from '../spec/registers.ts';
import type { RuleId } from '../spec/rule.ts';
import { Forgetting } from './forgetting.ts';
import { Outside, type OutsideController } from './outside.ts';
import { Recorder } from './recorder.ts';

/** One step that could be taken: which process, and which of its alternatives. */
export type Move = number & { readonly unit?: 'move' };
/** The script's next words, up to its next `settle`. */
export const SCRIPT: Move = -1;
const ALTERNATIVES = 64;

export function processOf(move: Move): number {
  return Math.floor(move / ALTERNATIVES);
}
export function choiceOf(move: Move): number {
  return move % ALTERNATIVES;
}
export function moveOf(process: number, choice: number): Move {
  return process * ALTERNATIVES + choice;
}

/** What a script offers: it acts only when nothing else can. */
export interface Script {
  readonly done: boolean;
  /** The script holds the controller back: nothing is owed meanwhile. */
  readonly holding: boolean;
  /** Its host has still to find out that something has come about. */
  readonly awaits: boolean;
  /** Performs the words up to and including the next `settle`. */
  advance(): void;
}

export interface WorldParts {
  readonly arena: Arena;
  readonly link: Link;
  readonly ledger: Ledger;
  readonly judge: Judge;
  readonly processes: readonly Process[];
  /** Whether bring-up is over. */
  readonly isUp: () => boolean;
  readonly script?: Script;
  /** Whether bytes of consumed entries may leave the hash: no driver reads an entry again after its doorbell. */
  readonly forgets: boolean;
  /** Host rules that a script breaks on purpose: their findings are set apart and end nothing. */
  readonly provokes?: readonly RuleId[];
  readonly outside?: OutsideController;
  /** Where steps cannot be undone, the parts of another world of the same kind: each run has its own. */
  readonly again?: () => WorldParts;
}

/** A model broke a rule of the house; not a protocol violation. */
export class ModelDefect extends Error {}

/** States looked at to find out whether all that can happen only leads round in them. */
const QUIET_SEARCH_MAX = 2048;
/**
 * Events that may be repeated for ever without anybody getting further: looking at a register or at EventIdx, falling
 * asleep and waking. What is owed is owed all the same. A message or a store of EventIdx may be what was owed.
 */
const goesRound: ReadonlySet<LinkEvent['type']> = new Set([
  'reg.r',
  'ei.read',
  'host.sleep',
  'host.wake',
] as const);
/** Steps in a row without an event, after which it is worth asking whether the world is quiet. */
export const EVENTLESS_MAX = 24;
/** Steps of bring-up, after which it is said to hang. */
const BRING_UP_MAX = 20_000;
/** Times that bring-up waits for a controller outside before it is said to hang. */
const BRING_UP_WAITS = 200;

/** Where steps cannot be undone, everything of it but the recorder is replaced by `restart`. */
export class World {
  arena: Arena;
  link: Link;
  ledger: Ledger;
  judge: Judge;
  processes: readonly Process[];
  script: Script | undefined;
  readonly recorder: Recorder = new Recorder();
  /** Whether the latest step crossed the link with more than what goes round for ever: see `goesRound`. */
  crossed = false;
  /** Findings that the script was meant to provoke. */
  readonly provoked: Set<RuleId> = new Set();

  #parts: WorldParts;
  #forgetting: Forgetting;
  readonly #outside: Outside | undefined;
  #probing = false;
  #waits = 0;
  #base: Mark | undefined;
  /** Nothing was done since bring-up. */
  #fresh = false;

  constructor(parts: WorldParts) {
    this.#parts = parts;
    this.arena = parts.arena;
    this.link = parts.link;
    this.ledger = parts.ledger;
    this.judge = parts.judge;
    this.processes = parts.processes;
    this.script = parts.script;
    this.#forgetting = new Forgetting(parts.ledger, parts.link.memory, parts.forgets);
    this.#outside = parts.outside && new Outside(parts.outside, parts.ledger, parts.link);
    this.#begin();
  }

  /** Whether steps can be undone. If not, nothing but whole runs can be tried. */
  get rewinds(): boolean {
    return this.#parts.again === undefined;
  }

  get findings(): Finding[] {
    return this.judge.findings;
  }

  /** Runs bring-up by the default policy and remembers the state after it. Returns whether it came to its end. */
  bringUp(): boolean {
    this.recorder.recording = this.recorder.bringUp = true;
    const isUp = this.#bringUp();
    this.recorder.keep();
    this.recorder.recording = this.recorder.bringUp = false;
    return isUp;
  }

  #bringUp(): boolean {
    let last: Move | undefined;
    let eventless = 0;
    for (let steps = 0; steps < BRING_UP_MAX && !this.#parts.isUp(); steps++) {
      const move = this.moveInTurn(last, eventless);
      if (move === undefined && this.awaitOutside()) continue;
      if (move === undefined) break;
      this.take(move);
      last = move;
      eventless = this.crossed ? 0 : eventless + 1;
    }
    this.#base = this.arena.mark();
    this.#fresh = true;
    return this.#parts.isUp();
  }

  /** Back to the state after bring-up. */
  restart(): void {
    const { again } = this.#parts;
    if (again !== undefined) this.#replace(again);
    else if (this.#base !== undefined) this.arena.undo(this.#base);
    this.judge.findings.length = 0;
    this.recorder.rewind();
  }

  /** Another world, as far as this one was after bring-up. */
  #replace(again: () => WorldParts): void {
    if (this.#fresh) return;
    const { recorder, judge } = this;
    const { recording } = recorder;
    const parts = again();
    this.#parts = { ...parts, again };
    this.arena = parts.arena;
    this.link = parts.link;
    this.ledger = parts.ledger;
    this.judge = parts.judge;
    this.processes = parts.processes;
    this.script = parts.script;
    this.#forgetting = new Forgetting(parts.ledger, parts.link.memory, parts.forgets);
    this.#begin();
    recorder.recording = false;
    this.#bringUp();
    recorder.recording = recording;
    this.judge.countFrom(judge);
  }

  #begin(): void {
    this.link.observe((event) => this.#observe(event));
    this.link.watch((address) => this.ledger.entryAt(address));
    this.arena.seal();
  }

  /** Every step that could be taken now, in the order of the processes. */
  moves(): Move[] {
    const moves: Move[] = [];
    const { processes } = this;
    for (let index = 0; index < processes.length; index++) {
      const choices = (processes[index] as Process).choices();
      for (let choice = 0; choice < choices; choice++) moves.push(moveOf(index, choice));
    }
    return moves;
  }

  /**
   * Posted writes first, then the process that moved last as long as it can, then the lowest-numbered one.
   * Undefined when nothing can step.
   */
  defaultMove(last: Move | undefined): Move | undefined {
    const flights = this.link.processes.length; // they come first among the processes
    for (let index = 0; index < flights; index++) {
      if ((this.processes[index] as Process).choices() > 0) return index * ALTERNATIVES;
    }
    if (last !== undefined && last >= 0) {
      const index = processOf(last);
      if ((this.processes[index] as Process).choices() > 0) return index * ALTERNATIVES;
    }
    const index = this.processes.findIndex((process) => process.choices() > 0);
    return index < 0 ? undefined : index * ALTERNATIVES;
  }

  /**
   * The default policy, but for a busy loop (a poller, a self-wake), which would keep it to itself: after many steps
   * without an event everybody has a turn. `known`: what can step now, where that was asked already.
   */
  moveInTurn(last: Move | undefined, eventless: number, known?: readonly Move[]): Move | undefined {
    if (eventless <= EVENTLESS_MAX) return this.defaultMove(last);
    const enabled = known ?? this.moves();
    return enabled.find((move) => processOf(move) > processOf(last ?? SCRIPT)) ?? enabled[0];
  }

  take(move: Move): void {
    this.crossed = this.#fresh = false;
    this.link.readForgotten = false;
    if (move === SCRIPT) {
      this.recorder.step('script', 'host', 'script');
      this.script?.advance();
      return;
    }
    const process = this.processes[processOf(move)] as Process;
    const choice = choiceOf(move);
    if (this.recorder.recording && !this.#probing)
      this.recorder.step(process.name, process.party, process.label(choice));
    const before = this.arena.changes;
    process.step(choice);
    if (this.arena.changes === before) {
      throw new ModelDefect(`${process.name}: the step '${process.label(choice)}' changed nothing`);
    }
    if (!this.#probing && this.ledger.requestsOpen > 0)
      this.judge.unanswered({ hostCanStep: this.#hostCanStep() });
  }

  /** Judges what is owed now that nothing more can happen; `end` when the script, if any, is over too. */
  settle(end: boolean): void {
    if (this.script?.holding) return;
    const controllerStatus = this.link.peek(register.CSTS);
    this.judge.settle({ end, controllerStatus });
  }

  /**
   * Whether nothing that can still happen gets anybody further, in whatever order it happens: a poller, a watchdog, a
   * controller that kicks itself or whose workers wake each other. False also when there is too much of it to say. Where
   * steps cannot be undone, none may be left.
   */
  isQuiet(): boolean {
    if (this.script?.awaits) return false;
    if (!this.rewinds) return this.moves().length === 0;
    const seen = new Set<string>();
    const base = this.arena.mark();
    this.#probing = true;
    const quiet = this.#leadsNowhere(seen);
    this.#probing = false;
    this.arena.undo(base);
    this.arena.drop(base);
    return quiet;
  }

  #leadsNowhere(seen: Set<string>): boolean {
    const key = `${this.arena.hashLow}:${this.arena.hashHigh}`;
    if (seen.has(key)) return true;
    if (seen.size >= QUIET_SEARCH_MAX) return false;
    seen.add(key);
    const here = this.arena.mark();
    for (const move of this.moves()) {
      this.take(move);
      if (this.crossed || !this.#leadsNowhere(seen)) return false;
      this.arena.undo(here);
    }
    this.arena.drop(here);
    return true;
  }

  /** Whether a controller outside did something meanwhile, or may still do so in bring-up. False in process. */
  awaitOutside(): boolean {
    if (this.#outside === undefined) return false;
    if (this.#outside.await()) return true;
    return this.recorder.bringUp && ++this.#waits < BRING_UP_WAITS;
  }

  #hostCanStep(): boolean {
    return (
      this.link.trapping ||
      this.processes.some((process) => process.party === 'host' && process.choices() > 0)
    );
  }

  #observe(event: LinkEvent): void {
    if (!goesRound.has(event.type)) this.crossed = true;
    if (this.#probing) return;
    // What the host consumes was posted before: announce it first, however late it was looked for.
    if (event.type === 'db.cq' || event.type === 'shadow.cq') this.#outside?.look();
    this.recorder.event(event);
    this.#forgetting.before(event);
    this.judge.observe(event);
    this.#forgetting.after(event);
    if (this.findings.length > 0 && this.#parts.provokes) this.#setProvokedApart(this.#parts.provokes);
  }

  #setProvokedApart(provokes: readonly RuleId[]): void {
    for (let at = this.findings.length - 1; at >= 0; at--) {
      const { rule, party } = this.findings[at] as Finding;
      if (party !== 'host' || !provokes.includes(rule)) continue;
      this.provoked.add(rule);
      this.findings.splice(at, 1);
    }
  }
}
