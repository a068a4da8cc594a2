/** Status codes (Base 2.1, 4.2.3.1 and 4.2.3.2). A status is written `SCT << 8 | SC`. */
export type Status = number & { readonly unit?: 'status' };

const names = {
  0x000: 'Successful Completion',
  0x001: 'Invalid Command Opcode',
  0x002: 'Invalid Field in Command',
  0x003: 'Command ID Conflict',
  0x004: 'Data Transfer Error',
  0x005: 'Commands Aborted due to Power Loss Notification',
  0x006: 'Internal Error',
  0x007: 'Command Abort Requested',
  0x008: 'Command Aborted due to SQ Deletion',
  0x009: 'Command Aborted due to Failed Fused Command',
  0x00a: 'Command Aborted due to Missing Fused Command',
  0x00b: 'Invalid Namespace or Format',
  0x00c: 'Command Sequence Error',
  0x013: 'PRP Offset Invalid',
  0x080: 'LBA Out of Range',
  0x100: 'Completion Queue Invalid',
  0x101: 'Invalid Queue Identifier',
  0x102: 'Invalid Queue Size',
  0x103: 'Abort Command Limit Exceeded',
  0x105: 'Asynchronous Event Request Limit Exceeded',
  0x108: 'Invalid Interrupt Vector',
  0x109: 'Invalid Log Page',
  0x10c: 'Invalid Queue Deletion',
  0x371: 'Command Aborted By Host',
} as const;

export const status: {
  readonly success: Status;
  readonly invalidOpcode: Status;
  readonly invalidField: Status;
  readonly commandIdConflict: Status;
  readonly dataTransferError: Status;
  readonly internalError: Status;
  readonly abortRequested: Status;
  readonly abortedSqDeletion: Status;
  readonly invalidNamespace: Status;
  readonly commandSequenceError: Status;
  readonly prpOffsetInvalid: Status;
  readonly lbaOutOfRange: Status;
  readonly completionQueueInvalid: Status;
  readonly invalidQueueId: Status;
  readonly invalidQueueSize: Status;
  readonly abortLimitExceeded: Status;
  readonly aerLimitExceeded: Status;
  readonly invalidInterruptVector: Status;
  readonly invalidLogPage: Status;
  readonly invalidQueueDeletion: Status;
  readonly abortedByHost: Status;
} = {
  success: 0x000,
  invalidOpcode: 0x001,
  invalidField: 0x002,
  commandIdConflict: 0x003,
  dataTransferError: 0x004,
  internalError: 0x006,
  abortRequested: 0x007,
  abortedSqDeletion: 0x008,
  invalidNamespace: 0x00b,
  commandSequenceError: 0x00c,
  prpOffsetInvalid: 0x013,
  lbaOutOfRange: 0x080,
  completionQueueInvalid: 0x100,
  invalidQueueId: 0x101,
  invalidQueueSize: 0x102,
  abortLimitExceeded: 0x103,
  aerLimitExceeded: 0x105,
  invalidInterruptVector: 0x108,
  invalidLogPage: 0x109,
  invalidQueueDeletion: 0x10c,
  abortedByHost: 0x371,
};

/** `1h/02h Invalid Queue Size` */
export function statusName(value: Status): string {
  const code = `${(value >>> 8).toString(16)}h/${(value & 0xff).toString(16).padStart(2, '0')}h`;
  const name = (names as Readonly<Record<number, string>>)[value];
  return name === undefined ? code : `${code} ${name}`;
}
