/**
 * Who uses the queue pairs: threads with commands, the driver's control plane, the task that waits for
 * events.
 */
import type { Arena } from '../../arena/arena.ts';
import { state, type StateOf, type Word, word } from '../../arena/state.ts';
import { bringUpInstructions } from '../../driver/bring-up.ts';
import type { Host } from '../../driver/host.ts';
import type { ControlAction } from '../../driver/plan.ts';
import { type Instruction, Program } from '../../link/program.ts';
import type { CpuIndex } from '../../spec/units.ts';
import type { Door } from './door.ts';
import { isAsleep } from './queue-handler.ts';
import type { QueuePair } from './queue-pair.ts';

/** What the clients of one driver share. */
export interface Driver {
  readonly host: Host;
  readonly door: Door;
  /** The admin queue's pair, if somebody sends requests to it. */
  readonly admin: QueuePair | undefined;
  readonly io: readonly QueuePair[];
}

const fields = { sent: word as Word };
const Fields: StateOf<typeof fields> = state(fields);
class Registers extends Fields {}

const END: Instruction = { label: 'nothing more to do', when: () => false, run: () => END.label };

/** A thread sends all its commands, one after the other, and waits for the answers. */
export function thread(arena: Arena, { host, door, io }: Driver, index: number): Program {
  const registers = new Registers(arena);
  const first = door.calls.findIndex((call) => call.thread === index);
  const calls = door.calls.filter((call) => call.thread === index);
  /** The queue pair of the next command; none after the last command, nor when the queue pair is gone. */
  const target = (): QueuePair | undefined => {
    const sqid = calls[registers.sent]?.io.sqid;
    return io.find((pair) => pair.qid === sqid && pair.running);
  };
  return new Program(
    arena,
    { name: `thread ${index}`, party: 'host', ready: () => host.up && !host.stopped },
    [
      {
        label: 'send Command',
        when: () => target() !== undefined,
        run: () => {
          const call = first + registers.sent;
          door.askCommand(call);
          target()?.commands.send(call);
          registers.sent++;
          return registers.sent === calls.length ? 'await the answers' : 'send Command';
        },
      },
      { label: 'await the answers', when: () => door.commandsOpen(index) === 0, run: () => END.label },
      END,
    ],
  );
}

/** NvmeDriver: bring-up, then what a scenario asks of it, one thing after the other. */
export function controlPlane(
  arena: Arena,
  driver: Driver,
  tasks: readonly Program[],
  cpu: CpuIndex,
): Program {
  const { host, admin, io } = driver;
  const start = (pair: QueuePair): void => {
    pair.running = true;
    host.link.msix.take(pair.parts.listener); // the interrupts of bring-up were for bring-up
  };
  return new Program(
    arena,
    { name: 'control plane', party: 'host', ready: () => host.link.ready(cpu) && !host.stopped },
    [
      ...bringUpInstructions(host, cpu),
      {
        label: 'start the queue tasks',
        run: () => {
          if (admin !== undefined) {
            admin.head = host.adminSqhd;
            start(admin);
          }
          io.forEach(start);
        },
      },
      { label: 'bring-up is done', when: () => tasks.every(isAsleep), run: () => void (host.up = true) },
      ...host.plan.control.flatMap((action, index) => actionInstructions(driver, action, index)),
      END,
    ],
  );
}

function actionInstructions(driver: Driver, action: ControlAction, index: number): Instruction[] {
  const { link } = driver.host;
  switch (action.do) {
    case 'inspect':
      return [...sends(driver, 'Inspect', index, false), answered(driver, 'Inspect', index)];
    case 'save':
      // After it the queue pairs are gone: nothing that follows finds anybody to ask.
      return [
        ...sends(driver, 'Save', index, true),
        { ...answered(driver, 'Save', index), run: () => END.label },
      ];
    case 'mask':
    case 'unmask': // the platform's doing
      return [
        {
          label: `${action.do} vector ${action.vector} [${index}]`,
          run: () => link.mask(action.vector, action.do === 'mask'),
        },
      ];
    case 'next-aen': // the event task's
    case 'doorbell-buffer': // nothing to this driver
    case 'delete-sq':
    case 'delete-cq':
    case 'create-sq':
    case 'create-cq':
    case 'abort':
    case 'restore':
    case 'reset': // not offered
      return [];
  }
}

/**
 * A request to every queue pair. Save asks the I/O queues when the admin queue has answered
 * (NvmeDriver::save); Inspect asks them all at once.
 */
function sends(
  { door, admin, io }: Driver,
  what: 'Save' | 'Inspect',
  index: number,
  adminFirst: boolean,
): Instruction[] {
  if (admin === undefined) return [];
  const handlers = io.length + 1;
  return [
    {
      label: `send ${what} to the admin queue [${index}]`,
      run: () => {
        door.askRequest(index, handlers);
        admin.requests.send(~index);
      },
    },
    ...io.map((pair, position) => ({
      label: `send ${what} to queue ${pair.qid} [${index}]`,
      when: () => !adminFirst || position > 0 || door.answersOpen(index) < handlers,
      run: () => pair.requests.send(~index),
    })),
  ];
}

function answered({ door }: Driver, what: string, index: number): Instruction {
  return {
    label: `await ${what} [${index}]`,
    when: () => door.answersOpen(index) === 0,
    run: () => undefined,
  };
}

/** The task that asks for the next event, and for the next when it has been told. */
export function eventTask(arena: Arena, { host, door, admin }: Driver): Program {
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
    answered({ door } as Driver, 'the event', index),
  ]);
  return new Program(arena, { name: 'event task', party: 'host', ready: () => host.up && !host.stopped }, [
    ...instructions,
    END,
  ]);
}
