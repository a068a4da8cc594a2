/** The device as the guest meets it: registers, doorbells, MSI-X. */
import type { Arena } from '../../arena/arena.ts';
import { setRestarts } from '../../controller/admin.ts';
import { becomeReady, clearQueues } from '../../controller/lifecycle.ts';
import { holdPoints } from '../../controller/state.ts';
import { readRegister, writeRegister } from '../../controller/window.ts';
import type { ResetKind } from '../../link/events.ts';
import type { Link } from '../../link/link.ts';
import type { ControllerPort } from '../../link/port.ts';
import type { Process } from '../../link/process.ts';
import { decodeCc, doorbellAt, register } from '../../spec/registers.ts';
import type { CpuIndex } from '../../spec/units.ts';
import { sendPending } from '../trapped-msix.ts';
import type { PropolisDecisions } from './decisions.ts';
import { type Exit, vcpuExit } from './exit.ts';
import { Propolis } from './state.ts';
import { blockWorker, type WorkerProgram } from './worker.ts';

export class PropolisController implements ControllerPort {
  readonly propolis: Propolis;
  readonly processes: readonly Process[];
  readonly #exits: readonly Exit[];
  readonly #workers: readonly WorkerProgram[];

  constructor(arena: Arena, link: Link, decisions: PropolisDecisions, ioQueues: number) {
    const propolis = new Propolis(arena, link, decisions, ioQueues);
    this.propolis = propolis;
    setRestarts(propolis.controller, { sq: () => {}, cq: () => {} });
    this.#workers = propolis.workers.flatMap((workers, sqid) =>
      workers.map((_, wid) => blockWorker(arena, propolis, sqid, wid)),
    );
    const abandonAll = (): void => this.#workers.forEach((worker) => worker.abandon());
    this.#exits = Array.from({ length: link.cpus }, (_, cpu) => vcpuExit(arena, propolis, cpu, abandonAll));
    this.processes = [...this.#exits, ...this.#workers].map(({ program }) => program);
  }

  readRegister(offset: number): number {
    return readRegister(this.propolis.controller, offset);
  }

  writeRegister(offset: number, value: number, cpu: CpuIndex): void {
    this.#returnFrom(cpu);
    if (offset >= register.DOORBELLS) this.#doorbell(offset, value, cpu);
    else if (offset === register.CC) this.#configure(value, cpu);
    else if (offset !== register.INTMS && offset !== register.INTMC)
      writeRegister(this.propolis.controller, offset, value);
  }

  maskChanged(): void {
    sendPending(this.propolis.link.msix);
  }

  /** A reset of the PCI function: nothing waits for anything. */
  reset(kind: ResetKind): void {
    const { controller, sqs, cqs, link } = this.propolis;
    clearQueues(controller);
    for (const queue of [...sqs, ...cqs]) queue.reset();
    for (const part of [...this.#exits, ...this.#workers]) part.abandon();
    this.propolis.adminCommand.free();
    this.propolis.locked = false;
    this.propolis.refreshAssignments();
    controller.cc = controller.aqa = controller.asq = controller.acq = 0;
    controller.ready = false;
    if (kind !== 'flr' && kind !== 'conventional') return;
    for (let vector = 0; vector < link.msix.vectors; vector++) link.msix.setPending(vector, false);
  }

  hold(what: 'fetch' | 'execute' | 'post', held: boolean): void {
    const { controller } = this.propolis;
    const bit = 1 << holdPoints.indexOf(what);
    controller.held = held ? controller.held | bit : controller.held & ~bit;
  }

  /** `ctrlr_cfg_write`: the controller is ready when the write returns; a reset has to wait for locks. */
  #configure(value: number, cpu: CpuIndex): void {
    const { propolis } = this;
    const { controller } = propolis;
    const { en, shn } = decodeCc(value);
    controller.cc = value;
    controller.shutdown = shn === 0 ? 0 : 2;
    if (en && !controller.ready) {
      becomeReady(controller);
      propolis.sq(0).reset();
      propolis.cq(0).reset();
    } else if (!en && controller.ready) (this.#exits[cpu] as Exit).enter('reset', 0, 0);
  }

  #doorbell(offset: number, value: number, cpu: CpuIndex): void {
    const { controller } = this.propolis;
    const doorbell = doorbellAt(offset, this.propolis.link.stride);
    if (doorbell === undefined || !controller.ready) return; // "Doorbell write while controller is disabled"
    const { ring, qid } = doorbell;
    if ((ring === 'sq' ? controller.liveSq(qid) : controller.liveCq(qid)) === undefined) return;
    const handler = ring === 'sq' ? 'notify_tail' : 'notify_head';
    (this.#exits[cpu] as Exit).enter(qid === 0 ? `admin ${handler}` : handler, qid, value);
  }

  /**
   * A script's host does not wait for a write to return. It acts only when nothing else can, so whatever
   * handler its CPU is in can be run to its end first.
   */
  #returnFrom(cpu: CpuIndex): void {
    const { program } = this.#exits[cpu] as Exit;
    while (!this.propolis.link.ready(cpu)) {
      if (program.choices() === 0)
        throw new Error(`${program.name}: a write while '${program.label()}' has to wait`);
      program.step(0);
    }
  }
}
