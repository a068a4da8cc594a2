/**
 * `db_buf_read`, `db_buf_write` and `set_db_buf` of hw/nvme/queue.rs. Every index is 16 bits of a 32-bit
 * word.
 */
import { ADMIN, type QueueId, type SlotIndex } from '../../spec/units.ts';
import type { CompQueue, SubQueue } from './queues.ts';
import type { Propolis } from './state.ts';

const INDEX = 0xffff;

/** The head that the guest stored, if it is one that the queue can move to. */
export function readHead(propolis: Propolis, cq: CompQueue): void {
  if (cq.ring.shadow) cq.popHeadTo(read(propolis, propolis.controller.shadowAddress('cq', cq.ring.qid)));
}

export function readTail(propolis: Propolis, sq: SubQueue): void {
  if (sq.ring.shadow) sq.pushTailTo(read(propolis, propolis.controller.shadowAddress('sq', sq.ring.qid)));
}

/** `notify_tail`: false for a value that the queue refuses. */
export function takeRungTail(propolis: Propolis, sq: SubQueue, value: SlotIndex): boolean {
  if (!isKick(propolis, sq.ring.shadow)) return sq.pushTailTo(value);
  readTail(propolis, sq);
  return true;
}

/** `notify_head`: likewise. */
export function takeRungHead(propolis: Propolis, cq: CompQueue, value: SlotIndex): boolean {
  if (!isKick(propolis, cq.ring.shadow)) return cq.popHeadTo(value);
  readHead(propolis, cq);
  return true;
}

function isKick({ decisions }: Propolis, shadow: boolean): boolean {
  return shadow && decisions.ringInShadowMode === 'entry-is-read';
}

export function writeSqEventIdx(propolis: Propolis, sq: SubQueue): void {
  if (sq.ring.shadow) write(propolis, propolis.controller.eventIdxAddress('sq', sq.ring.qid), sq.ring.head);
}

export function writeCqEventIdx(propolis: Propolis, cq: CompQueue, value: number): void {
  if (cq.ring.shadow) write(propolis, propolis.controller.eventIdxAddress('cq', cq.ring.qid), value);
}

/** What a push stores in CQ EventIdx, by the head that was read just before; undefined to leave it alone. */
export function eventIdxAfterPush({ decisions }: Propolis, { ring }: CompQueue): number | undefined {
  switch (decisions.cqEventIdx) {
    case 'tail':
      return ring.tail;
    case 'tail-minus-one-if-more-than-one':
      return ring.occupied <= 1 ? undefined : (ring.tail + ring.size - 1) % ring.size;
    case 'head-when-reservation-fails':
      return undefined;
  }
}

/**
 * "Mimic qemu and sync out the SQ tail during setup". EventIdx is another matter. `had`: an entry is in use already. The
 * entries of the admin queue are never the guest's, so in a page that was not named before they hold nothing.
 */
export function setSqDoorbellBuffer(propolis: Propolis, sq: SubQueue, had: boolean): void {
  const { controller, decisions } = propolis;
  const address = controller.shadowAddress('sq', sq.ring.qid);
  sq.ring.shadow = true;
  if (isStored(propolis, sq.ring.qid, had)) write(propolis, address, sq.ring.tail);
  if (decisions.configuredEventIdx === 'index-in-use') writeSqEventIdx(propolis, sq);
}

export function setCqDoorbellBuffer(propolis: Propolis, cq: CompQueue, had: boolean): void {
  const { controller, decisions } = propolis;
  const address = controller.shadowAddress('cq', cq.ring.qid);
  cq.ring.shadow = true;
  if (isStored(propolis, cq.ring.qid, had)) write(propolis, address, cq.ring.head);
  if (decisions.configuredEventIdx === 'index-in-use') writeCqEventIdx(propolis, cq, cq.ring.head);
}

function isStored({ decisions }: Propolis, qid: QueueId, had: boolean): boolean {
  return !had || qid === ADMIN || decisions.reconfiguredShadow === 'index-in-use';
}

/** Guests do not keep the admin queue's entries: the register value is written back (as QEMU does). */
export function writeBack(propolis: Propolis, ring: 'sq' | 'cq', value: number): void {
  write(propolis, propolis.controller.shadowAddress(ring, 0), value);
}

/** An address that is no memory reads as nothing new and swallows writes: only its alignment was checked. */
function read({ link }: Propolis, address: number): number {
  return link.memory.contains(address, 4) ? link.dmaRead32(address) & INDEX : INDEX;
}

function write({ link }: Propolis, address: number, value: number): void {
  if (!link.memory.contains(address, 4)) return;
  link.dmaWrite32(address, (link.memory.read32(address) & ~INDEX) | value);
}
