/** Asynchronous Event Requests, and the events that are reported to them (Base 2.1, 5.1.2). */
import type { Arena } from '../arena/arena.ts';
import { state, type StateOf, type Word, word } from '../arena/state.ts';
import type { Process } from '../link/process.ts';
import { status, type Status } from '../spec/status.ts';
import { ADMIN, type CommandId } from '../spec/units.ts';
import type { Command } from './command.ts';
import type { CompletionQueue } from './queues.ts';
import type { ControllerState } from './state.ts';

/** DW0 of an error event: type 0, information in bits 15:8, log page 01h in bits 23:16. */
const ERROR_LOG = 0x01 << 16;

/** A request is kept until there is an event, and takes up neither a command nor a completion slot meanwhile. */
export function keepEventRequest(controller: ControllerState, command: Command): void {
  const { eventRequests } = controller;
  if (eventRequests.length === eventRequests.capacity) {
    command.finish(status.aerLimitExceeded, 0);
    return;
  }
  eventRequests.push((command.cid << 16) | command.sqhd);
  controller.retire(command);
  controller.wakeWaiters(adminCq(controller));
}

/** Answers the request `cid`, or the oldest one. False when there is none, or no command to do it with. */
export function answerEventRequest(
  controller: ControllerState,
  code: Status,
  dw0: number,
  cid?: CommandId,
): boolean {
  const { eventRequests } = controller;
  const command = controller.pool.free();
  const position = positionOf(controller, cid);
  if (position < 0 || command === undefined) return false;
  const request = eventRequests.remove(position);
  command.sqid = command.cqid = ADMIN;
  command.cid = request >>> 16;
  command.sqhd = request & 0xffff;
  command.finish(code, dw0);
  return true;
}

export function eventReporter(controller: ControllerState): Process {
  const { eventRequests } = controller;
  const canReport = (): boolean =>
    controller.errorEvents !== 0 &&
    !controller.errorsMasked &&
    controller.running &&
    eventRequests.length > 0;
  return {
    name: 'asynchronous events',
    party: 'controller',
    choices: () => (canReport() && controller.hasCommandFor(adminCq(controller)) ? 1 : 0),
    step: () => {
      const information = controller.errorEvents & 1 ? 0 : 1;
      controller.errorEvents &= ~(1 << information);
      controller.errorsMasked = true; // until the log page is read with RAE=0
      answerEventRequest(controller, status.success, (information << 8) | ERROR_LOG);
    },
    label: () => 'report an error event',
  };
}

const fields = { left: word as Word };
const Fields: StateOf<typeof fields> = state(fields);
class Happenings extends Fields {}

/** `decisions.events` times something happens while an I/O command is executed, of a kind that is not masked. */
export function happenings(arena: Arena, controller: ControllerState): Process {
  const registers = new Happenings(arena);
  registers.left = controller.decisions.events;
  const { commands } = controller.pool;
  const executes = ({ sqid, stage }: Command): boolean => stage === 'executing' && sqid !== ADMIN;
  return {
    name: 'happenings',
    party: 'controller',
    choices: () => (registers.left > 0 && controller.running && commands.some(executes) ? 1 : 0),
    step: () => {
      registers.left--;
      controller.errorsMasked = false;
      controller.errorEvents |= 1;
    },
    label: () => 'something happens',
  };
}

function positionOf({ eventRequests }: ControllerState, cid: CommandId | undefined): number {
  if (cid === undefined) return eventRequests.length === 0 ? -1 : 0;
  for (let position = 0; position < eventRequests.length; position++) {
    if (eventRequests.at(position) >>> 16 === cid) return position;
  }
  return -1;
}

function adminCq({ cqs }: ControllerState): CompletionQueue {
  return cqs[ADMIN] as CompletionQueue;
}
