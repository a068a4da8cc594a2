/** fast-check's shrinking, led from outside: it can be stopped at once, in the middle of a long list of candidates. */
import type fc from 'fast-check';

/**
 * The smallest value that fast-check's shrinking of `given` leads to for which `fails` still says so. `given` itself is
 * not asked for, and may come from anywhere. `isOver` is asked before each candidate, and ends it.
 */
export function smallestFailing<T>(
  arbitrary: fc.Arbitrary<T>,
  given: T,
  fails: (value: T) => boolean,
  isOver: () => boolean,
): T {
  let smallest: { readonly value: T; readonly context: unknown } = { value: given, context: undefined };
  for (;;) {
    let smaller: typeof smallest | undefined;
    for (const candidate of arbitrary.shrink(smallest.value, smallest.context)) {
      if (isOver()) return smallest.value;
      if (!fails(candidate.value)) continue;
      smaller = candidate;
      break;
    }
    if (smaller === undefined) return smallest.value;
    smallest = smaller;
  }
}
