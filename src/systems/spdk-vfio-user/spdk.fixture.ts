/** Worlds of one driver or script and one SPDK variant, and what an exploration of them came to. */
import { exploreExhaustively } from '../../explore/exhaustive.ts';
import { byMoves, runToEnd } from '../../explore/schedule.ts';
import { build } from '../../scenario/build.ts';
import type { Body, Pairing, QueuePlan, Scenario, Step } from '../../scenario/scenario.ts';
import { csts, register } from '../../spec/registers.ts';
import type { World } from '../../world/world.ts';
import type { Overrides } from '../system.ts';

const position = { line: 1, column: 1 };

export interface Setup {
  readonly variant: 'v0' | 'v1' | 'v2' | 'v3';
  readonly controller?: Overrides;
  readonly driver?: string;
  readonly driverDecisions?: Overrides;
  readonly shadow?: boolean;
  readonly sq: number;
  readonly cq?: number;
}

export interface Verdict {
  /** Error ids, each once, in order. */
  readonly rules: readonly string[];
  readonly states: number;
  readonly complete: boolean;
  /** Whether the controller had failed at the end of each violation's path. */
  readonly failed: boolean;
}

export const cq = (qid: number, size: number, created: boolean = true): QueuePlan => ({
  ring: 'cq', name: `cq${qid}`, qid, size, vector: 1, created, position,
});
export const sq = (qid: number, size: number, cqid: number, created: boolean = true): QueuePlan => ({
  ring: 'sq', name: `sq${qid}`, qid, size, cqid, created, position,
});

type Distributed<T> = T extends unknown ? Omit<T, 'position'> : never;
/** A word of a script without its place in a file. */
export type Word = Distributed<Step>;

function world(setup: Setup, queues: readonly QueuePlan[], body: Body): World {
  const scenario: Scenario = {
    file: 'spdk', title: 'spdk', rules: [], provokes: [], queues, body, wakeup: undefined, pairings: [],
    doorbellBuffer: setup.shadow ? 'after-queues' : 'never',
    exploration: { scripted: true, random: undefined, exhaustive: undefined },
  };
  const pairing: Pairing = {
    driver: { model: setup.driver ?? 'linux/single-pass', decisions: setup.driverDecisions ?? {} },
    controller: { model: `spdk-vfio-user/${setup.variant}`, decisions: setup.controller ?? {} },
    verdict: { kind: 'conforms' },
    position,
  };
  const built = build(scenario, pairing);
  if (!built.world.bringUp()) throw new Error('bring-up hangs');
  return built.world;
}

/** Every interleaving of one thread that reads `commands` times. */
export function explored(setup: Setup, commands: number): Verdict {
  const queues = [cq(1, setup.cq ?? setup.sq), sq(1, setup.sq, 1)];
  const thread = [{ sqid: 1, operation: 'read' as const, count: commands, lba: 0 }];
  const model = world(setup, queues, { kind: 'workload', threads: [thread], control: [] });
  const result = exploreExhaustively(model, { states: 1_500_000, depth: 5_000 }, () => false);
  const errors = result.found.filter(({ finding }) => finding.severity === 'error');
  const failed = errors.every(({ moves }) => {
    model.restart();
    runToEnd(model, moves.length, byMoves(moves));
    return hasFailed(model);
  });
  const rules = [...new Set<string>(errors.map(({ finding }) => finding.rule))].sort();
  return { rules, states: result.states, complete: result.complete, failed: errors.length > 0 && failed };
}

export interface Scripted {
  readonly rules: readonly string[];
  readonly failed: boolean;
  /** Completion entries posted to each completion queue, in all its lives. */
  readonly posted: ReadonlyMap<number, number>;
}

/** A script by the default policy, with a `settle` after each word. */
export function scripted(setup: Setup, queues: readonly QueuePlan[], words: readonly Word[]): Scripted {
  const steps = words.flatMap((word): Step[] => [{ ...word, position }, { do: 'settle', position }]);
  const model = world(setup, queues, { kind: 'steps', steps });
  model.recorder.recording = true;
  const end = runToEnd(model, 5_000, () => undefined);
  if (!end.ended) throw new Error('the script does not end');
  const posted = new Map<number, number>();
  for (const row of model.recorder.rows) {
    if (row.bringUp || row.event?.type !== 'cqe.post') continue;
    posted.set(row.event.cqid, (posted.get(row.event.cqid) ?? 0) + 1);
  }
  const errors = model.findings.filter(({ severity }) => severity === 'error');
  return { rules: errors.map(({ rule }) => rule), failed: hasFailed(model), posted };
}

/** Whether some interleaving lets the controller fail (CSTS.CFS), whatever the judge says about it. */
export function canFail(setup: Setup, commands: number): boolean {
  const queues = [cq(1, setup.cq ?? setup.sq), sq(1, setup.sq, 1)];
  const thread = [{ sqid: 1, operation: 'read' as const, count: commands, lba: 0 }];
  const model = world(setup, queues, { kind: 'workload', threads: [thread], control: [] });
  const seen = new Set<string>();
  const search = (): boolean => {
    if (hasFailed(model)) return true;
    const key = `${model.arena.hashLow}:${model.arena.hashHigh}`;
    if (seen.has(key)) return false;
    seen.add(key);
    const here = model.arena.mark();
    for (const move of model.moves()) {
      model.take(move);
      if (search()) return true;
      model.arena.undo(here);
    }
    model.arena.drop(here);
    return false;
  };
  return search();
}

function hasFailed(model: World): boolean {
  return (model.link.peek(register.CSTS) & csts.CFS) !== 0;
}
