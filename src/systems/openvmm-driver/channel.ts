/** A channel into a task, and the waker that the task leaves there. */
import type { Arena } from '../../arena/arena.ts';
import { Fifo } from '../../arena/containers.ts';
import { flag, type Flag, state, type StateOf } from '../../arena/state.ts';

const taskFields = {
  /** Somebody called the task's waker: the executor polls it (again) once its current poll has returned. */
  woken: flag as Flag,
};
const TaskFields: StateOf<typeof taskFields> = state(taskFields);

/** What an executor knows of one task. */
export class Task extends TaskFields {}

/** A command is the number of a call; a control request is the complement of its number. */
export type Message = number;

export function isRequest(message: Message): boolean {
  return message < 0;
}

const fields = {
  /** The task's waker is registered here. It stays until a message arrives, however long ago it was left. */
  waker: flag as Flag,
};
const Fields: StateOf<typeof fields> = state(fields);

export class Channel extends Fields {
  readonly #task: Task;
  readonly #messages: Fifo;

  constructor(arena: Arena, task: Task, capacity: number) {
    super(arena);
    this.#task = task;
    this.#messages = new Fifo(arena, capacity);
  }

  /** A message is put in, and whoever registered a waker is woken; nobody is where there is none. */
  send(message: Message): void {
    this.#messages.push(message);
    if (!this.waker) return;
    this.waker = false;
    this.#task.woken = true;
  }

  /**
   * Takes the message at the front if the task can `take` it. An empty channel keeps the task's waker; a
   * message that is left at the front does not, because only the task itself can change that.
   */
  poll(takes: (message: Message) => boolean): Message | undefined {
    if (this.#messages.length === 0) {
      this.waker = true;
      return undefined;
    }
    return takes(this.#messages.at(0)) ? this.#messages.shift() : undefined;
  }

  /** The receiver is dropped: what is still in the channel is handed to `each`, and the waker is gone. */
  close(each: (message: Message) => void): void {
    while (this.#messages.length > 0) each(this.#messages.shift());
    this.waker = false;
  }
}
