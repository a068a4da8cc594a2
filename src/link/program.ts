/**
 * A program: a process that runs several named instructions one after the other, its program counter in the
 * arena. It reads from top to bottom like the code it stands for.
 */
import type { Arena } from '../arena/arena.ts';
import { state, type StateOf, type Word, word } from '../arena/state.ts';
import type { Process, ProcessParty } from './process.ts';

export interface Instruction {
  /** Unique in its program; names the step in a diagram and is where others jump to. */
  readonly label: string;
  /** Whether, or in how many different ways, it can run now; always in one way when absent. */
  readonly when?: () => boolean | number;
  /** Runs it. Returns the label to go on at, or nothing for the next instruction (after the last, the first). */
  readonly run: (choice: number) => string | void;
}

export interface ProgramOptions {
  readonly name: string;
  readonly party: ProcessParty;
  /** While false, no instruction runs: the CPU is inside a trapped register write, the controller is off … */
  readonly ready?: () => boolean;
}

const fields = { pc: word as Word };
const Fields: StateOf<typeof fields> = state(fields);

export class Program extends Fields implements Process {
  readonly name: string;
  readonly party: ProcessParty;
  readonly #ready: () => boolean;
  readonly #instructions: readonly Instruction[];
  readonly #labels: ReadonlyMap<string, number>;

  constructor(arena: Arena, options: ProgramOptions, instructions: readonly Instruction[]) {
    super(arena);
    this.name = options.name;
    this.party = options.party;
    this.#ready = options.ready ?? always;
    this.#instructions = instructions;
    this.#labels = new Map(instructions.map((instruction, index) => [instruction.label, index]));
    if (this.#labels.size !== instructions.length) throw new Error(`${this.name}: a label occurs twice`);
  }

  get location(): number {
    return this.pc;
  }

  choices(): number {
    if (!this.#ready()) return 0;
    const when = this.#current().when;
    return when === undefined ? 1 : Number(when());
  }

  step(choice: number): void {
    const pc = this.pc;
    const target = this.#current().run(choice);
    this.pc = target === undefined ? (pc + 1 < this.#instructions.length ? pc + 1 : 0) : this.#at(target);
  }

  label(): string {
    return this.#current().label;
  }

  /** Whether the next instruction is the one called `label`. */
  isAt(label: string): boolean {
    return this.pc === this.#at(label);
  }

  /** Puts the program counter on `label`: how one process restarts another, e.g. after a reset. */
  jump(label: string): void {
    this.pc = this.#at(label);
  }

  #current(): Instruction {
    return this.#instructions[this.pc] as Instruction;
  }

  #at(label: string): number {
    const index = this.#labels.get(label);
    if (index === undefined) throw new Error(`${this.name}: no instruction is called '${label}'`);
    return index;
  }
}

function always(): boolean {
  return true;
}
