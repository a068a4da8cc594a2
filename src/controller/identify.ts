/** Identify (Base 2.1, 5.1.13): the fields a driver of the queue protocol looks at. */
import { status, type Status } from '../spec/status.ts';
import type { Command } from './command.ts';
import { toHost } from './data.ts';
import type { ControllerState } from './state.ts';

export const IDENTIFY_BYTES = 4096;

export function identify(controller: ControllerState, command: Command): Status {
  const bytes = new DataView(new ArrayBuffer(IDENTIFY_BYTES));
  switch (command.cdw10 & 0xff) {
    case 0x00: // Identify Namespace: NSZE, NCAP, NUSE; LBA format 0 has blocks of 2^9 bytes
      for (const offset of [0, 8, 16]) bytes.setUint32(offset, controller.decisions.blocks, true);
      bytes.setUint8(130, 9);
      break;
    case 0x01: // Identify Controller
      text(bytes, 4, 20, 'REFERENCE');
      text(bytes, 24, 40, 'nvme-conform reference controller');
      bytes.setUint32(80, 0x0002_0100, true); // VER 2.1
      if (controller.decisions.doorbellBuffer === 'implemented') bytes.setUint16(256, 1 << 8, true); // OACS
      bytes.setUint8(258, 3); // ACL
      bytes.setUint8(259, controller.decisions.aerl);
      bytes.setUint8(512, 0x66); // SQES: 64 bytes
      bytes.setUint8(513, 0x44); // CQES: 16 bytes
      bytes.setUint32(516, 1, true); // NN
      break;
    case 0x02: // active namespaces
      bytes.setUint32(0, 1, true);
      break;
    default:
      return status.invalidField;
  }
  return toHost(controller, command, new Int32Array(bytes.buffer));
}

function text(bytes: DataView, offset: number, length: number, value: string): void {
  for (let index = 0; index < length; index++) {
    bytes.setUint8(offset + index, index < value.length ? value.charCodeAt(index) : 0x20);
  }
}
