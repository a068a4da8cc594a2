import type { ResetKind } from '../../link/events.ts';
import type { Link } from '../../link/link.ts';
import type { ControllerPort } from '../../link/port.ts';
import { QtestChannel } from './channel.ts';
import { Mailbox } from './messages.ts';
import { NvmeFunction } from './pci.ts';
import { GuestRam } from './ram.ts';
import { QemuMemory } from './host-memory.ts';

/** How a thread reaches a QEMU that the main thread started. */
export interface QemuConnection {
  readonly fifoPrefix: string;
  readonly ramPath: string;
  readonly ramBytes: number;
}

/** Round trips after which QEMU's main loop has run everything that was runnable before them. */
const ROUND_TRIPS = 3;
/** Time for what QEMU defers to its thread pool, in milliseconds. */
const PATIENCE = 25;

/** QEMU's controller behind the link: registers by qtest, host memory in its RAM file, messages in a mailbox. */
export class QemuController implements ControllerPort {
  readonly memory: QemuMemory;
  readonly #channel: QtestChannel;
  readonly #ram: GuestRam;
  readonly #function: NvmeFunction;
  readonly #mailbox: Mailbox;
  readonly #vectors: number;

  /** Uses the first `vectors` vectors, unmasked. Throws what the transport throws. */
  constructor(connection: QemuConnection, vectors: number) {
    this.#channel = new QtestChannel(connection.fifoPrefix);
    this.#ram = new GuestRam(connection.ramPath, connection.ramBytes);
    this.memory = new QemuMemory(this.#ram);
    this.#function = new NvmeFunction(this.#channel);
    this.#function.open();
    this.#vectors = Math.min(vectors, this.#function.vectors);
    this.#mailbox = new Mailbox(this.#ram, this.memory.allocate(this.#vectors * 4), this.#vectors);
    this.#setVectors(() => false);
  }

  readRegister(offset: number): number {
    return this.#function.readRegister32(offset);
  }

  writeRegister(offset: number, value: number): void {
    this.#function.writeRegister32(offset, value);
  }

  maskChanged(vector: number | 'function', masked: boolean): void {
    if (vector === 'function') this.#function.maskFunction(masked);
    else if (vector < this.#vectors) this.#function.maskVector(vector, masked);
  }

  reset(kind: ResetKind): void {
    if (kind !== 'flr' || !this.#function.canReset)
      throw new Error(`QEMU's controller offers no ${kind} reset here`);
    this.#function.functionLevelReset();
    this.#setVectors(() => false);
  }

  /** Vectors whose messages came in since this was asked last. */
  takeMessages(): number[] {
    return Array.from({ length: this.#vectors }, (_, vector) => vector).filter((vector) =>
      this.#mailbox.take(vector),
    );
  }

  /** The pending bits of masked vectors; of the others a set bit means only that the message is on its way. */
  samplePending(link: Link): void {
    for (let vector = 0; vector < this.#vectors; vector++) {
      link.msix.setPending(vector, link.msix.isMasked(vector) && this.#function.pending(vector));
    }
  }

  /** Lets QEMU do what it has to do. */
  wait(): void {
    for (let count = 0; count < ROUND_TRIPS; count++) this.#channel.roundTrip();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE);
    this.#channel.roundTrip();
  }

  close(): void {
    this.#channel.close();
    this.#ram.close();
  }

  #setVectors(masked: (vector: number) => boolean): void {
    for (let vector = 0; vector < this.#vectors; vector++) {
      this.#function.setVector(vector, this.#mailbox.message(vector));
      this.#function.maskVector(vector, masked(vector));
    }
  }
}
