/** A scenario as a file: what is loaded from the text is the same scenario, but for positions. */
import { Document } from 'yaml';
import { printable } from './diagnostic.ts';
import type { ModelChoice, Pairing, QueuePlan, Scenario, ScheduledStep, Verdict } from './scenario.ts';
import { flow, type Plain, Words } from './write-words.ts';

export interface Comments {
  /** Lines above: what wrote the file, and why. */
  readonly head: readonly string[];
  /** Lines below: what happened, one line for each event. */
  readonly trace?: readonly string[];
}

/** YAML text, ending with a line break. The scenario must be one that can be loaded. */
export function writeScenario(scenario: Scenario, comments: Comments): string {
  const yaml = new Writer(scenario).document();
  const trace = comments.trace ?? [];
  return `${comment(comments.head)}${yaml}${trace.length > 0 ? '\n' : ''}${comment(trace)}`;
}

/** Nothing that a line holds ends the comment: a line break would make YAML of what follows. */
function comment(lines: readonly string[]): string {
  return lines.map((line) => `${`# ${printable(line)}`.trimEnd()}\n`).join('');
}

class Writer {
  readonly #scenario: Scenario;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
  }

  document(): string {
    const { title, rules, provokes, doorbellBuffer, schedule } = this.#scenario;
    const contents: Plain = {
      'nvme-conform': 1,
      'scenario': title,
      ...(rules.length > 0 ? { rules: flow(rules) } : {}),
      ...(provokes.length > 0 ? { provokes: flow(provokes) } : {}),
      ...(doorbellBuffer === 'never' ? {} : { 'doorbell-buffer': doorbellBuffer }),
      ...this.#queues(),
      ...this.#systems(),
      ...this.#body(),
      ...(schedule === undefined ? {} : { schedule: this.#schedule(schedule) }),
      ...this.#explore(),
      ...this.#verdicts(),
    };
    // A burst is one line, however long.
    return new Document(contents).toString({ lineWidth: 0 });
  }

  #queues(): Plain {
    const rows = this.#scenario.queues.map((queue) => [queue.name, flow(shape(queue))] as const);
    return rows.length > 0 ? { queues: Object.fromEntries(rows) } : {};
  }

  #body(): Plain {
    const { body, queues } = this.#scenario;
    const words = new Words(queues);
    if (body.kind === 'steps') return { steps: body.steps.map((step) => words.step(step)) };
    const threads = body.threads.map((thread) => flow(thread.map((operation) => words.operation(operation))));
    const control = body.control.map((operation) => words.control(operation));
    return { workload: { threads, ...(control.length > 0 ? { control } : {}) } };
  }

  /** Steps that one process takes in a row are one item. */
  #schedule(schedule: readonly ScheduledStep[]): unknown {
    const bursts: { process: string; steps: string[] }[] = [];
    for (const { process, step } of schedule) {
      const last = bursts.at(-1);
      if (last?.process === process) last.steps.push(step);
      else bursts.push({ process, steps: [step] });
    }
    return bursts.map(({ process, steps }) => ({ [process]: flow(steps) }));
  }

  #explore(): Plain {
    const { body, schedule, exploration } = this.#scenario;
    const { random, exhaustive } = exploration;
    const isUsual = body.kind === 'steps' && random === undefined && exhaustive === undefined;
    if (schedule !== undefined || isUsual) return {};
    const explore = { ...(random ? { random } : {}), ...(exhaustive ? { exhaustive } : {}) };
    return { explore: flow(explore) };
  }

  /** The driver, where all pairs have the same one, and the controller of a single pair. */
  #systems(): Plain {
    const [first, second] = this.#scenario.pairings;
    const driver = this.#commonDriver();
    return {
      ...(driver === undefined || isReference(driver) ? {} : { driver: flow(this.#driver(driver)) }),
      ...(first === undefined || second !== undefined || isReference(first.controller)
        ? {}
        : { controller: flow(model(first.controller)) }),
    };
  }

  #verdicts(): Plain {
    const { pairings } = this.#scenario;
    const [first, second] = pairings;
    if (first === undefined) return {};
    if (second === undefined) return { expect: flow(verdict(first.verdict)) };
    const common = this.#commonDriver();
    const isMap = common !== undefined && pairings.every(({ controller }) => isBare(controller));
    if (!isMap) return { against: pairings.map((pairing) => flow(this.#pair(pairing, common))) };
    const rows = pairings.map(({ controller, verdict: stated }) => [controller.model, flow(verdict(stated))]);
    return { against: Object.fromEntries(rows) as Plain };
  }

  #pair({ driver, controller, verdict: stated }: Pairing, common: ModelChoice | undefined): Plain {
    return {
      ...(common === undefined ? { driver: this.#driver(driver) } : {}),
      controller: model(controller),
      verdict: verdict(stated),
    };
  }

  /** In a script only the wake-up formula of the host is a choice. */
  #driver(driver: ModelChoice): unknown {
    return this.#scenario.body.kind === 'steps' ? { ...driver.decisions } : model(driver);
  }

  #commonDriver(): ModelChoice | undefined {
    const [first, ...others] = this.#scenario.pairings.map(({ driver }) => driver);
    const isCommon = others.every((other) => JSON.stringify(other) === JSON.stringify(first));
    return isCommon ? first : undefined;
  }
}

function shape(queue: QueuePlan): Plain {
  const created = queue.created ? {} : { created: false };
  if (queue.ring === 'sq') return { size: queue.size, cq: `cq${queue.cqid}`, ...created };
  const { size, vector, qid } = queue;
  const interrupt = vector === undefined ? { polled: true } : vector === qid ? {} : { vector };
  return { size, ...interrupt, ...created };
}

function model(choice: ModelChoice): unknown {
  return isBare(choice) ? choice.model : { model: choice.model, ...choice.decisions };
}

function isBare({ decisions }: ModelChoice): boolean {
  return Object.keys(decisions).length === 0;
}

/** What stands for nothing being said. */
function isReference(choice: ModelChoice): boolean {
  return choice.model === 'reference' && isBare(choice);
}

function verdict(stated: Verdict): unknown {
  if (stated.kind === 'conforms') return 'conforms';
  return { violates: stated.kind === 'violates' ? stated.rules : { any: stated.rules } };
}
