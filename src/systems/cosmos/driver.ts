/** The driver as a whole: bring-up, the threads that call it, the interrupt handler. */
import type { Arena } from '../../arena/arena.ts';
import { bringUpInstructions } from '../../driver/bring-up.ts';
import { conforming } from '../../driver/decisions.ts';
import { Host } from '../../driver/host.ts';
import type { ControlAction, HostPlan } from '../../driver/plan.ts';
import type { Link } from '../../link/link.ts';
import type { Process } from '../../link/process.ts';
import { type Instruction, Program } from '../../link/program.ts';
import type { Vector } from '../../spec/units.ts';
import { NotOffered } from '../system.ts';
import type { CosmosDecisions } from './decisions.ts';
import { interruptHandler, lossyPlatform } from './isr.ts';
import { IO_QUEUE, NvmeController } from './nvme-controller.ts';
import { INTERRUPT_CPU } from './scheduler.ts';
import { callingThread } from './thread.ts';

export function cpusOf(plan: HostPlan): number {
  return Math.max(1, plan.threads.length);
}

export class CosmosDriver {
  readonly processes: readonly Process[];
  /** Loads that pass others may see an entry that was consumed a lap ago. */
  readonly rereadsEntries: boolean;
  readonly #host: Host;

  /** Throws `NotOffered`. */
  constructor(arena: Arena, link: Link, given: HostPlan, decisions: CosmosDecisions) {
    check(given);
    const plan = ofThisDriver(given, link, decisions);
    const [{ size: depth } = { size: 2 }] = plan.sqs;
    const [{ vector } = { vector: undefined }] = plan.cqs;
    const host = new Host(arena, link, plan, {
      ...conforming,
      completion: vector === undefined ? 'polled' : 'interrupt',
      tags: decisions.slots === 'depth' ? depth : depth - 1,
    });
    this.#host = host;
    const driver = new NvmeController(arena, host, plan.threads.length, decisions);
    this.rereadsEntries = driver.reorders;
    const handlers: Process[] = [];
    if (vector !== undefined) {
      const listener = link.msix.listen(vector);
      handlers.push(interruptHandler(arena, driver, listener));
      if (decisions.lostMessages > 0) handlers.push(lossyPlatform(driver, listener));
    }
    this.processes = [
      start(arena, host),
      ...plan.threads.map((calls, thread) => callingThread(arena, driver, thread, calls)),
      ...handlers,
    ];
  }

  get isUp(): boolean {
    return this.#host.up;
  }
}

/** Start-up, all of it polled; then what the platform does. */
function start(arena: Arena, host: Host): Program {
  const { link, plan } = host;
  const ready = (): boolean => link.ready(INTERRUPT_CPU);
  return new Program(arena, { name: 'start-up', party: 'host', ready }, [
    ...bringUpInstructions(host, INTERRUPT_CPU),
    { label: 'start-up is done', run: () => void (host.up = true) },
    ...plan.control.flatMap((action, index) => platformAction(link, action, index)),
    { label: 'nothing more to do', when: () => false, run: () => 'nothing more to do' },
  ]);
}

function platformAction(link: Link, action: ControlAction, index: number): Instruction[] {
  if (action.do !== 'mask' && action.do !== 'unmask') return [];
  const { vector } = action;
  return [
    {
      label: `${action.do} vector ${vector} [${index}]`,
      run: () => link.mask(vector, action.do === 'mask'),
    },
  ];
}

/** No doorbell buffer, and the MSI-X entry that the revision names, as far as the device has that many. */
function ofThisDriver(plan: HostPlan, link: Link, decisions: CosmosDecisions): HostPlan {
  const entry: Vector = Math.min(decisions.msixEntry, link.msix.vectors - 1);
  const vectorOf = (planned: Vector | undefined): Vector | undefined =>
    planned === undefined || decisions.completion === 'polled' ? undefined : entry;
  return {
    ...plan,
    doorbellBuffer: 'never',
    cqs: plan.cqs.map((cq) => ({ ...cq, vector: vectorOf(cq.vector) })),
  };
}

/** What no caller of this driver can have. */
function check(plan: HostPlan): void {
  const [sq] = plan.sqs;
  const [cq] = plan.cqs;
  const onePair = plan.sqs.length === 1 && plan.cqs.length === 1;
  if (!onePair || sq?.qid !== IO_QUEUE || cq?.qid !== IO_QUEUE || !sq.created || !cq.created)
    throw new NotOffered('Cosmos creates one I/O queue pair, SQ1 and CQ1, when the driver starts');
  for (const { do: action } of plan.control) {
    if (action !== 'mask' && action !== 'unmask' && action !== 'doorbell-buffer')
      throw new NotOffered(`Cosmos’ driver offers no ${action} while it runs`);
  }
}
