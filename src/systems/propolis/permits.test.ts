import t from 'tap';
import { Arena } from '../../arena/arena.ts';
import { conforming } from '../../driver/decisions.ts';
import { cpusOf, ReferenceDriver } from '../../driver/driver.ts';
import type { HostPlan } from '../../driver/plan.ts';
import { Link } from '../../link/link.ts';
import { ArenaMemory } from '../../link/memory.ts';
import type { Process } from '../../link/process.ts';
import { nvmOpcode } from '../../spec/opcodes.ts';
import { PropolisController } from './controller.ts';
import { after, before, ideal, pre973, type PropolisDecisions } from './decisions.ts';

const plan: HostPlan = {
  adminEntries: 4,
  cqs: [{ qid: 1, size: 3, vector: 1, created: true }],
  sqs: [1, 2].map((qid) => ({ qid, size: 3, cqid: 1, created: true })),
  doorbellBuffer: 'after-queues',
  threads: [1, 2].map((sqid) => Array.from({ length: 7 }, () => ({ sqid, opcode: nvmOpcode.read, lba: 0 }))),
  control: [],
  eventRequests: 0,
  outstandingMax: 4,
};

interface Running {
  readonly arena: Arena;
  readonly link: Link;
  readonly controller: PropolisController;
  readonly processes: readonly Process[];
}

function running(decisions: PropolisDecisions): Running {
  const arena = new Arena();
  const memory = new ArenaMemory(arena);
  const link = new Link(arena, {
    memory,
    delivery: 'synchronous',
    cpus: cpusOf(plan),
    vectors: 2,
    stride: 0,
  });
  const controller = new PropolisController(arena, link, decisions, 2);
  link.attach(controller);
  const driver = new ReferenceDriver(arena, link, plan, conforming);
  arena.seal();
  const processes = [...controller.processes, ...driver.processes];
  while (!driver.ready) step(processes, 0);
  return { arena, link, controller, processes };
}

/** Lets one of the processes that can step do so; false when there is none. */
function step(processes: readonly Process[], number: number): boolean {
  const able = processes.filter((process) => process.choices() > 0);
  const process = able[number % Math.max(1, able.length)];
  process?.step(0);
  return process !== undefined;
}

/** A sequence that looks like noise: the tests use no randomness. */
function* noise(seed: number): Generator<number> {
  for (let value = seed; ;) {
    value = (Math.imul(value, 1_103_515_245) + 12_345) >>> 0;
    yield value >>> 8;
  }
}

void t.test('avail, permits and entries add up to the slots of the completion queue', (t) => {
  let walked = 0;
  for (const decisions of [before, after, ideal]) {
    for (let seed = 1; seed <= 40; seed++) {
      const { controller, processes, link } = running(decisions);
      const { propolis } = controller;
      const numbers = noise(seed);
      for (let steps = 0; steps < 3000; steps++) {
        if (!step(processes, numbers.next().value as number)) break;
        walked++;
        const { ring, avail } = propolis.cq(1);
        const sum = avail + ring.reserved + ring.occupied;
        if (sum !== ring.size - 1 || propolis.panicked)
          t.fail(`${avail} + ${ring.reserved} + ${ring.occupied}`);
        for (let cpu = 0; cpu < link.cpus; cpu++) {
          const exit = processes[cpu] as Process;
          const inGuest = exit.label(0) === 'the guest runs';
          if (inGuest !== link.ready(cpu)) t.fail(`CPU ${cpu} runs on while ${exit.label(0)}`);
        }
      }
    }
  }
  t.ok(walked > 10_000, `${walked} states`);
  t.end();
});

void t.test('when everything is done, the workers sleep, no lock is held and every permit is back', (t) => {
  for (let seed = 1; seed <= 40; seed++) {
    const { controller, processes, arena } = running(ideal);
    const { propolis } = controller;
    const numbers = noise(seed);
    while (step(processes, numbers.next().value as number)) {
      // until nobody can
    }
    t.equal(propolis.cq(1).avail + propolis.cq(1).ring.occupied, 2);
    t.ok(
      propolis.workers.flat().every(({ running: awake, polling, cqid }) => !awake && !polling && cqid === 0),
    );
    t.ok([...propolis.sqs, ...propolis.cqs].every(({ locked }) => !locked));
    t.equal(propolis.sq(1).idle.size, ideal.workers, 'every worker waits to be notified');
    t.same(arena.recomputedHash(), { low: arena.hashLow, high: arena.hashHigh });
  }
  t.end();
});

void t.test(
  'a guest CPU waits while its doorbell is handled, and the handler waits for the lock of the queue',
  (t) => {
    const { controller, link } = running(after);
    const { propolis, processes } = controller;
    propolis.cq(1).locked = true;
    controller.writeRegister(0x1000 + 3 * 4, 0, 0); // CQ1 head
    t.notOk(link.ready(0));
    t.ok(link.ready(1));
    t.equal(processes[0]?.choices(), 0);
    propolis.cq(1).locked = false;
    t.equal(processes[0]?.choices(), 1);
    processes[0]?.step(0);
    t.equal(processes[0]?.label(0), 'kick');
    processes[0]?.step(0);
    t.ok(link.ready(0), 'nothing was corked');
    t.end();
  },
);

void t.test('a doorbell value that the queue refuses notifies nobody', (t) => {
  const { controller, link } = running(after);
  controller.writeRegister(0x1000 + 2 * 4, 7, 0); // SQ1 tail
  controller.processes[0]?.step(0);
  t.ok(link.ready(0));
  t.ok(controller.propolis.workers.flat().every(({ notified }) => !notified));
  t.end();
});

void t.test('before #973 a doorbell that wakes one of two idle workers forgets the other', (t) => {
  for (const [decisions, busy] of [
    [pre973, 1],
    [before, 2],
  ] as const) {
    const { controller, processes } = running(decisions);
    const { propolis } = controller;
    controller.hold('execute', true); // requests that take their time
    while (step(processes, 0)) {
      // until nobody can
    }
    t.equal(propolis.sq(1).ring.tail, 2, 'two doorbells');
    const inHand = propolis.workers[1]?.filter(({ command }) => command.stage !== 'free');
    t.equal(inHand?.length, busy);
  }
  t.end();
});
