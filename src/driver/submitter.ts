/** A submitting thread: writes its commands one after the other as tags allow, and announces them. */
import type { Arena } from '../arena/arena.ts';
import { state, type StateOf, type Word, word } from '../arena/state.ts';
import { Program } from '../link/program.ts';
import type { CpuIndex } from '../spec/units.ts';
import type { Host, HostSubmissionQueue } from './host.ts';
import type { Io } from './plan.ts';
import { publishing, publishLabel } from './publish.ts';

const fields = {
  /** The next command to write. */
  index: word as Word,
  /** An EventIdx loaded ahead of the shadow store, plus one. */
  early: word as Word,
};
const Fields: StateOf<typeof fields> = state(fields);
class Registers extends Fields {}

export function submitter(
  arena: Arena,
  host: Host,
  thread: number,
  commands: readonly Io[],
  cpu: CpuIndex,
): Program {
  const registers = new Registers(arena);
  const name = `thread ${thread}`;
  const me = thread + 1;
  /** The queue that the thread is writing to, or would write to next. */
  const sq = (): HostSubmissionQueue => host.sq((commands[Math.max(0, registers.index - 1)] as Io).sqid);
  const canWrite = (): boolean => {
    const command = commands[registers.index];
    if (command === undefined || !host.up || host.paused || host.stopped) return false;
    const target = host.sq(command.sqid);
    if (target.held) return false;
    return (target.lock === 0 || target.lock === me) && host.hasRoom(target);
  };
  /** In a batch that no more can be added to: what is written is published. */
  const mustPublish = (): boolean => registers.index > 0 && sq().lock === me && !canWrite();
  const batching = (): boolean =>
    host.decisions.tailDoorbell === 'batch' &&
    commands[registers.index]?.sqid === sq().ring.qid &&
    canWrite();
  const publication = {
    what: 'tail' as const,
    cpu,
    decisions: host.decisions,
    ring: () => sq().ring,
    value: () => sq().ring.index,
    early: { get: () => registers.early, set: (value: number) => (registers.early = value) },
    done: () => {
      sq().lock = 0;
      return 'write entry';
    },
  };

  const ready = (): boolean => host.link.ready(cpu) && !host.stopped;
  const program = new Program(arena, { name, party: 'host', ready }, [
    {
      label: 'write entry',
      when: () => canWrite() || mustPublish(),
      run: () => {
        if (mustPublish()) return publishLabel(publication);
        const command = commands[registers.index] as Io;
        const target = host.sq(command.sqid);
        target.lock = me;
        host.writeIo(target, command);
        registers.index++;
        return batching() ? 'write entry' : publishLabel(publication);
      },
    },
    ...publishing(publication),
  ]);
  host.instances.push({
    holds: () => false, // an entry that is written and not announced is found by looking at the ring
    restart: () => {
      registers.early = 0;
      program.jump('write entry');
    },
  });
  return program;
}
