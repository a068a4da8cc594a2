/** Reports asynchronous events to the Asynchronous Event Requests that wait for them (Base 2.1, 5.1.2). */
import type { Process } from '../link/process.ts';
import { status } from '../spec/status.ts';
import type { Command } from './command.ts';
import type { ControllerState } from './state.ts';

/** DW0 of an error event: type 0, information in bits 15:8, log page 01h in bits 23:16. */
const ERROR_LOG = 0x01 << 16;

export function eventReporter(controller: ControllerState): Process {
  const request = (): Command | undefined =>
    controller.pool.commands.find((command) => command.stage === 'waiting');
  return {
    name: 'asynchronous events',
    party: 'controller',
    choices: () =>
      controller.errorEvents !== 0 &&
      !controller.errorsMasked &&
      controller.running &&
      request() !== undefined
        ? 1
        : 0,
    step: () => {
      const information = controller.errorEvents & 1 ? 0 : 1;
      controller.errorEvents &= ~(1 << information);
      controller.errorsMasked = true; // until the log page is read with RAE=0
      request()?.finish(status.success, (information << 8) | ERROR_LOG);
    },
    label: () => 'report an error event',
  };
}
