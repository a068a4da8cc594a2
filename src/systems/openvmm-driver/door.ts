/** The driver's door: what its callers have asked for and not been answered yet. */
import type { Arena } from '../../arena/arena.ts';
import { WordArray } from '../../arena/containers.ts';
import type { HostPlan, Io } from '../../driver/plan.ts';
import type { RequestKind } from '../../link/events.ts';
import type { Link } from '../../link/link.ts';
import type { Status } from '../../spec/status.ts';

/** One command that a thread sends. */
export interface Call {
  readonly thread: number;
  readonly io: Io;
}

export class Door {
  /** Every command of the workload; a command in a channel or in the table is its number here. */
  readonly calls: readonly Call[];
  readonly #link: Link;
  readonly #kinds: readonly (RequestKind | undefined)[];
  /** For each thread, commands without an answer. */
  readonly #commands: WordArray;
  /** For each action of the control plane, queue handlers that have not answered it. */
  readonly #requests: WordArray;

  constructor(arena: Arena, link: Link, plan: HostPlan) {
    this.#link = link;
    this.calls = plan.threads.flatMap((commands, thread) => commands.map((io) => ({ thread, io })));
    this.#kinds = plan.control.map((action) =>
      action.do === 'save' || action.do === 'inspect' || action.do === 'next-aen' ? action.do : undefined,
    );
    this.#commands = new WordArray(arena, plan.threads.length);
    this.#requests = new WordArray(arena, plan.control.length);
  }

  kind(request: number): RequestKind {
    const kind = this.#kinds[request];
    if (kind === undefined) throw new Error(`action ${request} of the control plane is not a request`);
    return kind;
  }

  askCommand(call: number): void {
    const { thread, io } = this.#call(call);
    this.#commands.set(thread, this.#commands.get(thread) + 1);
    this.#link.emit({ type: 'command.begin', caller: thread, sqid: io.sqid, opcode: io.opcode });
  }

  /** The caller gets the status of its command; or, without one, it is told that the queue pair is gone. */
  answerCommand(call: number, status?: Status): void {
    const { thread, io } = this.#call(call);
    this.#commands.set(thread, this.#commands.get(thread) - 1);
    if (status !== undefined) this.#link.emit({ type: 'command.end', caller: thread, sqid: io.sqid, status });
  }

  commandsOpen(thread: number): number {
    return this.#commands.get(thread);
  }

  /** A request comes in that `handlers` queue handlers have to answer. */
  askRequest(request: number, handlers: number): void {
    this.#requests.set(request, handlers);
    this.#link.emit({ type: 'request.begin', id: request, request: this.kind(request) });
  }

  /** A queue handler answers, if only with an error; the last answer ends the request. */
  answerRequest(request: number): void {
    const left = this.#requests.get(request) - 1;
    this.#requests.set(request, left);
    if (left === 0) this.#link.emit({ type: 'request.end', id: request, request: this.kind(request) });
  }

  /** Handlers that have not answered the request. */
  answersOpen(request: number): number {
    return this.#requests.get(request);
  }

  #call(call: number): Call {
    return this.calls[call] as Call;
  }
}
