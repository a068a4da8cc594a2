/** The reference controller: its register window and its processes. */
import type { Arena } from '../arena/arena.ts';
import type { ResetKind } from '../link/events.ts';
import type { Link } from '../link/link.ts';
import type { ControllerPort } from '../link/port.ts';
import type { Process } from '../link/process.ts';
import type { Program } from '../link/program.ts';
import { doorbellAt, register } from '../spec/registers.ts';
import { distance } from '../spec/ring.ts';
import type { Vector } from '../spec/units.ts';
import { setRestarts } from './admin.ts';
import type { CompletionQueue, SubmissionQueue } from './queues.ts';
import type { ControllerDecisions } from './decisions.ts';
import { eventReporter, happenings } from './events.ts';
import { executor } from './executor.ts';
import { fetcher } from './fetcher.ts';
import { interrupter, maskChanged } from './interrupter.ts';
import { clearQueues, lifecycle } from './lifecycle.ts';
import { poster } from './poster.ts';
import { ControllerState, holdPoints } from './state.ts';
import { readRegister, writeRegister } from './window.ts';

export class ReferenceController implements ControllerPort {
  readonly state: ControllerState;
  readonly processes: readonly Process[];
  readonly #fetchers: readonly Program[];
  readonly #posters: readonly Program[];

  constructor(arena: Arena, link: Link, decisions: ControllerDecisions) {
    const controller = new ControllerState(arena, link, decisions);
    this.state = controller;
    this.#fetchers = controller.sqs.map((sq) => fetcher(arena, controller, sq));
    this.#posters = controller.cqs.map((cq) => poster(arena, controller, cq));
    setRestarts(controller, {
      sq: (sq) => this.#restart(this.#fetchers[sq.qid], 'look at the tail'),
      cq: (cq) => this.#restart(this.#posters[cq.qid], 'post'),
    });
    this.processes = [
      lifecycle(controller, () => this.#restartAll()),
      ...this.#fetchers,
      ...controller.pool.commands.map((command, index) => executor(controller, command, index)),
      eventReporter(controller),
      ...(decisions.events > 0 ? [happenings(arena, controller)] : []),
      ...this.#posters,
      ...Array.from({ length: link.msix.vectors }, (_, vector) => interrupter(controller, vector)),
    ];
  }

  readRegister(offset: number): number {
    return readRegister(this.state, offset);
  }

  writeRegister(offset: number, value: number): void {
    if (offset >= register.DOORBELLS) this.#doorbell(offset, value);
    else writeRegister(this.state, offset, value);
  }

  maskChanged(_vector: Vector | 'function', masked: boolean): void {
    if (!masked) maskChanged(this.state);
  }

  reset(kind: ResetKind): void {
    const { state } = this;
    clearQueues(state);
    this.#restartAll();
    state.cc = state.aqa = state.asq = state.acq = 0;
    state.ready = state.failed = false;
    if (kind !== 'flr' && kind !== 'conventional') return;
    for (let vector = 0; vector < state.link.msix.vectors; vector++)
      state.link.msix.setPending(vector, false);
  }

  /** Holds fetching, executing or posting back until it is released: for scripts. */
  hold(what: 'fetch' | 'execute' | 'post', held: boolean): void {
    const bit = 1 << holdPoints.indexOf(what);
    this.state.held = held ? this.state.held | bit : this.state.held & ~bit;
  }

  #doorbell(offset: number, value: number): void {
    const { state } = this;
    if (!state.running) return; // a doorbell of a controller that is not ready has no effect
    const doorbell = doorbellAt(offset, state.link.stride);
    if (doorbell === undefined) return;
    if (doorbell.ring === 'sq') {
      const sq = state.liveSq(doorbell.qid);
      if (sq) this.#tailDoorbell(sq, value);
      else state.errorEvents |= INVALID_REGISTER;
    } else {
      const cq = state.liveCq(doorbell.qid);
      if (cq) this.#headDoorbell(cq, value);
      else state.errorEvents |= INVALID_REGISTER;
    }
  }

  #tailDoorbell(sq: SubmissionQueue, value: number): void {
    const { state } = this;
    if (sq.shadow && state.decisions.doorbellInShadowMode === 'kick') {
      sq.awake = true;
      return;
    }
    const claimed = distance(sq.doorbell, value, sq.size);
    if (value >= sq.size || distance(sq.head, sq.doorbell, sq.size) + claimed >= sq.size) {
      sq.frozen = true;
      state.errorEvents |= INVALID_VALUE;
      return;
    }
    sq.doorbell = value;
    if (sq.shadow) sq.tail = value;
    sq.awake = true;
  }

  #headDoorbell(cq: CompletionQueue, value: number): void {
    const { state } = this;
    if (!cq.shadow) {
      if (value >= cq.size || distance(cq.head, value, cq.size) > cq.occupied) {
        state.errorEvents |= INVALID_VALUE;
        return;
      }
      cq.head = value;
    }
    if (state.decisions.headDoorbellWakes === 'queue') state.wakeWaiters(cq);
  }

  #restartAll(): void {
    for (const sq of this.state.sqs) if (!sq.live) this.#restart(this.#fetchers[sq.qid], 'look at the tail');
    for (const cq of this.state.cqs) if (!cq.live) this.#restart(this.#posters[cq.qid], 'post');
  }

  #restart(program: Program | undefined, label: string): void {
    program?.jump(label);
  }
}

/** Error events by number (Base 2.1, 5.1.2.1), as bits. */
const INVALID_REGISTER = 1;
const INVALID_VALUE = 2;
