/** Assembles a script's host, the link and a controller that lives in another process. */
import { Arena } from '../arena/arena.ts';
import type { HostPlan } from '../driver/plan.ts';
import { SCRIPT_CPUS, ScriptedHost } from '../driver/scripted-host.ts';
import type { EventType } from '../link/events.ts';
import { Link } from '../link/link.ts';
import { decodeCap, register } from '../spec/registers.ts';
import { QemuController, type QemuConnection } from './qemu/controller.ts';
import { type Assembly, vectorsOf } from './target.ts';

export type { QemuConnection } from './qemu/controller.ts';

/** What QEMU's controller does not show to somebody who sees memory, registers and messages. */
const hidden: readonly EventType[] = ['sqe.fetch', 'cqe.write'];

export interface BlackBox extends Assembly {
  readonly script: ScriptedHost;
  readonly controller: QemuController;
}

/** Throws what the transport throws: `TargetDied`, `ChannelStopped`, `QtestError`. */
export function assembleQemu(plan: HostPlan, connection: QemuConnection): BlackBox {
  const vectors = vectorsOf(plan);
  const controller = new QemuController(connection, vectors);
  const cap = decodeCap(controller.readRegister(register.CAP), controller.readRegister(register.CAP + 4));
  const arena = new Arena();
  const link = new Link(arena, {
    memory: controller.memory,
    delivery: 'synchronous',
    cpus: SCRIPT_CPUS,
    vectors,
    stride: cap.dstrd,
    outside: true,
  });
  link.attach(controller);
  const script = new ScriptedHost(arena, link, plan);
  return {
    arena,
    link,
    controller,
    processes: script.processes,
    isUp: () => script.isUp,
    script,
    hold: undefined,
    rereadsEntries: true,
    hides: hidden,
  };
}
