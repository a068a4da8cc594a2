/**
 * Whether a world is what exploration takes it for: the same choices lead to the same steps, events and state, and what
 * was undone can be done again. A run is followed twice, and once more with every part of it undone and redone.
 */
import { type Move, processOf, SCRIPT, type World } from '../world/world.ts';

/** The first thing that came out otherwise. A defect of a model or of nvme-conform, never of the system under test. */
export interface Difference {
  readonly what: 'repeated' | 'undone and redone' | 'hashed';
  /** Number of the step, from 1; bring-up is not counted. */
  readonly step: number;
  /** Number of the first event that differs, from 1 and with those of bring-up; undefined if none does. */
  readonly event: number | undefined;
  /** One paragraph: what differs, and what may have caused it. */
  readonly text: string;
}

/** What can be seen of a step, before and after it. */
interface Seen {
  readonly enabled: readonly Move[];
  readonly events: readonly string[];
  readonly low: number;
  readonly high: number;
}

/** Steps that are undone together: of several lengths, so that marks fall on all kinds of steps. */
const PARTS = [1, 2, 3, 5, 8];

/** `moves`: a run as `runToEnd` took it. Leaves the world where it begins; of findings none are left. */
export function selfCheck(world: World, moves: readonly Move[]): Difference | undefined {
  const { recording } = world.recorder;
  try {
    return new SelfCheck(world, moves).difference();
  } finally {
    world.restart();
    world.recorder.recording = recording;
  }
}

class SelfCheck {
  readonly #world: World;
  readonly #moves: readonly Move[];
  readonly #trail: Seen[] = [];

  constructor(world: World, moves: readonly Move[]) {
    this.#world = world;
    this.#moves = moves;
  }

  difference(): Difference | undefined {
    this.#restart();
    for (let at = 0; at < this.#moves.length; at++) {
      const seen = this.#take(at);
      if (typeof seen === 'string') return this.#say('repeated', at, undefined, seen);
      this.#trail.push(seen);
      const wrong = this.#hash(at);
      if (wrong) return wrong;
    }
    this.#restart();
    const repeated = this.#follow(0, this.#moves.length, 'repeated');
    return repeated ?? (this.#world.rewinds ? this.#undoAndRedo() : undefined);
  }

  #undoAndRedo(): Difference | undefined {
    const { arena } = this.#world;
    this.#restart();
    let from = 0;
    for (let part = 0; from < this.#moves.length; part++) {
      const to = Math.min(this.#moves.length, from + (PARTS[part % PARTS.length] as number));
      const mark = arena.mark();
      const first = this.#follow(from, to, 'undone and redone');
      arena.undo(mark);
      arena.drop(mark);
      const wrong = first ?? this.#hash(from) ?? this.#follow(from, to, 'undone and redone');
      if (wrong) return wrong;
      from = to;
    }
    return undefined;
  }

  #restart(): void {
    this.#world.restart();
    this.#world.recorder.recording = true;
  }

  /** Takes these steps again and compares them with the first time. */
  #follow(from: number, to: number, what: Difference['what']): Difference | undefined {
    for (let at = from; at < to; at++) {
      const now = this.#take(at);
      if (typeof now === 'string') return this.#say(what, at, undefined, now);
      const before = this.#trail[at] as Seen;
      if (now.enabled.join() !== before.enabled.join()) {
        const names = ({ enabled }: Seen): string => enabled.map((move) => this.#name(move)).join(', ');
        return this.#say(
          what,
          at,
          undefined,
          `other processes can move (before: ${names(before)}; now: ${names(now)})`,
        );
      }
      const index = before.events.findIndex((event, each) => event !== now.events[each]);
      const differs = index >= 0 ? index : before.events.length;
      if (index >= 0 || now.events.length > differs) {
        const [was, is] = [before, now].map(({ events }) => events[differs] ?? 'nothing');
        return this.#say(what, at, this.#numberOf(at, differs), `the event is ${is} and was ${was}`);
      }
      if (now.low !== before.low || now.high !== before.high)
        return this.#say(what, at, undefined, 'the events are the same, and the words of the arena are not');
    }
    return undefined;
  }

  /** Takes a step, or says in words why it cannot be taken. */
  #take(at: number): Seen | string {
    const world = this.#world;
    const move = this.#moves[at] as Move;
    const enabled = world.moves();
    if (move !== SCRIPT && !enabled.includes(move)) return `${this.#name(move)} cannot move as it did`;
    const { events } = world.recorder;
    const length = events.length;
    try {
      world.take(move);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    const { hashLow: low, hashHigh: high } = world.arena;
    return { enabled, events: events.slice(length).map((event) => JSON.stringify(event)), low, high };
  }

  /** The hash that was kept up to date write by write, against the one of all words. */
  #hash(at: number): Difference | undefined {
    const { arena } = this.#world;
    const { low, high } = arena.recomputedHash();
    if (low === arena.hashLow && high === arena.hashHigh) return undefined;
    const text = 'a word of the arena was written without its write barrier: the hash does not know of it';
    return this.#say('hashed', at, undefined, text);
  }

  /** The recorder cannot be undone: counted by what the first run saw. */
  #numberOf(at: number, index: number): number {
    this.#world.restart();
    const bringUp = this.#world.recorder.events.length;
    return this.#trail.slice(0, at).reduce((sum, { events }) => sum + events.length, bringUp) + index + 1;
  }

  #name(move: Move): string {
    return this.#world.processes[processOf(move)]?.name ?? 'the script';
  }

  #say(what: Difference['what'], at: number, event: number | undefined, how: string): Difference {
    const step = at + 1;
    const when = what === 'hashed' ? 'was checked' : `was ${what}`;
    const number = event === undefined ? '' : ` (event #${event})`;
    const causes =
      what === 'hashed'
        ? ''
        : ' Likely causes: state outside the arena (a plain field, a variable of a closure, a Map), an order of ' +
          'iteration that is not fixed, a clock or a random number.';
    const mover = this.#name(this.#moves[at] as Move);
    return { what, step, event, text: `Step ${step}, of ${mover}, ${when}${number}: ${how}.${causes}` };
  }
}
