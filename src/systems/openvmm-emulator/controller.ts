/** The device as the guest meets it: registers, doorbells, MSI-X; and the processes behind. */
import type { Arena } from '../../arena/arena.ts';
import { setRestarts } from '../../controller/admin.ts';
import type { Command } from '../../controller/command.ts';
import { executeIo } from '../../controller/executor.ts';
import { interrupter, maskChanged } from '../../controller/interrupter.ts';
import { clearQueues, lifecycle } from '../../controller/lifecycle.ts';
import { holdPoints } from '../../controller/state.ts';
import { readRegister, writeRegister } from '../../controller/window.ts';
import type { ResetKind } from '../../link/events.ts';
import type { Link } from '../../link/link.ts';
import type { ControllerPort } from '../../link/port.ts';
import type { Process } from '../../link/process.ts';
import type { Program } from '../../link/program.ts';
import { opcodeName } from '../../spec/opcodes.ts';
import { doorbellAt, register } from '../../spec/registers.ts';
import { ADMIN, type QueueId, type RegisterOffset, type Vector } from '../../spec/units.ts';
import type { ControllerShape } from '../system.ts';
import { adminWorker } from './admin-worker.ts';
import type { EmulatorDecisions } from './decisions.ts';
import { ring, writeDoorbell } from './doorbells.ts';
import { ioWorker, NO_QUEUE } from './io-worker.ts';
import { lookAtMemory } from './one-memory.ts';
import { lookAtRegisters } from './register-and-shadow.ts';
import { sharedWorker } from './shared-worker.ts';
import { Emulator } from './state.ts';

export class EmulatorController implements ControllerPort {
  readonly emulator: Emulator;
  readonly processes: readonly Process[];
  readonly #workers: readonly Program[];

  constructor(arena: Arena, link: Link, decisions: EmulatorDecisions, shape: ControllerShape) {
    const emulator = new Emulator(arena, link, decisions, shape);
    const lookAt = decisions.doorbells === 'one-memory' ? lookAtMemory : lookAtRegisters;
    const [, ...io] = emulator.workers;
    this.emulator = emulator;
    this.#workers = [
      adminWorker(arena, emulator, lookAt, (cqid) => this.#restart(cqid)),
      ...io.map((worker) =>
        decisions.worker === 'one-queue-pair'
          ? ioWorker(arena, emulator, worker, lookAt)
          : sharedWorker(arena, emulator, worker),
      ),
    ];
    setRestarts(emulator, { sq: () => {}, cq: () => {} });
    this.processes = [
      this.#status(),
      ...this.#workers,
      ...emulator.pool.commands.map((command, place) => backend(emulator, command, place)),
      ...Array.from({ length: link.msix.vectors }, (_, vector) => interrupter(emulator, vector)),
    ];
  }

  readRegister(offset: RegisterOffset): number {
    return readRegister(this.emulator, offset);
  }

  writeRegister(offset: RegisterOffset, value: number): void {
    const { emulator } = this;
    if (offset < register.DOORBELLS) {
      writeRegister(emulator, offset, value);
      return;
    }
    const doorbell = doorbellAt(offset, emulator.link.stride);
    if (doorbell !== undefined && doorbell.qid < emulator.sqs.length)
      ring(emulator, doorbell.ring, doorbell.qid, value);
  }

  maskChanged(_vector: Vector | 'function', masked: boolean): void {
    if (!masked) maskChanged(this.emulator);
  }

  reset(kind: ResetKind): void {
    const { emulator } = this;
    clearQueues(emulator);
    this.#restartAll();
    emulator.cc = emulator.aqa = emulator.asq = emulator.acq = 0;
    emulator.ready = false;
    if (kind !== 'flr' && kind !== 'conventional') return;
    const { msix } = emulator.link;
    for (let vector = 0; vector < msix.vectors; vector++) msix.setPending(vector, false);
  }

  hold(what: 'fetch' | 'execute' | 'post', held: boolean): void {
    const { emulator } = this;
    const bit = 1 << holdPoints.indexOf(what);
    emulator.held = held ? emulator.held | bit : emulator.held & ~bit;
  }

  /** The coordinator follows CC.EN. Enabling makes the admin queues, whose doorbells are written wherever they are. */
  #status(): Process {
    const { emulator } = this;
    const status = lifecycle(emulator, () => this.#restartAll());
    return {
      ...status,
      choices: () => (emulator.process.panicked ? 0 : status.choices()),
      step: (choice) => {
        const enables = !emulator.ready;
        status.step(choice);
        if (!enables || !emulator.ready) return;
        writeDoorbell(emulator, 'sq', ADMIN, 0);
        writeDoorbell(emulator, 'cq', ADMIN, 0);
      },
    };
  }

  /** The worker of a queue that is made begins from nothing. */
  #restart(cqid: QueueId): void {
    const program = this.#workers[cqid] as Program;
    this.emulator.worker(cqid).clear();
    program.jump(cqid === ADMIN ? 'wait_ready' : NO_QUEUE);
  }

  #restartAll(): void {
    const { emulator } = this;
    for (const { cq } of emulator.workers) {
      this.#restart(cq.ring.qid);
      cq.eventIdx = 0;
    }
    for (const sq of emulator.emulatorSqs) sq.clear();
    emulator.wakers.clear();
    emulator.deferred.clear();
  }
}

/** The disk: finishes one I/O, and wakes the task that waits for it. */
function backend(emulator: Emulator, command: Command, place: number): Process {
  return {
    name: `I/O ${place}`,
    party: 'controller',
    choices: () => {
      if (command.stage !== 'executing' || command.sqid === ADMIN) return 0;
      if (emulator.emulator.disk === 'is-stuck') return 0;
      return emulator.running && !emulator.isHeld('execute') ? 1 : 0;
    },
    step: () => {
      executeIo(emulator, command);
      const worker = emulator.worker(command.cqid);
      worker.finished.push(place);
      worker.woken = true;
    },
    label: () => `finish ${opcodeName(command.sqid, command.opcode)} cid ${command.cid} of SQ${command.sqid}`,
  };
}
