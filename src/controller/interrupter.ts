/** The sender of one interrupt vector's messages (PCIe 1.1, 3.5.2). */
import type { Process } from '../link/process.ts';
import type { Vector } from '../spec/units.ts';
import type { ControllerState } from './state.ts';

export function interrupter(controller: ControllerState, vector: Vector): Process {
  const { msix } = controller.link;
  const { masked } = controller.decisions;
  return {
    name: `vector ${vector}`,
    party: 'controller',
    choices: () => (controller.interruptWanted.get(vector) !== 0 ? 1 : 0),
    step: () => {
      controller.interruptWanted.set(vector, 0);
      if (!msix.isMasked(vector) || masked === 'send') msix.send(vector);
      else if (masked === 'set-pending') msix.setPending(vector, true);
    },
    label: () => (msix.isMasked(vector) && masked !== 'send' ? 'set the pending bit' : 'send the message'),
  };
}

/** The host changed a mask: a pending vector that is not masked any more sends its message. */
export function maskChanged(controller: ControllerState): void {
  const { msix } = controller.link;
  if (controller.decisions.unmask === 'keep-pending') return;
  for (let vector = 0; vector < msix.vectors; vector++) {
    if (!msix.isPending(vector) || msix.isMasked(vector)) continue;
    msix.setPending(vector, false);
    controller.interruptWanted.set(vector, 1);
  }
}
