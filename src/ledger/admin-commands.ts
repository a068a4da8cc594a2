/**
 * Arguments of the admin commands whose success changes what the ledger knows, kept until they are
 * answered.
 */
import type { Arena } from '../arena/arena.ts';
import { Table } from '../arena/containers.ts';
import { adminOpcode } from '../spec/opcodes.ts';
import type { CommandId, QueueId } from '../spec/units.ts';

/** Columns: CDW10, CDW11, PRP1, PRP2, the opcode, and whether a Delete I/O CQ found SQs on its CQ. */
const WIDTH = 8;
/** Where each of the first six stands among the dwords of an entry. */
const DWORDS = [10, 11, 6, 7, 8, 9] as const;
const OPCODE = 6;
const FOUND_IN_USE = 7;

const kept: ReadonlySet<number> = new Set([
  adminOpcode.createSq,
  adminOpcode.createCq,
  adminOpcode.deleteSq,
  adminOpcode.deleteCq,
  adminOpcode.abort,
  adminOpcode.doorbellBufferConfig,
]);

export class LedgerAdminCommands {
  readonly #table: Table;

  constructor(arena: Arena, outstandingMax: number) {
    this.#table = new Table(arena, outstandingMax, WIDTH);
  }

  take(cid: CommandId, opcode: number, words: Int32Array): void {
    this.drop(cid);
    if (!kept.has(opcode)) return;
    const row = this.#table.insert(cid);
    this.#table.set(row, OPCODE, opcode);
    DWORDS.forEach((dword, column) => {
      this.#table.set(row, column, words[dword] ?? 0);
    });
  }

  drop(cid: CommandId): void {
    const row = this.#table.find(cid);
    if (row >= 0) this.#table.remove(row);
  }

  clear(): void {
    this.#table.clear();
  }

  has(cid: CommandId): boolean {
    return this.#table.has(cid);
  }

  /** Whether a Create is not answered yet: its queue does not exist, but a host may think it does. */
  get creating(): boolean {
    return this.#some(adminOpcode.createSq) || this.#some(adminOpcode.createCq);
  }

  /** Whether a Create I/O SQ of this queue is not answered yet. */
  creatingSq(qid: QueueId): boolean {
    return this.#some(adminOpcode.createSq, (cid) => this.qid(cid) === qid);
  }

  /** Whether a Doorbell Buffer Config is not answered yet: the controller may be initialising the pages. */
  get configuring(): boolean {
    return this.#some(adminOpcode.doorbellBufferConfig);
  }

  opcode(cid: CommandId): number {
    return this.#column(cid, OPCODE);
  }

  /** QID of a Create or Delete; the SQID of an Abort. */
  qid(cid: CommandId): QueueId {
    return this.#column(cid, 0) & 0xffff;
  }

  /** N of a Create, or the CID that an Abort names. */
  upper10(cid: CommandId): number {
    return this.#column(cid, 0) >>> 16;
  }

  cdw11(cid: CommandId): number {
    return this.#column(cid, 1);
  }

  prp1Low(cid: CommandId): number {
    return this.#column(cid, 2);
  }

  prp1High(cid: CommandId): number {
    return this.#column(cid, 3);
  }

  prp2Low(cid: CommandId): number {
    return this.#column(cid, 4);
  }

  prp2High(cid: CommandId): number {
    return this.#column(cid, 5);
  }

  foundInUse(cid: CommandId): boolean {
    return this.#column(cid, FOUND_IN_USE) !== 0;
  }

  setFoundInUse(cid: CommandId): void {
    const row = this.#table.find(cid);
    if (row >= 0) this.#table.set(row, FOUND_IN_USE, 1);
  }

  #some(opcode: number, isMeant: (cid: CommandId) => boolean = () => true): boolean {
    for (let row = 0; row < this.#table.size; row++)
      if (this.#table.get(row, OPCODE) === opcode && isMeant(this.#table.key(row))) return true;
    return false;
  }

  #column(cid: CommandId, column: number): number {
    const row = this.#table.find(cid);
    return row < 0 ? 0 : this.#table.get(row, column);
  }
}
