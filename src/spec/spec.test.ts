import fc from 'fast-check';
import t from 'tap';
import { decodeCqe, decodeSqe, encodeCqe, encodeSqe } from './entries.ts';
import {
  doorbellAt,
  doorbellOffset,
  encodeCap,
  decodeCap,
  encodeCc,
  decodeCc,
  registerName,
} from './registers.ts';
import { advance, distance, freeSlots, isFull, next, within } from './ring.ts';
import { statusName } from './status.ts';
import { ringOwed, rings, wakeupFormulas } from './wakeup.ts';

const word = fc.integer({ min: 0, max: 0xffff_ffff });
const half = fc.integer({ min: 0, max: 0xffff });
const address = fc.integer({ min: 0, max: 2 ** 52 });

t.test('submission entries survive encoding', async (t) => {
  const entry = fc.record({
    opcode: fc.integer({ min: 0, max: 0xff }),
    fuse: fc.integer({ min: 0, max: 3 }),
    cid: half,
    nsid: word,
    prp1: address,
    prp2: address,
    cdw10: word,
    cdw11: word,
    cdw12: word,
  });
  fc.assert(
    fc.property(entry, (value) => {
      const words = new Int32Array(16).fill(-1);
      encodeSqe(value, words);
      t.same(decodeSqe(words), value);
    }),
  );
});

t.test('completion entries survive encoding, the phase tag in bit 16 of DW3', async (t) => {
  const entry = fc.record({
    dw0: word,
    sqhd: half,
    sqid: half,
    cid: half,
    phase: fc.constantFrom(0 as const, 1 as const),
    status: fc.integer({ min: 0, max: 0x7ff }),
    dnr: fc.boolean(),
  });
  fc.assert(
    fc.property(entry, (value) => {
      const words = new Int32Array(4);
      encodeCqe(value, words);
      t.same(decodeCqe(words), value);
      t.equal(((words[3] ?? 0) >>> 16) & 1, value.phase);
    }),
  );
});

t.test('registers', async (t) => {
  const cc = { en: true, css: 0, mps: 1, ams: 1, shn: 2, iosqes: 6, iocqes: 4 };
  t.same(decodeCc(encodeCc(cc)), cc);
  const cap = { mqes: 63, cqr: true, to: 15, dstrd: 2 };
  const { low, high } = encodeCap(cap);
  t.same(decodeCap(low, high), cap);
  t.equal(doorbellOffset('cq', 3, 0), 0x1000 + 7 * 4);
  t.equal(doorbellOffset('sq', 3, 2), 0x1000 + 6 * 16);
  t.same(doorbellAt(0x1000 + 6 * 16, 2), { ring: 'sq', qid: 3 });
  t.equal(doorbellAt(0x1000 + 6 * 16 + 4, 2), undefined, 'the gap that a stride leaves');
  t.equal(doorbellAt(0x14, 0), undefined);
  t.same([0x14, 0x2c, 0x50].map(registerName), ['CC', 'ASQ+4', '50h']);
  t.equal(statusName(0x102), '1h/02h Invalid Queue Size');
});

t.test('ring laws', async (t) => {
  const ring = fc
    .integer({ min: 2, max: 9 })
    .chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1), fc.nat(size - 1), fc.nat(3 * size)));
  fc.assert(
    fc.property(ring, ([size, head, tail, steps]) => {
      t.equal(advance(head, distance(head, tail, size), size), tail);
      t.equal(distance(head, advance(head, steps, size), size), steps % size);
      t.equal(next(head, size), advance(head, 1, size));
      t.equal(freeSlots(head, tail, size) + distance(head, tail, size), size - 1);
      t.equal(isFull(head, tail, size), next(tail, size) === head);
      t.equal(within(tail, head, tail, size), false, 'the interval is half open');
    }),
  );
});

t.test('the three wake-up formulas, by enumeration', async (t) => {
  for (const size of [2, 3, 5, 8]) {
    for (let old = 0; old < size; old++) {
      for (let now = 0; now < size; now++) {
        if (now === old) continue;
        for (let eventIdx = 0; eventIdx < size; eventIdx++) {
          const owed = ringOwed(old, now, eventIdx, size);
          const passes = within(eventIdx, old, now, size);
          const why = `N=${size} ${old}->${now} EventIdx ${eventIdx}`;
          t.equal(owed, passes, `${why}: owed is to pass EventIdx (B.5.1)`);
          if (owed)
            for (const formula of wakeupFormulas)
              t.equal(rings(formula, old, now, eventIdx, size), true, why);
          if (old < now) t.equal(rings('strict', old, now, eventIdx, size), owed, `${why}: strict`);
          if (eventIdx === now)
            t.equal(rings('annex-b', old, now, eventIdx, size), true, `${why}: B.5.2 rings on landing`);
        }
      }
    }
  }
});
