/** Opcodes and feature identifiers used by the tester (Base 2.1, Figure 141; NVM Command Set 1.1). */
import { ADMIN, type QueueId } from './units.ts';

export const adminOpcode: {
  readonly deleteSq: 0x00;
  readonly createSq: 0x01;
  readonly getLogPage: 0x02;
  readonly deleteCq: 0x04;
  readonly createCq: 0x05;
  readonly identify: 0x06;
  readonly abort: 0x08;
  readonly setFeatures: 0x09;
  readonly getFeatures: 0x0a;
  readonly asynchronousEventRequest: 0x0c;
  readonly doorbellBufferConfig: 0x7c;
} = {
  deleteSq: 0x00,
  createSq: 0x01,
  getLogPage: 0x02,
  deleteCq: 0x04,
  createCq: 0x05,
  identify: 0x06,
  abort: 0x08,
  setFeatures: 0x09,
  getFeatures: 0x0a,
  asynchronousEventRequest: 0x0c,
  doorbellBufferConfig: 0x7c,
};

export const nvmOpcode: { readonly flush: 0x00; readonly write: 0x01; readonly read: 0x02 } = {
  flush: 0x00,
  write: 0x01,
  read: 0x02,
};

export const feature: { readonly numberOfQueues: 0x07; readonly interruptCoalescing: 0x08 } = {
  numberOfQueues: 0x07,
  interruptCoalescing: 0x08,
};

const adminNames: Readonly<Record<number, string>> = {
  0x00: 'Delete I/O SQ',
  0x01: 'Create I/O SQ',
  0x02: 'Get Log Page',
  0x04: 'Delete I/O CQ',
  0x05: 'Create I/O CQ',
  0x06: 'Identify',
  0x08: 'Abort',
  0x09: 'Set Features',
  0x0a: 'Get Features',
  0x0c: 'Asynchronous Event Request',
  0x7c: 'Doorbell Buffer Config',
};
const nvmNames: Readonly<Record<number, string>> = { 0x00: 'Flush', 0x01: 'Write', 0x02: 'Read' };

/** The command's name; opcodes are spaces of their own on the admin queue and on I/O queues. */
export function opcodeName(sqid: QueueId, opcode: number): string {
  const names = sqid === ADMIN ? adminNames : nvmNames;
  return names[opcode] ?? `opcode ${opcode.toString(16).padStart(2, '0')}h`;
}
