/** What takes part in a scenario with a workload, in words: a session counts them. */
import type { ControlOperation, QueuePlan, Scenario, ThreadOperation } from '../scenario/scenario.ts';
import { BLOCKS, commandsOn } from './generate.ts';

interface Parts {
  readonly scenario: Scenario;
  readonly commands: readonly ThreadOperation[];
  readonly threads: number;
  readonly control: readonly ControlOperation[];
  readonly cqs: readonly Extract<QueuePlan, { ring: 'cq' }>[];
  readonly sqs: readonly Extract<QueuePlan, { ring: 'sq' }>[];
}

const LAPS = 2;

const does =
  (...words: readonly ControlOperation['do'][]): ((parts: Parts) => boolean) =>
  ({ control }) =>
    control.some((operation) => words.includes(operation.do));
const decides =
  (name: string): ((parts: Parts) => boolean) =>
  ({ scenario }) =>
    scenario.pairings.some(
      ({ driver, controller }) => name in driver.decisions || name in controller.decisions,
    );
const repeats = (values: readonly unknown[]): boolean => new Set(values).size < values.length;

const features: Readonly<Record<string, (parts: Parts) => boolean>> = {
  'several threads': ({ threads }) => threads > 1,
  'several completion queues': ({ cqs }) => cqs.length > 1,
  'shared completion queue': ({ sqs }) => repeats(sqs.map(({ cqid }) => cqid)),
  'shared interrupt vector': ({ cqs }) =>
    repeats(cqs.flatMap(({ vector }) => (vector === undefined ? [] : [vector]))),
  'polled completion queue': ({ cqs }) => cqs.some(({ vector }) => vector === undefined),
  'queues of more than 4 slots': ({ scenario }) => scenario.queues.some(({ size }) => size > 4),
  'queues of more than 8 slots': ({ scenario }) => scenario.queues.some(({ size }) => size > 8),
  'rings that wrap twice': ({ commands, sqs }) =>
    sqs.some((sq) => commandsOn(commands, sq.qid) >= LAPS * sq.size),
  'writes': ({ commands }) => commands.some(({ operation }) => operation === 'write'),
  'flushes': ({ commands }) => commands.some(({ operation }) => operation === 'flush'),
  'error completions': ({ commands }) => commands.some(({ lba }) => lba >= BLOCKS),
  'shadow doorbells': (parts) => parts.scenario.doorbellBuffer !== 'never' || does('doorbell-buffer')(parts),
  'Doorbell Buffer Config between queues': ({ scenario }) => scenario.doorbellBuffer === 'between-queues',
  'Doorbell Buffer Config while running': does('doorbell-buffer'),
  'Doorbell Buffer Config with other pages': decides('doorbellPages'),
  'controller reset': does('reset'),
  'queue deleted': does('delete'),
  'queue re-created': does('create'),
  'queue re-created with another size': ({ scenario, control }) => changed(scenario, control, 'size'),
  'submission queue moved': ({ scenario, control }) => changed(scenario, control, 'cqid'),
  'two lives of a queue': does('create', 'reset'),
  'abort': does('abort'),
  'mask and unmask': does('mask'),
  'several vectors masked at once': ({ control }) => severalMasked(control),
  'inspect': does('inspect'),
  'save': does('save'),
  'restore': does('restore'),
  'next-aen': does('next-aen'),
  'other decisions': ({ scenario }) =>
    scenario.pairings.some((pair) =>
      [pair.driver, pair.controller].some(({ decisions }) => Object.keys(decisions).length > 0),
    ),
  'free slots by SQHD': decides('freeSlots'),
  'polled completion': decides('completion'),
  'batched tail doorbells': decides('tailDoorbell'),
  'large command identifiers': decides('firstCid'),
};

/** None for a script. */
export function featuresOf(scenario: Scenario): readonly string[] {
  const { body, queues } = scenario;
  if (body.kind !== 'workload') return [];
  const parts: Parts = {
    scenario,
    commands: body.threads.flat(),
    threads: body.threads.length,
    control: body.control,
    cqs: queues.flatMap((queue) => (queue.ring === 'cq' ? [queue] : [])),
    sqs: queues.flatMap((queue) => (queue.ring === 'sq' ? [queue] : [])),
  };
  return Object.entries(features).flatMap(([name, takesPart]) => (takesPart(parts) ? [name] : []));
}

function severalMasked(control: readonly ControlOperation[]): boolean {
  const masked = new Set<number>();
  return control.some((operation) => {
    if (operation.do === 'mask') masked.add(operation.vector);
    if (operation.do === 'unmask') masked.delete(operation.vector);
    return masked.size > 1;
  });
}

/** Whether a queue comes back with another size, or on another completion queue. */
function changed(scenario: Scenario, control: readonly ControlOperation[], what: 'size' | 'cqid'): boolean {
  const value = (queue: QueuePlan): number | undefined =>
    what === 'size' ? queue.size : queue.ring === 'sq' ? queue.cqid : undefined;
  return control.some((operation) => {
    if (operation.do !== 'create') return false;
    const planned = scenario.queues.find(({ name }) => name === operation.queue.name);
    return planned !== undefined && value(planned) !== value(operation.queue);
  });
}
