/** Admin commands as a host issues them: the entries, and the instructions that submit one and wait for it. */
import type { Instruction } from '../link/program.ts';
import type { CompletionEntry, SubmissionEntry } from '../spec/entries.ts';
import { adminOpcode, feature } from '../spec/opcodes.ts';
import type { Address, CpuIndex, EntryCount, QueueId, Vector } from '../spec/units.ts';
import { rings } from '../spec/wakeup.ts';
import type { Host } from './host.ts';

/** Everything but the CID, which is given when the entry is written. */
export type AdminEntry = Omit<Partial<SubmissionEntry>, 'cid'>;

export const adminEntry: {
  readonly identify: (cns: number, buffer: Address) => AdminEntry;
  readonly numberOfQueues: (count: number) => AdminEntry;
  readonly createCq: (
    qid: QueueId,
    size: EntryCount,
    base: Address,
    vector: Vector | undefined,
  ) => AdminEntry;
  readonly createSq: (qid: QueueId, size: EntryCount, base: Address, cqid: QueueId) => AdminEntry;
  readonly deleteSq: (qid: QueueId) => AdminEntry;
  readonly deleteCq: (qid: QueueId) => AdminEntry;
  readonly abort: (sqid: QueueId, cid: number) => AdminEntry;
  readonly eventRequest: () => AdminEntry;
  readonly doorbellBuffer: (shadow: Address, eventIdx: Address) => AdminEntry;
} = {
  identify: (cns, buffer) => ({
    opcode: adminOpcode.identify,
    nsid: cns === 0 ? 1 : 0,
    prp1: buffer,
    cdw10: cns,
  }),
  numberOfQueues: (count) => ({
    opcode: adminOpcode.setFeatures,
    cdw10: feature.numberOfQueues,
    cdw11: (count - 1) | ((count - 1) << 16),
  }),
  createCq: (qid, size, base, vector) => ({
    opcode: adminOpcode.createCq,
    prp1: base,
    cdw10: qid | ((size - 1) << 16),
    cdw11: 1 | (vector === undefined ? 0 : 2) | ((vector ?? 0) << 16),
  }),
  createSq: (qid, size, base, cqid) => ({
    opcode: adminOpcode.createSq,
    prp1: base,
    cdw10: qid | ((size - 1) << 16),
    cdw11: 1 | (cqid << 16),
  }),
  deleteSq: (qid) => ({ opcode: adminOpcode.deleteSq, cdw10: qid }),
  deleteCq: (qid) => ({ opcode: adminOpcode.deleteCq, cdw10: qid }),
  abort: (sqid, cid) => ({ opcode: adminOpcode.abort, cdw10: sqid | (cid << 16) }),
  eventRequest: () => ({ opcode: adminOpcode.asynchronousEventRequest }),
  doorbellBuffer: (shadow, eventIdx) => ({
    opcode: adminOpcode.doorbellBufferConfig,
    prp1: shadow,
    prp2: eventIdx,
  }),
};

/** Admin commands get identifiers that no I/O command has, so that a completion in the wrong place stands out. */
const FIRST_CID = 0x100;

/** Writes an admin entry under a fresh CID and returns the CID; the doorbell is not rung. */
export function writeAdmin(host: Host, entry: AdminEntry): number {
  const cid = FIRST_CID + host.adminCid;
  host.adminCid = (host.adminCid + 1) % 0x100;
  host.adminSq.write({ ...entry, cid });
  if (entry.opcode === adminOpcode.asynchronousEventRequest) host.eventRequests.insert(cid);
  return cid;
}

/**
 * Consumes the admin completion at the head and announces it. An answered Asynchronous Event Request is recorded;
 * any other entry is returned.
 */
export function reapAdmin(host: Host, cpu: CpuIndex): CompletionEntry | undefined {
  const entry = host.adminCq.consume();
  host.adminSqhd = entry.sqhd;
  publishAdmin(host.adminCq, host, cpu);
  const row = host.eventRequests.find(entry.cid);
  if (row < 0) return entry;
  host.eventRequests.remove(row);
  if (entry.status === 0) {
    host.events.set(0, host.events.get(0) + 1);
    host.events.set(1, entry.dw0);
    host.link.emit({ type: 'aen.arrived' });
  }
  return undefined;
}

/** One step, as nobody else uses these queues; with shadow doorbells, the register only where EventIdx asks for it. */
function publishAdmin(ring: Host['adminSq'] | Host['adminCq'], host: Host, cpu: CpuIndex): void {
  const { published, index, size } = ring;
  ring.published = index;
  if (ring.shadow) ring.storeShadow(index);
  if (!ring.shadow || rings(host.decisions.wakeup, published, index, ring.loadEventIdx(), size))
    ring.ringDoorbell(cpu, index);
}

/** Instructions that submit one admin command and wait for its completion. `what` names it in labels. */
export function adminCommand(
  host: Host,
  cpu: CpuIndex,
  what: string,
  entry: () => AdminEntry,
  done?: (completion: CompletionEntry) => void,
): Instruction[] {
  return [
    { label: `write ${what}`, run: () => void writeAdmin(host, entry()) },
    {
      label: `ring for ${what}`,
      run: () => publishAdmin(host.adminSq, host, cpu),
    },
    {
      label: `await ${what}`,
      when: () => host.adminCq.hasEntry,
      run: () => {
        const completion = reapAdmin(host, cpu);
        if (completion === undefined) return `await ${what}`;
        done?.(completion);
        return undefined;
      },
    },
  ];
}
