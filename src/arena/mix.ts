/**
 * Two independent 32-bit mixing functions of (index, value). The hash of a state is the exclusive-or of the
 * contributions of its words, so that one write updates it in constant time.
 */

/** Murmur3's finaliser over index and value joined by a multiplication. */
export function mixLow(index: number, value: number): number {
  let h = value ^ Math.imul(index + 1, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Other constants and another way of joining, so that a collision below is no hint of one above. */
export function mixHigh(index: number, value: number): number {
  let h = (Math.imul(value, 0x27d4eb2f) + Math.imul(index + 1, 0x165667b1)) | 0;
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return h ^ (h >>> 15);
}
