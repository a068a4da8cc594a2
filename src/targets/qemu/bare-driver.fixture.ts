import type { NvmeFunction } from './pci.ts';
import type { GuestRam } from './ram.ts';

/** A command by the fields that these tests use; what is left out is zero. */
export interface Command {
  readonly opcode: number;
  readonly nsid?: number;
  readonly prp1?: number;
  readonly cdw10?: number;
  readonly cdw11?: number;
  readonly cdw12?: number;
}

const ENTRIES = 4;
const QUEUES = 0x10000;

/** Just enough of a host to see a controller work: queues 0 and 1, one command at a time, polled. */
export class BareDriver {
  readonly #function: NvmeFunction;
  readonly #ram: GuestRam;
  readonly #posted: number[] = [0, 0];

  constructor(nvme: NvmeFunction, ram: GuestRam) {
    this.#function = nvme;
    this.#ram = ram;
  }

  /** Enables the controller with an admin queue of 4 entries and waits for CSTS.RDY. */
  enable(): void {
    this.#function.writeRegister32(0x24, ((ENTRIES - 1) << 16) | (ENTRIES - 1));
    this.#function.writeRegister64(0x28, BigInt(submissionQueue(0)));
    this.#function.writeRegister64(0x30, BigInt(completionQueue(0)));
    this.#function.writeRegister32(0x14, 0x460001);
    until('CSTS.RDY', () => (this.#function.readRegister32(0x1c) & 1) === 1);
  }

  /** Creates I/O queue pair 1, polled. Gives the two statuses. */
  createQueuePair(): number[] {
    const size = ((ENTRIES - 1) << 16) | 1;
    return [
      this.run(0, { opcode: 5, prp1: completionQueue(1), cdw10: size, cdw11: 1 }),
      this.run(0, { opcode: 1, prp1: submissionQueue(1), cdw10: size, cdw11: 0x10001 }),
    ];
  }

  /** Runs one command on a queue and gives its status, 0 for success. */
  run(queue: 0 | 1, command: Command): number {
    const count = this.#posted[queue] ?? 0;
    const slot = count % ENTRIES;
    const entry = new Uint32Array(16);
    entry.set([command.opcode | (count << 16), command.nsid ?? 0]);
    entry[6] = command.prp1 ?? 0;
    entry.set([command.cdw10 ?? 0, command.cdw11 ?? 0, command.cdw12 ?? 0], 10);
    this.#ram.write(submissionQueue(queue) + slot * 64, new Uint8Array(entry.buffer));
    this.#function.writeRegister32(0x1000 + queue * 8, (slot + 1) % ENTRIES);
    const phase = Math.floor(count / ENTRIES) % 2 === 0 ? 1 : 0;
    const last = completionQueue(queue) + slot * 16 + 12;
    until('a completion', () => {
      this.#function.readRegister32(0x1c);
      return ((this.#ram.read32(last) >>> 16) & 1) === phase;
    });
    this.#posted[queue] = count + 1;
    this.#function.writeRegister32(0x1004 + queue * 8, (slot + 1) % ENTRIES);
    return this.#ram.read32(last) >>> 17;
  }
}

/** The guest address of a submission queue. */
export function submissionQueue(queue: number): number {
  return QUEUES + queue * 0x2000;
}

/** The guest address of a completion queue. */
export function completionQueue(queue: number): number {
  return QUEUES + queue * 0x2000 + 0x1000;
}

function until(what: string, condition: () => boolean): void {
  for (let tries = 0; tries < 200_000; tries += 1) if (condition()) return;
  throw new Error(`waited in vain for ${what}`);
}
