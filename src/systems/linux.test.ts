import t from 'tap';
import { build } from '../scenario/build.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { smallScope } from '../scenario/small-scope.fixture.ts';
import { adminOpcode } from '../spec/opcodes.ts';
import { ADMIN } from '../spec/units.ts';
import { processOf, type World } from '../world/world.ts';
import type { Overrides } from './system.ts';

interface Given {
  readonly driver: string;
  readonly sq: number;
  readonly cq: number;
  readonly doorbellBuffer?: Scenario['doorbellBuffer'];
  readonly decisions?: Overrides;
}

/** Eight reads of one thread. */
function worldOf({ driver, sq, cq, doorbellBuffer = 'never', decisions = {} }: Given): World {
  const [scope, pairing] = smallScope({ size: cq, reads: [8] });
  const queues = scope.queues.map((queue) => (queue.ring === 'sq' ? { ...queue, size: sq } : queue));
  const { world } = build(
    { ...scope, queues, doorbellBuffer },
    { ...pairing, driver: { model: driver, decisions } },
  );
  if (!world.bringUp()) throw new Error('bring-up hangs');
  return world;
}

/** Commands that the thread submits while nobody else moves. */
function submitted(given: Given): number {
  const world = worldOf(given);
  world.restart();
  world.recorder.recording = true;
  for (;;) {
    const move = world.moves().find((each) => world.processes[processOf(each)]?.name === 'thread 0');
    if (move === undefined) break;
    world.take(move);
  }
  return world.recorder.events.filter((event) => event.type === 'sqe.write' && event.sqid !== ADMIN).length;
}

t.test('tags are one less than the entries of a queue pair, whichever queue has fewer', async (t) => {
  for (const driver of ['linux/single-pass', 'linux/doorbell-first']) {
    t.equal(submitted({ driver, sq: 4, cq: 4 }), 3, driver);
    t.equal(submitted({ driver, sq: 8, cq: 3 }), 2, `${driver}: a smaller CQ`);
    t.equal(submitted({ driver, sq: 3, cq: 8 }), 2, `${driver}: a smaller SQ`);
    t.equal(submitted({ driver, sq: 8, cq: 3, decisions: { tags: 1 } }), 1, `${driver}: as a scenario says`);
  }
  t.equal(submitted({ driver: 'linux/over-commit', sq: 8, cq: 3 }), 7, 'but for the hypothetical one');
});

t.test('nvme_dbbuf_set follows the queues, wherever a scenario has it', async (t) => {
  const commands = (doorbellBuffer: Scenario['doorbellBuffer']): number[] =>
    worldOf({ driver: 'linux/single-pass', sq: 4, cq: 4, doorbellBuffer }).recorder.events.flatMap((event) =>
      event.type === 'sqe.fetch' && event.sqid === ADMIN ? [event.opcode] : [],
    );
  const queues = [adminOpcode.createCq, adminOpcode.createSq];
  t.same(commands('never').slice(-2), queues);
  for (const when of ['before-queues', 'between-queues', 'after-queues'] as const)
    t.same(commands(when).slice(-3), [...queues, adminOpcode.doorbellBufferConfig], when);
});
