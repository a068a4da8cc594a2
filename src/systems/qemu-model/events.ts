/** nvme_enqueue_event and nvme_process_aers: an event that finds no request waiting is forgotten. */
import { answerEventRequest } from '../../controller/events.ts';
import { status } from '../../spec/status.ts';
import type { QemuState } from './state.ts';

/** Information of an error event (Base 2.1, 5.1.2.1). */
export const errorEvent: { readonly invalidRegister: 0; readonly invalidValue: 1 } = {
  invalidRegister: 0,
  invalidValue: 1,
};
/** DW0 of an error event: log page 01h in bits 23:16. */
const ERROR_LOG = 0x01 << 16;

export function enqueueEvent(qemu: QemuState, information: 0 | 1): void {
  if (qemu.eventRequests.length === 0) return;
  qemu.errorEvents |= 1 << information;
  processAers(qemu);
}

/** Each answer masks events of its type until the log page is read; the request that came last is answered first. */
export function processAers(qemu: QemuState): void {
  const { eventRequests, pool } = qemu;
  const command = pool.free();
  if (qemu.errorEvents === 0 || qemu.errorsMasked || eventRequests.length === 0 || command === undefined)
    return;
  const information = qemu.errorEvents & 1 ? 0 : 1;
  qemu.errorEvents &= ~(1 << information);
  qemu.errorsMasked = true;
  const newest = eventRequests.at(eventRequests.length - 1) >>> 16;
  answerEventRequest(qemu, status.success, (information << 8) | ERROR_LOG, newest);
  qemu.enqueue(command);
}
