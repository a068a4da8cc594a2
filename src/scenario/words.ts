/** The words of a script and of a control plane, and what each takes. Which queues exist is asked later. */
import { z } from 'zod';
import { register } from '../spec/registers.ts';
import { status, type Status } from '../spec/status.ts';
import { either, fields, keyed, notYet, oneOf, whole } from './kinds.ts';
import type { HoldPoint, Step } from './scenario.ts';
import { oneWordOf, type Spoken } from './vocabulary.ts';

/** No queue has more slots (the specification allows more; no test needs them). */
export const MAX_SLOTS = 4096;

type ResetKind = Extract<Step, { do: 'reset' }>['kind'];

export interface Transfer {
  readonly sq?: string | undefined;
  readonly read?: number | undefined;
  readonly write?: number | undefined;
  readonly flush?: number | undefined;
  readonly lba?: number | undefined;
  readonly nsid?: number | undefined;
}
export interface Submission extends Transfer {
  readonly ring?: boolean | undefined;
}
/** A queue as a create or delete command is to name it, right or wrong. */
export interface RawQueue {
  readonly queue: string;
  readonly qid?: number | undefined;
  readonly size?: number | undefined;
  readonly cq?: string | number | undefined;
  readonly vector?: number | undefined;
  readonly polled?: boolean | undefined;
}
export interface RawWrite {
  readonly doorbell?: string | undefined;
  readonly shadow?: string | undefined;
  readonly register?: number | undefined;
  readonly value: number;
}
/** What is expected of one queue, or of the latest asynchronous event. */
export type Expected = number | Readonly<Record<string, number | boolean | undefined>>;

interface SharedWords {
  readonly abort: { readonly sq: string; readonly command: number };
  readonly create: string | RawQueue;
  readonly delete: string | RawQueue;
  readonly reset: ResetKind;
}
export interface StepWords extends SharedWords {
  readonly submit: Submission;
  readonly ring: string | { readonly sq: string };
  readonly consume: string | { readonly cq: string; readonly entries?: number | 'all' | undefined };
  readonly reap: StepWords['consume'];
  readonly mask: 'function' | { readonly vector: number };
  readonly unmask: StepWords['mask'];
  readonly write: RawWrite;
  readonly hold: HoldPoint;
  readonly release: HoldPoint;
  readonly expect: Readonly<Record<string, Expected | undefined>>;
}
export type BareStep = 'enable' | 'disable' | 'settle' | 'doorbell-buffer' | 'aer';
export interface ControlWords extends SharedWords {
  readonly mask: { readonly vector: number };
  readonly unmask: ControlWords['mask'];
}
export type BareControl = 'save' | 'restore' | 'inspect' | 'next-aen' | 'doorbell-buffer';

const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
export const statuses: ReadonlyMap<string, Status> = new Map(
  Object.entries(status).map(([name, at]) => [dashed(name), at]),
);
export const registers: ReadonlyMap<string, number> = new Map(
  Object.entries(register).filter(([name]) => name !== 'DOORBELLS'),
);
/** DW0 of the error events that doorbells cause (Base 2.1, 5.1.2.1). */
export const events: ReadonlyMap<string, number> = new Map([
  ['invalid-doorbell-register', 0x1_0000],
  ['invalid-doorbell-value', 0x1_0100],
]);

const name = z.string();
const u16 = (noun: string): z.ZodType<number> => whole(noun, 0, 0xffff);
const u32 = (noun: string): z.ZodType<number> => whole(noun, 0, 0xffff_ffff);
const commands = whole('number of commands', 1, MAX_SLOTS).optional();
const vector = fields({ vector: whole('vector', 0, 2047) });
const resetKind = oneOf('kind of reset', ['cc-en', 'flr', 'conventional', 'nssr']);
const abort = fields({ sq: name, command: whole('command', 0, 0xffff) });
const holdPoint = oneOf('point to hold', ['fetch', 'execute', 'post']);

const transfer = {
  sq: name.optional(),
  read: commands,
  write: commands,
  flush: commands,
  lba: u32('lba').optional(),
  nsid: u32('nsid').optional(),
};
/** `{ read: 2, sq: sq1 }`, one thing that a host thread wants. */
export const threadOperation: z.ZodType<Transfer> = fields(transfer);

const rawQueue: z.ZodType<RawQueue> = fields({
  queue: name,
  qid: u16('qid').optional(),
  size: whole('size', 1, 0x1_0000).optional(),
  cq: either<string | number>('a completion queue', { string: name, number: u16('cq') }).optional(),
  vector: u16('vector').optional(),
  polled: z.boolean().optional(),
});
const anyQueue = either<string | RawQueue>('a queue', { string: name, map: rawQueue });

const entries = either<number | 'all'>('a number of entries', {
  number: whole('number of entries', 1, MAX_SLOTS),
  string: oneOf('number of entries', ['all']),
});
const taken = either<StepWords['consume']>('a completion queue', {
  string: name,
  map: fields({ cq: name, entries: entries.optional() }),
});
const maskable = either<StepWords['mask']>('a vector', {
  string: oneOf('part to mask', ['function']),
  map: vector,
});

const statusCode = either<Status>('a status', {
  string: named('status', statuses),
  number: whole('status', 0, 0x7ff),
});
const total = whole('count', 0, 1_000_000).optional();
const expectations = keyed<Expected | undefined>(
  {
    '^cq\\d+$': fields({ posted: total, unread: total, full: z.boolean().optional() }),
    '^sq\\d+$': fields({ fetched: total, status: statusCode.optional() }),
    '^admin$': fields({ status: statusCode }),
    '^answered$': notYet('answered'),
    '^event$': either<number>('an event', { string: named('event', events), number: u32('event') }),
  },
  () => ({ message: 'nothing to expect of this', hint: 'expect takes cq1, sq1 …, admin and event' }),
);

export const stepWord: z.ZodType<Spoken<StepWords, BareStep>> = oneWordOf<StepWords, BareStep>({
  taking: {
    submit: fields({ ...transfer, ring: z.boolean().optional() }),
    ring: either<StepWords['ring']>('a submission queue', { string: name, map: fields({ sq: name }) }),
    consume: taken,
    reap: taken,
    create: anyQueue,
    delete: anyQueue,
    reset: resetKind,
    abort,
    mask: maskable,
    unmask: maskable,
    write: fields({
      doorbell: name.optional(),
      shadow: name.optional(),
      register: either<number>('a register', {
        string: named('register', registers),
        number: offset(),
      }).optional(),
      value: u32('value'),
    }),
    hold: holdPoint,
    release: holdPoint,
    expect: expectations,
  },
  bare: ['enable', 'disable', 'settle', 'doorbell-buffer', 'aer'],
  later: ['save', 'restore', 'inspect', 'next-aen', 'fault'],
  examples: {
    submit: 'submit: { sq: sq1, read: 1 }',
    ring: 'ring: sq1',
    consume: 'consume: cq1',
    reap: 'reap: cq1',
    create: 'create: sq1',
    delete: 'delete: sq1',
    reset: 'reset: cc-en',
    abort: 'abort: { sq: sq1, command: 0 }',
    mask: 'mask: { vector: 1 }',
    unmask: 'unmask: { vector: 1 }',
    write: 'write: { doorbell: sq1, value: 1 }',
    hold: 'hold: post',
    release: 'release: post',
    expect: 'expect: { cq1: { posted: 1 } }',
  },
});

export const controlWord: z.ZodType<Spoken<ControlWords, BareControl>> = oneWordOf<ControlWords, BareControl>(
  {
    taking: { create: anyQueue, delete: anyQueue, reset: resetKind, abort, mask: vector, unmask: vector },
    bare: ['save', 'restore', 'inspect', 'next-aen', 'doorbell-buffer'],
    later: ['aer', 'enable', 'disable', 'fault'],
    examples: {
      create: 'create: sq1',
      delete: 'delete: sq1',
      reset: 'reset: cc-en',
      abort: 'abort: { sq: sq1, command: 0 }',
      mask: 'mask: { vector: 1 }',
      unmask: 'unmask: { vector: 1 }',
    },
  },
);

/** A value by its name. */
function named(noun: string, values: ReadonlyMap<string, number>): z.ZodType<number> {
  return oneOf(noun, [...values.keys()]).transform((word) => values.get(word) ?? 0);
}

/** A register's offset: doorbells are written with `doorbell`. */
function offset(): z.ZodType<number> {
  return whole('offset', 0, register.DOORBELLS - 4).refine(
    (at) => at % 4 === 0,
    'offsets are multiples of 4',
  );
}
