/**
 * Partial order reduction: which of the processes that can step need to be followed from a state.
 *
 * **Persistent sets** (Godefroid, LNCS 1032, 1996; as stubborn sets: Valmari, 1991). From one process that can step,
 * the set is closed: of a process in it that can step, every process joins that has, at any of its locations, a step
 * which depends on that step; of a process in it that cannot step, every process joins that can write what its guard
 * read. Whoever stays outside can then do nothing, however long it runs, that depends on what the set does first. So
 * following only the set from here reaches every dead end, and takes some ordering of every sequence of steps: steps
 * that touch nothing in common give the same events, the same ledger and the same findings in either order. Rules and
 * ledger run inside the step and are part of its footprint, so nothing else has to be declared visible, except:
 *
 * - a step that ends the path with an error. It is no step of the graph that is searched but something seen in the
 *   state before it, whose other steps are then all followed;
 * - a rule about which processes can step at all (SAVE-NO-BACKPRESSURE, judged in every state): a world in which such
 *   a request was ever open is not reduced.
 *
 * **Cycle proviso** (Peled, 1994): a state with a successor on the current path has all its steps followed, or a step
 * left out could be put off for ever.
 *
 * **Sleep sets** stored with the visited states (Godefroid 1996, chapter 5.4): a process whose step was followed
 * elsewhere and that depends on nothing taken since sleeps; a state met again with less asleep is followed again for
 * the difference only. What sleeps may be what goes round for ever, so a world in which a path ever came back to a
 * state of its own is searched without them.
 *
 * The footprints are learned, not declared, so that a model of the user's is reduced like ours: whatever a step or a
 * guard touches at one of its locations is taken down, in some hundred random runs first, then in every state and step
 * of the search; and when that changes a conclusion, the search begins anew. So of the search that counts, no step
 * touched anything that its conclusions did not allow for. And of the steps left out, each was taken later, with the same
 * past, as some ordering of every sequence is; or it was found blocked by what was taken first, and then its guard, which
 * is in the books too, depends on that. (What is not in the books can only be a word that a guard reads in none of the
 * states searched, because others than those that block it were in the way each time.) A test compares findings and dead
 * ends with those of the search of every step, in worlds made to deceive it, too.
 */
import type { Footprints, Transition } from './footprints.ts';

/** A set of processes: bit p stands for process p. */
export type ProcessMask = number;

/** The processes to be followed, of those in `enabled`: the smallest persistent set that one of them leads to. */
export function persistent(transitions: readonly Transition[], enabled: ProcessMask): ProcessMask {
  let best = enabled;
  let least = size(enabled);
  for (let rest = enabled; rest !== 0 && least > 1; rest &= rest - 1) {
    const set = closed(transitions, enabled, rest & -rest, least);
    if (size(set) >= least) continue;
    best = set;
    least = size(set);
  }
  return best;
}

/** Those of the closure of `seed` that can step, or all when there are `limit` of them or more. */
function closed(
  transitions: readonly Transition[],
  enabled: ProcessMask,
  seed: ProcessMask,
  limit: number,
): ProcessMask {
  let set = seed;
  for (let open = seed; open !== 0;) {
    const bit = open & -open;
    open ^= bit;
    const { conflicts, enablers } = transitions[31 - Math.clz32(bit)] as Transition;
    const joining = ((enabled & bit) !== 0 ? conflicts : enablers) & ~set;
    set |= joining;
    open |= joining;
    if (size(set & enabled) >= limit) return enabled;
  }
  return set & enabled;
}

/** Of `sleeping`, those that depend on nothing that `step` did. They have not moved since it was followed elsewhere. */
export function stillAsleep(footprints: Footprints, sleeping: ProcessMask, step: Transition): ProcessMask {
  let asleep = 0;
  for (let rest = sleeping; rest !== 0; rest &= rest - 1) {
    const bit = rest & -rest;
    if (!footprints.depend(step, footprints.at(31 - Math.clz32(bit)))) asleep |= bit;
  }
  return asleep;
}

function size(mask: ProcessMask): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
