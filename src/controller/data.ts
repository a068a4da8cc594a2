/** Data transfer by PRP (Base 2.1, 4.1.1; NVM Command Set 1.1): two pages at most. */
import { PAGE_BYTES } from '../link/memory.ts';
import { status, type Status } from '../spec/status.ts';
import type { Address } from '../spec/units.ts';
import type { Command } from './command.ts';
import type { ControllerState } from './state.ts';

export const BLOCK_BYTES = 512;
const BLOCK_WORDS = BLOCK_BYTES / 4;

/** Address of byte `offset` of a transfer that begins at PRP1 and goes on at PRP2 after the first page. */
function transferAddress(command: Command, offset: number): Address {
  const first = PAGE_BYTES - (command.prp1 % PAGE_BYTES);
  return offset < first ? command.prp1 + offset : command.prp2 + (offset - first);
}

/** Writes `words` to the command's buffer. */
export function toHost(controller: ControllerState, command: Command, words: ArrayLike<number>): Status {
  for (let index = 0; index < words.length; index++) {
    const address = transferAddress(command, index * 4);
    if (!controller.link.memory.contains(address, 4)) return status.dataTransferError;
    controller.link.dmaWrite32(address, words[index] as number);
  }
  return status.success;
}

/** Read (02h) and Write (01h) of CDW12.NLB + 1 blocks from the block CDW10 on. */
export function transferBlocks(controller: ControllerState, command: Command, toMedia: boolean): Status {
  const blocks = (command.cdw12 & 0xffff) + 1;
  const first = command.cdw10 >>> 0;
  if (first + blocks > controller.decisions.blocks || command.cdw11 !== 0) return status.lbaOutOfRange;
  for (let index = 0; index < blocks * BLOCK_WORDS; index++) {
    const address = transferAddress(command, index * 4);
    if (!controller.link.memory.contains(address, 4)) return status.dataTransferError;
    const at = first * BLOCK_WORDS + index;
    if (toMedia) controller.media.set(at, controller.link.dmaRead32(address));
    else controller.link.dmaWrite32(address, controller.media.get(at));
  }
  return status.success;
}
