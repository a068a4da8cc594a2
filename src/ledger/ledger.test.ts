import {
  type Arbitrary,
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  property,
  record,
} from 'fast-check';
import t from 'tap';
import { Arena } from '../arena/arena.ts';
import type { LinkEvent } from '../link/events.ts';
import { encodeSqe, SQE_WORDS } from '../spec/entries.ts';
import { adminOpcode, nvmOpcode } from '../spec/opcodes.ts';
import { csts, encodeCc, register } from '../spec/registers.ts';
import { Ledger } from './ledger.ts';

const options = { queuesMax: 3, outstandingMax: 32, vectors: 2, stride: 0, mqes: 31 };

function newLedger(fetchVisible: boolean = true): { arena: Arena; ledger: Ledger } {
  const arena = new Arena();
  const ledger = new Ledger(arena, { ...options, fetchVisible });
  arena.seal();
  return { arena, ledger };
}

function entry(
  cid: number,
  fields: { opcode: number; cdw10?: number; cdw11?: number; prp1?: number; prp2?: number },
): Int32Array {
  const words = new Int32Array(SQE_WORDS);
  encodeSqe({ cid, ...fields }, words);
  return words;
}

/** Bring-up with one pair of I/O queues, interrupting on vector 1. */
function bringUp(cqSize: number, sqSize: number, doorbellBuffer: boolean = false): LinkEvent[] {
  const commands = [
    entry(0, {
      opcode: adminOpcode.createCq,
      cdw10: 1 | ((cqSize - 1) << 16),
      cdw11: 3 | (1 << 16),
      prp1: 0x3000,
    }),
    entry(1, {
      opcode: adminOpcode.createSq,
      cdw10: 1 | ((sqSize - 1) << 16),
      cdw11: 1 | (1 << 16),
      prp1: 0x4000,
    }),
    ...(doorbellBuffer
      ? [entry(2, { opcode: adminOpcode.doorbellBufferConfig, prp1: 0x5000, prp2: 0x6000 })]
      : []),
  ];
  const events: LinkEvent[] = [
    { type: 'reg.w', offset: register.AQA, value: 7 | (7 << 16) },
    { type: 'reg.w', offset: register.CC, value: encodeCc({ en: true }) },
    { type: 'reg.r', offset: register.CSTS, value: csts.RDY },
  ];
  commands.forEach((words, slot) => {
    const opcode = (words[0] ?? 0) & 0xff;
    events.push(
      { type: 'db.sq', qid: 0, value: slot + 1 },
      { type: 'sqe.fetch', sqid: 0, slot, cid: slot, opcode, words },
      { type: 'cqe.post', cqid: 0, slot, sqid: 0, sqhd: slot + 1, cid: slot, phase: 1, status: 0, dw0: 0 },
      { type: 'irq', vector: 0 },
      { type: 'db.cq', qid: 0, value: slot + 1 },
    );
  });
  return events;
}

/** One command from submission to release. */
function lap(ledger: Ledger, cid: number, slot: number, size: number, phase: 0 | 1): void {
  const words = entry(cid, { opcode: nvmOpcode.read });
  const after = (slot + 1) % size;
  ledger.fold({ type: 'db.sq', qid: 1, value: after });
  ledger.fold({ type: 'sqe.fetch', sqid: 1, slot, cid, opcode: nvmOpcode.read, words });
  ledger.fold({ type: 'cqe.post', cqid: 1, slot, sqid: 1, sqhd: after, cid, phase, status: 0, dw0: 0 });
  ledger.fold({ type: 'irq', vector: 1 });
  ledger.fold({ type: 'db.cq', qid: 1, value: after });
}

/** Any event at all, legal or not: what the ledger must survive and undo. */
const anyEvent: Arbitrary<LinkEvent> = oneof(
  record({ type: constantFrom('db.sq' as const, 'db.cq' as const), qid: nat(3), value: nat(9) }),
  record({
    type: constantFrom('shadow.sq' as const, 'shadow.cq' as const, 'ei.sq' as const, 'ei.cq' as const),
    qid: nat(3),
    value: oneof(nat(9), constant(0xffffffff)),
    writer: constantFrom('host' as const, 'controller' as const),
  }),
  record({
    type: constant('ei.read' as const),
    ring: constantFrom('sq' as const, 'cq' as const),
    qid: nat(2),
    value: nat(9),
  }),
  record({
    sqid: nat(3),
    slot: nat(8),
    cid: nat(5),
    opcode: constantFrom(0, 1, 2, 4, 5, 8, 0x0c, 0x7c),
    cdw10: integer(),
  }).map(({ sqid, slot, cid, opcode, cdw10 }): LinkEvent => ({
    type: 'sqe.fetch',
    sqid,
    slot,
    cid,
    opcode,
    words: entry(cid, { opcode, cdw10: cdw10 & 0x70003, cdw11: 1 << 16 }),
  })),
  record({
    type: constant('cqe.post' as const),
    cqid: nat(3),
    slot: nat(8),
    sqid: nat(3),
    sqhd: nat(8),
    cid: nat(5),
    phase: constantFrom(0 as const, 1 as const),
    status: constantFrom(0, 0x101),
    dw0: nat(1),
  }),
  record({ type: constant('irq' as const), vector: nat(3) }),
  record({
    type: constant('irq.mask' as const),
    vector: oneof(nat(3), constant('function' as const)),
    masked: boolean(),
  }),
  record({ type: constant('irq.pending' as const), vector: nat(3), pending: boolean() }),
  record({
    type: constant('reg.w' as const),
    offset: constantFrom(register.CC, register.AQA),
    value: nat(1),
  }),
  record({ type: constant('reg.r' as const), offset: constant(register.CSTS), value: nat(3) }),
  constant<LinkEvent>({ type: 'reset', kind: 'flr' }),
  record({
    type: constantFrom('request.begin' as const, 'request.end' as const),
    id: nat(3),
    request: constantFrom('save' as const, 'inspect' as const, 'next-aen' as const),
  }),
  constant<LinkEvent>({ type: 'aen.arrived' }),
);

void t.test('any event is taken in, and every fold is undone', async (t) => {
  assert(
    property(
      array(anyEvent, { maxLength: 40, size: 'max' }),
      array(anyEvent, { minLength: 1, maxLength: 40, size: 'max' }),
      boolean(),
      (before, after, doorbellBuffer) => {
        const { arena, ledger } = newLedger();
        [...bringUp(4, 4, doorbellBuffer), ...before].forEach((event) => ledger.fold(event));
        const mark = arena.mark();
        const vector = arena.vector();
        const hash = [arena.hashLow, arena.hashHigh, ledger.events];
        after.forEach((event) => ledger.fold(event));
        const now = arena.recomputedHash();
        if (now.low !== arena.hashLow || now.high !== arena.hashHigh) return false;
        arena.undo(mark);
        const same = arena.vector().every((word, index) => word === vector[index]);
        return same && hash[0] === arena.hashLow && hash[1] === arena.hashHigh && hash[2] === ledger.events;
      },
    ),
    { numRuns: 300 },
  );
  t.pass('undo is exact');
});

void t.test('the rings count as a plain model does', async (t) => {
  assert(
    property(
      integer({ min: 2, max: 5 }),
      integer({ min: 2, max: 5 }),
      array(constantFrom('submit', 'fetch', 'post', 'reap'), { maxLength: 80, size: 'max' }),
      (cqSize, sqSize, steps) => {
        const { ledger } = newLedger();
        bringUp(cqSize, sqSize).forEach((event) => ledger.fold(event));
        const submitted: number[] = [];
        const fetched: number[] = [];
        let [next, tail, head, at, released, unread] = [0, 0, 0, 0, 0, 0];
        for (const step of steps) {
          if (step === 'submit' && submitted.length < sqSize - 1) {
            submitted.push(next++);
            ledger.fold({ type: 'db.sq', qid: 1, value: ++tail % sqSize });
          } else if (step === 'fetch' && submitted.length > 0) {
            const cid = submitted.shift() as number;
            fetched.push(cid);
            const words = entry(cid, { opcode: nvmOpcode.read });
            ledger.fold({
              type: 'sqe.fetch',
              sqid: 1,
              slot: head++ % sqSize,
              cid,
              opcode: nvmOpcode.read,
              words,
            });
          } else if (step === 'post' && fetched.length > 0 && unread < cqSize - 1) {
            const cid = fetched.pop() as number; // last in, first out
            const phase = Math.floor(at / cqSize) % 2 === 0 ? 1 : 0;
            if (ledger.cq(1)?.phase !== phase || ledger.cq(1)?.tail !== at % cqSize) return false;
            const slot = at++ % cqSize;
            ledger.fold({
              type: 'cqe.post',
              cqid: 1,
              slot,
              sqid: 1,
              sqhd: head % sqSize,
              cid,
              phase,
              status: 0,
              dw0: 0,
            });
            unread++;
          } else if (step === 'reap' && unread > 0) {
            unread--;
            ledger.fold({ type: 'db.cq', qid: 1, value: ++released % cqSize });
          }
          const sq = ledger.sq(1);
          const cq = ledger.cq(1);
          if (sq?.waiting !== submitted.length || sq.out.size !== fetched.length || sq.poisoned) return false;
          if (cq?.occupied !== unread || cq.full !== (unread === cqSize - 1) || cq.poisoned) return false;
          if (fetched.some((cid) => !sq.out.has(cid))) return false;
        }
        return true;
      },
    ),
    { numRuns: 300 },
  );
  t.pass('heads, tails, phase and outstanding commands agree');
});

void t.test('the same situation has the same hash, whatever led there', async (t) => {
  const { arena, ledger } = newLedger();
  bringUp(2, 2).forEach((event) => ledger.fold(event));
  lap(ledger, 0, 0, 2, 1);
  lap(ledger, 0, 1, 2, 1);
  lap(ledger, 0, 0, 2, 0);
  lap(ledger, 0, 1, 2, 0);
  const [low, high] = [arena.hashLow, arena.hashHigh];
  for (let twice = 0; twice < 2; twice++) {
    lap(ledger, 0, 0, 2, 1);
    lap(ledger, 0, 1, 2, 1);
    lap(ledger, 0, 0, 2, 0);
    lap(ledger, 0, 1, 2, 0);
  }
  t.strictSame([arena.hashLow, arena.hashHigh], [low, high], 'two laps later nothing has changed');
});

void t.test('a reset takes I/O queues and the doorbell buffer', async (t) => {
  const { ledger } = newLedger();
  bringUp(4, 4, true).forEach((event) => ledger.fold(event));
  t.ok(ledger.sq(1)?.live);
  t.ok(ledger.controller.doorbellBuffer);
  ledger.fold({ type: 'reg.w', offset: register.CC, value: 0 });
  t.notOk(ledger.sq(0)?.live);
  t.notOk(ledger.cq(1)?.live);
  t.notOk(ledger.controller.doorbellBuffer);
  t.ok(ledger.controller.doorbellBufferRevoked);
});

void t.test('without fetches, commands are known from the entries that the tail covers', async (t) => {
  const { ledger } = newLedger(false);
  const commands = bringUp(4, 4).map((event): LinkEvent =>
    event.type === 'sqe.fetch' ? { ...event, type: 'sqe.write' } : event,
  );
  // An entry is written before the tail that covers it.
  for (let index = 0; index < commands.length; index++) {
    const [event, following] = [commands[index], commands[index + 1]];
    if (following?.type === 'sqe.write' && event) commands.splice(index++, 2, following, event);
  }
  commands.forEach((event) => ledger.fold(event));
  t.ok(ledger.sq(1)?.live);
  const words = entry(9, { opcode: nvmOpcode.read });
  ledger.fold({ type: 'sqe.write', sqid: 1, slot: 0, cid: 9, opcode: nvmOpcode.read, words });
  t.equal(ledger.sq(1)?.out.size, 0, 'written is not submitted');
  ledger.fold({ type: 'db.sq', qid: 1, value: 1 });
  t.ok(ledger.sq(1)?.out.has(9));
});
