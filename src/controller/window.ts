/** The register window below the doorbells (Base 2.1, 3.1.4), for every model that is a controller. */
import { csts, encodeCap, register } from '../spec/registers.ts';
import type { RegisterOffset } from '../spec/units.ts';
import type { ControllerState } from './state.ts';

export function readRegister(state: ControllerState, offset: RegisterOffset): number {
  const { mqes } = state.decisions;
  const cap = encodeCap({ mqes, cqr: true, to: 1, dstrd: state.link.stride });
  switch (offset) {
    case register.CAP:
      return cap.low;
    case register.CAP + 4:
      return cap.high;
    case register.VS:
      return 0x0002_0100;
    case register.INTMS:
    case register.INTMC:
      return state.intms;
    case register.CC:
      return state.cc;
    case register.CSTS:
      return status(state);
    case register.AQA:
      return state.aqa;
    case register.ASQ:
      return state.asq;
    case register.ACQ:
      return state.acq;
    default:
      return 0;
  }
}

function status({ ready, failed, shutdown }: ControllerState): number {
  return (ready ? csts.RDY : 0) | (failed ? csts.CFS : 0) | (shutdown << csts.SHST_SHIFT);
}

/** Takes a write below the doorbells; anything else is ignored. */
export function writeRegister(state: ControllerState, offset: RegisterOffset, value: number): void {
  const enabled = (state.cc & 1) === 1;
  switch (offset) {
    case register.INTMS:
      state.intms |= value;
      return;
    case register.INTMC:
      state.intms &= ~value;
      return;
    case register.CC:
      state.cc = value;
      if (enabled && (value & 1) === 0) state.failed = false;
      return;
    case register.AQA:
      if (!enabled) state.aqa = value;
      return;
    case register.ASQ:
      if (!enabled) state.asq = value;
      return;
    case register.ACQ:
      if (!enabled) state.acq = value;
      return;
    default:
  }
}
