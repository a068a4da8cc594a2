/** MSI-X as a hypervisor emulates it (PCIe 1.1, 3.5.2): asking for a message and setting its pending bit are one. */
import type { Msix } from '../link/msix.ts';
import type { Vector } from '../spec/units.ts';

/** A message, or the pending bit while the vector is masked. */
export function notify(msix: Msix, vector: Vector): void {
  if (msix.isMasked(vector)) msix.setPending(vector, true);
  else msix.send(vector);
}

/** A mask changed: what was held back goes out. */
export function sendPending(msix: Msix): void {
  for (let vector: Vector = 0; vector < msix.vectors; vector++) {
    if (!msix.isPending(vector) || msix.isMasked(vector)) continue;
    msix.setPending(vector, false);
    msix.send(vector);
  }
}
