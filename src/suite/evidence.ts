/** Turns findings into reports: runs the way to each again with the recorder on, and has it argued. */
import { isKey } from '../explore/finding-key.ts';
import { byMoves, runToEnd } from '../explore/schedule.ts';
import type { Move, World } from '../world/world.ts';
import { notRepeatable } from './hidden-state.ts';
import type { FindingReport } from './result.ts';

type Finding = World['findings'][number];
type How = FindingReport['foundBy'];

export class Evidence {
  readonly #world: World;
  readonly #reports: FindingReport[];
  readonly #plugIn: string | undefined;

  /** `plugIn`: whose state may be where nobody can rewind it. */
  constructor(world: World, reports: FindingReport[], plugIn?: string) {
    this.#world = world;
    this.#reports = reports;
    this.#plugIn = plugIn;
  }

  /** Reports what the run that just ended has found; it was recorded. */
  ofThisRun(how: How, moves: readonly Move[]): void {
    for (const finding of this.#world.findings) this.#add(how, finding, moves.length);
    this.#world.findings.length = 0;
  }

  /** Reports a finding whose way is known, unless an equally short one was reported already. */
  of(how: How, finding: Finding, moves: readonly Move[], source?: { seed: number; path: string }): void {
    const known = this.#reports.find((report) => isKey(report, finding));
    if (known !== undefined && known.steps <= moves.length) return;
    const world = this.#world;
    world.restart();
    world.recorder.recording = true;
    runToEnd(world, moves.length + 1, byMoves(moves));
    const again = world.findings.find((other) => isKey(other, finding));
    if (again === undefined && this.#plugIn !== undefined) throw notRepeatable(this.#plugIn, finding.rule);
    if (known !== undefined) this.#reports.splice(this.#reports.indexOf(known), 1);
    this.#add(how, again ?? finding, moves.length, source);
    world.recorder.recording = false;
    world.restart();
  }

  #add(how: How, finding: Finding, steps: number, source?: { seed: number; path: string }): void {
    if (finding.severity === 'info') return; // a remark; nobody has to act on it
    const { recorder } = this.#world;
    const { facts, inference } = finding.argue({ events: recorder.events });
    this.#reports.push({
      rule: finding.rule,
      party: finding.party,
      severity: finding.severity,
      tags: finding.tags,
      queue: finding.queue,
      facts: facts.map(({ event, text }) => ({ event: event + 1, text })),
      inference,
      trace: [...recorder.rows],
      foundBy: how,
      steps,
      seed: source?.seed,
      path: source?.path,
    });
  }
}
