/** Enable, disable and Controller Level Reset (Base 2.1, 3.1.4.5, 3.4, 3.7.2). */
import { life } from '../ledger/submission-queue.ts';
import type { LedgerSq } from '../ledger/submission-queue.ts';
import type { DoorbellWrite, Fetch, Post, RegisterWrite, Reset, ShadowWrite } from '../link/events.ts';
import { csts, decodeCc, register } from '../spec/registers.ts';
import { ADMIN } from '../spec/units.ts';
import { clue } from './clues.ts';
import type { Desk } from './desk.ts';

const shutdownComplete = 2;

/**
 * RDY-RISES, RDY-FALLS and SHN-COMPLETES, when nothing more happens: CSTS has to say what CC asks for (3.1.4.5, 3.1.4.6).
 * `status` is CSTS as the tester reads it. A controller that failed says so by CFS.
 */
export function answersCc(desk: Desk, status: number): void {
  const { controller } = desk.ledger;
  if ((status & csts.CFS) !== 0 || controller.hostErred) return;
  const ready = (status & csts.RDY) !== 0;
  if (controller.shuttingDown) {
    if (((status >>> csts.SHST_SHIFT) & 3) === shutdownComplete) return;
    desk.violate('SHN-COMPLETES', {
      party: 'controller',
      inference:
        'CC.SHN asks for a shutdown, and CSTS.SHST does not say that it is complete; nothing more happens',
      clues: [clue.controllerConfiguration, clue.status],
    });
  } else if (controller.enabled && !ready && controller.hasAdminQueues) {
    const rule = controller.ready && !controller.untouched ? 'RDY-FALLS' : 'RDY-RISES';
    desk.violate(rule, {
      party: 'controller',
      inference:
        rule === 'RDY-FALLS'
          ? 'CSTS.RDY was 1 and is 0, and CC.EN is still 1'
          : 'CC.EN is 1; neither CSTS.RDY nor CSTS.CFS is, and nothing more happens',
      clues: [clue.enable, clue.status],
    });
  } else if (!controller.enabled && ready) {
    desk.violate('RDY-FALLS', {
      party: 'controller',
      inference: 'CC.EN is 0 and CSTS.RDY is still 1, and nothing more happens',
      clues: [clue.reset, clue.status],
    });
  }
}

/** CMD-BEFORE-RDY: the host knows RDY only by reading it. */
export function commandBeforeReady(desk: Desk, event: DoorbellWrite | ShadowWrite, sq: LedgerSq): void {
  const { controller } = desk.ledger;
  if (!desk.options.observes.has('reg.r') || event.value === sq.tail) return;
  if (controller.untouched) desk.exercise('CMD-BEFORE-RDY');
  if (controller.ready) return;
  desk.violate('CMD-BEFORE-RDY', {
    party: 'host',
    queue: `SQ${sq.qid}`,
    inference: 'the host submits although it has not read CSTS.RDY=1 since it set CC.EN',
    clues: [clue.enable, clue.status],
  });
}

export function registerWrite(desk: Desk, event: RegisterWrite): void {
  const { ledger } = desk;
  if (event.offset !== register.CC) return;
  const enables = decodeCc(event.value).en;
  if (decodeCc(event.value).shn !== 0) desk.exercise('SHN-COMPLETES');
  if (ledger.controller.enabled && !enables) {
    desk.exercise('RDY-FALLS');
    resets(desk);
  }
  if (ledger.controller.enabled || !enables) return;
  desk.exercise('RDY-RISES');
  const lost =
    ledger.sqs.some((sq) => sq.life === life.gone) || ledger.cqs.some((cq) => cq.life === life.gone);
  if (lost) desk.exercise('CLR-IOQ-GONE');
}

export function reset(desk: Desk, _event: Reset): void {
  resets(desk);
}

/** With commands in its hands, the controller could go on with them. */
function resets(desk: Desk): void {
  const { ledger } = desk;
  if (ledger.sqs.some((sq) => sq.live && (sq.out.size > 0 || sq.waiting > 0)))
    desk.exercise('DISABLED-SILENT');
}

/**
 * DISABLED-SILENT. Until RDY has read 0 the controller may not have seen the write (3.1.4.5), and a posted write may
 * not even have reached it: no more than a remark.
 */
export function whileDisabled(desk: Desk, event: Fetch | Post): boolean {
  const { controller } = desk.ledger;
  if (controller.enabled) return false;
  const late = resetMayBeUnseen(desk);
  desk.violate('DISABLED-SILENT', {
    party: 'controller',
    queue: event.type === 'sqe.fetch' ? `SQ${event.sqid}` : `CQ${event.cqid}`,
    ...(late ? { severity: 'info' as const } : {}),
    inference: late
      ? 'CC.EN is 0, so nothing is to be processed or posted; RDY has not read 0 yet'
      : 'CC.EN is 0 and the controller is not ready, so nothing is to be processed or posted',
    clues: [clue.reset, clue.status],
  });
  return true;
}

/** Whether the reset is so fresh that the controller may not know of it: RDY has not read 0 since. */
export function resetMayBeUnseen(desk: Desk): boolean {
  const { controller } = desk.ledger;
  return !controller.enabled && (controller.ready || !desk.options.observes.has('reg.r'));
}

/** QUEUE-DEAD-FETCH, or CLR-IOQ-GONE where a reset explains it. */
export function deadFetch(desk: Desk, event: Fetch, sq: LedgerSq | undefined): void {
  const lost = sq?.life === life.gone;
  const name = `SQ${event.sqid}`;
  desk.violate(lost ? 'CLR-IOQ-GONE' : 'QUEUE-DEAD-FETCH', {
    party: 'controller',
    queue: name,
    tags: lost ? ['QUEUE-DEAD-FETCH'] : [],
    severity: 'error',
    inference: lost
      ? `the reset deleted ${name}, and it was not created again, so there is nothing to fetch from`
      : `${name} does not exist, so there is nothing to fetch from`,
    clues: [event.sqid === ADMIN ? clue.enable : clue.reset],
  });
}
