/** What is written beside the scenario into the file of a counterexample: what it shows, and how it was found. */
import type { Counterexample } from '../fuzz/result.ts';
import { sizeText } from './counterexample.ts';
import { renderDiagram } from './diagram.ts';
import { renderArgument, renderClaim } from './finding.ts';
import { type Look, plainLook } from './look.ts';

type Found = Pick<
  Counterexample,
  'finding' | 'scenario' | 'commands' | 'steps' | 'preemptions' | 'shrunk' | 'block' | 'run'
>;

/** What is known of the session. */
export interface Provenance {
  readonly version: string;
  readonly seed: number;
}

/** Lines for the head of the file, and for its end. */
export interface FileComments {
  readonly head: readonly string[];
  readonly trace: readonly string[];
}

const look: Look = { ...plainLook, width: 98 };

export function commentsOf(found: Found, { version, seed }: Provenance): FileComments {
  const { finding, shrunk, block, run } = found;
  const size = sizeText(found);
  const facts = new Set(finding.facts.map(({ event }) => event));
  return {
    head: [
      `A counterexample, found by nvme-conform ${version} fuzz: seed ${seed}, block ${block + 1}, run ${run + 1}.`,
      shrunk ? `It was shrunk to ${size}.` : `It was not shrunk to the end: ${size}.`,
      '',
      ...renderClaim(finding, look),
      '',
      ...renderArgument(finding, look),
      '',
    ],
    trace: renderDiagram(finding.trace, facts, look),
  };
}
