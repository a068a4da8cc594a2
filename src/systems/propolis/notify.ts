/** `DeviceAttachment::notify` of block/attachment.rs: wakes workers that wait for requests of a queue. */
import { state, type StateOf, type Word, word } from '../../arena/state.ts';
import type { Instruction } from '../../link/program.ts';
import type { QueueId } from '../../spec/units.ts';
import type { Propolis } from './state.ts';

const fields = {
  /** Submission queues still to be notified, as bits. */
  targets: word as Word,
  /** Workers to wake for the first of them. */
  limit: word as Word,
  /** Workers taken out of the queue's idle set, as bits. */
  taken: word as Word,
};
const Fields: StateOf<typeof fields> = state(fields);

/** The notifications that one thread has to deliver. */
export class Notifications extends Fields {
  add(sqids: readonly QueueId[]): void {
    for (const sqid of sqids) this.targets |= 1 << sqid;
  }

  /**
   * The hint for the first target: how many requests there are. Without one, everybody is woken
   * (`MAX_WORKERS`).
   */
  hint(occupied: number): void {
    this.limit = occupied === 0 ? 64 : occupied;
  }

  get target(): QueueId {
    return 31 - Math.clz32(this.targets & -this.targets);
  }

  get pending(): boolean {
    return this.targets !== 0;
  }

  clear(): void {
    this.targets = this.limit = this.taken = 0;
  }
}

/**
 * Begins at `num_occupied`, or at `take_notifications` when the hint is known. `done` says where the program
 * goes on. Two threads that notify one queue at once wait for each other, as `flush_notifications` makes
 * them.
 */
export function notifying(
  propolis: Propolis,
  notifications: Notifications,
  done: () => string,
): Instruction[] {
  const sq = (): Propolis['sqs'][number] => propolis.sq(notifications.target);
  const workerOf = (): Propolis['workers'][number][number] => {
    const wid = 31 - Math.clz32(notifications.taken & -notifications.taken);
    return (propolis.workers[notifications.target] ?? [])[wid] as Propolis['workers'][number][number];
  };
  const finish = (): string => {
    notifications.targets &= notifications.targets - 1;
    notifications.limit = notifications.taken = 0;
    return notifications.pending ? 'num_occupied' : done();
  };
  return [
    {
      label: 'num_occupied',
      when: () => !sq().locked,
      run: () => {
        if (!sq().ring.live) return finish();
        notifications.hint(sq().occupied);
        return 'take_notifications';
      },
    },
    {
      label: 'take_notifications',
      when: () => !sq().polled && !sq().flushing,
      run: () => {
        const { idle } = sq();
        for (let wid = idle.first(); wid >= 0; wid = idle.first()) {
          idle.delete(wid);
          notifications.taken |= 1 << wid;
        }
        if (notifications.taken === 0) return finish();
        sq().flushing = true;
        return 'wake';
      },
    },
    {
      label: 'wake',
      // A worker that has just set its bit still holds its own lock until it sleeps.
      when: () => !workerOf().polling,
      run: () => {
        const worker = workerOf();
        notifications.taken &= notifications.taken - 1;
        if (!worker.running) {
          worker.notified = true;
          notifications.limit--;
        }
        if (notifications.taken !== 0 && notifications.limit > 0) return 'wake';
        const goesBack = propolis.decisions.idleNotWoken === 'goes-back';
        if (notifications.taken !== 0 && goesBack) return 'add_notifications';
        sq().flushing = false;
        return finish();
      },
    },
    {
      label: 'add_notifications',
      when: () => !sq().polled,
      run: () => {
        for (let wid = 0; wid < sq().idle.capacity; wid++)
          if (notifications.taken & (1 << wid)) sq().idle.add(wid);
        sq().flushing = false;
        return finish();
      },
    },
  ];
}
