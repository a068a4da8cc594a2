/** What the systems study says about SPDK (5.4, 6.2), re-found by exploration; and what it did not know. */
import t from 'tap';
import { canFail, cq, explored, scripted, type Setup, sq, type Word } from './spdk.fixture.ts';

const lost = ['CQ-FULL-NO-LOSS'];
const sizes = [2, 3, 4];

t.test('a tag that is free before the head doorbell fills the completion queue at K = N', async (t) => {
  const verdict = (variant: Setup['variant'], size: number, commands: number): ReturnType<typeof explored> =>
    explored({ variant, sq: size }, commands);
  for (const size of sizes) {
    t.strictSame(verdict('v0', size, size - 1).rules, [], `v0, N=${size}, K=${size - 1}`);
    const before = verdict('v0', size, size);
    t.strictSame(before.rules, lost, `v0, N=${size}, K=${size}`);
    t.ok(before.failed, 'with CSTS.CFS');
    t.strictSame(verdict('v1', size, size).rules, size === 2 ? [] : lost, `v1, N=${size}, K=${size}`);
    const after = verdict('v3', size, size);
    t.ok(after.complete);
    t.strictSame(after.rules, [], `v3, N=${size}, K=${size}`);
  }
});

t.test('the head doorbell first hides it while tags are below the queue size', async (t) => {
  for (const variant of ['v0', 'v1', 'v3'] as const) {
    const result = explored({ variant, driver: 'linux/doorbell-first', sq: 3 }, 5);
    t.ok(result.complete);
    t.strictSame(result.rules, [], variant);
  }
});

t.test('a host that over-commits finds it in either order', async (t) => {
  for (const driver of ['linux/single-pass', 'linux/doorbell-first']) {
    const overCommitting = { driver, driverDecisions: { tags: 7 }, sq: 8, cq: 4 };
    t.strictSame(explored({ ...overCommitting, variant: 'v0' }, 3).rules, [], `${driver}: v0, K=3`);
    t.strictSame(explored({ ...overCommitting, variant: 'v0' }, 4).rules, lost, `${driver}: v0, K=4`);
    t.strictSame(explored({ ...overCommitting, variant: 'v1' }, 4).rules, lost, `${driver}: v1, K=4`);
    t.strictSame(explored({ ...overCommitting, variant: 'v3' }, 4).rules, [], `${driver}: v3, K=4`);
  }
});

const interrupt = { mode: 'interrupt' };

t.test('interrupt mode: the same without shadow doorbells', async (t) => {
  t.strictSame(explored({ variant: 'v0', controller: interrupt, sq: 3 }, 3).rules, lost);
  t.strictSame(explored({ variant: 'v1', controller: interrupt, sq: 3 }, 3).rules, lost);
  t.strictSame(explored({ variant: 'v3', controller: interrupt, sq: 3 }, 3).rules, []);
});

t.test('interrupt mode with shadow doorbells: a gated queue fails the controller, or stays asleep', async (t) => {
  const setup = { controller: interrupt, shadow: true, sq: 2 };
  const v1 = explored({ ...setup, variant: 'v1' }, 2);
  t.strictSame(v1.rules, ['EVENTIDX-CQ-LOST-WAKEUP'], 'SV-2: nobody comes back to the queue');
  t.ok(v1.failed, 'SV-3: the retry that takes nothing passes for an impossible race');
  t.ok(canFail({ ...setup, variant: 'v2' }, 2), 'SV-3 with the right eventfd');
  t.strictSame(explored({ ...setup, variant: 'v2' }, 2).rules, [], 'which is noticed by CSTS.CFS alone');
  t.notOk(canFail({ ...setup, variant: 'v3' }, 2));
  for (const wakeup of ['strict', 'loose', 'annex-b']) {
    const v3 = explored({ ...setup, variant: 'v3', driverDecisions: { wakeup } }, 4);
    t.ok(v3.complete);
    t.strictSame(v3.rules, [], `v3 kicks itself until there is room: ${wakeup}`);
  }
});

const burst: readonly Word[] = [
  { do: 'submit', sqid: 1, operation: 'read', count: 6, ring: true, lba: 0 },
  { do: 'reap', cqid: 1, entries: 1 },
  { do: 'reap', cqid: 1, entries: 'all' },
];

t.test('six commands on a completion queue of four slots, reaped one and then all', async (t) => {
  const run = (variant: Setup['variant'], mode: string): ReturnType<typeof scripted> =>
    scripted({ variant, controller: { mode }, sq: 8 }, [cq(1, 4), sq(1, 8, 1)], burst);
  for (const mode of ['polling', 'interrupt']) {
    const before = run('v0', mode);
    t.strictSame(before.rules, lost, `v0, ${mode}`);
    t.ok(before.failed);
    const after = run('v3', mode);
    t.strictSame(after.rules, [], `v3, ${mode}`);
    t.equal(after.posted.get(1), 6);
    t.notOk(after.failed);
  }
});

t.test('found here: the cached head outlives its queue', async (t) => {
  const queues = [cq(1, 8), sq(1, 8, 1)];
  const read = (count: number): Word => ({ do: 'submit', sqid: 1, operation: 'read', count, ring: true, lba: 0 });
  const words: readonly Word[] = [
    read(6),
    { do: 'reap', cqid: 1, entries: 'all' },
    read(2),
    { do: 'reap', cqid: 1, entries: 'all' },
    { do: 'delete', queue: sq(1, 8, 1) },
    { do: 'delete', queue: cq(1, 8) },
    { do: 'create', queue: cq(1, 4) },
    { do: 'create', queue: sq(1, 8, 1) },
    read(5),
  ];
  for (const variant of ['v0', 'v3'] as const) {
    t.strictSame(scripted({ variant, sq: 8 }, queues, words).rules, ['CQ-FULL-NO-POST'], variant);
  }
  t.strictSame(scripted({ variant: 'v3', controller: { cachedHead: 'is-cleared' }, sq: 8 }, queues, words).rules, []);
});

t.test('found here: a host that goes by SQHD can have more in flight than there are requests', async (t) => {
  const setup = { driver: 'reference', driverDecisions: { freeSlots: 'sqhd', tailDoorbell: 'batch' }, sq: 4, cq: 8 };
  t.strictSame(explored({ ...setup, variant: 'v3' }, 6).rules, ['CQE-UNKNOWN-CID']);
});
