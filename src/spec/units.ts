/**
 * Branded numbers. A slot index, a count of entries and a queue identifier are all small integers; mixing them
 * up is how rings break, so each has a type of its own. The brands cost nothing at run time.
 */
type Branded<Name extends string> = number & { readonly unit?: Name };

/** Position in a ring, 0..N-1 (Base 2.1, 3.3.1.2). */
export type SlotIndex = Branded<'slot'>;
/** Number of slots of a queue, N = QSIZE + 1 (Base 2.1, 3.3.3.1). */
export type EntryCount = Branded<'entries'>;
/** Queue identifier; 0 is the admin queue (Base 2.1, 3.3.3.2). */
export type QueueId = Branded<'queue'>;
/** Command identifier, CDW0 bits 31:16 (Base 2.1, 4.1.1). */
export type CommandId = Branded<'command'>;
/** Phase tag, 0 or 1 (Base 2.1, 4.2.4). */
export type PhaseTag = 0 | 1;
/** Interrupt vector number (PCIe 1.1, 3.5). */
export type Vector = Branded<'vector'>;
/** Physical address in host memory, in bytes. */
export type Address = Branded<'address'>;
/** Offset from the start of the register window (BAR0), in bytes. */
export type RegisterOffset = Branded<'register'>;
/** The host CPU that executes an instruction; posted writes of one CPU stay in order. */
export type CpuIndex = Branded<'cpu'>;

export const ADMIN: QueueId = 0;
