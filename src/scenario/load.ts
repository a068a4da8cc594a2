/** Scenario files to scenarios. Every mistake of every file is told at once; bad input never throws. */
import { judgedRules } from '../rules/decidable.ts';
import { ruleById } from '../spec/catalogue.ts';
import type { RuleId } from '../spec/rule.ts';
import { compareDiagnostics, type Diagnostic, type Problem } from './diagnostic.ts';
import { readYaml, YamlFile } from './document.ts';
import { tell } from './issues.ts';
import { isMap } from './kinds.ts';
import { readPairings, readWakeup, type Known } from './pairings.ts';
import { expandPaths, type NotFound } from './paths.ts';
import { MOST, Place } from './place.ts';
import { readQueues, type Queues } from './queues.ts';
import { readText } from './read.ts';
import { readSchedule } from './schedule.ts';
import type { Body, Exploration, Scenario } from './scenario.ts';
import { doorbellBuffer, explore, ruleList, scenario as schema, title } from './schema.ts';
import { readSteps } from './steps.ts';
import { readWorkload } from './workload.ts';

export type { Known } from './pairings.ts';
export type { NotFound } from './paths.ts';

export interface Loaded {
  /** In the order of their files. A file with a mistake gives none. */
  readonly scenarios: readonly Scenario[];
  /** By file and place. */
  readonly diagnostics: readonly Diagnostic[];
  readonly notFound: readonly NotFound[];
  /** The text of each file that could be read, for `renderDiagnostic`. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Loads the files and folders that `paths` name. */
export function loadScenarios(paths: readonly string[], known: Known): Loaded {
  const { files, notFound } = expandPaths(paths);
  const scenarios: Scenario[] = [];
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, string>();
  for (const file of files) {
    const read = readText(file);
    if ('problem' in read) {
      diagnostics.push({ file, message: read.problem });
      continue;
    }
    sources.set(file, read.text);
    const parsed = parseScenario(file, read.text, known);
    if ('scenario' in parsed) scenarios.push(parsed.scenario);
    else diagnostics.push(...parsed.diagnostics);
  }
  return { scenarios, diagnostics: diagnostics.toSorted(compareDiagnostics), notFound, sources };
}

export type Parsed = { readonly scenario: Scenario } | { readonly diagnostics: readonly Diagnostic[] };

/** The scenario that `text`, the contents of `file`, describes; or everything that is wrong with it. */
export function parseScenario(file: string, text: string, known: Known): Parsed {
  const yaml = readYaml(text);
  const problems: Problem[] = [];
  let scenario: Scenario | undefined;
  if (yaml instanceof YamlFile) {
    const top = new Place(yaml, problems);
    const shape = schema.safeParse(yaml.value);
    if (!shape.success) tell(shape.error, top);
    // Parts of the right shape are read whatever is wrong elsewhere, so that their mistakes are told too.
    if (isMap(yaml.value)) scenario = read(file, top, known);
  } else {
    problems.push(...yaml.problems);
  }
  if (scenario !== undefined && problems.length === 0) return { scenario };
  if (problems.length === MOST) problems.push({ message: `${MOST} mistakes are shown; there may be more` });
  return { diagnostics: problems.map((problem) => ({ file, ...problem })).toSorted(compareDiagnostics) };
}

function read(file: string, top: Place, known: Known): Scenario {
  const queues = readQueues(top.at('queues'));
  const provokes = top.at('provokes').read(ruleList) ?? [];
  const body = readBody(top, queues);
  const isScript = body.kind === 'steps';
  const schedule = top.at('schedule').value === undefined ? undefined : readSchedule(top.at('schedule'));
  checkProvoked(top.at('provokes'), provokes, isScript);
  return {
    file,
    title: top.at('scenario').read(title) ?? '',
    rules: readRules(top.at('rules')),
    provokes,
    doorbellBuffer: readDoorbellBuffer(top.at('doorbell-buffer')),
    queues: queues.plans,
    // A workload's formula is a decision of its driver.
    wakeup: isScript ? readWakeup(top) : undefined,
    body,
    ...(schedule && { schedule }),
    exploration: schedule ? nothingElse(top.at('explore')) : readExploration(top.at('explore'), isScript),
    pairings: readPairings(top, isScript, known),
  };
}

/** Rules to be exercised; one that is only described can be neither exercised nor broken. */
function readRules(place: Place): readonly RuleId[] {
  const rules = place.read(ruleList) ?? [];
  for (const [index, id] of rules.entries()) {
    if (judgedRules.includes(id)) continue;
    place
      .at(index)
      .wrong(`${id} is described and not judged yet`, 'nvme-conform list rules marks those that are');
  }
  return rules;
}

function readBody(top: Place, queues: Queues): Body {
  const [kind, second] = (['steps', 'workload'] as const).filter((key) => top.at(key).value !== undefined);
  if (kind === undefined) {
    const schedule = top.at('schedule');
    if (schedule.value === undefined) top.wrong('a scenario has a body: steps or workload');
    else schedule.wrongKey('a schedule says who steps, not what the host does', 'add steps or a workload');
  }
  if (kind !== undefined && second !== undefined)
    top.at(second).wrongKey(`one body at a time: here is ${kind} too`);
  if (kind === 'workload') return readWorkload(top.at(kind), queues);
  return { kind: 'steps', steps: readSteps(top.at('steps'), queues) };
}

function checkProvoked(place: Place, provokes: readonly RuleId[], isScript: boolean): void {
  if (provokes.length > 0 && !isScript) {
    place.wrongKey(
      'only a script provokes: in a workload both sides are judged',
      'say what must come out with expect',
    );
  }
  for (const [index, id] of provokes.entries()) {
    if (ruleById(id)?.party === 'controller') {
      place
        .at(index)
        .wrong(`${id} obliges the controller: a script cannot break it`, 'rules: is for what is exercised');
    }
  }
}

function readDoorbellBuffer(place: Place): Scenario['doorbellBuffer'] {
  const given = place.read(doorbellBuffer) ?? false;
  if (given === false) return 'never';
  // Linux creates its queues first.
  return given === true ? 'after-queues' : given;
}

/** A schedule is one order of all steps. */
function nothingElse(explore: Place): Exploration {
  if (explore.value !== undefined)
    explore.wrongKey('explore beside a schedule, which is one order of all steps');
  return { scripted: true, random: undefined, exhaustive: undefined };
}

/** What `explore` lists is done and nothing else; without it, a workload is also run at random. */
function readExploration(place: Place, isScript: boolean): Exploration {
  const given = place.read(explore) ?? (isScript ? {} : { random: {} });
  return {
    scripted: true,
    random: given.random && { runs: given.random.runs ?? 100, steps: given.random.steps ?? 2000 },
    exhaustive: given.exhaustive && {
      states: given.exhaustive.states ?? 2_000_000,
      depth: given.exhaustive.depth ?? 10_000,
    },
  };
}
