/** Which events a rule cannot do without. A target that does not show them makes the rule undecidable. */
import type { EventType } from '../link/events.ts';
import type { RuleId } from '../spec/rule.ts';
import type { JudgeOptions } from './desk.ts';

/** Each inner list are alternatives. A rule that is not listed is not judged at all. */
const needs: Readonly<Partial<Record<RuleId, readonly (readonly EventType[])[]>>> = {
  'SQ-TAIL-RANGE': [['db.sq']],
  'SQ-TAIL-OVERRUN': [['db.sq'], ['sqe.fetch']],
  'SQ-TAIL-OVER-SQHD': [['db.sq'], ['cqe.post']],
  'CQ-HEAD-RANGE': [['db.cq']],
  'CQ-HEAD-PAST-TAIL': [['db.cq'], ['cqe.post']],
  'DB-NO-QUEUE': [['db.sq', 'db.cq'], ['sqe.fetch', 'sqe.write'], ['cqe.post']],
  'ENTRY-MUTATED': [['sqe.write'], ['sqe.fetch'], ['db.sq']],
  'SQ-FETCH-ORDER': [['sqe.fetch']],
  'SQ-FETCH-PAST-TAIL': [['sqe.fetch'], ['db.sq']],
  'CQ-FULL-NO-POST': [['cqe.post'], ['db.cq']],
  'CQ-FULL-NO-LOSS': [['sqe.fetch'], ['cqe.post'], ['db.cq']],
  'CQ-FULL-ISOLATION': [['sqe.fetch', 'sqe.write'], ['cqe.post'], ['db.cq']],
  'CQ-FULL-RESUME': [['sqe.fetch', 'sqe.write'], ['cqe.post'], ['db.cq']],
  'CQE-SLOT-ORDER': [['cqe.post']],
  'PHASE-EXPECTED': [['cqe.post']],
  'PHASE-LAST-WRITE': [['cqe.write'], ['cqe.post']],
  'SQHD-RANGE': [['cqe.post']],
  'SQHD-NOT-AHEAD': [['cqe.post'], ['db.sq']],
  'SQHD-COVERS-SELF': [['cqe.post'], ['db.sq'], ['sqe.fetch', 'sqe.write']],
  'HOST-REAP': [['cqe.post'], ['db.cq']],
  'CID-UNIQUE': [['sqe.fetch', 'sqe.write'], ['cqe.post']],
  'CQE-UNKNOWN-CID': [['sqe.fetch', 'sqe.write'], ['cqe.post']],
  'CQE-DUPLICATE': [['sqe.fetch', 'sqe.write'], ['cqe.post']],
  'CREATE-QID': [['sqe.fetch', 'sqe.write'], ['cqe.post']],
  'CREATE-SQ-CQID': [['sqe.fetch', 'sqe.write'], ['cqe.post']],
  'MSQ-ACCEPT': [['sqe.fetch', 'sqe.write'], ['cqe.post']],
  'CQE-WRONG-CQ': [['sqe.fetch', 'sqe.write'], ['cqe.post']],
  'CMD-COMPLETES': [['sqe.fetch', 'sqe.write'], ['cqe.post'], ['db.sq']],
  'QUEUE-FRESH-STATE': [['cqe.post'], ['sqe.fetch', 'sqe.write']],
  'QUEUE-DEAD-FETCH': [['sqe.fetch']],
  'DELETE-SQ-LATE-CQE': [['sqe.fetch', 'sqe.write'], ['cqe.post']],
  'DELETE-CQ-IN-USE': [['sqe.fetch', 'sqe.write'], ['cqe.post']],
  'CMD-BEFORE-RDY': [['reg.w'], ['reg.r'], ['db.sq']],
  'RDY-RISES': [['reg.w'], ['reg.r']],
  'RDY-FALLS': [['reg.w'], ['reg.r']],
  'SHN-COMPLETES': [['reg.w'], ['reg.r']],
  'DISABLED-SILENT': [['reg.w'], ['reg.r'], ['cqe.post']],
  'CLR-IOQ-GONE': [['reg.w'], ['cqe.post']],
  'CFS-RECOVERY': [['reg.r'], ['db.sq']],
  'SHADOW-RING-MISSED': [['shadow.sq'], ['ei.sq'], ['db.sq']],
  'SHADOW-RING-VALUE': [['shadow.sq'], ['db.sq']],
  'EVENTIDX-SQ-LOST-WAKEUP': [['shadow.sq'], ['ei.sq'], ['cqe.post'], ['sqe.fetch', 'sqe.write']],
  'EVENTIDX-CQ-LOST-WAKEUP': [['shadow.cq'], ['ei.cq'], ['cqe.post'], ['sqe.fetch', 'sqe.write']],
  'DBC-QUEUE-INIT': [['shadow.sq'], ['ei.sq'], ['cqe.post'], ['sqe.fetch', 'sqe.write']],
  'DBC-CLR-LIFETIME': [['ei.sq'], ['reg.w'], ['sqe.fetch']],
  'INT-OWED': [['irq'], ['cqe.post']],
  'MSIX-MASKED': [['irq'], ['irq.mask']],
  'MSIX-UNMASK': [['irq'], ['irq.mask'], ['irq.pending']],
  'SAVE-NO-BACKPRESSURE': [['request.begin'], ['request.end']],
  'RESTORE-RING': [['request.begin'], ['request.end'], ['sqe.write'], ['db.sq']],
  'RESTORE-FENCE': [['request.end'], ['sqe.write'], ['sqe.fetch'], ['cqe.post'], ['db.sq']],
  'ANSWER-OWED': [['command.begin'], ['command.end'], ['cqe.post'], ['sqe.fetch', 'sqe.write']],
  'ANSWER-MATCHES': [['command.end'], ['cqe.post'], ['sqe.fetch', 'sqe.write']],
};

/** Liveness rules of the host: a script owes nothing. */
const ofDriverModels: ReadonlySet<RuleId> = new Set<RuleId>([
  'HOST-REAP',
  'RESTORE-RING',
  'SHADOW-RING-MISSED',
]);

/** The rules that this judge knows. */
export const judgedRules: readonly RuleId[] = Object.keys(needs) as RuleId[];

export function isDecidable(id: RuleId, options: JudgeOptions): boolean {
  if (ofDriverModels.has(id) && !options.hostIsModel) return false;
  return needs[id]?.every((any) => any.some((type) => options.observes.has(type))) ?? false;
}
