/** The controller as its parts: BAR0, poll groups with their threads, requests in execution, interrupts. */
import type { Arena } from '../../arena/arena.ts';
import { setRestarts } from '../../controller/admin.ts';
import { eventReporter } from '../../controller/events.ts';
import { interrupter, maskChanged } from '../../controller/interrupter.ts';
import { clearQueues, lifecycle } from '../../controller/lifecycle.ts';
import { holdPoints } from '../../controller/state.ts';
import { readRegister, writeRegister } from '../../controller/window.ts';
import type { ResetKind } from '../../link/events.ts';
import type { Link } from '../../link/link.ts';
import type { ControllerPort } from '../../link/port.ts';
import type { Process } from '../../link/process.ts';
import type { Program } from '../../link/program.ts';
import { register } from '../../spec/registers.ts';
import type { QueueId, RegisterOffset, Vector } from '../../spec/units.ts';
import type { ControllerShape } from '../system.ts';
import type { SpdkDecisions } from './decisions.ts';
import { type Effects, executor } from './execute.ts';
import { pollGroup, restOf } from './poll-group.ts';
import { completions } from './post-completion.ts';
import { PollGroup, SpdkState } from './state.ts';
import { suppressedIrq } from './suppressed-irq.ts';

export class SpdkController implements ControllerPort {
  readonly processes: readonly Process[];
  /** Only in interrupt mode: where reactors poll, a doorbell write needs nobody to be woken. */
  readonly wake?: (offset: RegisterOffset) => void;
  readonly #state: SpdkState;
  readonly #groups: readonly PollGroup[];
  readonly #threads: readonly Program[];

  constructor(arena: Arena, link: Link, decisions: SpdkDecisions, shape: ControllerShape) {
    const state = new SpdkState(arena, link, decisions, shape);
    const one = decisions.pollGroups === 'one';
    this.#state = state;
    this.#groups = one
      ? [new PollGroup(arena, 'poll group', () => true)]
      : state.cqs.map(({ qid }) => new PollGroup(arena, `poll group ${qid}`, (cqid) => cqid === qid));
    this.#threads = this.#groups.map((group) => pollGroup(arena, state, group));
    const thread = (cqid: QueueId): Program => this.#threads[one ? 0 : cqid] as Program;
    const effects: Effects = {
      kick: () => this.#kick(),
      threadIsFree: (cqid) => thread(cqid).isAt(restOf(state)),
    };
    setRestarts(state, { sq: () => undefined, cq: () => undefined });
    if (decisions.mode === 'interrupt') {
      // A write to BAR0 is a message on the vfio-user socket; its handler then runs every group's queues.
      this.wake = (offset) => {
        if (offset >= register.DOORBELLS) this.#kick();
      };
    }
    this.processes = [
      lifecycle(state, () => this.#restart()),
      ...this.#threads,
      ...state.pool.commands.map((command, index) => executor(state, command, index, effects)),
      eventReporter(state),
      ...state.cqs.map((cq) => completions(state, cq, () => effects.threadIsFree(cq.qid))),
      ...state.cqs
        .filter((cq) => state.isAdaptive(cq))
        .map((cq) => suppressedIrq(state, cq, () => effects.threadIsFree(cq.qid))),
      ...Array.from({ length: link.msix.vectors }, (_, vector) => interrupter(state, vector)),
    ];
  }

  readRegister(offset: RegisterOffset): number {
    return readRegister(this.#state, offset);
  }

  writeRegister(offset: RegisterOffset, value: number): void {
    const state = this.#state;
    if (offset < register.DOORBELLS) {
      const enables = offset === register.CC && (value & 1) === 1 && (state.cc & 1) === 0;
      if (enables) for (const index of [0, 1]) state.bar0.set(index, 0); // acq_setup, asq_setup
      writeRegister(state, offset, value);
      return;
    }
    // handle_dbl_access: memory, whether or not there is such a queue.
    const index = (offset - register.DOORBELLS) >>> (2 + state.link.stride);
    if (index < state.bar0.length) state.bar0.set(index, value);
  }

  maskChanged(_vector: Vector | 'function', masked: boolean): void {
    if (!masked) maskChanged(this.#state);
  }

  reset(kind: ResetKind): void {
    const state = this.#state;
    clearQueues(state);
    this.#restart();
    state.cc = state.aqa = state.asq = state.acq = 0;
    state.ready = state.failed = false;
    if (kind !== 'flr' && kind !== 'conventional') return;
    const { msix } = state.link;
    for (let vector = 0; vector < msix.vectors; vector++) msix.setPending(vector, false);
  }

  hold(what: 'fetch' | 'execute' | 'post', held: boolean): void {
    const bit = 1 << holdPoints.indexOf(what);
    this.#state.held = held ? this.#state.held | bit : this.#state.held & ~bit;
  }

  #kick(): void {
    for (const group of this.#groups) group.kicked = true;
  }

  #restart(): void {
    const state = this.#state;
    for (const thread of this.#threads) thread.jump(restOf(state));
    for (const group of this.#groups) group.clear();
    state.needRearm.clear();
    state.deleting.clear();
    state.rejected.clear();
  }
}
