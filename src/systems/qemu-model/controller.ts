/** The device as the guest meets it: registers and doorbells that trap, MSI-X, bottom halves of the main loop. */
import type { Arena } from '../../arena/arena.ts';
import { flag, type Flag, state, type StateOf, type Word, word } from '../../arena/state.ts';
import { setRestarts } from '../../controller/admin.ts';
import { holdPoints } from '../../controller/state.ts';
import { readRegister } from '../../controller/window.ts';
import type { ResetKind } from '../../link/events.ts';
import type { Link } from '../../link/link.ts';
import type { ControllerPort } from '../../link/port.ts';
import type { Process } from '../../link/process.ts';
import type { Program } from '../../link/program.ts';
import type { CpuIndex, RegisterOffset } from '../../spec/units.ts';
import type { ControllerShape } from '../system.ts';
import { sendPending } from '../trapped-msix.ts';
import { blockRequest, cqBottomHalf, sqBottomHalf } from './bottom-halves.ts';
import type { QemuDecisions } from './decisions.ts';
import { ctrlReset, mmioWrite } from './mmio.ts';
import { QemuState } from './state.ts';

const fields = { waiting: flag as Flag, offset: word as Word<RegisterOffset>, value: word as Word };
const Fields: StateOf<typeof fields> = state(fields);
/** The write that a vCPU has in hand while it waits for the big lock. */
class Trapped extends Fields {}

export class QemuController implements ControllerPort {
  readonly qemu: QemuState;
  readonly processes: readonly Process[];
  readonly #trapped: readonly Trapped[];
  readonly #bottomHalves: readonly Program[];

  constructor(arena: Arena, link: Link, decisions: QemuDecisions, shape: ControllerShape) {
    const qemu = new QemuState(arena, link, decisions, shape);
    this.qemu = qemu;
    setRestarts(qemu, { sq: () => undefined, cq: () => undefined });
    this.#trapped = Array.from({ length: link.cpus }, () => new Trapped(arena));
    this.#bottomHalves = [
      ...qemu.sqs.map((sq) => sqBottomHalf(arena, qemu, sq, 1 + 2 * sq.qid)),
      ...qemu.cqs.map((cq) => cqBottomHalf(arena, qemu, cq, 2 + 2 * cq.qid)),
    ];
    this.processes = [
      ...this.#trapped.map((trapped, cpu) => this.#vcpu(trapped, cpu)),
      ...this.#bottomHalves,
      ...qemu.pool.commands.map((command, index) => blockRequest(qemu, command, index)),
    ];
  }

  readRegister(offset: RegisterOffset): number {
    return readRegister(this.qemu, offset);
  }

  /** The handler runs at once when the lock is free, and otherwise as soon as the vCPU gets it. */
  writeRegister(offset: RegisterOffset, value: number, cpu: CpuIndex): void {
    const { qemu } = this;
    if (qemu.bql.free) {
      mmioWrite(qemu, offset, value);
      return;
    }
    const trapped = this.#trapped[cpu] as Trapped;
    trapped.waiting = true;
    trapped.offset = offset;
    trapped.value = value;
    qemu.link.trap(cpu);
  }

  maskChanged(): void {
    sendPending(this.qemu.link.msix);
  }

  /** A reset from outside: whatever was under way is gone. */
  reset(kind: ResetKind): void {
    const { qemu } = this;
    this.#bottomHalves.forEach((program, index) =>
      program.jump(index < qemu.sqs.length ? 'nvme_process_sq' : 'nvme_post_cqes'),
    );
    qemu.bql.holder = 0;
    this.#trapped.forEach((trapped, cpu) => this.#return(trapped, cpu));
    ctrlReset(qemu);
    qemu.aqa = qemu.asq = qemu.acq = 0;
    if (kind !== 'flr' && kind !== 'conventional') return;
    for (let vector = 0; vector < qemu.link.msix.vectors; vector++) qemu.link.msix.setPending(vector, false);
  }

  hold(what: 'fetch' | 'execute' | 'post', held: boolean): void {
    const bit = 1 << holdPoints.indexOf(what);
    this.qemu.held = held ? this.qemu.held | bit : this.qemu.held & ~bit;
  }

  #vcpu(trapped: Trapped, cpu: CpuIndex): Process {
    const { qemu } = this;
    return {
      name: `vCPU ${cpu}`,
      party: 'controller',
      choices: () => (trapped.waiting && qemu.bql.free ? 1 : 0),
      step: () => {
        mmioWrite(qemu, trapped.offset, trapped.value);
        this.#return(trapped, cpu);
      },
      label: () => 'nvme_mmio_write',
    };
  }

  #return(trapped: Trapped, cpu: CpuIndex): void {
    if (trapped.waiting) this.qemu.link.resume(cpu);
    trapped.waiting = false;
    trapped.offset = trapped.value = 0;
  }
}
