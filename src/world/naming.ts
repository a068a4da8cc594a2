/** Moves by name, as a person reads them in a diagram and a schedule keeps them: the process and what its step is called. */
import type { Process } from '../link/process.ts';
import { choiceOf, type Move, processOf, SCRIPT, type World } from './world.ts';

export interface StepName {
  /** `SQ1 fetcher` */
  readonly process: string;
  /** The label of the step; the second of several enabled steps with one label is `label #2`. */
  readonly step: string;
}

/** The script's next words, up to its next `settle`. */
export const scriptGoesOn: StepName = { process: 'script', step: 'goes on' };

/** What `move`, one of those enabled now, is called. */
export function nameOf(world: World, move: Move): StepName {
  if (move === SCRIPT) return scriptGoesOn;
  const process = world.processes[processOf(move)] as Process;
  return { process: process.name, step: stepName(process, choiceOf(move)) };
}

/** The move of this name among those enabled now; the script is enabled when nothing else can happen. */
export function moveNamed(world: World, name: StepName): Move | undefined {
  if (name.process === scriptGoesOn.process) {
    const waits = world.script !== undefined && !world.script.done && name.step === scriptGoesOn.step;
    return waits && (world.moves().length === 0 || world.isQuiet()) ? SCRIPT : undefined;
  }
  return world.moves().find((move) => {
    const process = world.processes[processOf(move)] as Process;
    return process.name === name.process && stepName(process, choiceOf(move)) === name.step;
  });
}

function stepName(process: Process, choice: number): string {
  const label = process.label(choice);
  let alike = 1;
  for (let before = 0; before < choice; before++) if (process.label(before) === label) alike++;
  return alike === 1 ? label : `${label} #${alike}`;
}
