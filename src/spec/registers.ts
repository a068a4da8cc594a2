/** The register map of a memory-based controller (Base 2.1, 3.1.4; PCIe 1.1, 3.1.2). */
import type { QueueId, RegisterOffset } from './units.ts';

export const register: {
  readonly CAP: RegisterOffset;
  readonly VS: RegisterOffset;
  readonly INTMS: RegisterOffset;
  readonly INTMC: RegisterOffset;
  readonly CC: RegisterOffset;
  readonly CSTS: RegisterOffset;
  readonly NSSR: RegisterOffset;
  readonly AQA: RegisterOffset;
  readonly ASQ: RegisterOffset;
  readonly ACQ: RegisterOffset;
  readonly DOORBELLS: RegisterOffset;
} = {
  CAP: 0x00,
  VS: 0x08,
  INTMS: 0x0c,
  INTMC: 0x10,
  CC: 0x14,
  CSTS: 0x1c,
  NSSR: 0x20,
  AQA: 0x24,
  ASQ: 0x28,
  ACQ: 0x30,
  DOORBELLS: 0x1000,
};

export type RegisterName = Exclude<keyof typeof register, 'DOORBELLS'>;

/** Name of the register at `offset`, its upper half as `ASQ+4`; a bare offset where there is none. */
export function registerName(offset: RegisterOffset): string {
  const entries = Object.entries(register).filter(([name]) => name !== 'DOORBELLS');
  const exact = entries.find(([, at]) => at === offset);
  if (exact) return exact[0];
  const upper = entries.find(([, at]) => at + 4 === offset);
  return upper ? `${upper[0]}+4` : `${offset.toString(16)}h`;
}

/** A doorbell: the tail of a submission queue or the head of a completion queue. */
export interface Doorbell {
  readonly ring: 'sq' | 'cq';
  readonly qid: QueueId;
}

/** 1000h + (2y + c) · (4 << CAP.DSTRD). */
export function doorbellOffset(ring: 'sq' | 'cq', qid: QueueId, stride: number): RegisterOffset {
  return register.DOORBELLS + (2 * qid + (ring === 'cq' ? 1 : 0)) * (4 << stride);
}

/** Offset of a queue's word in the shadow doorbell page and in the EventIdx page (Base 2.1, 5.2.5). */
export function shadowOffset(ring: 'sq' | 'cq', qid: QueueId, stride: number): number {
  return doorbellOffset(ring, qid, stride) - register.DOORBELLS;
}

/** The doorbell at `offset`, or undefined below 1000h and in the gap that a stride leaves. */
export function doorbellAt(offset: RegisterOffset, stride: number): Doorbell | undefined {
  return offset < register.DOORBELLS ? undefined : shadowAt(offset - register.DOORBELLS, stride);
}

export function shadowAt(offset: number, stride: number): Doorbell | undefined {
  const size = 4 << stride;
  if (offset % size !== 0) return undefined;
  const index = offset / size;
  return { ring: index & 1 ? 'cq' : 'sq', qid: index >>> 1 };
}

/** CC (3.1.4.5). Entry sizes are powers of two: 6 is 64 bytes, 4 is 16 bytes. */
export interface ControllerConfiguration {
  readonly en: boolean;
  readonly css: number;
  readonly mps: number;
  readonly ams: number;
  readonly shn: number;
  readonly iosqes: number;
  readonly iocqes: number;
}

export function encodeCc(cc: Partial<ControllerConfiguration>): number {
  return (
    (cc.en ? 1 : 0) |
    ((cc.css ?? 0) << 4) |
    ((cc.mps ?? 0) << 7) |
    ((cc.ams ?? 0) << 11) |
    ((cc.shn ?? 0) << 14) |
    ((cc.iosqes ?? 0) << 16) |
    ((cc.iocqes ?? 0) << 20)
  );
}

export function decodeCc(value: number): ControllerConfiguration {
  return {
    en: (value & 1) === 1,
    css: (value >>> 4) & 7,
    mps: (value >>> 7) & 15,
    ams: (value >>> 11) & 7,
    shn: (value >>> 14) & 3,
    iosqes: (value >>> 16) & 15,
    iocqes: (value >>> 20) & 15,
  };
}

/** CSTS (3.1.4.6). */
export const csts: { readonly RDY: number; readonly CFS: number; readonly SHST_SHIFT: number } = {
  RDY: 1,
  CFS: 2,
  SHST_SHIFT: 2,
};

/** What the tester needs of CAP (3.1.4.1): `mqes` is 0's based. */
export interface Capabilities {
  readonly mqes: number;
  readonly cqr: boolean;
  readonly to: number;
  readonly dstrd: number;
}

export function encodeCap(cap: Capabilities): { low: number; high: number } {
  const low = (cap.mqes & 0xffff) | (cap.cqr ? 1 << 16 : 0) | (cap.to << 24);
  return { low: low >>> 0, high: ((cap.dstrd & 15) | (1 << 5)) >>> 0 }; // CSS bit 37: the NVM Command Set
}

export function decodeCap(low: number, high: number): Capabilities {
  return { mqes: low & 0xffff, cqr: ((low >>> 16) & 1) === 1, to: low >>> 24, dstrd: high & 15 };
}
