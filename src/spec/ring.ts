/** Ring arithmetic (Base 2.1, 3.3.1.2, 3.3.1.4, 3.3.1.5). Every index is below `size`. */
import type { EntryCount, SlotIndex } from './units.ts';

/** Steps forward from `from` to `to` in a ring of `size` slots. */
export function distance(from: SlotIndex, to: SlotIndex, size: EntryCount): number {
  const steps = to - from;
  return steps < 0 ? steps + size : steps;
}

/** The slot after `slot`. */
export function next(slot: SlotIndex, size: EntryCount): SlotIndex {
  return slot + 1 >= size ? 0 : slot + 1;
}

/** `slot` moved forward by `steps`, which may exceed one lap. */
export function advance(slot: SlotIndex, steps: number, size: EntryCount): SlotIndex {
  return (slot + steps) % size;
}

/** One slot always stays unused: a ring of N slots holds at most N-1 entries (3.3.1.5). */
export function isFull(head: SlotIndex, tail: SlotIndex, size: EntryCount): boolean {
  return distance(head, tail, size) === size - 1;
}

export function freeSlots(head: SlotIndex, tail: SlotIndex, size: EntryCount): number {
  return size - 1 - distance(head, tail, size);
}

/** Whether `slot` lies in the half-open cyclic interval [from, to). */
export function within(slot: SlotIndex, from: SlotIndex, to: SlotIndex, size: EntryCount): boolean {
  return distance(from, slot, size) < distance(from, to, size);
}
