/**
 * What the commands need of the rest of the program. Everything is loaded when it is asked for, so that
 * `--help` does not pay for it, and can be replaced in tests.
 */
import type { casesOf } from '../fuzz/case.ts';
import type { fuzz } from '../fuzz/session.ts';
import type { labelsOf, targetsOf } from '../fuzz/systems.ts';
import type { Diagnostic } from '../scenario/diagnostic.ts';
import type { Decisions } from '../scenario/pairings.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RuleId } from '../spec/rule.ts';
import type { DescribedPlugIn } from '../suite/describe.ts';
import type { SearchLimits } from '../suite/examine.ts';
import type { Replay, ReplayRequest } from '../suite/replay.ts';
import type { PairingResult, SuiteResult } from '../suite/result.ts';
import type { Shard } from '../suite/shard.ts';
import type { PlugInFile } from '../targets/plug-in/registry.ts';
import { InputError } from './input-error.ts';

/** A driver or a controller that can be named. */
export interface SystemRow {
  readonly name: string;
  readonly role: 'controller' | 'driver';
  readonly aliases: readonly string[];
  readonly describes: string;
  readonly knownFor: string;
  readonly shownBy?: string;
  readonly violates?: readonly RuleId[];
  /** What a scenario can decide for it; the systems of the catalogue say it there. */
  readonly decisions?: Decisions;
}

export interface RunRequest {
  readonly plugIns?: readonly PlugInFile[];
  readonly scenarios: readonly Scenario[];
  readonly controller: string | undefined;
  readonly driver: string | undefined;
  readonly seed: number;
  readonly runs: number | undefined;
  readonly strict: boolean;
  readonly search?: SearchLimits | undefined;
  readonly shard: Shard | undefined;
}
export interface RunCallbacks {
  readonly onResult?: (result: PairingResult, done: number, total: number) => void;
  /** Each result in the order of the scenarios, as soon as those before it have come in. */
  readonly onNext?: (result: PairingResult) => void;
}
/** Runs the scenarios. Takes care of SIGINT and SIGTERM while it does, and says so in its result. */
export type RunSuite = (request: RunRequest, callbacks: RunCallbacks) => Promise<SuiteResult>;

/** Runs the schedule of a scenario: in this thread, unless plug-ins take part. */
export type Replayer = (
  request: ReplayRequest,
  plugIns: readonly PlugInFile[],
) => readonly Replay[] | Promise<readonly Replay[]>;

export interface LoadedScenarios {
  readonly scenarios: readonly Scenario[];
  readonly diagnostics: readonly Diagnostic[];
  readonly notFound: readonly { readonly path: string; readonly reason: string }[];
  readonly sources: ReadonlyMap<string, string>;
}
/** `replaced`: roles in which a scenario may name a plug-in that is not loaded. */
export type LoadScenarios = (
  paths: readonly string[],
  systems: readonly SystemRow[],
  replaced?: readonly SystemRow['role'][],
) => LoadedScenarios;

export interface Fuzzer {
  readonly casesOf: typeof casesOf;
  readonly labelsOf: typeof labelsOf;
  readonly targetsOf: typeof targetsOf;
  /** Takes care of SIGINT and SIGTERM while it runs, and says so in its result. */
  readonly fuzz: typeof fuzz;
}

export interface Connections {
  systems(): Promise<readonly SystemRow[]>;
  /** What a module of the user's is. Throws `InputError`. */
  plugIn(file: PlugInFile): Promise<DescribedPlugIn>;
  /** The rules that are built; the others are only described. */
  judgedRules(): Promise<ReadonlySet<RuleId>>;
  scenarioLoader(): Promise<LoadScenarios>;
  /** As JSON Schema. */
  scenarioSchema(): Promise<object>;
  suiteRunner(): Promise<RunSuite>;
  fuzzer(): Promise<Fuzzer>;
  replayer(): Promise<Replayer>;
}

/** The program itself. */
export const connections: Connections = {
  systems: async () => {
    const { controllers, drivers } = await import('../systems/catalogue.ts');
    return [...controllers, qemu, ...drivers];
  },
  plugIn: async (file) => {
    const { describePlugIn } = await import('../suite/describe.ts');
    const described = await describePlugIn(file);
    const codes = { bad: 3, silent: 6, SIGINT: 130, SIGTERM: 143 } as const;
    if ('text' in described) throw new InputError(described.text, codes[described.because]);
    return described;
  },
  judgedRules: async () => new Set((await import('../rules/decidable.ts')).judgedRules),
  scenarioLoader: async () => {
    const { loadScenarios } = await import('../scenario/load.ts');
    const { decisionsOf } = await import('../systems/catalogue.ts');
    return (paths, systems, replaced = []) =>
      loadScenarios(paths, {
        controllers: namesOf(systems, 'controller'),
        drivers: namesOf(systems, 'driver'),
        decisions: (party, model) =>
          systems.find(({ role, name }) => role === party && name === model)?.decisions ??
          decisionsOf(party, model),
        replaced,
      });
  },
  scenarioSchema: async () => (await import('../scenario/json-schema.ts')).scenarioJsonSchema(),
  suiteRunner: async () => (await import('../suite/run.ts')).runSuite,
  fuzzer: async () => ({
    ...(await import('../fuzz/case.ts')),
    ...(await import('../fuzz/systems.ts')),
    ...(await import('../fuzz/session.ts')),
  }),
  replayer: async () => {
    const { replay } = await import('../suite/replay.ts');
    const { replayApart } = await import('../suite/replay-apart.ts');
    return (request, plugIns) => (plugIns.length > 0 ? replayApart(request, plugIns) : replay(request));
  },
};

/** Not a model: a process that is started for each scenario. */
const qemu: SystemRow = {
  name: 'qemu',
  role: 'controller',
  aliases: [],
  describes:
    "QEMU's NVMe controller in a process of its own, driven from outside. Runs `steps` scenarios only.",
  knownFor: '',
};

/** The names of a role with their aliases. */
export function namesOf(systems: readonly SystemRow[], role: SystemRow['role']): readonly string[] {
  return systems.filter((system) => system.role === role).flatMap(({ name, aliases }) => [name, ...aliases]);
}
