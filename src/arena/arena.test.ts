import fc from 'fast-check';
import t from 'tap';
import { Arena } from './arena.ts';
import { BitSet, Fifo, Table, WordArray } from './containers.ts';
import { flag, type Flag, loose, type Loose, state, type StateOf, type Word, word } from './state.ts';

const SIZE = 12;

/** Something that can be done to an arena of `SIZE` hashed and four loose words. */
type Action =
  | { readonly do: 'set' | 'setMemory'; readonly at: number; readonly value: number }
  | { readonly do: 'forget'; readonly at: number; readonly mask: number }
  | { readonly do: 'setLoose'; readonly at: number; readonly value: number };

const value = fc.oneof(fc.integer({ min: -4, max: 4 }), fc.integer());
/** Only words 6.. are memory: plain words are never forgotten, and memory is only written by `setMemory`. */
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ do: fc.constant('set' as const), at: fc.nat({ max: 5 }), value }),
  fc.record({ do: fc.constant('setMemory' as const), at: fc.integer({ min: 6, max: SIZE - 1 }), value }),
  fc.record({
    do: fc.constant('forget' as const),
    at: fc.integer({ min: 6, max: SIZE - 1 }),
    mask: fc.constantFrom(0, 0x1_0000, -1),
  }),
  fc.record({ do: fc.constant('setLoose' as const), at: fc.nat({ max: 3 }), value }),
);

function perform(arena: Arena, { do: what, at: index, ...rest }: Action): void {
  if (what === 'forget') arena.forget(index, (rest as { mask: number }).mask);
  else arena[what](index, (rest as { value: number }).value);
}

function fresh(): Arena {
  const arena = new Arena();
  arena.allocate(SIZE, true);
  arena.allocateLoose(4);
  arena.seal();
  return arena;
}

function snapshot(arena: Arena): unknown {
  const forgotten = [...arena.words].map((_, index) => arena.forgotten(index));
  return [[...arena.words], [...arena.loose], [...arena.vector()], forgotten, arena.hashLow, arena.hashHigh];
}

t.test('undo restores words, masks and hash exactly after any sequence', async (t) => {
  const nested = fc.array(fc.array(action, { maxLength: 20 }), { maxLength: 5 });
  fc.assert(
    fc.property(nested, fc.nat(), (sequences, back) => {
      const arena = fresh();
      const before: unknown[] = [];
      const marks: number[] = [];
      for (const sequence of sequences) {
        marks.push(arena.mark());
        before.push(snapshot(arena));
        for (const one of sequence) perform(arena, one);
      }
      if (marks.length === 0) return;
      const to = back % marks.length;
      arena.undo(marks[to] as number);
      t.same(snapshot(arena), before[to]);
      // The mark stays valid: whatever happens next is undone as well.
      for (const one of sequences[to] as Action[]) perform(arena, one);
      arena.undo(marks[to] as number);
      t.same(snapshot(arena), before[to]);
    }),
    { numRuns: 200 },
  );
});

t.test('the incremental hash is the hash of the contents', async (t) => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const arena = fresh();
      for (const one of actions) perform(arena, one);
      t.same(arena.recomputedHash(), { low: arena.hashLow, high: arena.hashHigh });
    }),
    { numRuns: 200 },
  );
});

t.test('equal contents reached by different routes have equal hashes', async (t) => {
  fc.assert(
    fc.property(
      fc.array(value, { minLength: SIZE, maxLength: SIZE }),
      fc.array(action, { maxLength: 40 }),
      (end, detour) => {
        const direct = fresh();
        const roundabout = fresh();
        for (const one of detour) perform(roundabout, one);
        end.forEach((word, index) => {
          direct.setMemory(index, word);
          roundabout.setMemory(index, word);
        });
        t.same([direct.hashLow, direct.hashHigh], [roundabout.hashLow, roundabout.hashHigh]);
      },
    ),
    { numRuns: 200 },
  );
});

t.test('different contents of a small space have different hashes', async (t) => {
  const arena = fresh();
  const seen = new Map<string, string>();
  for (let number = 0; number < 4 ** 6; number++) {
    for (let index = 0; index < 6; index++) arena.set(index, (number >>> (2 * index)) & 3);
    const key = `${arena.hashLow}:${arena.hashHigh}`;
    t.notOk(seen.has(key), `${number} collides`);
    seen.set(key, String(number));
  }
});

t.test('loose words and forgotten bits stay out of the hash', async (t) => {
  const arena = fresh();
  arena.setMemory(7, 0x1_0007);
  const { hashLow, hashHigh } = arena;
  arena.setLoose(0, 9);
  t.same([arena.hashLow, arena.hashHigh], [hashLow, hashHigh]);
  arena.forget(7, 0x1_0000);
  const masked = [arena.hashLow, arena.hashHigh];
  const other = fresh();
  other.setMemory(7, 0x1_0000);
  t.same(masked, [other.hashLow, other.hashHigh], 'only the phase bit counts');
  t.equal(arena.words[7], 0x1_0007, 'the bytes themselves stay');
});

t.test('only writes that change something are changes', async (t) => {
  const arena = fresh();
  const before = arena.changes;
  arena.set(0, 0);
  t.equal(arena.changes, before);
  arena.set(0, 1);
  t.equal(arena.changes, before + 1);
  t.throws(() => arena.allocate(1, true), /sealed/);
});

t.test('state classes read and write like ordinary objects', async (t) => {
  const fields = { head: word as Word, parked: flag as Flag, seen: loose as Loose };
  const Fields: StateOf<typeof fields> = state(fields);
  class Queue extends Fields {}
  const arena = new Arena();
  const first = new Queue(arena);
  const second = new Queue(arena);
  arena.seal();
  first.head = 3;
  second.parked = true;
  const { hashLow } = arena;
  first.seen = 7;
  t.same([first.head, first.parked, first.seen], [3, false, 7]);
  t.same([second.head, second.parked, second.seen], [0, true, 0]);
  t.equal(arena.hashLow, hashLow, 'a loose field is not hashed');
});

t.test('containers behave as their plain counterparts and leave no residue', async (t) => {
  const push = fc.record({ do: fc.constant('push' as const), item: fc.integer({ min: 1, max: 5 }) });
  const shift = fc.record({ do: fc.constant('shift' as const), item: fc.constant(0) });
  fc.assert(
    fc.property(fc.array(fc.oneof(push, shift), { maxLength: 30 }), (actions) => {
      const arena = new Arena();
      const fifo = new Fifo(arena, 4);
      const bits = new BitSet(arena, 40);
      const table = new Table(arena, 5, 2);
      arena.seal();
      const items: number[] = [];
      const rows = new Map<number, number>();
      for (const { do: what, item } of actions) {
        if (what === 'push' && items.length < 4) {
          fifo.push(item);
          items.push(item);
          bits.add(item * 7);
          if (!rows.has(item)) table.set(table.insert(item), 1, item + 100);
          rows.set(item, item + 100);
        } else if (what === 'shift' && items.length > 0) {
          const out = items.shift() as number;
          t.equal(fifo.shift(), out);
          if (!items.includes(out)) {
            bits.delete(out * 7);
            table.remove(table.find(out));
            rows.delete(out);
          }
        }
      }
      t.equal(fifo.length, items.length);
      t.equal(bits.size, new Set(items).size);
      t.equal(table.size, rows.size);
      for (const [key, stored] of rows) t.equal(table.get(table.find(key), 1), stored);
      while (fifo.length > 0) fifo.shift();
      bits.clear();
      while (table.size > 0) table.remove(0);
      t.ok(
        arena.words.every((one) => one === 0),
        'every word is zero again',
      );
    }),
    { numRuns: 300 },
  );
});

t.test('containers say when they are overrun', async (t) => {
  const arena = new Arena();
  const fifo = new Fifo(arena, 1);
  const table = new Table(arena, 1, 1);
  const words = new WordArray(arena, 2);
  fifo.push(1);
  table.insert(4);
  t.throws(() => fifo.push(2), /at most 1/);
  t.throws(() => table.insert(5), /at most 1/);
  t.throws(() => words.get(2), /outside 0..1/);
  t.throws(() => fifo.at(1), RangeError);
  t.equal(table.find(5), -1);
});
