/** Save, restore, Inspect and NextAen at the driver's own door (implementation contract, in no NVM Express text). */
import { publishes } from '../ledger/doorbell-moves.ts';
import type { DoorbellWrite, RequestBegin, ShadowWrite } from '../link/events.ts';
import { entries } from '../spec/count.ts';
import { distance } from '../spec/ring.ts';
import { ADMIN } from '../spec/units.ts';
import { clue, type Clue } from './clues.ts';
import type { Desk } from './desk.ts';

/** A request comes in while commands are on their way: it could be made to wait for them. */
export function requestBegins(desk: Desk, event: RequestBegin): void {
  const { ledger } = desk;
  if (event.request === 'restore') {
    if (ledger.sqs.some(({ leftUnannounced }) => leftUnannounced > 0)) desk.exercise('RESTORE-RING');
    return;
  }
  if (event.request === 'next-aen' && !ledger.controlPlane.aenArrived) return;
  if (ledger.sqs.some((sq) => sq.live && (sq.busy || sq.waiting > 0))) desk.exercise('SAVE-NO-BACKPRESSURE');
}

/** SAVE-NO-BACKPRESSURE: an open request, and nobody on the host's side can do anything about it. */
export function unanswered(desk: Desk, hostCanStep: boolean): void {
  const { ledger } = desk;
  if (hostCanStep || ledger.requestsOpen === 0) return;
  desk.violate('SAVE-NO-BACKPRESSURE', {
    party: 'host', // the requests of the event stream are those a driver receives
    inference:
      'the request is not answered, and no step of the host’s side is left: ' +
      'it waits for what only the other side of the link can do',
    clues: [
      clue.request,
      (event) => event.type === 'aen.arrived',
      (event) => event.type === 'sqe.write' || event.type === 'sqe.fetch',
    ],
  });
}

const ofKind =
  (type: 'request.begin' | 'request.end', request: RequestBegin['request']): Clue =>
  (event) =>
    event.type === type && event.request === request;

/** RESTORE-FENCE: a tail that goes beyond what the saved driver wrote announces new commands. */
export function announcesNew(desk: Desk, event: DoorbellWrite | ShadowWrite): void {
  const { ledger } = desk;
  const sq = ledger.sq(event.qid);
  if (!ledger.controlPlane.drains || !sq?.live || sq.qid === ADMIN || event.value >= sq.size) return;
  if (event.type === 'db.sq' ? sq.doorbell.on : !publishes(ledger, event as ShadowWrite)) return;
  if (distance(sq.tail, event.value, sq.size) <= sq.leftUnannounced) return;
  desk.exercise('RESTORE-FENCE');
  const old = ledger.sqs.find(({ owesSaved }) => owesSaved);
  if (old === undefined) return;
  const row = old.savedRow;
  desk.violate('RESTORE-FENCE', {
    party: 'host',
    queue: `SQ${sq.qid}`,
    inference:
      `${row < 0 ? 'an entry' : `CID ${old.out.key(row)}`} of SQ${old.qid} from before the restore is still on its ` +
      `way, and its caller has lost it: it may be executed after the new command on SQ${sq.qid}, whatever the ` +
      'caller was told of that',
    clues: [
      row < 0 ? clue.tail(old.qid) : clue.fetch(old.qid, old.out.key(row)),
      ofKind('request.end', 'save'),
      ofKind('request.end', 'restore'),
    ],
  });
}

/** RESTORE-RING, when nothing more will ever happen. */
export function ringsAfterRestore(desk: Desk): void {
  for (const sq of desk.ledger.sqs) {
    if (!sq.live || sq.poisoned || sq.leftUnannounced === 0) continue;
    desk.violate('RESTORE-RING', {
      party: 'host',
      queue: `SQ${sq.qid}`,
      inference:
        `SQ${sq.qid} holds ${entries(sq.leftUnannounced)} from slot ${sq.tail} on, written before the save; ` +
        'the restored driver has not announced that, and will not move again',
      clues: [
        (event) => event.type === 'sqe.write' && event.sqid === sq.qid,
        clue.tail(sq.qid),
        ofKind('request.end', 'save'),
        ofKind('request.end', 'restore'),
      ],
    });
  }
}
