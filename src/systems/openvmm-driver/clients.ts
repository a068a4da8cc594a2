/** Who uses the driver: threads with commands, its own control plane, and the task that waits for events. */
import type { Arena } from '../../arena/arena.ts';
import { state, type StateOf, type Word, word } from '../../arena/state.ts';
import { bringUpInstructions } from '../../driver/bring-up.ts';
import type { Host } from '../../driver/host.ts';
import type { ControlAction } from '../../driver/plan.ts';
import { type Instruction, Program } from '../../link/program.ts';
import type { CpuIndex, QueueId } from '../../spec/units.ts';
import type { Door } from './door.ts';
import { isAsleep } from './queue-handler.ts';
import type { QueuePair } from './queue-pair.ts';

const fields = { sent: word as Word };
const Fields: StateOf<typeof fields> = state(fields);
class Registers extends Fields {}

const END: Instruction = { label: 'nothing more to do', when: () => false, run: () => 'nothing more to do' };

/** A thread sends all its commands, one after the other, and waits for the answers. */
export function thread(
  arena: Arena,
  host: Host,
  door: Door,
  index: number,
  pairOf: (qid: QueueId) => QueuePair,
): Program {
  const registers = new Registers(arena);
  const first = door.calls.findIndex((call) => call.thread === index);
  const calls = door.calls.filter((call) => call.thread === index);
  /** The queue pair that the next command goes to; none after the last, nor when the queue pair is gone. */
  const target = (): QueuePair | undefined => {
    const call = calls[registers.sent];
    const pair = call && pairOf(call.io.sqid);
    return pair?.running ? pair : undefined;
  };
  return new Program(arena, { name: `thread ${index}`, party: 'host', ready: () => host.up && !host.stopped }, [
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
  ]);
}

/** NvmeDriver: bring-up, then what a scenario asks of it, one thing after the other. */
export function controlPlane(
  arena: Arena,
  host: Host,
  door: Door,
  admin: QueuePair,
  io: readonly QueuePair[],
  tasks: readonly Program[],
  cpu: CpuIndex,
): Program {
  const started = admin.parts.aer === undefined && !host.plan.control.some(isDriverRequest) ? io : [admin, ...io];
  const actions = host.plan.control.flatMap((action, index) => actionInstructions(host, door, admin, io, action, index));
  return new Program(arena, { name: 'control plane', party: 'host', ready: () => host.link.ready(cpu) && !host.stopped }, [
    ...bringUpInstructions(host, cpu),
    {
      label: 'start the queue tasks',
      run: () => {
        admin.head = host.adminSqhd;
        for (const pair of started) {
          pair.running = true;
          host.link.msix.take(pair.parts.listener); // the interrupts of bring-up were for bring-up
        }
      },
    },
    { label: 'bring-up is done', when: () => tasks.every(isAsleep), run: () => void (host.up = true) },
    ...actions,
    END,
  ]);
}
