/**
 * Creation and deletion of I/O queues while the host is at work. Asked for a queue that is there already, or not
 * there any more, the host does nothing; what has to go or to come first does so.
 */
import type { Instruction } from '../link/program.ts';
import { status } from '../spec/status.ts';
import type { CpuIndex, EntryCount, QueueId } from '../spec/units.ts';
import { adminCommand, adminEntry } from './admin.ts';
import { createCqInstructions, createSqInstructions } from './bring-up.ts';
import type { Host } from './host.ts';

export function createsCq(host: Host, cpu: CpuIndex, qid: QueueId, size?: EntryCount): Instruction[] {
  return unless(`CQ${qid} is there`, () => host.cqLive.has(qid), createCqInstructions(host, cpu, qid, size));
}

/** On the completion queue `cqid`, or on the one that the plan has for it. */
export function createsSq(
  host: Host,
  cpu: CpuIndex,
  qid: QueueId,
  size?: EntryCount,
  cqid: QueueId = plannedCq(host, qid),
): Instruction[] {
  return unless(`SQ${qid} is there`, () => host.sq(qid).live, [
    ...createsCq(host, cpu, cqid),
    ...createSqInstructions(host, cpu, qid, cqid, size),
  ]);
}

function plannedCq({ plan }: Host, qid: QueueId): QueueId {
  const setup = plan.sqs.find((sq) => sq.qid === qid);
  if (setup === undefined) throw new Error(`the plan has no SQ${qid}`);
  return setup.cqid;
}

/**
 * The queue is idled first (Base 2.1, 3.7.3): nothing new is submitted to it, and its completions, which only the
 * handler takes in, are awaited. With `cqid`: only if it is on that completion queue.
 */
export function deletesSq(host: Host, cpu: CpuIndex, qid: QueueId, cqid?: QueueId): Instruction[] {
  const sq = host.sq(qid);
  const isGone = (): boolean => !sq.live || (cqid !== undefined && sq.cqid !== cqid);
  return unless(`SQ${qid} is gone`, isGone, [
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
  const { sqs, control } = host.plan;
  const users = sqs.filter(
    (sq) =>
      sq.cqid === qid ||
      control.some((each) => each.do === 'create-sq' && each.qid === sq.qid && each.cqid === qid),
  );
  return unless(`CQ${qid} is gone`, () => !host.cqLive.has(qid), [
    ...users.flatMap((user) => deletesSq(host, cpu, user.qid, qid)),
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
export function unless(goal: string, reached: () => boolean, instructions: Instruction[]): Instruction[] {
  return [
    { label: `look whether ${goal}`, run: () => (reached() ? goal : undefined) },
    ...instructions,
    { label: goal, run: () => undefined },
  ];
}
