/** The doorbells as the vCPUs write them. A doorbell's number is that of its entry in the pages: SQ 2q, CQ 2q + 1. */
import type { QueueId } from '../../spec/units.ts';
import type { Emulator } from './state.ts';

/** `0xFFFFFFFF` in a shadow entry: the guest has not written it. */
export const UNUSED = 0xffff_ffff;

export type Ring = 'sq' | 'cq';

export function doorbellNumber(ring: Ring, qid: QueueId): number {
  return 2 * qid + (ring === 'cq' ? 1 : 0);
}

/** `DoorbellMemory`: whether it is the guest's page. */
function inPage(emulator: Emulator): boolean {
  return emulator.emulator.doorbells === 'one-memory' && emulator.shadowPage !== 0;
}

export function readDoorbell(emulator: Emulator, ring: Ring, qid: QueueId): number {
  if (inPage(emulator)) return emulator.link.dmaRead32(emulator.shadowAddress(ring, qid));
  return emulator.doorbells.get(doorbellNumber(ring, qid)) >>> 0;
}

export function writeDoorbell(emulator: Emulator, ring: Ring, qid: QueueId, value: number): void {
  if (inPage(emulator)) emulator.link.dmaWrite32(emulator.shadowAddress(ring, qid), value);
  else emulator.doorbells.set(doorbellNumber(ring, qid), value);
}

/** A guest's MMIO write: the store, then the event or waker of that doorbell. No task's lock is needed. */
export function ring(emulator: Emulator, to: Ring, qid: QueueId, value: number): void {
  writeDoorbell(emulator, to, qid, value);
  const number = doorbellNumber(to, qid);
  if (!emulator.wakers.has(number)) return;
  emulator.wakers.delete(number);
  const cqid = to === 'cq' ? qid : emulator.sq(qid).ring.cqid;
  emulator.worker(cqid).woken = true;
}

/**
 * `replace_mem`, under the write lock: the values move into the guest's page, and into that of EventIdx, so that every
 * queue is armed. No register write comes between; the guest has no reason to store there before the command completes.
 */
export function replaceMemory(emulator: Emulator, shadowPage: number, eventIdxPage: number): void {
  const values: number[] = [];
  for (const { qid } of emulator.sqs)
    values.push(readDoorbell(emulator, 'sq', qid), readDoorbell(emulator, 'cq', qid));
  emulator.shadowPage = shadowPage;
  emulator.eventIdxPage = eventIdxPage;
  for (const { qid } of emulator.sqs) {
    for (const to of ['sq', 'cq'] as const) {
      const value = values[doorbellNumber(to, qid)] ?? 0;
      writeDoorbell(emulator, to, qid, value);
      if (emulator.emulator.configuredEventIdx === 'doorbell-values')
        emulator.link.dmaWrite32(emulator.eventIdxAddress(to, qid), value);
    }
  }
}
