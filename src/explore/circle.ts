/** A path that came back to a state it had been in. */
import { type Move, processOf, SCRIPT } from '../world/world.ts';
import type { ProcessMask } from './reduction.ts';

/** One state of a path. */
export interface Station {
  readonly moves: readonly Move[];
  /** Processes that can step here; undefined: those that `moves` speaks of. */
  readonly enabled: ProcessMask | undefined;
  /** Whether the step that led here crossed the link. */
  readonly crossed: boolean;
}

export interface Circle {
  /** Nothing crosses the link on the way round. */
  readonly silent: boolean;
  /** Every process that can step all the way round does: it can go on for ever without anybody being left waiting. */
  readonly fair: boolean;
}

/** The circle from station `at` of the path round to it again; `closing`: whether the last step crossed the link. */
export function circleOf(
  stations: readonly Station[],
  path: readonly Move[],
  at: number,
  closing: boolean,
): Circle {
  const round = stations.slice(at);
  const moved = new Set(path.slice(at).map(processOf));
  let waiting: number[] | undefined;
  for (const station of round) {
    const able = ableAt(station);
    waiting = waiting === undefined ? able : waiting.filter((process) => able.includes(process));
  }
  return {
    silent: !closing && round.slice(1).every(({ crossed }) => !crossed),
    fair: (waiting ?? []).every((process) => moved.has(process)),
  };
}

function ableAt({ moves, enabled }: Station): number[] {
  if (enabled === undefined) return [...new Set(moves.filter((move) => move !== SCRIPT).map(processOf))];
  return Array.from({ length: 32 }, (_, process) => process).filter(
    (process) => ((enabled >>> process) & 1) === 1,
  );
}
