/** Who uses the queue pairs: threads with commands, and the task that waits for events. */
import type { Arena } from '../../arena/arena.ts';
import type { Host } from '../../driver/host.ts';
import { type Instruction, Program } from '../../link/program.ts';
import type { Door } from './door.ts';
import type { DrainBarrier } from './drain.ts';
import type { QueuePair } from './queue-pair.ts';

/** What the clients of one driver share. */
export interface Driver {
  readonly host: Host;
  readonly door: Door;
  /** The admin queue's pair, if somebody sends something to it after bring-up. */
  readonly admin: QueuePair | undefined;
  readonly io: readonly QueuePair[];
  readonly barrier: DrainBarrier;
}

export const END: Instruction = {
  label: 'nothing more to do',
  when: () => false,
  run: () => END.label,
};

const SEND = 'send Command';

/** Whether clients can use the driver: it is up, and not about to be replaced by the restored one. */
function serves({ host }: Driver): boolean {
  return host.up && !host.stopped && !host.paused;
}

/** A thread sends all its commands, one after the other, and waits for the answers. */
export function thread(arena: Arena, driver: Driver, index: number): Program {
  const { door, io } = driver;
  const calls = door.callsOf(index);
  const next = (): number | undefined => calls.find((call) => door.stateOf(call) === 'not sent');
  /** The queue pair of the next command; none after the last command, nor when the queue pair is gone. */
  const target = (): QueuePair | undefined => {
    const call = next();
    const asked = call === undefined ? undefined : door.calls[call];
    if (asked === undefined || !('io' in asked)) return undefined;
    return io.find((pair) => pair.qid === asked.io.sqid && pair.running);
  };
  const ready = (): boolean => serves(driver);
  return new Program(arena, { name: `thread ${index}`, party: 'host', ready }, [
    {
      label: SEND,
      when: () => target() !== undefined,
      run: () => {
        const call = next() ?? 0;
        const pair = target();
        door.askCommand(call);
        pair?.commands.send(call);
        return next() === undefined ? 'await the answers' : SEND;
      },
    },
    { label: 'await the answers', when: () => !door.isWaiting(index), run: () => END.label },
    END,
  ]);
}

/** The driver was replaced. Threads that have no result of a command send it once more. */
export function askAgain({ door }: Driver, threads: readonly Program[]): void {
  door.forget();
  threads.forEach((thread, index) => {
    if (door.callsOf(index).some((call) => door.stateOf(call) === 'not sent')) thread.jump(SEND);
  });
}

/** The task that asks for the next event, and for the next when it has been told; and a restored driver once more. */
export function eventTask(arena: Arena, driver: Driver): Program {
  const { host, door, admin } = driver;
  const requests = host.plan.control.flatMap((action, index) => (action.do === 'next-aen' ? [index] : []));
  const instructions = requests.flatMap((index): Instruction[] => [
    {
      label: `send NextAen [${index}]`,
      when: () => admin?.running ?? false,
      run: () => {
        door.askRequest(index, 1);
        admin?.requests.send(~index);
      },
    },
    {
      label: `await the event [${index}]`,
      when: () => door.answersOpen(index) === 0,
      run: () => (door.isGone(index) ? `send NextAen [${index}]` : undefined),
    },
  ]);
  const ready = (): boolean => serves(driver);
  return new Program(arena, { name: 'event task', party: 'host', ready }, [...instructions, END]);
}
