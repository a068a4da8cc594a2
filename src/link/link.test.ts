import t from 'tap';
import { Arena } from '../arena/arena.ts';
import { encodeSqe } from '../spec/entries.ts';
import { adminOpcode } from '../spec/opcodes.ts';
import { doorbellOffset, register } from '../spec/registers.ts';
import type { LinkEvent } from './events.ts';
import { Link } from './link.ts';
import { ArenaMemory } from './memory.ts';
import type { MmioDelivery } from './port.ts';
import { Program } from './program.ts';

interface Wired {
  readonly arena: Arena;
  readonly link: Link;
  readonly memory: ArenaMemory;
  readonly events: LinkEvent[];
  /** What arrived at the controller, and in which way. */
  readonly arrived: string[];
  readonly pages: readonly number[];
}

function wired(delivery: MmioDelivery): Wired {
  const arena = new Arena();
  const memory = new ArenaMemory(arena);
  const pages = [memory.allocate(4096), memory.allocate(4096), memory.allocate(64)];
  const link = new Link(arena, { memory, delivery, cpus: 2, vectors: 2, stride: 0 });
  const arrived: string[] = [];
  link.attach({
    readRegister: (offset) => offset,
    writeRegister: (offset, value) => void arrived.push(`${offset.toString(16)}=${value}`),
    wake: (offset) => void arrived.push(`wake ${offset.toString(16)}`),
  });
  const events: LinkEvent[] = [];
  link.observe((event) => events.push(event));
  arena.seal();
  return { arena, link, memory, events, arrived, pages };
}

const sq = (qid: number): number => doorbellOffset('sq', qid, 0);

t.test('synchronous writes arrive at once', async (t) => {
  const { link, events, arrived } = wired('synchronous');
  link.write(0, sq(1), 3);
  link.write(0, register.CC, 1);
  t.same(arrived, ['1008=3', '14=1']);
  t.same(events, [
    { type: 'db.sq', qid: 1, value: 3 },
    { type: 'reg.w', offset: 0x14, value: 1 },
  ]);
  t.equal(link.processes.length, 0);
});

t.test('posted writes of a CPU stay in order, and so do writes to one register', async (t) => {
  const { link, events, arrived } = wired('posted');
  link.write(0, sq(1), 1);
  link.write(1, sq(1), 2);
  link.write(1, sq(2), 1);
  t.equal(events.length, 3, 'the event is the issue');
  t.same(arrived, []);
  t.same(
    link.processes.map((process) => process.choices()),
    [1, 0],
    'CPU 1 may not overtake at the same register',
  );
  t.equal(link.drained(0), false);
  link.processes[0]?.step(0);
  t.equal(link.drained(0), true);
  link.processes[1]?.step(0);
  link.processes[1]?.step(0);
  t.same(arrived, ['1008=1', '1008=2', '1010=1']);
});

t.test('value-then-wake shows the value first and notifies later', async (t) => {
  const { link, arrived } = wired('value-then-wake');
  link.write(0, sq(1), 1);
  t.same(arrived, ['1008=1']);
  link.processes[0]?.step(0);
  t.same(arrived, ['1008=1', 'wake 1008']);
});

t.test('writes into the pages of a Doorbell Buffer Config are events, from its fetch on', async (t) => {
  const { link, memory, events, pages } = wired('synchronous');
  const [shadow = 0, eventIdx = 0, queue = 0] = pages;
  link.hostWrite32(shadow + 8, 1);
  t.equal(events.length, 0);
  const words = new Int32Array(16);
  encodeSqe({ opcode: adminOpcode.doorbellBufferConfig, prp1: shadow, prp2: eventIdx }, words);
  words.forEach((word, index) => memory.write32(queue + index * 4, word));
  link.fetch(0, 0, queue);
  link.hostWrite32(shadow + 8, 2);
  link.dmaWrite32(eventIdx + 12, 1);
  link.readEventIdx('cq', 1, eventIdx + 12);
  t.match(events.slice(1), [
    { type: 'shadow.sq', qid: 1, value: 2, writer: 'host' },
    { type: 'ei.cq', qid: 1, value: 1, writer: 'controller' },
    { type: 'ei.read', ring: 'cq', qid: 1, value: 1 },
  ]);
});

t.test('a completion entry is one event, unless it is stored in pieces', async (t) => {
  const { link, memory, events, pages } = wired('synchronous');
  const [ring = 0, elsewhere = 0] = pages;
  let shown = false;
  link.watch((address) => (address < elsewhere ? { cqid: 1, slot: 2, shown } : undefined));
  const entry = { dw0: 7, sqhd: 1, sqid: 1, cid: 5, phase: 1, status: 0, dnr: false } as const;
  link.dmaWrite32(elsewhere, 1);
  link.hostWrite32(ring + 32, 9);
  link.post(1, 2, ring + 32, entry);
  t.match(events, [{ type: 'cqe.post', slot: 2 }]);
  t.equal(memory.read32(ring + 32), 7);
  events.length = 0;
  link.dmaWrite32(ring + 44, 0x1_0006);
  shown = true;
  link.post(1, 2, ring + 32, entry);
  t.match(events, [
    { type: 'cqe.write', cqid: 1, slot: 2, dword: 3, value: 0x1_0006, was: 0x1_0005 },
    { type: 'cqe.write', dword: 0, value: 7, was: 7 },
    { type: 'cqe.write', dword: 1 },
    { type: 'cqe.write', dword: 2 },
    { type: 'cqe.write', dword: 3, value: 0x1_0005, was: 0x1_0006 },
    { type: 'cqe.post', slot: 2 },
  ]);
});

t.test('memory is backed as far as it was asked for, and faults beyond', async (t) => {
  const { arena, memory, pages } = wired('synchronous');
  const [, , small = 0] = pages;
  memory.write32(small + 60, 0xffff_ffff);
  t.equal(memory.read32(small + 60), 0xffff_ffff, 'unsigned');
  t.throws(() => memory.read32(small + 64), /no host memory/);
  t.throws(() => memory.read32(small + 2), /no host memory/, 'not aligned');
  t.throws(() => memory.read32(0), /no host memory/);
  t.equal(memory.contains(small, 64), true);
  t.equal(memory.contains(small, 65), false);
  const { hashLow } = arena;
  memory.forget(small, 64, 0);
  t.equal(memory.forgotten(small + 60), true);
  t.not(arena.hashLow, hashLow);
  memory.write32(small + 60, 0xffff_ffff);
  t.same([arena.hashLow, memory.forgotten(small + 60)], [hashLow, false], 'a write makes it count again');
});

t.test('messages merge in the latch of each handler', async (t) => {
  const arena = new Arena();
  const memory = new ArenaMemory(arena);
  const link = new Link(arena, { memory, delivery: 'posted', cpus: 1, vectors: 2, stride: 0 });
  const [a, b, other] = [link.msix.listen(1), link.msix.listen(1), link.msix.listen(0)];
  link.msix.send(1);
  link.msix.send(1);
  t.same(
    [a, b, other].map((listener) => link.msix.latched(listener)),
    [true, true, false],
  );
  link.msix.take(a);
  t.same(
    [a, b].map((listener) => link.msix.latched(listener)),
    [false, true],
  );
});

t.test('programs run from top to bottom, jump, wait, and refuse what they are not', async (t) => {
  const arena = new Arena();
  const ran: string[] = [];
  let open = false;
  const program = new Program(arena, { name: 'one', party: 'host' }, [
    { label: 'first', run: () => void ran.push('first') },
    {
      label: 'second',
      when: () => (open ? 2 : 0),
      run: (choice) => (ran.push(`second ${choice}`), choice ? 'first' : undefined),
    },
    { label: 'third', run: () => 'nowhere' },
  ]);
  program.step(0);
  t.equal(program.choices(), 0);
  open = true;
  t.equal(program.choices(), 2);
  program.step(1);
  t.equal(program.isAt('first'), true);
  program.step(0);
  program.step(0);
  t.equal(program.label(), 'third');
  t.throws(() => program.step(0), /no instruction is called 'nowhere'/);
  t.same(ran, ['first', 'second 1', 'first', 'second 0']);
  t.throws(
    () =>
      new Program(
        arena,
        { name: 'two', party: 'host' },
        [1, 2].map(() => ({ label: 'x', run: () => {} })),
      ),
    /twice/,
  );
});
