/** The shape of a scenario file. What its parts mean together (names, order) is for those who read them. */
import { z } from 'zod';
import { rules } from '../spec/catalogue.ts';
import type { RuleId } from '../spec/rule.ts';
import { wakeupFormulas, type WakeupFormula } from '../spec/wakeup.ts';
import { distinct, either, fields, keyed, oneOf, whole } from './kinds.ts';
import { schedule } from './schedule.ts';
import { controlWord, MAX_SLOTS, stepWord, threadOperation } from './words.ts';

export type DecisionValue = string | number | boolean;

/** A model with decisions, as written. */
export interface RawModel {
  readonly model?: string | undefined;
  readonly [decision: string]: DecisionValue | undefined;
}
export type RawVerdict =
  | 'conforms'
  | { readonly violates: readonly RuleId[] | { readonly any: readonly RuleId[] } };
export interface RawPair {
  readonly driver?: string | RawModel | undefined;
  readonly controller?: string | RawModel | undefined;
  readonly verdict: RawVerdict;
}
export interface RawCompletionQueue {
  readonly size: number;
  readonly vector?: number | undefined;
  readonly polled?: boolean | undefined;
  readonly created?: boolean | undefined;
}
export interface RawSubmissionQueue {
  readonly size: number;
  readonly cq: string;
  readonly created?: boolean | undefined;
}
export interface RawExploration {
  readonly random?: { readonly runs?: number | undefined; readonly steps?: number | undefined } | undefined;
  readonly exhaustive?:
    | { readonly states?: number | undefined; readonly depth?: number | undefined }
    | undefined;
}

const ruleId: z.ZodType<RuleId> = oneOf(
  'rule',
  rules.map(({ id }) => id),
);

export const version: z.ZodType<1> = z
  .number()
  .refine((number) => number === 1, 'this program reads version 1 of the language: nvme-conform: 1')
  .transform((): 1 => 1);
export const title: z.ZodType<string> = z
  .string()
  .trim()
  .min(1, 'a scenario has a title: one sentence')
  .max(200, 'a title of more than 200 characters')
  .refine((text) => !/\p{Cc}/u.test(text), 'a title is one line');
export const ruleList: z.ZodType<readonly RuleId[]> = distinct('rule', ruleId, 1);

const doorbellBufferTimes = ['before-queues', 'between-queues', 'after-queues'] as const;
type DoorbellBuffer = boolean | (typeof doorbellBufferTimes)[number];
export const doorbellBuffer: z.ZodType<DoorbellBuffer> = either<DoorbellBuffer>(
  'true, false, before-queues, between-queues or after-queues',
  { boolean: z.boolean(), string: oneOf('value', doorbellBufferTimes) },
);

const slots = z
  .int()
  .min(2, 'a queue has at least 2 slots (Base 2.1, 3.3.3.1)')
  .max(MAX_SLOTS, `size over the limit of ${MAX_SLOTS} slots`);
const created = z.boolean().optional();
export const completionQueue: z.ZodType<RawCompletionQueue> = fields({
  size: slots,
  vector: whole('vector', 0, 2047).optional(),
  polled: z.boolean().optional(),
  created,
});
export const submissionQueue: z.ZodType<RawSubmissionQueue> = fields({
  size: slots,
  cq: z.string(),
  created,
});
const queues = keyed<RawCompletionQueue | RawSubmissionQueue>(
  { '^cq([1-9]|1[0-6])$': completionQueue, '^sq([1-9]|1[0-6])$': submissionQueue },
  () => ({
    message: 'a queue is called cq1 … cq16 or sq1 … sq16',
    hint: 'the number is its queue identifier',
  }),
);

const decision = either<DecisionValue>('a decision', {
  string: z.string(),
  number: z.number(),
  boolean: z.boolean(),
});
const wakeup: z.ZodType<WakeupFormula> = oneOf('wake-up formula', wakeupFormulas);
const tags = either<number | 'sqhd'>('a number of tags, or sqhd', {
  number: whole('number of tags', 1, MAX_SLOTS - 1),
  string: oneOf('limit of tags', ['sqhd']),
});
export const driver: z.ZodType<string | RawModel> = either<string | RawModel>('a driver', {
  string: z.string(),
  map: z
    .object({ model: z.string().optional(), wakeup: wakeup.optional(), tags: tags.optional() })
    .catchall(decision),
});
export const controller: z.ZodType<string | RawModel> = either<string | RawModel>('a controller', {
  string: z.string(),
  map: z.object({ model: z.string().optional() }).catchall(decision),
});

export const verdict: z.ZodType<RawVerdict> = either<RawVerdict>('a verdict', {
  string: oneOf('verdict', ['conforms']),
  map: fields({
    violates: either<readonly RuleId[] | { any: readonly RuleId[] }>('a list of rules, or { any: [...] }', {
      list: ruleList,
      map: fields({ any: ruleList }),
    }),
  }),
});
export const pair: z.ZodType<RawPair> = fields({
  driver: driver.optional(),
  controller: controller.optional(),
  verdict,
});

const budget = (noun: string, most: number): z.ZodOptional<z.ZodType<number>> =>
  whole(noun, 1, most).optional();
export const explore: z.ZodType<RawExploration> = fields({
  random: fields({
    runs: budget('number of runs', 100_000_000),
    steps: budget('number of steps', 1_000_000),
  }).optional(),
  exhaustive: fields({
    states: budget('number of states', 1_000_000_000),
    depth: budget('depth', 1_000_000),
  }).optional(),
});

const many = <T>(noun: string, item: z.ZodType<T>, most: number): z.ZodType<readonly T[]> =>
  z.array(item).min(1, `no ${noun} in it`).max(most, `more than ${most} ${noun}`);

export const scenario: z.ZodType = fields({
  'nvme-conform': version,
  'scenario': title,
  'rules': ruleList.optional(),
  'provokes': ruleList.optional(),
  'doorbell-buffer': doorbellBuffer.optional(),
  'queues': queues.optional(),
  'driver': driver.optional(),
  'controller': controller.optional(),
  'steps': many('steps', stepWord, 1000).optional(),
  'workload': fields({
    threads: many('threads', many('operations', threadOperation, 1000), 64),
    control: many('operations', controlWord, 100).optional(),
  }).optional(),
  'schedule': schedule.optional(),
  'explore': explore.optional(),
  'expect': verdict.optional(),
  'against': either<unknown>('a map of controllers to verdicts, or a list of pairs', {
    map: keyed({ '^': verdict }, () => ({ message: 'not a controller' })),
    list: z.array(pair).max(100, 'more than 100 pairs'),
  }).optional(),
});
