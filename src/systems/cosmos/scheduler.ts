/** SchedulerManager and the CPUs, as far as the driver depends on them: who may run, and who is blocked. */
import type { Arena } from '../../arena/arena.ts';
import { BitSet, WordArray } from '../../arena/containers.ts';
import { flag, type Flag, state, type StateOf } from '../../arena/state.ts';
import type { CpuIndex } from '../../spec/units.ts';

/** The CPU that MSI-X messages are sent to. */
export const INTERRUPT_CPU: CpuIndex = 0;

/** A thread of the kernel that calls the driver, counted from 0. */
export type Thread = number & { readonly unit?: 'thread' };

const fields = {
  /** The I/O interrupt's handler runs on its CPU. */
  inHandler: flag as Flag,
};
const Fields: StateOf<typeof fields> = state(fields);

export class Scheduler extends Fields {
  readonly #cpus: number;
  readonly #blocked: BitSet;
  /** For each CPU, the thread that masked interrupts there, plus one. */
  readonly #masked: WordArray;

  constructor(arena: Arena, threads: number, cpus: number) {
    super(arena);
    this.#cpus = Math.max(1, cpus);
    this.#blocked = new BitSet(arena, Math.max(1, threads));
    this.#masked = new WordArray(arena, this.#cpus);
  }

  cpuOf(thread: Thread): CpuIndex {
    return thread % this.#cpus;
  }

  /**
   * Whether the thread can be given its CPU: threads of one CPU preempt each other at any time, but not while
   * interrupts are masked there, and never an interrupt handler.
   */
  canRun(thread: Thread): boolean {
    const cpu = this.cpuOf(thread);
    if (cpu === INTERRUPT_CPU && this.inHandler) return false;
    const masked = this.#masked.get(cpu);
    return masked === 0 || masked === thread + 1;
  }

  get canInterrupt(): boolean {
    return this.#masked.get(INTERRUPT_CPU) === 0;
  }

  mask(thread: Thread): void {
    this.#masked.set(this.cpuOf(thread), thread + 1);
  }

  unmask(thread: Thread): void {
    this.#masked.set(this.cpuOf(thread), 0);
  }

  isBlocked(thread: Thread): boolean {
    return this.#blocked.has(thread);
  }

  /** The thread is not picked again until somebody readies it. */
  blockThread(thread: Thread): void {
    this.#blocked.add(thread);
  }

  /** To a thread that still runs this does nothing that lasts: the BlockThread it is about to call undoes it. */
  readyThread(thread: Thread): void {
    this.#blocked.delete(thread);
  }
}
