/**
 * What the commands need of the rest of the program. Everything is loaded when it is asked for, so that
 * `--help` does not pay for it, and can be replaced in tests.
 */
import type { casesOf } from '../fuzz/case.ts';
import type { fuzz } from '../fuzz/session.ts';
import type { labelsOf } from '../fuzz/systems.ts';
import type { Diagnostic } from '../scenario/diagnostic.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RuleId } from '../spec/rule.ts';
import type { SearchLimits } from '../suite/examine.ts';
import type { Replay, ReplayRequest } from '../suite/replay.ts';
import type { PairingResult, SuiteResult } from '../suite/result.ts';
import type { Shard } from '../suite/shard.ts';

/** A driver or a controller that can be named. */
export interface SystemRow {
  readonly name: string;
  readonly role: 'controller' | 'driver';
  readonly aliases: readonly string[];
  readonly describes: string;
  readonly knownFor: string;
}

export interface RunRequest {
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

/** Runs the schedule of a scenario in this thread. */
export type Replayer = (request: ReplayRequest) => readonly Replay[];

export interface LoadedScenarios {
  readonly scenarios: readonly Scenario[];
  readonly diagnostics: readonly Diagnostic[];
  readonly notFound: readonly { readonly path: string; readonly reason: string }[];
  readonly sources: ReadonlyMap<string, string>;
}
export type LoadScenarios = (paths: readonly string[], systems: readonly SystemRow[]) => LoadedScenarios;

export interface Fuzzer {
  readonly casesOf: typeof casesOf;
  readonly labelsOf: typeof labelsOf;
  /** Takes care of SIGINT and SIGTERM while it runs, and says so in its result. */
  readonly fuzz: typeof fuzz;
}

export interface Connections {
  systems(): Promise<readonly SystemRow[]>;
  /** The rules that are built; the others are only described. */
  judgedRules(): Promise<ReadonlySet<RuleId>>;
  scenarioLoader(): Promise<LoadScenarios>;
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
  judgedRules: async () => new Set((await import('../rules/decidable.ts')).judgedRules),
  scenarioLoader: async () => {
    const { loadScenarios } = await import('../scenario/load.ts');
    const { decisionsOf } = await import('../systems/catalogue.ts');
    return (paths, systems) =>
      loadScenarios(paths, {
        controllers: namesOf(systems, 'controller'),
        drivers: namesOf(systems, 'driver'),
        decisions: (party, model) => decisionsOf(party, model),
      });
  },
  suiteRunner: async () => (await import('../suite/run.ts')).runSuite,
  fuzzer: async () => ({
    ...(await import('../fuzz/case.ts')),
    ...(await import('../fuzz/systems.ts')),
    ...(await import('../fuzz/session.ts')),
  }),
  replayer: async () => (await import('../suite/replay.ts')).replay,
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
