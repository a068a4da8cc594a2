/**
 * Save and restore at the driver's own door. No NVM Express text asks for them: that Save is answered whatever the
 * controller does, and that nothing is lost on the way, is the contract of a driver that can be serviced.
 *
 * What is saved stays where it is: rings, indices, phase, published values, tags, shadow pages. What a program was in
 * the middle of is not saved; the programs of the restored driver begin at their beginning.
 */
import type { Instruction } from '../link/program.ts';
import type { CpuIndex } from '../spec/units.ts';
import type { Host } from './host.ts';
import { unless } from './queue-changes.ts';
import type { HostRing } from './rings.ts';

/** `then`: where the control plane goes on; the next instruction is the first one of restore. */
export function saveInstructions(host: Host, id: number, then: string | undefined): Instruction[] {
  const { link } = host;
  return [
    {
      label: 'receive save',
      run: () => link.emit({ type: 'request.begin', id, request: 'save' }),
    },
    {
      label: 'answer save',
      // Handlers complete what they took from a ring; that needs nobody but the host.
      when: () => !host.instances.some((instance) => instance.holds()),
      run: () => {
        link.emit({ type: 'request.end', id, request: 'save' });
        host.stopped = true; // what is outstanding belongs to the restored driver
        return then;
      },
    },
  ];
}

/**
 * What was written and not announced is announced first. Under shadow doorbells the register is written whatever
 * EventIdx says: whether the saved driver had seen reason to ring is not known. Then the handlers look at their
 * queues, because the interrupt for what is there may be gone, and threads go on.
 */
export function restoreInstructions(host: Host, cpu: CpuIndex, id: number): Instruction[] {
  const { link } = host;
  return [
    {
      label: 'receive restore',
      // A CPU of the driver that is gone is still in a write that traps: it would take effect after those to come.
      when: () => !link.trapping,
      run: () => link.emit({ type: 'request.begin', id, request: 'restore' }),
    },
    ...[...host.sqs.values()].flatMap((sq) => announces(cpu, sq.ring, () => sq.live)),
    ...[...host.cqs.values()].flatMap((ring) => announces(cpu, ring, () => host.cqLive.has(ring.qid))),
    {
      label: 'take over',
      run: () => {
        for (const sq of host.sqs.values()) sq.lock = 0;
        for (const instance of host.instances) instance.restart();
        host.stopped = false;
        link.emit({ type: 'request.end', id, request: 'restore' });
      },
    },
  ];
}

function announces(cpu: CpuIndex, ring: HostRing, isLive: () => boolean): Instruction[] {
  const name = ring.ring === 'sq' ? `the tail of SQ${ring.qid}` : `the head of CQ${ring.qid}`;
  return unless(`${name} is announced`, () => !isLive() || ring.published === ring.index, [
    {
      label: `store ${name}`,
      run: () => {
        if (ring.shadow) ring.storeShadow(ring.index);
      },
    },
    {
      label: `ring for ${name}`,
      run: () => {
        ring.published = ring.index;
        ring.ringDoorbell(cpu, ring.index);
      },
    },
  ]);
}
