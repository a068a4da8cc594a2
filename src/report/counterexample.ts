/** A counterexample of a fuzz session, in full. */
import type { Counterexample } from '../fuzz/result.ts';
import { commandLines, replay, systemsIn } from './command.ts';
import { labelled, renderCase } from './finding.ts';
import type { Look } from './look.ts';
import { count, grouped, indented, printable, wrap } from './text.ts';

/** `again`: the words of the command that does the session again, for what could not be saved. */
export function renderCounterexample(
  counterexample: Counterexample,
  systems: string,
  again: readonly string[],
  look: Look,
): string[] {
  const { finding, scenario, file } = counterexample;
  const { palette, glyphs } = look;
  const paint = finding.severity === 'error' ? palette.bad : palette.warn;
  const heading = wrap(`${glyphs.fail} ${finding.rule} on ${systems}`, look.width);
  return [
    ...heading.map((line) => palette.strong(paint(line))),
    ...indented('  ', printable(scenario.title), look.width),
    ...labelled('where', file === undefined ? 'could not be saved' : printable(file), look),
    ...labelled('size ', sizeText(counterexample), look),
    ...labelled('found', originText(counterexample), look),
    '',
    ...renderCase(finding, look),
    '',
    ...(file === undefined
      ? commandLines('again ', again, look)
      : commandLines('replay', replay(file, systemsIn(scenario)), look)),
    ...commandLines('more  ', ['nvme-conform', 'explain', finding.rule], look),
  ];
}

/** `2 commands, 14 steps, 3 preemptions` */
export function sizeText({
  commands,
  steps,
  preemptions,
}: Pick<Counterexample, 'commands' | 'steps' | 'preemptions'>): string {
  return [count(commands, 'command'), count(steps, 'step'), count(preemptions, 'preemption')].join(', ');
}

/** Blocks and runs are counted from 0 in the result, and from 1 for people. */
function originText({ block, run, shrunk, duplicates }: Counterexample): string {
  const end = shrunk ? 'then shrunk' : 'not shrunk to the end';
  const first = `in run ${grouped(run + 1)} of block ${grouped(block + 1)}, ${end}`;
  return duplicates === 0 ? first : `${first}; ${count(duplicates, 'further run')} came down to the same`;
}
