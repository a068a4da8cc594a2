/** What a controller offers on its side of the link. */
import type { CpuIndex, RegisterOffset, Vector } from '../spec/units.ts';
import type { ResetKind } from './events.ts';

export interface ControllerPort {
  /** A 32-bit register. Has no side effect on the model's state. */
  readRegister(offset: RegisterOffset): number;
  /**
   * A 32-bit register or doorbell write arrives. A controller that handles it in several steps calls
   * `link.trap(cpu)` here and `link.resume(cpu)` when the handler returns.
   */
  writeRegister(offset: RegisterOffset, value: number, cpu: CpuIndex): void;
  /**
   * `value-then-wake` delivery only: the wake-up that follows a write whose value is already visible. Absent where
   * nobody has to be woken, because the controller polls.
   */
  wake?(offset: RegisterOffset): void;
  /** The mask of a vector, or of every vector, changed. */
  maskChanged?(vector: Vector | 'function', masked: boolean): void;
  /** A Controller Level Reset by other means than CC.EN. */
  reset?(kind: ResetKind): void;
}

/**
 * How MMIO writes travel. `synchronous`: trapped, handled before the CPU goes on (VMM device models).
 * `posted`: one FIFO for each host CPU (hardware). `value-then-wake`: the value is visible at once, the
 * notification follows on its own (ioeventfd).
 */
export type MmioDelivery = 'synchronous' | 'posted' | 'value-then-wake';
