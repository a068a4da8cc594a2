/** The reference controller by itself, driven through the link: every admin status, data by PRP, events. */
import t from 'tap';
import { Arena } from '../arena/arena.ts';
import type { LinkEvent } from '../link/events.ts';
import { Link } from '../link/link.ts';
import { ArenaMemory } from '../link/memory.ts';
import { type CompletionEntry, decodeCqe, encodeSqe, type SubmissionEntry } from '../spec/entries.ts';
import { adminOpcode, nvmOpcode } from '../spec/opcodes.ts';
import { csts, doorbellOffset, encodeCc, register } from '../spec/registers.ts';
import { status } from '../spec/status.ts';
import { ReferenceController } from './controller.ts';
import { conforming, type ControllerDecisions } from './decisions.ts';

const ENTRIES = 32;
const IO = 8;

/** A host of a few lines: one command at a time, everything else runs until nothing can step. */
class Bench {
  readonly arena = new Arena();
  readonly memory = new ArenaMemory(this.arena);
  readonly link: Link;
  readonly controller: ReferenceController;
  readonly events: LinkEvent[] = [];
  readonly page = this.memory.allocate(4096);
  readonly other = this.memory.allocate(4096);
  readonly ioCq = this.memory.allocate(IO * 16);
  readonly ioSq = this.memory.allocate(IO * 64);
  readonly #asq = this.memory.allocate(ENTRIES * 64);
  readonly #acq = this.memory.allocate(ENTRIES * 16);
  #tails = new Map<number, number>();
  #heads = new Map<number, { index: number; phase: number }>();
  #cid = 0;

  constructor(decisions: Partial<ControllerDecisions> = {}) {
    this.link = new Link(this.arena, {
      memory: this.memory,
      delivery: 'synchronous',
      cpus: 1,
      vectors: 2,
      stride: 0,
    });
    this.controller = new ReferenceController(this.arena, this.link, { ...conforming, ...decisions });
    this.link.attach(this.controller);
    this.link.observe((event) => this.events.push(event));
    this.arena.seal();
  }

  run(): void {
    for (;;) {
      const process = this.controller.processes.find((one) => one.choices() > 0);
      if (process === undefined) return;
      process.step(0);
    }
  }

  enable(cc: Parameters<typeof encodeCc>[0] = { iosqes: 6, iocqes: 4 }): void {
    this.link.write(0, register.AQA, (ENTRIES - 1) | ((ENTRIES - 1) << 16));
    this.link.write(0, register.ASQ, this.#asq);
    this.link.write(0, register.ACQ, this.#acq);
    this.link.write(0, register.CC, encodeCc({ ...cc, en: true }));
    this.#tails = new Map();
    this.#heads = new Map();
    this.run();
  }

  submit(sqid: number, entry: Partial<SubmissionEntry>): number {
    const [base, size] = sqid === 0 ? [this.#asq, ENTRIES] : [this.ioSq, IO];
    const tail = this.#tails.get(sqid) ?? 0;
    const words = new Int32Array(16);
    const cid = this.#cid++;
    encodeSqe({ ...entry, cid }, words);
    words.forEach((word, index) => this.memory.write32(base + tail * 64 + index * 4, word));
    this.#tails.set(sqid, (tail + 1) % size);
    this.link.write(0, doorbellOffset('sq', sqid, 0), (tail + 1) % size);
    this.run();
    return cid;
  }

  /** The next new entry of a completion queue, consumed; undefined when there is none. */
  reap(cqid: number): CompletionEntry | undefined {
    const [base, size] = cqid === 0 ? [this.#acq, ENTRIES] : [this.ioCq, IO];
    const { index, phase } = this.#heads.get(cqid) ?? { index: 0, phase: 1 };
    const entry = decodeCqe([0, 4, 8, 12].map((offset) => this.memory.read32(base + index * 16 + offset)));
    if (entry.phase !== phase) return undefined;
    const next = (index + 1) % size;
    this.#heads.set(cqid, { index: next, phase: next === 0 ? 1 - phase : phase });
    this.link.write(0, doorbellOffset('cq', cqid, 0), next);
    this.run();
    return entry;
  }

  /** Status of one admin command. */
  admin(entry: Partial<SubmissionEntry>): number | undefined {
    this.submit(0, entry);
    return this.reap(0)?.status;
  }

  createCq(
    change: { qid?: number; qsize?: number; vector?: number; pc?: number; prp1?: number } = {},
  ): number | undefined {
    const { qid = 1, qsize = IO - 1, vector = 1, pc = 1, prp1 = this.ioCq } = change;
    return this.admin({
      opcode: adminOpcode.createCq,
      prp1,
      cdw10: qid | (qsize << 16),
      cdw11: pc | 2 | (vector << 16),
    });
  }

  createSq(
    change: { qid?: number; qsize?: number; cqid?: number; pc?: number; prp1?: number } = {},
  ): number | undefined {
    const { qid = 1, qsize = IO - 1, cqid = 1, pc = 1, prp1 = this.ioSq } = change;
    return this.admin({
      opcode: adminOpcode.createSq,
      prp1,
      cdw10: qid | (qsize << 16),
      cdw11: pc | (cqid << 16),
    });
  }

  io(entry: Partial<SubmissionEntry>): number | undefined {
    this.submit(1, { nsid: 1, ...entry });
    return this.reap(1)?.status;
  }
}

function withQueues(decisions: Partial<ControllerDecisions> = {}): Bench {
  const bench = new Bench(decisions);
  bench.enable();
  bench.createCq();
  bench.createSq();
  return bench;
}

t.test('Create I/O queues: every error status', async (t) => {
  const bench = new Bench();
  bench.enable();
  t.equal(bench.createCq({ qid: 0 }), status.invalidQueueId, 'queue 0');
  t.equal(
    bench.createCq({ qid: conforming.ioQueues + 1 }),
    status.invalidQueueId,
    'above the allocated count',
  );
  t.equal(bench.createCq({ qsize: 0 }), status.invalidQueueSize, 'one slot');
  t.equal(bench.createCq({ qsize: conforming.mqes + 1 }), status.invalidQueueSize, 'more than MQES');
  t.equal(bench.createCq({ vector: 2 }), status.invalidInterruptVector);
  t.equal(bench.createCq({ pc: 0 }), status.invalidField, 'CAP.CQR is set');
  t.equal(bench.createCq({ prp1: bench.ioCq + 4 }), status.prpOffsetInvalid);
  t.equal(bench.createSq(), status.completionQueueInvalid, 'in range and not created');
  t.equal(bench.createCq({ qsize: 1 }), status.success, 'two slots are the smallest queue');
  t.equal(bench.createCq(), status.invalidQueueId, 'exists already');
  t.equal(bench.createSq({ cqid: 0 }), status.invalidQueueId);
  t.equal(bench.createSq({ cqid: conforming.ioQueues + 1 }), status.invalidQueueId);
  t.equal(bench.createSq({ qsize: 0 }), status.invalidQueueSize);
  t.equal(bench.createSq(), status.success);
  t.equal(bench.createSq(), status.invalidQueueId);
  t.equal(bench.createSq({ qid: 2 }), status.success, 'a second SQ on the same CQ');
});

t.test('Delete I/O queues: order and identifiers', async (t) => {
  const bench = withQueues();
  const remove = (opcode: number, qid: number): number | undefined => bench.admin({ opcode, cdw10: qid });
  t.equal(remove(adminOpcode.deleteSq, 0), status.invalidQueueId);
  t.equal(remove(adminOpcode.deleteCq, 0), status.invalidQueueId);
  t.equal(remove(adminOpcode.deleteCq, 1), status.invalidQueueDeletion);
  t.equal(remove(adminOpcode.deleteSq, 1), status.success);
  t.equal(remove(adminOpcode.deleteSq, 1), status.invalidQueueId, 'twice');
  t.equal(remove(adminOpcode.deleteCq, 1), status.success);
  t.equal(bench.createCq(), status.success, 'the identifier is free again');
});

t.test('entry sizes unset, and Number of Queues out of sequence', async (t) => {
  const bench = new Bench();
  bench.enable({});
  t.equal(bench.createCq(), status.invalidQueueSize, 'CC.IOCQES is 0');
  const ask = (count: number): number | undefined =>
    bench.admin({ opcode: adminOpcode.setFeatures, cdw10: 7, cdw11: count | (count << 16) });
  t.equal(ask(0xffff), status.invalidField);
  t.equal(ask(0), status.success);
  bench.link.write(0, register.CC, 0);
  bench.run();
  t.equal(bench.controller.readRegister(register.CSTS) & csts.RDY, 0, 'disabled');
  bench.enable();
  t.equal(bench.createCq(), status.success);
  t.equal(ask(0), status.commandSequenceError);
  t.equal(bench.admin({ opcode: 0x7f }), status.invalidOpcode);
});

t.test('Read and Write move data by PRP, across a page boundary too', async (t) => {
  const bench = withQueues();
  const at = (index: number): number =>
    index < 64 ? bench.page + 4096 - 256 + index * 4 : bench.other + (index - 64) * 4;
  for (let index = 0; index < 128; index++) bench.memory.write32(at(index), 0xab00 + index);
  const write = { opcode: nvmOpcode.write, prp1: bench.page + 4096 - 256, prp2: bench.other, cdw10: 3 };
  t.equal(bench.io(write), status.success);
  for (let index = 0; index < 128; index++) bench.memory.write32(at(index), 0);
  t.equal(bench.io({ ...write, opcode: nvmOpcode.read }), status.success);
  t.same(
    Array.from({ length: 128 }, (_, index) => bench.memory.read32(at(index))),
    Array.from({ length: 128 }, (_, index) => 0xab00 + index),
  );
  t.equal(bench.io({ opcode: nvmOpcode.flush }), status.success);
  t.equal(bench.io({ ...write, cdw10: conforming.blocks }), status.lbaOutOfRange);
  t.equal(bench.io({ ...write, prp1: 0x7000_0000 }), status.dataTransferError, 'no memory there');
  t.equal(bench.io({ ...write, nsid: 2 }), status.invalidNamespace);
  t.equal(bench.io({ opcode: 0x7f }), status.invalidOpcode);
});

t.test('Identify tells what a driver needs', async (t) => {
  const bench = withQueues();
  t.equal(bench.admin({ opcode: adminOpcode.identify, prp1: bench.page, cdw10: 1 }), status.success);
  t.equal(bench.memory.read32(bench.page + 512) & 0xffff, 0x4466, 'entry sizes');
  t.equal((bench.memory.read32(bench.page + 256) >>> 8) & 1, 1, 'Doorbell Buffer Config');
  t.equal(bench.admin({ opcode: adminOpcode.identify, prp1: bench.page, cdw10: 0, nsid: 1 }), status.success);
  t.equal(bench.memory.read32(bench.page), conforming.blocks);
  t.equal(bench.admin({ opcode: adminOpcode.identify, prp1: bench.page, cdw10: 0x55 }), status.invalidField);
});

t.test('Doorbell Buffer Config checks its pages', async (t) => {
  const bench = withQueues();
  const config = (prp1: number, prp2: number): number | undefined =>
    bench.admin({ opcode: adminOpcode.doorbellBufferConfig, prp1, prp2 });
  t.equal(config(bench.page + 4, bench.other), status.invalidField);
  t.equal(config(bench.page, 0), status.invalidField);
  t.equal(config(bench.page, bench.page), status.invalidField);
  t.equal(config(bench.page, 0x7000_0000), status.invalidField);
  t.equal(config(bench.page, bench.other), status.success);
});

t.test('an invalid doorbell is reported once, until its log page is read', async (t) => {
  const bench = withQueues();
  const eventRequest = { opcode: adminOpcode.asynchronousEventRequest };
  bench.submit(0, eventRequest);
  t.equal(bench.reap(0), undefined, 'nothing happened yet');
  bench.link.write(0, doorbellOffset('sq', 1, 0), IO);
  bench.run();
  t.match(bench.reap(0), { status: status.success, dw0: 0x0001_0100 });
  bench.submit(0, eventRequest);
  bench.link.write(0, doorbellOffset('sq', 3, 0), 1);
  bench.run();
  t.equal(bench.reap(0), undefined, 'masked');
  const readLog = { opcode: adminOpcode.getLogPage, prp1: bench.page, cdw10: 1 | (15 << 16) };
  bench.submit(0, readLog);
  const answers = [bench.reap(0), bench.reap(0)];
  t.ok(
    answers.some((entry) => entry?.dw0 === 0x0001_0000),
    'Write to Invalid Doorbell Register',
  );
});

t.test('more event requests than AERL, and Abort of what waits', async (t) => {
  const bench = new Bench({ commands: 16 });
  bench.enable();
  const cids = Array.from({ length: conforming.aerl + 1 }, () =>
    bench.submit(0, { opcode: adminOpcode.asynchronousEventRequest }),
  );
  t.equal(bench.reap(0), undefined);
  t.equal(bench.admin({ opcode: adminOpcode.asynchronousEventRequest }), status.aerLimitExceeded);
  bench.submit(0, { opcode: adminOpcode.abort, cdw10: (cids[0] ?? 0) << 16 });
  const answers = [bench.reap(0), bench.reap(0)];
  t.ok(answers.some((entry) => entry?.cid === cids[0] && entry?.status === status.abortRequested));
  t.ok(
    answers.some((entry) => entry?.cid !== cids[0] && (entry?.dw0 ?? 1) === 0),
    'immediately aborted',
  );
  bench.submit(0, { opcode: adminOpcode.abort, cdw10: 0x4242 << 16 });
  t.match(bench.reap(0), { status: status.success, dw0: 1 }, 'no such command: not an error');
});

t.test('a masked vector is pending and sent on unmask', async (t) => {
  const bench = withQueues();
  bench.link.mask(1, true);
  bench.submit(1, { nsid: 1, opcode: nvmOpcode.flush });
  t.equal(bench.link.msix.isPending(1), true);
  t.notOk(bench.events.some((event) => event.type === 'irq' && event.vector === 1));
  bench.link.mask(1, false);
  bench.run();
  t.equal(bench.link.msix.isPending(1), false);
  t.ok(bench.events.some((event) => event.type === 'irq' && event.vector === 1));
});

t.test('shutdown completes, and a reset leaves nothing of the queues', async (t) => {
  const bench = withQueues();
  bench.link.reset('flr');
  bench.run();
  t.equal(bench.controller.readRegister(register.CSTS), 0);
  t.equal(
    bench.controller.readRegister(register.AQA),
    0,
    'a function level reset clears the admin registers too',
  );
  bench.enable();
  t.equal(bench.createCq(), status.success);
  bench.link.write(0, register.CC, encodeCc({ en: true, shn: 1, iosqes: 6, iocqes: 4 }));
  bench.run();
  t.equal((bench.controller.readRegister(register.CSTS) >>> csts.SHST_SHIFT) & 3, 2);
});
