/** Save, Inspect and NextAen at the driver's own door (implementation contract, in no NVM Express text). */
import type { RequestBegin } from '../link/events.ts';
import { clue } from './clues.ts';
import type { Desk } from './desk.ts';

/** A request comes in while commands are on their way: it could be made to wait for them. */
export function requestBegins(desk: Desk, event: RequestBegin): void {
  const { ledger } = desk;
  if (event.request === 'restore') return; // what a restored driver owes, it owes as every driver does
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
