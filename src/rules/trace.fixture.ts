/** Reads the traces in `fixtures/rules`: a header that is expanded into bring-up, and the events after it. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { LinkEvent } from '../link/events.ts';
import { encodeSqe, SQE_WORDS } from '../spec/entries.ts';
import { adminOpcode, nvmOpcode } from '../spec/opcodes.ts';
import { csts, encodeCc, register } from '../spec/registers.ts';
import type { Moment } from './judge.ts';

type Fields = Readonly<Record<string, unknown>>;
type Item = string | Readonly<Record<string, unknown>>;

/** `given:` — queues by name, the admin queues' size, and how far bring-up goes. */
interface Given {
  readonly 'admin'?: number;
  readonly 'enabled'?: boolean;
  readonly 'doorbell-buffer'?: boolean;
  readonly [queue: string]: unknown;
}

export type Step =
  | { readonly event: LinkEvent }
  | { readonly settle: Moment }
  | { readonly unanswered: boolean };

export interface RuleTrace {
  readonly hostIsModel: boolean;
  readonly hides: readonly string[];
  readonly bringUp: readonly LinkEvent[];
  readonly steps: readonly Step[];
}

export const verdicts = ['passes', 'fails', 'not-exercised'] as const;
export type TraceVerdict = (typeof verdicts)[number];

export interface RuleFixture {
  readonly rule: string;
  readonly traces: Readonly<Partial<Record<TraceVerdict, RuleTrace>>>;
}

export function readRuleFixture(file: string): RuleFixture {
  const document = parse(readFileSync(file, 'utf8')) as Fields;
  const traces: Partial<Record<TraceVerdict, RuleTrace>> = {};
  for (const verdict of verdicts) {
    const body = document[verdict];
    if (body === undefined) continue;
    const own: Fields = Array.isArray(body) ? { events: body } : (body as Fields);
    traces[verdict] = expand({ ...document, ...own });
  }
  return { rule: document.rule as string, traces };
}

/** One of many traces in a file, with what must be found: error ids, and warnings in brackets. */
export interface TraceCase {
  readonly name: string;
  readonly expect: readonly string[];
  readonly trace: RuleTrace;
}

export function readTraceCases(file: string): TraceCase[] {
  const cases = parse(readFileSync(file, 'utf8')) as Fields[];
  return cases.map((body) => ({
    name: body.case as string,
    expect: (body.expect ?? []) as string[],
    trace: expand(body),
  }));
}

function expand(body: Fields): RuleTrace {
  const admin = new Admin();
  const bringUp = bringUpOf((body.given ?? {}) as Given, admin);
  return {
    hostIsModel: body.host === 'model',
    hides: (body.hides ?? []) as string[],
    bringUp,
    steps: (body.events as Item[]).flatMap((item) => stepsOf(item, admin)),
  };
}

/** The admin queues: which slot and CID come next, so that fixtures need not count. */
class Admin {
  size = 16;
  tail = 0;
  head = 0;
  posted = 0;
  consumed = 0;
  cid = 0;
  /** Commands not answered, oldest first. */
  readonly open: number[] = [];

  restart(): void {
    this.tail = this.head = this.posted = this.consumed = 0;
    this.open.length = 0;
  }

  submit(command: Fields): LinkEvent[] {
    const slot = this.tail % this.size;
    const cid = this.cid++;
    this.tail++;
    this.head++;
    this.open.push(cid);
    const words = encode(command, cid);
    return [
      { type: 'db.sq', qid: 0, value: this.tail % this.size },
      { type: 'sqe.fetch', sqid: 0, slot, cid, opcode: (words[0] ?? 0) & 0xff, words },
    ];
  }

  answer(fields: Fields): LinkEvent[] {
    const cid = this.open.shift() ?? 0;
    const at = this.posted++;
    this.consumed++;
    return [
      {
        type: 'cqe.post',
        cqid: 0,
        slot: at % this.size,
        sqid: 0,
        sqhd: this.head % this.size,
        cid,
        phase: Math.floor(at / this.size) % 2 === 0 ? 1 : 0,
        status: number(fields.status, 0),
        dw0: number(fields.dw0, 0),
      },
      { type: 'irq', vector: 0 },
      { type: 'db.cq', qid: 0, value: this.consumed % this.size },
    ];
  }
}

function bringUpOf(given: Given, admin: Admin): LinkEvent[] {
  admin.size = given.admin ?? 16;
  const size = admin.size - 1;
  const events: LinkEvent[] = [
    { type: 'reg.w', offset: register.AQA, value: size | (size << 16) },
    { type: 'reg.w', offset: register.ASQ, value: 0x10000 },
    { type: 'reg.w', offset: register.ACQ, value: 0x20000 },
  ];
  if (given.enabled === false) return events;
  events.push(...enable());
  const queues = Object.entries(given).filter(([name]) => /^[cs]q\d+$/.test(name));
  for (const ring of ['cq', 'sq']) {
    for (const [name, value] of queues.filter(([name]) => name.startsWith(ring))) {
      const command = { [`create-${ring}`]: { qid: Number(name.slice(2)), ...(value as Fields) } };
      events.push(...admin.submit(command), ...admin.answer({}));
    }
  }
  if (given['doorbell-buffer'])
    events.push(...admin.submit({ 'doorbell-buffer': true }), ...admin.answer({}));
  return events;
}

function enable(): LinkEvent[] {
  return [
    { type: 'reg.w', offset: register.CC, value: encodeCc({ en: true, iosqes: 6, iocqes: 4 }) },
    { type: 'reg.r', offset: register.CSTS, value: csts.RDY },
  ];
}

function stepsOf(item: Item, admin: Admin): Step[] {
  const [name, value] =
    typeof item === 'string' ? [item, {}] : (Object.entries(item)[0] as [string, unknown]);
  const fields = (typeof value === 'object' ? value : { value }) as Fields;
  if (name === 'settle' || name === 'end') {
    // `fatal: true`, or `csts:` with the value of the register
    const controllerStatus =
      fields.fatal === true ? csts.RDY | csts.CFS : (fields.csts as number | undefined);
    return [{ settle: { end: name === 'end', ...(controllerStatus !== undefined && { controllerStatus }) } }];
  }
  if (name === 'unanswered') return [{ unanswered: fields['host-can-step'] === true }];
  return eventsOf(name, fields, admin).map((event) => ({ event }));
}

function eventsOf(name: string, fields: Fields, admin: Admin): LinkEvent[] {
  switch (name) {
    case 'admin':
      return [...admin.submit(fields), ...admin.answer(fields)];
    case 'admin.submit':
      return admin.submit(fields);
    case 'admin.answer':
      return admin.answer(fields);
    case 'enable':
      admin.restart();
      return enable();
    case 'set-en':
      admin.restart();
      return enable().slice(0, 1);
    case 'ready':
      return [{ type: 'reg.r', offset: register.CSTS, value: fields.value === false ? 0 : csts.RDY }];
    case 'shut-down':
      return [
        { type: 'reg.w', offset: register.CC, value: encodeCc({ en: true, shn: 1, iosqes: 6, iocqes: 4 }) },
      ];
    case 'clear-en':
      return [{ type: 'reg.w', offset: register.CC, value: 0 }];
    case 'disable':
      return [
        { type: 'reg.w', offset: register.CC, value: 0 },
        { type: 'reg.r', offset: register.CSTS, value: 0 },
      ];
    default:
      return [plainEvent(name, fields)];
  }
}

function plainEvent(name: string, fields: Fields): LinkEvent {
  const qid = number(fields.sq ?? fields.cq, 0);
  const value = number(fields.value, 0);
  switch (name) {
    case 'db.sq':
    case 'db.cq':
      return { type: name, qid, value };
    case 'shadow.sq':
    case 'shadow.cq':
      return { type: name, qid, value, writer: fields.by === 'controller' ? 'controller' : 'host' };
    case 'ei.sq':
    case 'ei.cq':
      return { type: name, qid, value, writer: fields.by === 'host' ? 'host' : 'controller' };
    case 'ei.read':
      return { type: name, ring: fields.sq === undefined ? 'cq' : 'sq', qid, value };
    case 'sqe.fetch':
    case 'sqe.write': {
      const cid = number(fields.cid, 0);
      const words = encode(fields, cid);
      return {
        type: name,
        sqid: qid,
        slot: number(fields.slot, 0),
        cid,
        opcode: (words[0] ?? 0) & 0xff,
        words,
      };
    }
    case 'cqe.post':
      return {
        type: name,
        cqid: number(fields.cq, 0),
        slot: number(fields.slot, 0),
        sqid: number(fields.sq, 0),
        sqhd: number(fields.sqhd, 0),
        cid: number(fields.cid, 0),
        phase: fields.phase === 0 ? 0 : 1,
        status: number(fields.status, 0),
        dw0: 0,
      };
    case 'cqe.write':
      return {
        type: name,
        cqid: qid,
        slot: number(fields.slot, 0),
        dword: number(fields.dword, 0),
        value,
        was: number(fields.was, 0),
      };
    case 'irq':
      return { type: name, vector: value };
    case 'mask':
    case 'unmask':
      return {
        type: 'irq.mask',
        vector: fields.value === 'function' ? 'function' : value,
        masked: name === 'mask',
      };
    case 'pending':
      return { type: 'irq.pending', vector: number(fields.vector, 0), pending: fields.set !== false };
    case 'reset':
      return { type: 'reset', kind: 'flr' };
    case 'request.begin':
    case 'request.end':
      return {
        type: name,
        id: number(fields.id, 0),
        request: fields.request as 'save' | 'restore' | 'inspect' | 'next-aen',
        ...(fields.detached === true ? { detached: true } : {}),
      };
    case 'aen.arrived':
      return { type: name };
    case 'command.begin':
      return { type: name, caller: number(fields.caller, 0), sqid: qid, opcode: nvmOpcode.read };
    case 'command.end': {
      const cid = typeof fields.cid === 'number' ? { cid: fields.cid } : {};
      return { type: name, caller: number(fields.caller, 0), sqid: qid, status: 0, ...cid };
    }
    default:
      throw new Error(`no event is called '${name}'`);
  }
}

/** The dwords of an entry: a read unless the fields name something else. */
function encode(fields: Fields, cid: number): Int32Array {
  const words = new Int32Array(SQE_WORDS);
  const queue = (name: string): Fields =>
    typeof fields[name] === 'object' ? (fields[name] as Fields) : { qid: fields[name] };
  const cdw10 = (body: Fields): number => number(body.qid, 0) | ((number(body.size, 2) - 1) << 16);
  if (fields['create-cq'] !== undefined) {
    const body = queue('create-cq');
    const interrupts = body.vector === undefined ? 1 : 3 | (number(body.vector, 0) << 16);
    encodeSqe(
      { opcode: adminOpcode.createCq, cid, prp1: 0x30000, cdw10: cdw10(body), cdw11: interrupts },
      words,
    );
  } else if (fields['create-sq'] !== undefined) {
    const body = queue('create-sq');
    const cdw11 = 1 | (number(body.cq, 1) << 16);
    encodeSqe({ opcode: adminOpcode.createSq, cid, prp1: 0x40000, cdw10: cdw10(body), cdw11 }, words);
  } else if (fields['delete-sq'] !== undefined) {
    encodeSqe({ opcode: adminOpcode.deleteSq, cid, cdw10: number(fields['delete-sq'], 0) }, words);
  } else if (fields['delete-cq'] !== undefined) {
    encodeSqe({ opcode: adminOpcode.deleteCq, cid, cdw10: number(fields['delete-cq'], 0) }, words);
  } else if (fields['doorbell-buffer'] !== undefined) {
    encodeSqe({ opcode: adminOpcode.doorbellBufferConfig, cid, prp1: 0x50000, prp2: 0x60000 }, words);
  } else if (fields.identify !== undefined) encodeSqe({ opcode: adminOpcode.identify, cid }, words);
  else if (fields.abort !== undefined) {
    const target = queue('abort');
    encodeSqe(
      { opcode: adminOpcode.abort, cid, cdw10: number(target.sq, 0) | (number(target.cid, 0) << 16) },
      words,
    );
  } else if (fields.aer !== undefined)
    encodeSqe({ opcode: adminOpcode.asynchronousEventRequest, cid }, words);
  else encodeSqe({ opcode: nvmOpcode.read, cid, nsid: 1 }, words);
  return words;
}

function number(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
