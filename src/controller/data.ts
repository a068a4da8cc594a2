/** Data transfer by PRP (Base 2.1, 4.1.1; NVM Command Set 1.1): two pages at most. */
import { PAGE_BYTES } from '../link/memory.ts';
import { status, type Status } from '../spec/status.ts';
import type { Address } from '../spec/units.ts';
import type { Command } from './command.ts';
import type { ControllerState } from './state.ts';

export const BLOCK_BYTES = 512;
const BLOCK_WORDS = BLOCK_BYTES / 4;

/** A stretch of a transfer that is contiguous in host memory. Offsets are in bytes from the transfer's beginning. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly address: Address;
}

/** A transfer of `bytes` begins at PRP1 and goes on at PRP2 after the first page. */
function pieces(command: Command, bytes: number): Piece[] {
  const first = Math.min(bytes, PAGE_BYTES - (command.prp1 % PAGE_BYTES));
  const atPrp1 = { from: 0, to: first, address: command.prp1 };
  return first === bytes ? [atPrp1] : [atPrp1, { from: first, to: bytes, address: command.prp2 }];
}

/** Writes `words` to the command's buffer. */
export function toHost(controller: ControllerState, command: Command, words: ArrayLike<number>): Status {
  const { link } = controller;
  for (const { from, to, address } of pieces(command, words.length * 4)) {
    if (!link.memory.contains(address, to - from)) return status.dataTransferError;
    for (let offset = from; offset < to; offset += 4)
      link.dmaWrite32(address + offset - from, words[offset >>> 2] as number);
  }
  return status.success;
}

/** Read (02h) and Write (01h) of CDW12.NLB + 1 blocks from the block CDW10 on. */
export function transferBlocks(controller: ControllerState, command: Command, toMedia: boolean): Status {
  const { link, media } = controller;
  const blocks = (command.cdw12 & 0xffff) + 1;
  const block = command.cdw10 >>> 0;
  if (block + blocks > controller.decisions.blocks || command.cdw11 !== 0) return status.lbaOutOfRange;
  for (const { from, to, address } of pieces(command, blocks * BLOCK_BYTES)) {
    if (!link.memory.contains(address, to - from)) return status.dataTransferError;
    for (let offset = from; offset < to; offset += 4) {
      const at = block * BLOCK_WORDS + (offset >>> 2);
      if (toMedia) media.set(at, link.dmaRead32(address + offset - from));
      else link.dmaWrite32(address + offset - from, media.get(at));
    }
  }
  return status.success;
}
