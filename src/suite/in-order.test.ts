import t from 'tap';
import { InOrder } from './in-order.ts';
import { isFor } from './shard.ts';

t.test('what comes out of order is handed on in order', async (t) => {
  const taken: string[] = [];
  const inOrder = new InOrder<string>((value) => taken.push(value));
  inOrder.put(2, 'c');
  inOrder.put(1, 'b');
  t.same(taken, []);
  inOrder.put(0, 'a');
  t.same(taken, ['a', 'b', 'c']);
  inOrder.put(5, 'f');
  inOrder.put(4, 'e');
  t.same(taken, ['a', 'b', 'c'], 'one is missing');
  inOrder.flush();
  t.same(taken, ['a', 'b', 'c', 'e', 'f']);
});

t.test('shards have all of the work between them, and nothing twice', async (t) => {
  for (const of of [1, 2, 3, 7]) {
    const shards = Array.from({ length: of }, (_, each) => ({ index: each + 1, of }));
    for (let piece = 0; piece < 20; piece++)
      t.equal(shards.filter((shard) => isFor(shard, piece)).length, 1, `piece ${piece} of ${of} shards`);
  }
  t.ok(isFor(undefined, 3));
});
