/** The report of a replay: the whole run as a picture, then what came out of it. */
import type { Replay } from '../suite/replay.ts';
import type { Invocation } from './command.ts';
import { renderFailure, isFailure } from './failure.ts';
import type { Look } from './look.ts';
import { markOf, targetOf, tellingFindings, verdictText } from './outcome.ts';
import { renderReplayDiagram } from './replay-diagram.ts';
import { scenarioNames } from './sections.ts';
import { count, grouped, joined, printable, printableLines, wrap } from './text.ts';

/** Ends with a line break. */
export function renderReplays(replays: readonly Replay[], invocation: Invocation, look: Look): string {
  return joined(replays.flatMap((replay) => renderReplay(replay, invocation, look)));
}

function renderReplay({ result, trace }: Replay, invocation: Invocation, look: Look): readonly string[][] {
  const { palette } = look;
  const findings = tellingFindings(result);
  const facts = new Set(findings.flatMap((finding) => finding.facts.map(({ event }) => event)));
  const title = wrap(printable(result.title), look.width).map((line) => palette.heading(line));
  const picture = trace.length === 0 ? [] : ['', ...renderReplayDiagram(trace, facts, look)];
  return [
    [...title, ...wrap(`${targetOf(result)}: ${lengthText(result)}`, look.width), ...picture],
    isFailure(result)
      ? renderFailure(undrawn(result), scenarioNames([result]), invocation, look)
      : [passed(result, look)],
  ];
}

/** How long the schedule is, and what the default policy had to add. */
function lengthText({ explorations }: Replay['result']): string {
  const [run] = explorations;
  if (run?.kind !== 'scripted' || run.schedule === undefined) return 'ended in bring-up';
  const { followed } = run.schedule;
  const more = run.steps - followed;
  const added = more > 0 ? `, and ${grouped(more)} more by the default policy` : '';
  return `${count(followed, 'step')} of the schedule${added}`;
}

/** Its findings were drawn already. */
function undrawn(result: Replay['result']): Replay['result'] {
  return { ...result, findings: result.findings.map((finding) => ({ ...finding, trace: [] })) };
}

function passed(result: Replay['result'], look: Look): string {
  const { mark, tone } = markOf(result.outcome, look);
  const reason = result.reason === undefined ? '' : `: ${printableLines(result.reason)}`;
  return look.palette[tone](
    `${mark} ${printable(result.file)} on ${targetOf(result)}  ${verdictText(result)}${reason}`,
  );
}
