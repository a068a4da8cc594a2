/** Takes out of a workload what the schedule of a counterexample never comes to. */
import { Following, scheduleOf } from '../explore/following.ts';
import type { FindingKey } from '../explore/finding-key.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Move } from '../world/world.ts';
import { type Case, judged, perform, type Stage, stageOf } from './case.ts';
import { shows } from './key.ts';

/** A case, a world of it, and a schedule that fails there. */
export interface Shown {
  readonly given: Case;
  readonly stage: Stage;
  readonly moves: readonly Move[];
}

type Workload = Scenario['body'] & { readonly kind: 'workload' };

/** The smallest workload in which the same steps, by their names, still show the finding. */
export function trimmed(shown: Shown, key: FindingKey, stop: () => boolean): Shown {
  const schedule = scheduleOf(shown.stage.world, shown.moves);
  let best = shown;
  for (;;) {
    const { body } = best.given.scenario;
    if (body.kind !== 'workload') return best;
    const smaller = shorterWorkloads(body)
      .map((workload): Case => ({ ...best.given, scenario: { ...best.given.scenario, body: workload } }))
      .map((given) => (stop() ? undefined : judged(() => following(given, schedule, key))))
      .find((each) => each !== undefined);
    if (smaller === undefined) return best;
    best = smaller;
  }
}

function following(given: Case, schedule: ReturnType<typeof scheduleOf>, key: FindingKey): Shown | undefined {
  const stage = stageOf(given);
  if (stage.isDown) return undefined;
  const { moves } = perform(stage, new Following(stage.world, schedule).choice);
  return shows(stage.world, key) ? { given, stage, moves } : undefined;
}

/** Without the last control action, or without the last command of one thread that has others. */
function shorterWorkloads(body: Workload): Workload[] {
  const { threads, control } = body;
  const shorter = threads.flatMap((thread, index) => {
    const last = thread.at(-1);
    if (last === undefined || (thread.length === 1 && last.count === 1)) return [];
    const rest = last.count > 1 ? [{ ...last, count: last.count - 1 }] : [];
    return [{ ...body, threads: threads.with(index, [...thread.slice(0, -1), ...rest]) }];
  });
  return control.length > 0 ? [{ ...body, control: control.slice(0, -1) }, ...shorter] : shorter;
}
