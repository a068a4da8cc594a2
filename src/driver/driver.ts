/** The reference driver: submitting threads, a handler for each completion queue, a control plane. */
import type { Arena } from '../arena/arena.ts';
import type { Link } from '../link/link.ts';
import type { Process } from '../link/process.ts';
import { completer } from './completer.ts';
import { controlPlane } from './control.ts';
import type { DriverDecisions } from './decisions.ts';
import { Host } from './host.ts';
import type { HostPlan } from './plan.ts';
import { submitter } from './submitter.ts';

/** Host CPUs of a plan: one for each thread, one for each completion queue's handler, one for the control plane. */
export function cpusOf(plan: HostPlan): number {
  return plan.threads.length + plan.cqs.length + 1;
}

export class ReferenceDriver {
  readonly host: Host;
  readonly processes: readonly Process[];

  constructor(arena: Arena, link: Link, plan: HostPlan, decisions: DriverDecisions) {
    const host = new Host(arena, link, plan, decisions);
    this.host = host;
    const threads = plan.threads.length;
    this.processes = [
      controlPlane(arena, host, threads + plan.cqs.length),
      ...plan.threads.map((commands, thread) => submitter(arena, host, thread, commands, thread)),
      ...plan.cqs.map(({ qid, vector }, index) =>
        completer(arena, host, host.cq(qid), vector, threads + index),
      ),
    ];
  }

  /** Whether bring-up is done: from here on the explorer decides who moves. */
  get ready(): boolean {
    return this.host.up;
  }
}
