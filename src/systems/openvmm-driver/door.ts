/** The driver's door: what its callers have asked for and not been answered yet. */
import type { Arena } from '../../arena/arena.ts';
import { WordArray } from '../../arena/containers.ts';
import type { AdminEntry } from '../../driver/admin.ts';
import type { HostPlan, Io } from '../../driver/plan.ts';
import type { RequestKind } from '../../link/events.ts';
import type { Link } from '../../link/link.ts';
import { status as statusCode, type Status } from '../../spec/status.ts';

/** A command that a thread sends, or one that the driver itself sends to the admin queue. */
export type Call = { readonly thread: number; readonly io: Io } | { readonly entry: () => AdminEntry };

/** `gone`: the caller was told that the queue pair is gone. `failed`: the command came back with an error. */
export type CallState = 'not sent' | 'open' | 'done' | 'failed' | 'gone';
const callStates: readonly CallState[] = ['not sent', 'open', 'done', 'failed', 'gone'];

export class Door {
  /** Commands of the workload, then those of the driver; a command in a channel or in a table is its number here. */
  readonly calls: readonly Call[];
  readonly #link: Link;
  readonly #kinds: readonly (RequestKind | undefined)[];
  /** For each thread, its commands in order. */
  readonly #ofThread: readonly (readonly number[])[];
  /** For each action of the control plane, the driver's own commands. */
  readonly #ofAction: readonly (readonly number[])[];
  readonly #states: WordArray;
  /** For each action of the control plane, queue handlers that have not answered it. */
  readonly #requests: WordArray;
  /** For each action of the control plane, whether its latest answer was that the queue pair is gone. */
  readonly #gone: WordArray;

  /** `own`: for each action of the control plane, the admin commands that the driver sends for it. */
  constructor(arena: Arena, link: Link, plan: HostPlan, own: readonly (readonly (() => AdminEntry)[])[]) {
    this.#link = link;
    this.calls = [
      ...plan.threads.flatMap((commands, thread) => commands.map((io) => ({ thread, io }))),
      ...own.flat().map((entry) => ({ entry })),
    ];
    const numbers = [...this.calls.keys()];
    const take = ({ length }: { readonly length: number }): number[] => numbers.splice(0, length);
    this.#ofThread = plan.threads.map(take);
    this.#ofAction = own.map(take);
    this.#kinds = plan.control.map((action) =>
      action.do === 'save' || action.do === 'inspect' || action.do === 'next-aen' ? action.do : undefined,
    );
    this.#states = new WordArray(arena, this.calls.length);
    this.#requests = new WordArray(arena, plan.control.length);
    this.#gone = new WordArray(arena, plan.control.length);
  }

  // --- commands --------------------------------------------------------------------------------------------

  stateOf(call: number): CallState {
    return callStates[this.#states.get(call)] as CallState;
  }

  askCommand(call: number): void {
    this.#become(call, 'open');
    const asked = this.calls[call] as Call;
    if ('io' in asked) {
      const { sqid, opcode } = asked.io;
      this.#link.emit({ type: 'command.begin', caller: asked.thread, sqid, opcode });
    }
  }

  answerCommand(call: number, status: Status): void {
    this.#become(call, status === statusCode.success ? 'done' : 'failed');
    const asked = this.calls[call] as Call;
    if ('io' in asked)
      this.#link.emit({ type: 'command.end', caller: asked.thread, sqid: asked.io.sqid, status });
  }

  /** The caller is told that the queue pair is gone; it may ask again when the driver is back. */
  dropCommand(call: number): void {
    this.#become(call, 'gone');
  }

  /** Whether a command of the thread has not been answered. */
  isWaiting(thread: number): boolean {
    return this.callsOf(thread).some((call) => this.stateOf(call) === 'open');
  }

  callsOf(thread: number): readonly number[] {
    return this.#ofThread[thread] ?? [];
  }

  ownCalls(action: number): readonly number[] {
    return this.#ofAction[action] ?? [];
  }

  /** The driver was replaced: what a thread has no result of, it has not sent to this one. */
  forget(): void {
    for (let call = 0; call < this.calls.length; call++) {
      const state = this.stateOf(call);
      if (state === 'open' || state === 'gone') this.#become(call, 'not sent');
    }
  }

  // --- control requests ------------------------------------------------------------------------------------

  kind(request: number): RequestKind {
    const kind = this.#kinds[request];
    if (kind === undefined) throw new Error(`action ${request} of the control plane is not a request`);
    return kind;
  }

  /** A request comes in that `handlers` queue handlers have to answer. */
  askRequest(request: number, handlers: number): void {
    this.#requests.set(request, handlers);
    this.#gone.set(request, 0);
    this.#link.emit({ type: 'request.begin', id: request, request: this.kind(request) });
  }

  /** It turns out how many queue handlers have to answer a request that has come in. */
  share(request: number, handlers: number): void {
    this.#requests.set(request, handlers);
  }

  /** A queue handler answers, if only with an error; the last answer ends the request. */
  answerRequest(request: number): void {
    const left = this.#requests.get(request) - 1;
    this.#requests.set(request, left);
    if (left === 0) this.#link.emit({ type: 'request.end', id: request, request: this.kind(request) });
  }

  dropRequest(request: number): void {
    this.#gone.set(request, 1);
    this.answerRequest(request);
  }

  /** Whether the request has to be made again to get a result. */
  isGone(request: number): boolean {
    return this.#gone.get(request) === 1;
  }

  /** Handlers that have not answered the request. */
  answersOpen(request: number): number {
    return this.#requests.get(request);
  }

  #become(call: number, state: CallState): void {
    this.#states.set(call, callStates.indexOf(state));
  }
}
