/** Writes down what another choice chooses, in the one list form that schedules are shrunk in. */
import { type Move, SCRIPT } from '../world/world.ts';
import { type Choice, END, ordered } from './schedule.ts';

export interface Recorded {
  /** Chooses as the given choice does. For one run. */
  readonly choice: Choice;
  /** Grows with the run. `runToEnd` with `byNumbers(numbers)` takes exactly the same moves. */
  readonly numbers: readonly number[];
}

/**
 * What the default policy took in the place of the choice is known only when the next move is asked for. After the
 * last one it need not be known: where the numbers end, the default policy goes on. A choice that lets the script go
 * on at once where others only go round has no list form: there the numbers go round for a while. No scheduler does it.
 */
export function recorded(choice: Choice): Recorded {
  const numbers: number[] = [];
  let open: readonly Move[] | undefined;
  const recording: Choice = (moves, last) => {
    // The script went on instead: the world was quiet, which it is whatever number stands here.
    if (open !== undefined) numbers.push(last === SCRIPT ? 0 : open.indexOf(last as Move));
    open = undefined;
    const chosen = choice(moves, last);
    if (moves.length === 0) return chosen;
    const inOrder = ordered(moves, last);
    if (chosen === undefined || chosen === SCRIPT || chosen === END) open = inOrder;
    else numbers.push(inOrder.indexOf(chosen));
    return chosen;
  };
  return { choice: recording, numbers };
}
