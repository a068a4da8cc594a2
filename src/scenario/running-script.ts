/** A `steps` body as it runs: words up to the next `settle`, and what its `expect` words did not find. */
import type { ScriptedHost } from '../targets/target.ts';
import type { Fetched } from '../world/build.ts';
import type { Script, World } from '../world/world.ts';
import { state, type StateOf, type Word, word } from '../world/state.ts';
import { statusName } from '../spec/status.ts';
import { ioOf } from './plan.ts';
import type { Expectation, HoldPoint, Position, Step } from './scenario.ts';

const fields = { index: word as Word, held: word as Word };
const Fields: StateOf<typeof fields> = state(fields);

const holdPoints: readonly HoldPoint[] = ['fetch', 'execute', 'post'];

export interface Unmet {
  readonly position: Position;
  readonly text: string;
}

export type Hold = (what: HoldPoint, held: boolean) => void;

export class RunningScript extends Fields implements Script {
  readonly unmet: Unmet[] = [];
  readonly #steps: readonly Step[];
  readonly #host: ScriptedHost;
  readonly #hold: Hold | undefined;
  readonly #fetched: Fetched;

  constructor(
    arena: World['arena'],
    steps: readonly Step[],
    host: ScriptedHost,
    hold: Hold | undefined,
    fetched: Fetched,
  ) {
    super(arena);
    this.#steps = steps;
    this.#host = host;
    this.#hold = hold;
    this.#fetched = fetched;
  }

  get done(): boolean {
    return this.index >= this.#steps.length;
  }

  get holding(): boolean {
    return this.held !== 0;
  }

  get awaits(): boolean {
    return this.#host.awaits;
  }

  /** The word that comes next, or the last one. */
  get position(): Position | undefined {
    return (this.#steps[this.index] ?? this.#steps.at(-1))?.position;
  }

  advance(): void {
    while (!this.done) {
      const step = this.#steps[this.index] as Step;
      this.index++;
      if (step.do === 'settle') return;
      this.#perform(step);
    }
  }

  #perform(step: Step): void {
    const host = this.#host;
    switch (step.do) {
      case 'submit':
        return host.submit(ioOf(step), step.count, step.ring);
      case 'ring':
        return host.ring(step.sqid);
      case 'consume':
      case 'reap':
        return host.reap(step.cqid, step.entries === 'all' ? Infinity : step.entries, step.do === 'reap');
      case 'enable':
        return host.enable();
      case 'disable':
        return host.disable();
      case 'reset':
        return host.reset(step.kind);
      case 'doorbell-buffer':
        return host.doorbellBuffer();
      case 'aer':
        return host.eventRequest();
      case 'create':
        return host.create(step.queue);
      case 'delete':
        return host.delete(step.queue.ring, step.queue.qid);
      case 'abort':
        return host.abort(step.sqid, step.command);
      case 'mask':
      case 'unmask':
        return host.mask(step.vector, step.do === 'mask');
      case 'write':
        if (step.target.kind === 'register') return host.writeRegister(step.target.offset, step.value);
        if (step.target.kind === 'doorbell')
          return host.writeDoorbell(step.target.ring, step.target.qid, step.value);
        return host.writeShadow(step.target.ring, step.target.qid, step.value);
      case 'hold':
      case 'release': {
        const bit = 1 << holdPoints.indexOf(step.what);
        this.held = step.do === 'hold' ? this.held | bit : this.held & ~bit;
        return this.#hold?.(step.what, step.do === 'hold');
      }
      case 'expect':
        for (const expectation of step.expectations) this.#expect(expectation);
        return;
      case 'settle':
    }
  }

  #expect(expectation: Expectation): void {
    const { name, expected, seen } = this.#compare(expectation);
    if (expected === seen || seen === undefined) return;
    this.unmet.push({ position: expectation.position, text: `${name}: ${expected} expected, ${seen} seen` });
  }

  #compare(expectation: Expectation): Compared {
    const host = this.#host;
    switch (expectation.what) {
      case 'posted':
        return named(`cq${expectation.cqid} posted`, expectation.value, host.posted(expectation.cqid));
      case 'unread':
        return named(`cq${expectation.cqid} unread`, expectation.value, host.unread(expectation.cqid));
      case 'full':
        return named(`cq${expectation.cqid} full`, expectation.value, host.isFull(expectation.cqid));
      case 'fetched':
        return named(`sq${expectation.sqid} fetched`, expectation.value, this.#fetched(expectation.sqid));
      case 'status': {
        const seen = host.lastStatus(expectation.sqid);
        const queue = expectation.sqid === 0 ? 'admin' : `sq${expectation.sqid}`;
        const text = seen === undefined ? 'no completion' : statusName(seen);
        return named(`${queue} status`, statusName(expectation.value), text);
      }
      case 'event': {
        const seen = host.lastEvent;
        return named('event', hex(expectation.value), seen === undefined ? 'none' : hex(seen & 0xff_ff07));
      }
    }
  }
}

type Comparable = string | number | boolean;

interface Compared {
  readonly name: string;
  readonly expected: Comparable;
  /** Undefined where the target does not show it. */
  readonly seen: Comparable | undefined;
}

function named(name: string, expected: Comparable, seen: Comparable | undefined): Compared {
  return { name, expected, seen };
}

function hex(value: number): string {
  return `${value.toString(16).padStart(8, '0')}h`;
}
