/**
 * Tail and head values as the host publishes them (Base 2.1, 3.3.1.2; PCIe 1.1, 3.1.2), by register or
 * shadow.
 */
import { judgeHead, judgeTail, publishes, takesShown } from '../ledger/doorbell-moves.ts';
import { life } from '../ledger/submission-queue.ts';
import type { LedgerCq } from '../ledger/completion-queue.ts';
import type { LedgerSq } from '../ledger/submission-queue.ts';
import type { DoorbellWrite, ShadowWrite } from '../link/events.ts';
import { entries } from '../spec/count.ts';
import { distance } from '../spec/ring.ts';
import type { RuleId } from '../spec/rule.ts';
import { clue } from './clues.ts';
import { commandBeforeReady } from './enable-reset.ts';
import type { Desk } from './desk.ts';
import { ringValue, shadowMoves, staleDoorbellBuffer } from './shadow.ts';

export function tailWrite(desk: Desk, event: DoorbellWrite | ShadowWrite): void {
  const { ledger } = desk;
  const sq = ledger.sq(event.qid);
  const shadow = event.type === 'shadow.sq';
  if (shadow && !publishes(ledger, event as ShadowWrite)) return;
  if (!sq?.live) return noQueue(desk, event, `SQ${event.qid}`, sq?.life ?? life.absent);
  others(desk);
  if (!shadow) staleDoorbellBuffer(desk);
  commandBeforeReady(desk, event, sq);
  const tags: readonly RuleId[] = shadow ? ['SHADOW-VALUE'] : [];
  const { value } = event;
  const name = `SQ${sq.qid}`;
  const kick = !shadow && sq.doorbell.on;
  const verdict = value >= sq.size ? 'out of range' : kick ? 'fine' : judgeTail(ledger, sq, value);
  if (verdict === 'out of range') {
    desk.violate('SQ-TAIL-RANGE', {
      party: 'host',
      queue: name,
      tags,
      inference: `a tail is a slot index, so it is below the ${sq.size} slots of ${name}; ${value} is not`,
      clues: [clue.tail(sq.qid)],
    });
    return;
  }
  if (kick) return ringValue(desk, name, sq.doorbell, value, sq.size, clue.tail(sq.qid));
  if (sq.poisoned) return; // what the controller has taken since then is no measure for the host
  if (verdict === 'too far') return overrun(desk, sq, value, tags);
  if (value < sq.tail) desk.exercise('SQ-TAIL-RANGE');
  if (ledger.fetchVisible && distance(value, sq.head, sq.size) === 1) desk.exercise('SQ-TAIL-OVERRUN');
  if (value === sq.tail) return;
  if (shadow) shadowMoves(desk, sq.doorbell, value, sq.size);
  const idle = ledger.fetchVisible ? sq.waiting === 0 : sq.out.size === 0;
  if (shadow && idle) desk.exercise('EVENTIDX-SQ-LOST-WAKEUP');
  const cq = ledger.cqOf(sq);
  if (cq.full) desk.exercise('CQ-FULL-NO-POST');
}

function overrun(desk: Desk, sq: LedgerSq, value: number, tags: readonly RuleId[]): void {
  const { ledger } = desk;
  const name = `SQ${sq.qid}`;
  const head = ledger.fetchVisible ? sq.head : sq.reported;
  const free = sq.size - 1 - distance(head, sq.tail, sq.size);
  const added = distance(sq.tail, value, sq.size);
  const known = ledger.fetchVisible
    ? `the controller fetches slot ${head} next`
    : `the last SQHD says ${head}`;
  // A host that goes by SQHD was told that there was room.
  if (sq.misled) {
    desk.violate('SQHD-COVERS-SELF', {
      party: 'controller',
      queue: name,
      severity: 'error',
      tags: ['SQ-TAIL-OVERRUN'],
      inference:
        `${known}, and the host moved the tail from ${sq.tail} to ${value}, beyond the free slots: an SQHD that was ` +
        'no head since its command was taken said that there were more',
      clues: [clue.tail(sq.qid), clue.completion(sq.qid), clue.fetch(sq.qid)],
    });
    return;
  }
  desk.violate(ledger.fetchVisible ? 'SQ-TAIL-OVERRUN' : 'SQ-TAIL-OVER-SQHD', {
    party: 'host',
    queue: name,
    tags,
    inference:
      `${known} and the tail was ${sq.tail}, which left ${free} of ${sq.size} slots free; ` +
      `moving the tail to ${value} claims ${added}`,
    clues: [clue.tail(sq.qid), ledger.fetchVisible ? clue.fetch(sq.qid) : clue.completion(sq.qid)],
  });
}

export function headWrite(desk: Desk, event: DoorbellWrite | ShadowWrite): void {
  const { ledger } = desk;
  const cq = ledger.cq(event.qid);
  const shadow = event.type === 'shadow.cq';
  if (shadow && !publishes(ledger, event as ShadowWrite)) return;
  if (!cq?.live) return noQueue(desk, event, `CQ${event.qid}`, cq?.life ?? life.absent);
  others(desk);
  const tags: readonly RuleId[] = shadow ? ['SHADOW-VALUE'] : [];
  const { value } = event;
  const name = `CQ${cq.qid}`;
  const kick = !shadow && cq.doorbell.on;
  if (value >= cq.size) {
    desk.violate('CQ-HEAD-RANGE', {
      party: 'host',
      queue: name,
      tags,
      inference: `a head is a slot index, so it is below the ${cq.size} slots of ${name}; ${value} is not`,
      clues: [clue.head(cq.qid)],
    });
    return;
  }
  if (kick) return ringValue(desk, name, cq.doorbell, value, cq.size, clue.head(cq.qid));
  if (cq.poisoned) return; // after an overwritten entry nobody knows what was there to consume
  if (takesShown(cq, value)) return;
  if (judgeHead(cq, value) === 'too far') {
    desk.violate('CQ-HEAD-PAST-TAIL', {
      party: 'host',
      queue: name,
      tags,
      inference:
        `${name} held ${entries(cq.occupied)} between head ${cq.head} and tail ${cq.tail}; ` +
        `moving the head to ${value} consumes ${distance(cq.head, value, cq.size)}`,
      clues: [clue.head(cq.qid), clue.post(cq.qid)],
    });
    return;
  }
  if (value < cq.head) desk.exercise('CQ-HEAD-RANGE');
  if (value === cq.head) return;
  if (value === cq.tail) desk.exercise('CQ-HEAD-PAST-TAIL');
  if (shadow) shadowMoves(desk, cq.doorbell, value, cq.size);
  freesRoom(desk, cq, shadow);
}

/** What a controller that was blocked on this CQ has to do from here on. */
function freesRoom(desk: Desk, cq: LedgerCq, shadow: boolean): void {
  const { room } = desk.ledger;
  if (shadow && room.blocks(cq)) desk.exercise('EVENTIDX-CQ-LOST-WAKEUP');
  if (!cq.full || !room.wanted(cq)) return;
  desk.exercise('CQ-FULL-RESUME');
  desk.exercise('CQ-FULL-NO-LOSS');
}

function noQueue(desk: Desk, event: DoorbellWrite | ShadowWrite, name: string, how: number): void {
  const lost = how === life.gone;
  desk.violate(lost ? 'CLR-IOQ-GONE' : 'DB-NO-QUEUE', {
    party: 'host',
    queue: name,
    tags: lost ? ['DB-NO-QUEUE'] : event.type.startsWith('shadow') ? ['SHADOW-VALUE'] : [],
    inference: lost
      ? `the reset deleted ${name}, and it was not created again, so it has no doorbell to write`
      : `${name} does not exist${how === life.deleted ? ' any more' : ''}, so it has no doorbell to write`,
    clues: [clue.reset],
  });
}

/** A doorbell of a queue that is no more, or not yet, could have been written instead. */
function others(desk: Desk): void {
  const { ledger } = desk;
  if (ledger.admin.creating || ledger.sqs.some(isDead) || ledger.cqs.some(isDead))
    desk.exercise('DB-NO-QUEUE');
}

function isDead(queue: LedgerSq | LedgerCq): boolean {
  return queue.life === life.deleted || queue.life === life.gone;
}
