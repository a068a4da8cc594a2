/** The handler of one completion queue: wakes, reads entries, completes commands, publishes the head. */
import type { Arena } from '../arena/arena.ts';
import { Fifo } from '../arena/containers.ts';
import { state, type StateOf, type Word, word } from '../arena/state.ts';
import { Program } from '../link/program.ts';
import { next } from '../spec/ring.ts';
import type { Status } from '../spec/status.ts';
import type { CommandId, CpuIndex, QueueId, SlotIndex, Vector } from '../spec/units.ts';
import type { Host } from './host.ts';
import { publishing, publishLabel } from './publish.ts';
import type { CompletionRing } from './rings.ts';

const fields = {
  /** The entry in hand: SQID, CID, SQHD and status of its command. */
  sqid: word as Word<QueueId>,
  cid: word as Word<CommandId>,
  sqhd: word as Word<SlotIndex>,
  status: word as Word<Status>,
  /** Entries consumed and not completed (`after-head-doorbell` only), and where the first of them stands. */
  waiting: word as Word,
  handled: word as Word<SlotIndex>,
  early: word as Word,
};
const Fields: StateOf<typeof fields> = state(fields);
class Registers extends Fields {}

const COPY_WORDS = 4;

export function completer(
  arena: Arena,
  host: Host,
  ring: CompletionRing,
  vector: Vector | undefined,
  cpu: CpuIndex,
): Program {
  const { decisions, link } = host;
  const registers = new Registers(arena);
  const polled = vector === undefined || decisions.completion === 'polled';
  const listener = polled ? -1 : link.msix.listen(vector);
  const late = decisions.completes === 'after-head-doorbell';
  /** Entries copied when they were consumed: SQID, CID, SQHD and status of each. */
  const copies =
    late && decisions.entryRead === 'when-consumed' ? new Fifo(arena, ring.slots * COPY_WORDS) : undefined;
  const live = (): boolean => host.cqLive.has(ring.qid);
  /** Back to where the handler waits for the next entry or message. */
  const rest = (): string => {
    host.cqBusy.delete(ring.qid);
    return polled ? 'look' : 'sleep';
  };
  const startable = (): boolean => (!host.paused && !host.cqHeld.has(ring.qid)) || host.cqBusy.has(ring.qid);

  const publication = {
    what: 'head' as const,
    cpu,
    decisions,
    ring: () => ring,
    value: () => (decisions.headPublished === 'consumed' ? ring.index : next(ring.index, ring.size)),
    early: { get: () => registers.early, set: (value: number) => (registers.early = value) },
    done: () =>
      registers.waiting > 0 ? 'complete late' : decisions.headDoorbell === 'entry' ? 'look' : rest(),
  };
  const complete = (): void => {
    const { sqid, cid, sqhd, status } = registers;
    host.complete(sqid, cid, sqhd, status);
    registers.sqid = registers.cid = registers.sqhd = registers.status = 0;
  };
  const load = (entry: { sqid: number; cid: number; sqhd: number; status: number }): void => {
    registers.sqid = entry.sqid;
    registers.cid = entry.cid;
    registers.sqhd = entry.sqhd;
    registers.status = entry.status;
  };
  const announce = (): boolean => ring.published !== ring.index;

  const program = new Program(
    arena,
    {
      name: `CQ${ring.qid} handler`,
      party: 'host',
      ready: () => link.ready(cpu) && host.up && !host.stopped && live(),
    },
    [
      {
        label: 'sleep',
        when: () => polled || (startable() && link.msix.latched(listener)),
        run: () => {
          if (polled) return 'look'; // for good
          link.msix.take(listener);
          host.cqBusy.add(ring.qid);
          return 'look';
        },
      },
      {
        label: 'look',
        when: () => !polled || (startable() && (ring.hasEntry || announce() || host.cqBusy.has(ring.qid))),
        run: () => {
          if (!ring.hasEntry) {
            return announce() ? publishLabel(publication) : rest();
          }
          host.cqBusy.add(ring.qid);
          if (late && !copies && registers.waiting === 0) registers.handled = ring.index;
          const entry = ring.consume(headWrap(host, ring));
          if (!late) {
            load(entry);
            return 'complete';
          }
          registers.waiting++;
          for (const word of [entry.sqid, entry.cid, entry.sqhd, entry.status]) copies?.push(word);
          return decisions.headDoorbell === 'entry' ? publishLabel(publication) : 'look';
        },
      },
      {
        label: 'complete',
        run: () => {
          complete();
          return decisions.headDoorbell === 'entry' ? publishLabel(publication) : 'look';
        },
      },
      {
        label: 'complete late',
        run: () => {
          load(copies ? copied(copies) : ring.read(registers.handled));
          complete();
          if (!copies) registers.handled = next(registers.handled, ring.size);
          registers.waiting--;
          if (registers.waiting > 0) return 'complete late';
          return decisions.headDoorbell === 'entry' ? 'look' : rest();
        },
      },
      ...publishing(publication),
    ],
  );
  host.instances.push({
    holds: () => registers.waiting > 0 || program.isAt('complete'),
    restart: () => {
      registers.early = 0;
      if (polled || !live()) {
        host.cqBusy.delete(ring.qid);
        program.jump('sleep');
        return;
      }
      // What was posted meanwhile may have been announced to the driver that is gone: look before sleeping.
      link.msix.take(listener);
      host.cqBusy.add(ring.qid);
      program.jump('look');
    },
  });
  return program;
}

function copied(copies: Fifo): { sqid: number; cid: number; sqhd: number; status: number } {
  return { sqid: copies.shift(), cid: copies.shift(), sqhd: copies.shift(), status: copies.shift() };
}

/** `headWrap: submission-queue-size` is the mistake of a driver that takes both rings for equally long. */
function headWrap(host: Host, ring: CompletionRing): number {
  if (host.decisions.headWrap === 'size') return ring.size;
  const sizes = [...host.sqs.values()].filter((sq) => sq.cqid === ring.qid).map((sq) => sq.ring.size);
  return Math.max(...sizes);
}
