/** The execution of one command: a process for each command that the controller can hold. */
import type { Process } from '../link/process.ts';
import { nvmOpcode, opcodeName } from '../spec/opcodes.ts';
import { status } from '../spec/status.ts';
import { ADMIN } from '../spec/units.ts';
import { executeAdmin } from './admin.ts';
import type { Command } from './command.ts';
import { transferBlocks } from './data.ts';
import type { ControllerState } from './state.ts';

export function executor(controller: ControllerState, command: Command, index: number): Process {
  const { decisions } = controller;
  return {
    name: `command slot ${index}`,
    party: 'controller',
    choices: () => {
      if (command.stageNumber !== EXECUTING) return 0;
      if (!controller.running && decisions.disable === 'discards-them') return 0;
      return controller.isHeld('execute') && command.sqid !== ADMIN ? 0 : 1;
    },
    step: () => {
      if (command.sqid === ADMIN) executeAdmin(controller, command);
      else executeIo(controller, command);
    },
    label: () =>
      `execute ${opcodeName(command.sqid, command.opcode)} cid ${command.cid} of SQ${command.sqid}`,
  };
}

const EXECUTING = 1;

export function executeIo(controller: ControllerState, command: Command): void {
  if (command.nsid !== 1) {
    command.finish(status.invalidNamespace, 0);
    return;
  }
  switch (command.opcode) {
    case nvmOpcode.flush:
      command.finish(status.success, 0);
      return;
    case nvmOpcode.read:
    case nvmOpcode.write: {
      const result = transferBlocks(controller, command, command.opcode === nvmOpcode.write);
      if (result === status.lbaOutOfRange && controller.decisions.rangeError === 'is-dropped')
        controller.retire(command);
      else command.finish(result, 0);
      return;
    }
    default:
      command.finish(status.invalidOpcode, 0);
  }
}
