/** How a result counts for programs that know four standings only: TAP harnesses, CI servers. */
import type { FuzzResult } from '../fuzz/result.ts';
import type { Outcome, PairingResult } from '../suite/result.ts';
import { reasonOf } from './failure.ts';
import { targetOf, verdictText } from './outcome.ts';
import { count, inOneLine, printable } from './text.ts';

/** `failed`: what was tested did wrong, or was not tested at all. `error`: no verdict could be had. */
export type Standing = 'passed' | 'failed' | 'error' | 'skipped';

export function standingOf(outcome: Outcome): Standing {
  switch (outcome) {
    case 'as-expected':
      return 'passed';
    case 'unexpected':
    case 'vacuous':
      return 'failed';
    case 'bad-scenario':
    case 'bad-plug-in':
    case 'inconclusive':
    case 'internal':
      return 'error';
    case 'not-applicable':
      return 'skipped';
  }
}

/** Something that was tested, in one line. */
export interface TestPoint {
  readonly name: string;
  readonly standing: Standing;
  /** Why it did not pass; what it was worth, if it did. */
  readonly text: string;
}

/** Results are told by file: a name shorter than that is only known when all have come in. */
export function resultPoint(result: PairingResult): TestPoint {
  const verdict = verdictText(result);
  const reason = reasonOf(result);
  const isPlain = result.outcome === 'unexpected' || reason === undefined;
  return {
    name: `${printable(result.file)} on ${targetOf(result)}`,
    standing: standingOf(result.outcome),
    text: isPlain ? verdict : inOneLine(reason),
  };
}

/** The session as a whole: it passes if nothing was found in it and something ran. */
export function sessionPoint(session: FuzzResult): TestPoint {
  const { runs, trouble, counterexamples } = session;
  const name = `${count(runs, 'run')} of ${systemsOf(session)} without a violation`;
  const of = (kind: (typeof trouble)[number]['kind']): readonly string[] =>
    trouble.filter((each) => each.kind === kind).map(({ text }) => inOneLine(text));
  const texts = { internal: of('internal'), inconclusive: of('inconclusive'), none: of('not-applicable') };
  const point = (standing: Standing, text: string): TestPoint => ({ name, standing, text });
  if (texts.internal.length > 0) return point('error', `internal error: ${texts.internal.join('; ')}`);
  const unshrunk = unshrunkRuns(session);
  const again = Object.keys(session.foundAgain).length;
  if (counterexamples.length > 0 || unshrunk > 0 || again > 0) {
    const found = [
      count(counterexamples.length, again > 0 ? 'new counterexample' : 'counterexample'),
      ...(again > 0 ? [`${count(again, 'earlier one')} found again`] : []),
      ...(unshrunk > 0 ? [`${count(unshrunk, 'failing run')} not shrunk`] : []),
    ];
    return point('failed', found.join(', '));
  }
  const faults = of('bad-plug-in');
  if (faults.length > 0) return point('error', `bad plug-in: ${faults.join('; ')}`);
  if (texts.inconclusive.length > 0) return point('error', `inconclusive: ${texts.inconclusive.join('; ')}`);
  if (isInterrupted(session.ended)) return point('error', `interrupted by ${session.ended}`);
  if (runs > 0) return point('passed', `${count(session.worlds, 'world')}, ${count(session.steps, 'step')}`);
  return point('skipped', texts.none.length > 0 ? texts.none.join('; ') : 'nothing ran');
}

/** `propolis/before with linux/single-pass`; the reference driver goes without saying. */
export function systemsOf({ driver, controller }: Pick<FuzzResult, 'driver' | 'controller'>): string {
  return printable(driver === 'reference' ? controller : `${controller} with ${driver}`);
}

/** Failing runs that were counted only. */
export function unshrunkRuns({ notShrunk }: FuzzResult): number {
  return Object.values(notShrunk).reduce((sum, runs) => sum + runs, 0);
}

export function isInterrupted(ended: FuzzResult['ended']): ended is 'SIGINT' | 'SIGTERM' {
  return ended === 'SIGINT' || ended === 'SIGTERM';
}
