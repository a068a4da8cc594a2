/** Worlds of an OpenVMM driver and the reference controller, down to sizes that no scenario can ask for. */
import { Arena } from '../../arena/arena.ts';
import { state, type StateOf, type Word, word } from '../../arena/state.ts';
import { ReferenceController } from '../../controller/controller.ts';
import { conforming, type ControllerDecisions } from '../../controller/decisions.ts';
import type { HostPlan } from '../../driver/plan.ts';
import { Link } from '../../link/link.ts';
import { ArenaMemory } from '../../link/memory.ts';
import type { Process } from '../../link/process.ts';
import { nvmOpcode } from '../../spec/opcodes.ts';
import { buildWorld } from '../../world/build.ts';
import type { World } from '../../world/world.ts';
import { driverNamed } from '../catalogue.ts';
import type { Overrides } from '../system.ts';

export interface Setting {
  readonly driver: string;
  readonly decisions?: Overrides;
  readonly controller?: Partial<ControllerDecisions>;
  /** Slots of each queue. */
  readonly size: number;
  readonly adminSize?: number;
  /** Queue pairs, one unless said otherwise; thread n uses queue pair n of them, cyclically. */
  readonly pairs?: number;
  /** Queue pairs that bring-up does not create. */
  readonly late?: readonly number[];
  /** Reads of each thread. */
  readonly threads: readonly number[];
  readonly control?: HostPlan['control'];
  /** Asynchronous events that the controller comes to know of. */
  readonly events?: number;
}

export function planOf({
  size,
  adminSize = 8,
  pairs = 1,
  late = [],
  threads,
  control = [],
}: Setting): HostPlan {
  const qids = Array.from({ length: pairs }, (_, index) => index + 1);
  return {
    adminEntries: adminSize,
    cqs: qids.map((qid) => ({ qid, size, vector: qid, created: !late.includes(qid) })),
    sqs: qids.map((qid) => ({ qid, size, cqid: qid, created: !late.includes(qid) })),
    doorbellBuffer: 'never',
    threads: threads.map((count, thread) =>
      Array.from({ length: count }, () => ({ sqid: 1 + (thread % pairs), opcode: nvmOpcode.read, lba: 0 })),
    ),
    control,
    eventRequests: 0,
    outstandingMax: threads.reduce((sum, count) => sum + count, 2),
  };
}

/** The world after bring-up. */
export function worldOf(setting: Setting): World {
  const plan = planOf(setting);
  const arena = new Arena();
  const system = driverNamed(setting.driver);
  if (system === undefined) throw new Error(`no driver is called '${setting.driver}'`);
  const pairs = plan.sqs.length;
  const memory = new ArenaMemory(arena);
  const link = new Link(arena, {
    memory,
    delivery: 'posted',
    cpus: system.cpus(plan),
    vectors: pairs + 1,
    stride: 0,
  });
  const decisions = { ...conforming, ioQueues: pairs, commands: plan.outstandingMax, ...setting.controller };
  const controller = new ReferenceController(arena, link, decisions);
  link.attach(controller);
  const host = system.build(arena, link, plan, setting.decisions ?? {});
  const something = happenings(arena, controller, setting.events ?? 0, host.isUp);
  const world = buildWorld({
    arena,
    link,
    processes: [...link.processes, ...controller.processes, something, ...host.processes],
    isUp: host.isUp,
    queuesMax: pairs + 2,
    outstandingMax: plan.outstandingMax + 8,
    mqes: decisions.mqes,
    hides: [],
    rereadsEntries: false,
    script: undefined,
    slotsMax: Math.max(setting.size, plan.adminEntries),
  });
  if (!world.bringUp()) throw new Error('bring-up did not come to its end');
  world.restart();
  return world;
}

const fields = { left: word as Word };
const Fields: StateOf<typeof fields> = state(fields);
class Registers extends Fields {}

/** Things happen in the controller that it reports as events; what masks further ones is always cleared. */
function happenings(
  arena: Arena,
  controller: ReferenceController,
  count: number,
  isUp: () => boolean,
): Process {
  const registers = new Registers(arena);
  registers.left = count;
  return {
    name: 'happenings',
    party: 'controller',
    choices: () => (registers.left > 0 && isUp() ? 1 : 0),
    step: () => {
      registers.left--;
      controller.state.errorsMasked = false;
      controller.state.errorEvents |= 1;
    },
    label: () => 'something happens',
  };
}
