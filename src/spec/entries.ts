/**
 * Submission queue entries, 64 bytes (Base 2.1, 4.1.1), and completion queue entries, 16 bytes (4.2.1).
 * In memory they are 16 and 4 little-endian dwords.
 */
import type { Status } from './status.ts';
import type { Address, CommandId, PhaseTag, QueueId, SlotIndex } from './units.ts';

export const SQE_BYTES = 64;
export const CQE_BYTES = 16;
export const SQE_WORDS = 16;
export const CQE_WORDS = 4;
/** DW3 of a completion entry holds the phase tag in bit 16. */
export const PHASE_BIT = 0x1_0000;

export interface SubmissionEntry {
  readonly opcode: number;
  readonly fuse: number;
  readonly cid: CommandId;
  readonly nsid: number;
  readonly prp1: Address;
  readonly prp2: Address;
  readonly cdw10: number;
  readonly cdw11: number;
  readonly cdw12: number;
}

/** Writes `entry` into the 16 dwords at `into`. Addresses are below 2^53. */
export function encodeSqe(entry: Partial<SubmissionEntry>, into: Int32Array): void {
  into.fill(0);
  into[0] = (entry.opcode ?? 0) | ((entry.fuse ?? 0) << 8) | ((entry.cid ?? 0) << 16);
  into[1] = entry.nsid ?? 0;
  into[6] = (entry.prp1 ?? 0) | 0;
  into[7] = Math.floor((entry.prp1 ?? 0) / 2 ** 32);
  into[8] = (entry.prp2 ?? 0) | 0;
  into[9] = Math.floor((entry.prp2 ?? 0) / 2 ** 32);
  into[10] = entry.cdw10 ?? 0;
  into[11] = entry.cdw11 ?? 0;
  into[12] = entry.cdw12 ?? 0;
}

export function decodeSqe(words: ArrayLike<number>): SubmissionEntry {
  const at = (index: number): number => words[index] ?? 0;
  return {
    opcode: at(0) & 0xff,
    fuse: (at(0) >>> 8) & 3,
    cid: at(0) >>> 16,
    nsid: at(1) >>> 0,
    prp1: (at(6) >>> 0) + (at(7) >>> 0) * 2 ** 32,
    prp2: (at(8) >>> 0) + (at(9) >>> 0) * 2 ** 32,
    cdw10: at(10) >>> 0,
    cdw11: at(11) >>> 0,
    cdw12: at(12) >>> 0,
  };
}

export interface CompletionEntry {
  readonly dw0: number;
  readonly sqhd: SlotIndex;
  readonly sqid: QueueId;
  readonly cid: CommandId;
  readonly phase: PhaseTag;
  readonly status: Status;
  readonly dnr: boolean;
}

/** Writes `entry` into the 4 dwords at `into`. */
export function encodeCqe(entry: CompletionEntry, into: Int32Array): void {
  into[0] = entry.dw0;
  into[1] = 0;
  into[2] = entry.sqhd | (entry.sqid << 16);
  into[3] = entry.cid | (entry.phase << 16) | ((entry.status & 0x7ff) << 17) | (entry.dnr ? 1 << 31 : 0);
}

export function decodeCqe(words: ArrayLike<number>): CompletionEntry {
  const at = (index: number): number => words[index] ?? 0;
  return {
    dw0: at(0) >>> 0,
    sqhd: at(2) & 0xffff,
    sqid: at(2) >>> 16,
    cid: at(3) & 0xffff,
    phase: ((at(3) >>> 16) & 1) as PhaseTag,
    status: (at(3) >>> 17) & 0x7ff,
    dnr: at(3) >>> 31 === 1,
  };
}
