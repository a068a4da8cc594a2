/**
 * Stands between the world and a plug-in: what a plug-in throws, what it returns and what it leaves undone is told as
 * its fault, with the process or the function that did it.
 */
import type { Arena } from '../../arena/arena.ts';
import type { ControllerPort } from '../../link/port.ts';
import type { Process, ProcessParty } from '../../link/process.ts';
import type { BuiltController, BuiltDriver, ControllerSystem, DriverSystem } from '../../systems/system.ts';
import type { ControllerPlugIn, DriverPlugIn, StateKind } from './define.ts';
import { kindOf, notItsFault, PlugInFault } from './fault.ts';
import { enter, leave } from './pulse.ts';

/** Alternatives that a process can have: more have no number in a schedule. */
const CHOICES_MOST = 63;

export function guardedController(
  plugIn: string,
  state: StateKind,
  build: ControllerPlugIn['build'],
): ControllerSystem['build'] {
  return (arena, link, shape, overrides): BuiltController => {
    const guard = new Guard(plugIn, state, arena);
    const built = guard.built(() => build(arena, link, shape, overrides));
    const port = guard.port(built.port);
    const processes = guard.processes(built.processes, 'controller');
    const { hold } = built;
    if (hold === undefined) return { port, processes };
    return { port, processes, hold: (what, held) => guard.call('hold()', () => hold(what, held)) };
  };
}

export function guardedDriver(
  plugIn: string,
  state: StateKind,
  cpus: NonNullable<DriverPlugIn['cpus']>,
  build: DriverPlugIn['build'],
): Pick<DriverSystem, 'cpus' | 'build'> {
  const counted: DriverSystem['cpus'] = (plan) => {
    const count = called(plugIn, 'cpus()', () => cpus(plan));
    if (Number.isInteger(count) && count >= 1 && count <= 256) return count;
    throw new PlugInFault(plugIn, `cpus() gave ${kindOf(count)}, not a number from 1 to 256`);
  };
  const guarded: DriverSystem['build'] = (arena, link, plan, overrides): BuiltDriver => {
    const guard = new Guard(plugIn, state, arena);
    const built = guard.built(() => build(arena, link, plan, overrides));
    const { isUp, rereadsEntries = true } = built;
    if (typeof (isUp as unknown) !== 'function') guard.fault('build() gave no function isUp');
    return {
      processes: guard.processes(built.processes, 'host'),
      isUp: () => guard.call('isUp()', isUp),
      rereadsEntries,
    };
  };
  return { cpus: counted, build: guarded };
}

function called<T>(plugIn: string, what: string, run: () => T): T {
  enter();
  try {
    return run();
  } catch (error) {
    throw faultOf(plugIn, what, error);
  } finally {
    leave();
  }
}

function faultOf(plugIn: string, what: string, error: unknown): unknown {
  if (error instanceof PlugInFault) return error;
  return notItsFault(error) ?? new PlugInFault(plugIn, `${what} failed`, error);
}

class Guard {
  readonly plugIn: string;
  readonly state: StateKind;
  readonly arena: Arena;

  constructor(plugIn: string, state: StateKind, arena: Arena) {
    this.plugIn = plugIn;
    this.state = state;
    this.arena = arena;
  }

  call<T>(what: string, run: () => T): T {
    return called(this.plugIn, what, run);
  }

  fault(text: string): never {
    throw new PlugInFault(this.plugIn, text);
  }

  /** What `build` made, which is an object. */
  built<T>(build: () => T): T {
    const built: unknown = this.call('build()', build);
    if (built instanceof Promise) this.fault('build() is asynchronous: a world is built at once');
    if (typeof built !== 'object' || built === null)
      this.fault(`build() gave ${kindOf(built)}, not an object`);
    return built as T;
  }

  port(port: ControllerPort): ControllerPort {
    const given: unknown = port;
    if (typeof given !== 'object' || given === null) return this.fault('build() gave no port');
    for (const name of ['readRegister', 'writeRegister'] as const)
      if (typeof port[name] !== 'function') this.fault(`build() gave a port without a function ${name}`);
    return {
      readRegister: (offset) => this.#read(port, offset),
      writeRegister: (offset, value, cpu) =>
        this.#tell('writeRegister()', () => port.writeRegister(offset, value, cpu)),
      // Whether there is a wake() decides whether anything travels at all.
      ...(port.wake && { wake: (offset) => this.#tell('wake()', () => port.wake?.(offset)) }),
      maskChanged: (vector, masked) => this.#tell('maskChanged()', () => port.maskChanged?.(vector, masked)),
      reset: (kind) => this.#tell('reset()', () => port.reset?.(kind)),
    };
  }

  processes(given: readonly Process[], party: ProcessParty): readonly Process[] {
    if (!Array.isArray(given)) this.fault(`build() gave ${kindOf(given)} as processes, not a list`);
    const names = new Set<string>();
    return given.map((process, index) => {
      this.#checkProcess(process, party, index);
      if (names.has(process.name)) this.fault(`two processes are called '${process.name}'`);
      names.add(process.name);
      return new GuardedProcess(this, process);
    });
  }

  /** The arena must not be written by what only looks. */
  unchanged(before: number, what: string): void {
    if (this.arena.changes !== before) this.fault(`${what} wrote to the arena; it may only read`);
  }

  #tell(what: string, run: () => unknown): void {
    const result = this.call(what, run);
    if (result instanceof Promise) this.fault(`${what} is asynchronous: what happens, happens in the call`);
  }

  #read(port: ControllerPort, offset: number): number {
    const before = this.arena.changes;
    const value = this.call('readRegister()', () => port.readRegister(offset));
    if (!Number.isInteger(value) || value < -(2 ** 31) || value >= 2 ** 32)
      this.fault(`readRegister(${offset.toString(16)}h) gave ${kindOf(value)}, not a number of 32 bits`);
    this.unchanged(before, 'readRegister()');
    return value;
  }

  #checkProcess(process: Process, party: ProcessParty, index: number): void {
    const given: unknown = process;
    const which = `process ${index} of build()`;
    if (typeof given !== 'object' || given === null) return this.fault(`${which} is ${kindOf(given)}`);
    if (typeof process.name !== 'string' || process.name === '') this.fault(`${which} has no name`);
    if (process.party !== party)
      this.fault(`process '${process.name}' has the party ${kindOf(process.party)}; it is '${party}' here`);
    for (const name of ['choices', 'step', 'label'] as const)
      if (typeof process[name] !== 'function')
        this.fault(`process '${process.name}' has no function ${name}`);
  }
}

class GuardedProcess implements Process {
  readonly name: string;
  readonly party: ProcessParty;
  readonly #guard: Guard;
  readonly #process: Process;
  /** Counts the steps of one whose state is elsewhere: no two of its states are the same. */
  readonly #steps: number | undefined;

  constructor(guard: Guard, process: Process) {
    this.name = process.name;
    this.party = process.party;
    this.#guard = guard;
    this.#process = process;
    this.#steps = guard.state === 'plain' ? guard.arena.allocate(1, true) : undefined;
  }

  get location(): number {
    const { location = 0 } = this.#process;
    return Number.isInteger(location) && location >= 0 ? location : this.#fault('location', location);
  }

  choices(): number {
    const guard = this.#guard;
    const before = guard.arena.changes;
    let count: number;
    enter();
    try {
      count = this.#process.choices();
    } catch (error) {
      throw faultOf(guard.plugIn, `choices() of process '${this.name}'`, error);
    } finally {
      leave();
    }
    if (!(Number.isInteger(count) && count >= 0 && count <= CHOICES_MOST)) this.#fault('choices()', count);
    if (guard.arena.changes !== before) guard.unchanged(before, `choices() of process '${this.name}'`);
    return count;
  }

  step(choice: number): void {
    const guard = this.#guard;
    const { arena } = guard;
    const before = arena.changes;
    const result: unknown = guard.call(`step() of process '${this.name}'`, () => this.#process.step(choice));
    if (result instanceof Promise)
      guard.fault(`step() of process '${this.name}' is asynchronous: what a step does, it does in the call`);
    if (this.#steps !== undefined) arena.set(this.#steps, arena.get(this.#steps) + 1);
    else if (arena.changes === before)
      guard.fault(
        `step '${this.label(choice)}' of process '${this.name}' changed no word of the arena: ` +
          "a step that does nothing must not be offered, and state outside the arena needs state: 'plain'",
      );
  }

  label(choice: number): string {
    const what = `label() of process '${this.name}'`;
    const before = this.#guard.arena.changes;
    const label: unknown = this.#guard.call(what, () => this.#process.label(choice));
    this.#guard.unchanged(before, what);
    return typeof label === 'string' && label !== '' ? label : this.#fault('label()', label);
  }

  #fault(what: string, value: unknown): never {
    const wanted =
      what === 'label()'
        ? 'a text'
        : what === 'location'
          ? 'a whole number'
          : `a whole number from 0 to ${CHOICES_MOST}`;
    return this.#guard.fault(`${what} of process '${this.name}' gave ${kindOf(value)}, not ${wanted}`);
  }
}
