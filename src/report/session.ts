/** A fuzz session for people: what was done, what was found, and a summary at the end. */
import type { FuzzResult } from '../fuzz/result.ts';
import { rules } from '../spec/catalogue.ts';
import { scenarioNames } from './sections.ts';
import { commandLines, replay } from './command.ts';
import { renderCounterexample } from './counterexample.ts';
import { isFailure, renderFailure } from './failure.ts';
import { labelled } from './finding.ts';
import type { Look } from './look.ts';
import { renderOnRecord, type SystemOnRecord } from './on-record.ts';
import { columnsFor, renderResult } from './result-line.ts';
import { isInterrupted, standingOf, systemsOf, unshrunkRuns, type Standing } from './standing.ts';
import { count, grouped, indented, joined, printable, printableLines, unbroken, wrap } from './text.ts';

/**
 * The whole report, ending with a line break. `again`: the words of the command that does the session again. `records`:
 * what is known of the systems under test.
 */
export function renderSession(
  session: FuzzResult,
  again: readonly string[],
  records: readonly SystemOnRecord[],
  look: Look,
): string {
  const systems = systemsOf(session);
  return joined([
    renderHead(session, systems, look),
    ...renderCorpus(session, look),
    ...session.counterexamples.map((each) => renderCounterexample(each, systems, again, look)),
    renderTrouble(session, look),
    ...renderOnRecord(session, records, look),
    renderEnd(session, look),
  ]);
}

function renderHead(session: FuzzResult, systems: string, look: Look): string[] {
  const { seed, shard, worlds, notApplicable, down, steps, unfinished, selfChecks } = session;
  const part = shard === undefined ? '' : `, shard ${shard.index} of ${shard.of}`;
  const cut = unfinished === 0 ? '' : `; ${grouped(unfinished)} not finished within their steps`;
  const failed = down === 0 ? '' : `; bring-up failed in ${count(down, 'world')}, which have one run at most`;
  const beyond = notApplicable === 0 ? '' : `; ${notApplicableText(session)}`;
  const field = (label: string, text: string): string[] =>
    text === '' ? [] : labelled(label.padEnd('schedulers'.length), text, look);
  return [
    ...wrap(`Fuzz session: ${systems}, seed ${seed}${part}`, look.width).map(look.palette.heading),
    ...field(
      'runs',
      `${runsText(session)} in ${count(worlds, 'world')}, ${count(steps, 'step')}${cut}${failed}${beyond}`,
    ),
    ...field('schedulers', tally(session.schedulers)),
    ...field('features', tally(byCount(session.features))),
    ...field('rules', table(inOrder(session.exercised), look.width - 'schedulers'.length - 4)),
    ...field('checked', selfChecks === 0 ? '' : `${count(selfChecks, 'run')} repeated, undone and redone`),
    ...field('warnings', warningsText(session)),
    ...field('not shrunk', tally(inOrder(session.notShrunk))),
  ];
}

/** `300 runs`, `84 of 300 runs` */
function runsText({ runs, asked = runs }: FuzzResult): string {
  return runs < asked ? `${grouped(runs)} of ${count(asked, 'run')}` : count(runs, 'run');
}

/** `uniform 5,000, pct 8,000`, without what never took part. */
function tally(counts: Readonly<Record<string, number>>, cell = unbroken): string {
  return Object.entries(counts)
    .filter(([, value]) => value > 0)
    .map(([name, value]) => cell(`${printable(name)} ${grouped(value)}`))
    .join(', ');
}

/** As `tally`, in columns that are read from left to right; `wrap` keeps the blanks. */
function table(counts: Readonly<Record<string, number>>, width: number): string {
  const cells = Object.entries(counts).filter(([, value]) => value > 0);
  const name = Math.max(0, ...cells.map(([text]) => text.length));
  const digits = Math.max(0, ...cells.map(([, value]) => grouped(value).length));
  const texts = cells.map(([text, value]) => `${text.padEnd(name)} ${grouped(value).padStart(digits)}`);
  const columns = Math.max(1, Math.floor((width + GAP.length) / (name + 1 + digits + GAP.length)));
  const rows = Math.ceil(texts.length / columns);
  return Array.from({ length: rows }, (_, row) =>
    unbroken(texts.slice(row * columns, (row + 1) * columns).join(GAP)),
  ).join('\n');
}

const GAP = '   ';

/** The most common first; by name where it is the same. */
function byCount(counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(counts).toSorted(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : y - x)),
  );
}

/** In the catalogue's order, which is not the order in which workers met them. */
function inOrder(counts: FuzzResult['exercised']): Readonly<Record<string, number>> {
  return Object.fromEntries(rules.map(({ id }) => [id, counts[id] ?? 0]));
}

/** `HOST-REAP 12 (--strict makes them count)`, in runs; nothing if there are none. */
export function warningsText({ warnings }: FuzzResult): string {
  const counts = tally(inOrder(warnings), (text) => text);
  return counts === '' ? '' : `${counts} (--strict makes them count)`;
}

/** `143 worlds not applicable` */
export function notApplicableText({ notApplicable }: FuzzResult): string {
  return `${count(notApplicable, 'world')} not applicable`;
}

/** Known violations with the command that draws them; what has no finding to draw, in full. */
function renderCorpus({ corpus, corpusLeftAlone, foundAgain, seed }: FuzzResult, look: Look): string[][] {
  const names = scenarioNames(corpus);
  const columns = columnsFor(corpus, names);
  const left = count(corpusLeftAlone, 'other is', 'others are');
  const lines = corpus.flatMap((result) => [
    ...renderResult(result, columns, look),
    ...againLines(foundAgain[result.file] ?? 0, look),
    ...(isFailure(result) && result.findings.length > 0
      ? commandLines('  replay', replay(result.file, result), look)
      : []),
  ]);
  const puzzling = corpus.filter((result) => isFailure(result) && result.findings.length === 0);
  if (corpus.length === 0 && corpusLeftAlone === 0) return [];
  return [
    [
      look.palette.heading('Counterexamples of earlier sessions'),
      ...lines,
      ...(corpusLeftAlone === 0
        ? []
        : indented('  ', `${look.glyphs.none} ${left} about other systems`, look.width)),
    ],
    ...puzzling.map((result) => renderFailure(result, names, { seed }, look)),
  ];
}

function againLines(runs: number, look: Look): string[] {
  return runs === 0 ? [] : indented('      ', `${count(runs, 'run')} came down to the same`, look.width);
}

function renderTrouble({ trouble }: FuzzResult, look: Look): string[] {
  const { glyphs } = look;
  const marks = {
    'internal': glyphs.fail,
    'bad-plug-in': glyphs.fail,
    'inconclusive': glyphs.unknown,
    'not-applicable': glyphs.none,
  };
  const words = {
    'internal': 'internal error, a defect of nvme-conform: please report it',
    'bad-plug-in': 'bad plug-in',
    'inconclusive': 'inconclusive',
    'not-applicable': 'not applicable',
  };
  return trouble.flatMap(({ kind, block, text }) =>
    wrap(`${marks[kind]} block ${grouped(block + 1)}: ${words[kind]}: ${printableLines(text)}`, look.width),
  );
}

function renderEnd(session: FuzzResult, look: Look): string[] {
  const { palette, width } = look;
  const outcome = outcomeTexts(session).map(unbroken).join(', ');
  const rulesExercised = Object.values(session.exercised).filter((times) => times > 0).length;
  const extent = [
    `${count(rulesExercised, 'rule')} exercised`,
    runsText(session),
    `seed ${session.seed}`,
  ].join('  ');
  const paint = isGood(session) ? palette.good : palette.bad;
  return [
    ...(isInterrupted(session.ended)
      ? [palette.warn(`interrupted by ${session.ended}: the findings so far`)]
      : []),
    ...(outcome.length + 4 + extent.length <= width
      ? [`${paint(wrap(outcome, width).join(' '))}    ${extent}`]
      : [...wrap(outcome, width).map(paint), ...wrap(extent, width)]),
  ];
}

/** `2 counterexamples, 41 duplicates, 1 of 3 earlier ones still failing`, or that there was none. */
function outcomeTexts(session: FuzzResult): readonly string[] {
  const { counterexamples, corpus, trouble } = session;
  const again = Object.keys(session.foundAgain).length;
  const duplicates = counterexamples.reduce((sum, each) => sum + each.duplicates, 0);
  const earlier = (standing: Standing): number =>
    corpus.filter(({ outcome }) => standingOf(outcome) === standing).length;
  const [failing, unknown] = [earlier('failed'), earlier('error')];
  const of = (kind: (typeof trouble)[number]['kind']): number =>
    trouble.filter((each) => each.kind === kind).length;
  const when = (value: number, text: string): readonly string[] => (value > 0 ? [text] : []);
  return [
    newText(session),
    ...when(duplicates, count(duplicates, 'duplicate')),
    ...when(unshrunkRuns(session), `${grouped(unshrunkRuns(session))} not shrunk`),
    ...when(failing, `${grouped(failing)} of ${count(corpus.length, 'earlier one')} still failing`),
    ...when(again, `${grouped(again)} of them found again`),
    ...when(unknown, `${grouped(unknown)} of ${count(corpus.length, 'earlier one')} without a verdict`),
    ...when(of('inconclusive'), `${grouped(of('inconclusive'))} inconclusive`),
    ...when(of('bad-plug-in'), 'bad plug-in'),
    ...when(of('internal'), count(of('internal'), 'internal error')),
  ];
}

/** That there is no violation is said only where nothing failed in any way. */
function newText({ counterexamples, corpus, notShrunk }: FuzzResult): string {
  const isClean = Object.keys(notShrunk).length === 0 && !corpus.some(isFailure);
  if (counterexamples.length === 0) return isClean ? 'no violation' : 'no new counterexample';
  return count(counterexamples.length, corpus.some(isFailure) ? 'new counterexample' : 'counterexample');
}

function isGood(session: FuzzResult): boolean {
  return (
    session.runs > 0 &&
    session.counterexamples.length === 0 &&
    unshrunkRuns(session) === 0 &&
    session.trouble.every(({ kind }) => kind === 'not-applicable') &&
    !session.corpus.some(isFailure)
  );
}
