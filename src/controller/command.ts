/** Commands that were fetched and have not left the controller yet. */
import type { Arena } from '../arena/arena.ts';
import { state, type StateOf, type Word, word } from '../arena/state.ts';
import { decodeSqe, type SubmissionEntry } from '../spec/entries.ts';
import type { Status } from '../spec/status.ts';
import type { Address, CommandId, QueueId, SlotIndex } from '../spec/units.ts';

/** `done`: its completion is not posted yet. */
export type CommandStage = 'free' | 'executing' | 'done';
const stages: readonly CommandStage[] = ['free', 'executing', 'done'];

const fields = {
  stageNumber: word as Word,
  sqid: word as Word<QueueId>,
  cqid: word as Word<QueueId>,
  cid: word as Word<CommandId>,
  opcode: word as Word,
  nsid: word as Word,
  prp1: word as Word<Address>,
  prp2: word as Word<Address>,
  cdw10: word as Word,
  cdw11: word as Word,
  cdw12: word as Word,
  status: word as Word<Status>,
  dw0: word as Word,
  /** The SQ head after its fetch (`sqhdTaken: at-fetch` only). */
  sqhd: word as Word<SlotIndex>,
  /** Completion queue slots held for it: 0 or 1. */
  reserved: word as Word,
};
const Fields: StateOf<typeof fields> = state(fields);

export class Command extends Fields {
  get stage(): CommandStage {
    return stages[this.stageNumber] as CommandStage;
  }
  set stage(stage: CommandStage) {
    this.stageNumber = stages.indexOf(stage);
  }

  load(words: Int32Array, sqid: QueueId, cqid: QueueId): void {
    const entry: SubmissionEntry = decodeSqe(words);
    this.stage = 'executing';
    this.sqid = sqid;
    this.cqid = cqid;
    this.cid = entry.cid;
    this.opcode = entry.opcode;
    this.nsid = entry.nsid;
    this.prp1 = entry.prp1;
    this.prp2 = entry.prp2;
    this.cdw10 = entry.cdw10;
    this.cdw11 = entry.cdw11;
    this.cdw12 = entry.cdw12;
  }

  finish(status: Status, dw0: number): void {
    this.stage = 'done';
    this.status = status;
    this.dw0 = dw0;
    // What it asked for is not needed any more; clearing it lets states that differ in nothing else merge.
    this.prp1 = this.prp2 = this.cdw10 = this.cdw11 = this.cdw12 = this.nsid = 0;
  }

  free(): void {
    this.stageNumber = this.sqid = this.cqid = this.cid = this.opcode = this.nsid = 0;
    this.prp1 = this.prp2 = this.cdw10 = this.cdw11 = this.cdw12 = 0;
    this.status = this.dw0 = this.sqhd = this.reserved = 0;
  }
}

export class CommandPool {
  readonly commands: readonly Command[];

  constructor(arena: Arena, size: number) {
    this.commands = Array.from({ length: size }, () => new Command(arena));
  }

  free(): Command | undefined {
    return this.commands.find((command) => command.stageNumber === 0);
  }

  find(sqid: QueueId, cid: CommandId): Command | undefined {
    return this.commands.find(
      (command) => command.stageNumber !== 0 && command.sqid === sqid && command.cid === cid,
    );
  }

  /** The finished command to post next to `cqid`: one whose slot is reserved before one that must find a slot. */
  done(cqid: QueueId): Command | undefined {
    let unreserved: Command | undefined;
    for (const command of this.commands) {
      if (command.stageNumber !== DONE || command.cqid !== cqid) continue;
      if (command.reserved === 1) return command;
      unreserved ??= command;
    }
    return unreserved;
  }

  count(stage: CommandStage): number {
    return this.commands.filter((command) => command.stage === stage).length;
  }
}

const DONE = stages.indexOf('done');
