/**
 * Creation and deletion of I/O queues while the host is at work. Asked for a queue that is there already, or not
 * there any more, the host does nothing; what has to go or to come first does so.
 */
import type { Instruction } from '../link/program.ts';
import { status } from '../spec/status.ts';
import type { CpuIndex, QueueId } from '../spec/units.ts';
import { adminCommand, adminEntry } from './admin.ts';
import { createCqInstructions, createSqInstructions } from './bring-up.ts';
import type { Host } from './host.ts';

export function createsCq(host: Host, cpu: CpuIndex, qid: QueueId): Instruction[] {
  return unless(`CQ${qid} is there`, () => host.cqLive.has(qid), createCqInstructions(host, cpu, qid));
}

export function createsSq(host: Host, cpu: CpuIndex, qid: QueueId): Instruction[] {
  return unless(`SQ${qid} is there`, () => host.sq(qid).live, [
    ...createsCq(host, cpu, host.sq(qid).cqid),
    ...createSqInstructions(host, cpu, qid),
  ]);
}

/**
 * The queue is idled first (Base 2.1, 3.7.3): nothing new is submitted to it, and its completions, which only the
 * handler takes in, are awaited.
 */
export function deletesSq(host: Host, cpu: CpuIndex, qid: QueueId): Instruction[] {
  const sq = host.sq(qid);
  return unless(`SQ${qid} is gone`, () => !sq.live, [
    { label: `hold SQ${qid}`, run: () => void (sq.held = true) },
    {
      label: `wait until SQ${qid} is idle`,
      when: () => sq.lock === 0 && sq.tags.empty && host.writesArrived,
      run: () => undefined,
    },
    ...adminCommand(
      host,
      cpu,
      `Delete SQ${qid}`,
      () => adminEntry.deleteSq(qid),
      (completion) => {
        if (completion.status === status.success) sq.clear();
        else sq.held = false;
      },
    ),
  ]);
}

/** The SQs of a CQ go before it (5.2.3), and its handler is at rest, with nothing left to announce. */
export function deletesCq(host: Host, cpu: CpuIndex, qid: QueueId): Instruction[] {
  const users = host.plan.sqs.filter(({ cqid }) => cqid === qid);
  return unless(`CQ${qid} is gone`, () => !host.cqLive.has(qid), [
    ...users.flatMap((user) => deletesSq(host, cpu, user.qid)),
    { label: `hold the handler of CQ${qid}`, run: () => host.cqHeld.add(qid) },
    {
      label: `wait until CQ${qid} is idle`,
      when: () => !host.cqBusy.has(qid) && host.writesArrived,
      run: () => undefined,
    },
    ...adminCommand(
      host,
      cpu,
      `Delete CQ${qid}`,
      () => adminEntry.deleteCq(qid),
      (completion) => {
        host.cqHeld.delete(qid);
        if (completion.status === status.success) host.cqLive.delete(qid);
      },
    ),
  ]);
}

/** `instructions`, unless what they lead to is true already. */
function unless(goal: string, reached: () => boolean, instructions: Instruction[]): Instruction[] {
  return [
    { label: `look whether ${goal}`, run: () => (reached() ? goal : undefined) },
    ...instructions,
    { label: goal, run: () => undefined },
  ];
}
