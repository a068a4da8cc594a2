/**
 * The `nvme-queue` task: QueueHandler::run. It picks one event, handles it and looks again; when there is
 * nothing to pick it rings the doorbells that it owes and sleeps.
 *
 * Picking is a poll: each source is looked at in turn, and a source that has nothing keeps the task's waker.
 * A source that is not looked at does not: what arrives there wakes nobody. A handler that drains after restore
 * looks for other things than one that does not.
 */
import type { Arena } from '../../arena/arena.ts';
import { adminEntry } from '../../driver/admin.ts';
import { type Host, ioEntry } from '../../driver/host.ts';
import { type Instruction, Program } from '../../link/program.ts';
import type { Address } from '../../spec/units.ts';
import { isRequest, type Message } from './channel.ts';
import type { OpenvmmDecisions } from './decisions.ts';
import type { Call, Door } from './door.ts';
import type { DrainBarrier } from './drain.ts';
import { DETACHED, HANDLER } from './pending-commands.ts';
import type { QueuePair } from './queue-pair.ts';

const POLL = 'poll commands';
const SLEEP = 'sleep';

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
  barrier: DrainBarrier,
  decisions: OpenvmmDecisions,
): Program {
  const { link } = host;
  const { sq, cq, cpu, listener, aer } = pair.parts;
  const { task, pending, drain } = pair;
  const always = decisions.requestsPolled === 'always';
  const oneChannel = decisions.channels === 'one';

  const rest = (): string => {
    const commitsSq = drain.state === 'AllDrained' || decisions.drainCommits === 'both';
    if (commitsSq && sq.index !== sq.published) return 'commit SQ';
    return cq.index !== cq.published ? 'commit CQ' : SLEEP;
  };
  const completions = (): string => (pending.empty ? rest() : 'read completion');
  const afterRequests = (): string => (drain.state === 'SelfDrained' ? 'poll the drain' : completions());

  const handle = (message: Message): void => {
    if (!isRequest(message)) {
      const call = door.calls[message] as Call;
      pair.write(message, (key) =>
        'io' in call ? ioEntry(link, call.io, 0, pair.parts.buffers[key] as Address) : call.entry(),
      );
      return;
    }
    const request = ~message;
    const kind = door.kind(request);
    if (kind === 'next-aen') {
      aer?.request(request);
      return;
    }
    if (kind === 'save') {
      pair.leave();
      if (decisions.callersTold === 'with-the-loop') pair.drop();
    }
    door.answerRequest(request);
  };
  const complete = (): string => {
    const entry = cq.consume();
    if (entry.sqid !== pair.qid) return panic('wrong SQ identifier');
    const removed = pending.remove(entry.cid);
    if ('panic' in removed) return panic(removed.panic);
    if (entry.sqhd >= sq.size) return panic('SQ head out of range');
    pair.updateHead(entry.cid, entry.sqhd);
    if (removed.caller === HANDLER) aer?.complete(entry);
    else if (removed.caller !== DETACHED) door.answerCommand(removed.caller, entry.status);
    if (drain.state !== 'Draining' || !pending.empty) return POLL;
    if (decisions.drains === 'every-queue') return 'count down';
    drain.state = 'AllDrained';
    return POLL;
  };

  const instructions: Instruction[] = [
    {
      label: POLL,
      run: () => {
        if (drain.state !== 'AllDrained')
          return decisions.requestsInDrain === 'polled' ? 'poll requests' : afterRequests();
        const room = pair.hasRoom;
        if (room && aer?.wantsToSend) {
          aer.sent(pair.write(HANDLER, adminEntry.eventRequest));
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
          const message = pair.requests.poll(isRequest);
          if (message !== undefined) {
            handle(message);
            return POLL;
          }
        }
        return afterRequests();
      },
    },
    {
      label: 'poll the drain',
      run: () => {
        if (barrier.signalled) {
          drain.state = 'AllDrained'; // Event::DrainComplete
          return POLL;
        }
        drain.waker = true;
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
      label: 'count down', // mark_drained: whoever is the last one signals all, itself too
      run: () => {
        barrier.counter--;
        drain.state = 'SelfDrained';
        return barrier.counter === 0 ? 'signal' : POLL;
      },
    },
    {
      label: 'signal',
      run: () => {
        barrier.signal();
        return POLL;
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
