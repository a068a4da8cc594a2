/**
 * The `nvme-queue` task: QueueHandler::run. It picks one event, handles it and looks again; when there is
 * nothing to pick it rings the doorbells that it owes and sleeps.
 *
 * Picking is a poll: each source is looked at in turn, and a source that has nothing keeps the task's waker.
 * A source that is not looked at does not: what arrives there wakes nobody.
 */
import type { Arena } from '../../arena/arena.ts';
import { type AdminEntry, adminEntry } from '../../driver/admin.ts';
import { type Host, ioEntry } from '../../driver/host.ts';
import { type Instruction, Program } from '../../link/program.ts';
import type { CommandId } from '../../spec/units.ts';
import { isRequest, type Message } from './channel.ts';
import type { OpenvmmDecisions } from './decisions.ts';
import type { Call, Door } from './door.ts';
import { type Caller, keyOf } from './pending-commands.ts';
import type { QueuePair } from './queue-pair.ts';

const POLL = 'poll commands';
const SLEEP = 'sleep';
/** The caller of an Asynchronous Event Request is the handler itself. */
const HANDLER: Caller = -1;

type Panic = 'wrong SQ identifier' | 'unknown key' | 'sequence mismatch' | 'SQ head out of range';
const panics: readonly Panic[] = [
  'wrong SQ identifier',
  'unknown key',
  'sequence mismatch',
  'SQ head out of range',
];

export function queueTask(
  arena: Arena,
  host: Host,
  pair: QueuePair,
  door: Door,
  decisions: OpenvmmDecisions,
): Program {
  const { link } = host;
  const { sq, cq, cpu, listener, aer } = pair.parts;
  const { task, pending } = pair;
  const always = decisions.requestsPolled === 'always';
  const oneChannel = decisions.channels === 'one';

  const rest = (): string => {
    if (sq.index !== sq.published) return 'commit SQ';
    return cq.index !== cq.published ? 'commit CQ' : SLEEP;
  };
  const completions = (): string => (pending.empty ? rest() : 'read completion');

  /** The callers of what is dropped with the handler see that the queue pair is gone. */
  const drop = (message: Message): void => {
    if (isRequest(message)) door.answerRequest(~message);
    else door.answerCommand(message);
  };
  const leave = (): void => {
    pair.commands.close(drop);
    pair.requests.close(drop);
    pending.forEach((caller) => caller !== HANDLER && door.answerCommand(caller));
    aer?.leave();
    task.woken = pair.interruptWaker = pair.running = false;
  };
  const handle = (message: Message): void => {
    if (!isRequest(message)) {
      const cid = pending.insert(message);
      const { io } = door.calls[message] as Call;
      sq.write(ioEntry(link, io, cid, pair.parts.buffers[keyOf(cid)] as number));
      return;
    }
    const request = ~message;
    const kind = door.kind(request);
    if (kind === 'next-aen') {
      aer?.request(request);
      return;
    }
    if (kind === 'save') leave(); // the words of the queue pair stay as they are: they are what was saved
    door.answerRequest(request);
  };
  const complete = (): string => {
    const entry = cq.consume();
    if (entry.sqid !== pair.qid) return panic('wrong SQ identifier');
    const removed = pending.remove(entry.cid);
    if ('panic' in removed) return panic(removed.panic);
    if (entry.sqhd >= sq.size) return panic('SQ head out of range');
    pair.head = entry.sqhd; // whatever it was before: an older report moves the head backwards
    if (removed.caller === HANDLER) aer?.complete(entry);
    else door.answerCommand(removed.caller, entry.status);
    return POLL;
  };

  const instructions: Instruction[] = [
    {
      label: POLL,
      run: () => {
        const room = pair.hasRoom;
        if (room && aer?.wantsToSend) {
          const entry: AdminEntry & { cid: CommandId } = {
            ...adminEntry.eventRequest(),
            cid: pending.insert(HANDLER),
          };
          sq.write(entry);
          aer.sent(entry.cid);
          return POLL;
        }
        if (room || (oneChannel && always)) {
          const message = pair.commands.poll((front) => room || isRequest(front));
          if (message !== undefined) {
            handle(message);
            return POLL;
          }
        }
        return oneChannel ? completions() : 'poll requests';
      },
    },
    {
      label: 'poll requests',
      run: () => {
        if (always || pair.hasRoom) {
          const message = pair.requests.poll(() => true);
          if (message !== undefined) {
            handle(message);
            return POLL;
          }
        }
        return completions();
      },
    },
    { label: 'read completion', run: () => (cq.hasEntry ? complete() : 'poll interrupt') },
    {
      label: 'poll interrupt',
      run: () => {
        if (link.msix.latched(listener)) {
          link.msix.take(listener);
          return 'read completion';
        }
        pair.interruptWaker = true;
        return rest();
      },
    },
    {
      label: 'commit SQ',
      run: () => {
        sq.published = sq.index;
        sq.ringDoorbell(cpu, sq.index);
        return rest();
      },
    },
    {
      label: 'commit CQ',
      run: () => {
        cq.published = cq.index;
        cq.ringDoorbell(cpu, cq.index);
        return SLEEP;
      },
    },
    {
      label: SLEEP,
      when: () => task.woken || (pair.interruptWaker && link.msix.latched(listener)),
      run: () => {
        task.woken = false;
        // The interrupt uses its waker up. One that 'poll interrupt' takes before the task sleeps would cost
        // one more pass that finds nothing; that pass is left out.
        if (link.msix.latched(listener)) pair.interruptWaker = false;
        return POLL;
      },
    },
    ...panics.map((reason) => ({ label: panic(reason), run: () => void (host.stopped = true) })),
  ];
  const ready = (): boolean => pair.running && !host.stopped && link.ready(cpu);
  return new Program(arena, { name: `nvme-queue ${pair.qid}`, party: 'host', ready }, instructions);
}

/** Whether the task has nothing more to do until somebody wakes it. */
export function isAsleep(task: Program): boolean {
  return task.isAt(SLEEP) && task.choices() === 0;
}

/** A step of its own, so that a trace shows why the driver, and with it every caller, stopped. */
function panic(reason: Panic): string {
  return `panic: ${reason}`;
}
