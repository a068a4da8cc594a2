import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { ChannelStopped, QtestError, TargetDied } from './errors.ts';

/** QEMU's qtest server takes at most this many bytes before it lets the machine go on. */
const BATCH_BYTES = 1024;
const CLOSED = 'ChannelClosed';

/**
 * Access to the machine's bus, synchronous, from any thread; one channel at a time for each QEMU. An
 * operation blocks until QEMU has answered. It throws QtestError if QEMU refuses the command, TargetDied if
 * QEMU has ended, ChannelStopped if the main thread said so; after the last two every further operation
 * throws the same.
 *
 * The end of QEMU is told by the thread that started it: used on that very thread, an operation that is in
 * flight when QEMU dies blocks for ever. Do that only where the target is not expected to die.
 */
export class QtestChannel {
  readonly #commands: number;
  readonly #answers: number;
  readonly #chunk: Buffer = Buffer.alloc(4096);
  #unread = '';
  #end: Error | undefined;

  /** Opens the FIFOs `PREFIX.in` and `PREFIX.out`. Throws TargetDied if they are gone. */
  constructor(fifoPrefix: string) {
    // 'r+' never waits for the other side to open, nor ends with it.
    this.#commands = openFifo(`${fifoPrefix}.in`);
    try {
      this.#answers = openFifo(`${fifoPrefix}.out`);
    } catch (error) {
      closeSync(this.#commands);
      throw error;
    }
  }

  /** Reads a byte at a physical address. */
  readb(address: number): number {
    return Number(this.#command(`readb ${hex(address)}`));
  }

  readw(address: number): number {
    return Number(this.#command(`readw ${hex(address)}`));
  }

  readl(address: number): number {
    return Number(this.#command(`readl ${hex(address)}`));
  }

  readq(address: number): bigint {
    return BigInt(this.#command(`readq ${hex(address)}`));
  }

  /** Writes the low 8 bits of `value` to a physical address. */
  writeb(address: number, value: number): void {
    this.#command(`writeb ${hex(address)} ${hex(value & 0xff)}`);
  }

  writew(address: number, value: number): void {
    this.#command(`writew ${hex(address)} ${hex(value & 0xffff)}`);
  }

  writel(address: number, value: number): void {
    this.#command(`writel ${hex(address)} ${hex(value >>> 0)}`);
  }

  writeq(address: number, value: bigint): void {
    this.#command(`writeq ${hex(address)} ${hex(BigInt.asUintN(64, value))}`);
  }

  /** Reads 32 bits from an I/O port. */
  inl(port: number): number {
    return Number(this.#command(`inl ${hex(port)}`));
  }

  /** Writes 32 bits to an I/O port. */
  outl(port: number, value: number): void {
    this.#command(`outl ${hex(port)} ${hex(value >>> 0)}`);
  }

  /**
   * Sends several commands in one write and gives what each answered after `OK`, '' for a mere OK. QEMU runs
   * them one after the other with nothing in between: no command is fetched, nothing is posted until the last
   * has answered. Throws RangeError if they exceed 1024 bytes with their newlines, since that would not hold
   * then; QtestError if any was refused, after all have been answered.
   */
  batch(lines: readonly string[]): string[] {
    if (lines.length === 0) return [];
    if (this.#end) throw this.#end;
    const text = `${lines.join('\n')}\n`;
    if (text.length > BATCH_BYTES) throw new RangeError(`a batch of ${text.length} bytes is not atomic`);
    writeSync(this.#commands, text);
    const answers = lines.map(() => this.#answer());
    const refused = answers.findIndex((answer) => !/^OK( |$)/.test(answer));
    if (refused !== -1) throw new QtestError(`'${lines[refused]}' was answered '${answers[refused]}'`);
    return answers.map((answer) => answer.slice(3));
  }

  /** A command without effect: when it has answered, QEMU's main loop has come round. */
  roundTrip(): void {
    this.#command('endianness');
  }

  /** Closes the FIFOs; idempotent. QEMU is not affected. */
  close(): void {
    if (this.#end?.name === CLOSED) return;
    this.#end = Object.assign(new Error('the channel is closed'), { name: CLOSED });
    closeSync(this.#commands);
    closeSync(this.#answers);
  }

  #command(line: string): string {
    if (this.#end) throw this.#end;
    writeSync(this.#commands, `${line}\n`);
    const answer = this.#answer();
    if (!/^OK( |$)/.test(answer)) throw new QtestError(`'${line}' was answered '${answer}'`);
    return answer.slice(3);
  }

  /** The next answer, without the interrupt notices between; throws what the main thread says instead. */
  #answer(): string {
    for (;;) {
      const line = this.#line();
      if (line === 'DIED') throw (this.#end = new TargetDied('the process of the controller has ended'));
      if (line.startsWith('STOP ')) throw (this.#end = new ChannelStopped(line.slice(5)));
      if (!line.startsWith('IRQ')) return line;
    }
  }

  #line(): string {
    let end = this.#unread.indexOf('\n');
    while (end === -1) {
      const length = readSync(this.#answers, this.#chunk);
      this.#unread += this.#chunk.toString('latin1', 0, length);
      end = this.#unread.indexOf('\n');
    }
    const line = this.#unread.slice(0, end);
    this.#unread = this.#unread.slice(end + 1);
    return line;
  }
}

function openFifo(path: string): number {
  try {
    return openSync(path, 'r+');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    throw new TargetDied('the process of the controller has ended', { cause: error });
  }
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
