/**
 * When must a host that moved a shadow doorbell from `old` to `new` also ring the register?
 *
 * Annex B.5 (informative) answers twice. The prose of B.5.1 says: when the value passes EventIdx. The example of
 * B.5.2 rings already when it lands on EventIdx. Hosts differ accordingly, and which bugs are visible depends on it.
 */
import { distance } from './ring.ts';
import type { EntryCount, SlotIndex } from './units.ts';

export type WakeupFormula = 'strict' | 'loose' | 'annex-b';
export const wakeupFormulas: readonly WakeupFormula[] = ['strict', 'loose', 'annex-b'];

/** B.5.1: the move from `old` to `new` passes `eventIdx`; a controller may rely on this ring and on no other. */
export function ringOwed(old: SlotIndex, now: SlotIndex, eventIdx: number, size: EntryCount): boolean {
  return old !== now && distance(old, eventIdx % size, size) < distance(old, now, size);
}

/** Whether a host that uses `formula` rings. EventIdx is the raw 32-bit word; hosts compare its low 16 bits. */
export function rings(
  formula: WakeupFormula,
  old: SlotIndex,
  now: SlotIndex,
  eventIdx: number,
  size: EntryCount,
): boolean {
  switch (formula) {
    case 'strict': // Linux nvme_dbbuf_need_event
      return ((now - eventIdx - 1) & 0xffff) < ((now - old) & 0xffff);
    case 'loose': // SPDK nvme_pcie_qpair_need_event, libvfn __nvme_need_mmio
      return ((now - eventIdx) & 0xffff) <= ((now - old) & 0xffff);
    case 'annex-b': // B.5.2: X <= Y, both modulo the queue's size
      return distance((eventIdx >>> 0) % size, now, size) <= distance(old, now, size);
  }
}
