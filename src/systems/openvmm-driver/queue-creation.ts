/** NvmeDriver's worker, create_io_queue: a queue pair for a CPU that had none, through the admin queue's task. */
import { type AdminEntry, adminEntry } from '../../driver/admin.ts';
import type { Host } from '../../driver/host.ts';
import type {
  CompletionQueueSetup,
  ControlAction,
  HostPlan,
  SubmissionQueueSetup,
} from '../../driver/plan.ts';
import type { Instruction } from '../../link/program.ts';
import type { Driver } from './clients.ts';
import type { OpenvmmDecisions } from './decisions.ts';

type Creation = Extract<ControlAction, { readonly do: 'create-sq' }>;

interface Setups {
  readonly sq: SubmissionQueueSetup;
  readonly cq: CompletionQueueSetup;
}

function setupsOf({ plan }: Host, { qid, size }: Creation): Setups {
  const sq = plan.sqs.find((setup) => setup.qid === qid) as SubmissionQueueSetup;
  const cq = plan.cqs.find((setup) => setup.qid === sq.cqid) as CompletionQueueSetup;
  return { sq: { ...sq, size: size ?? sq.size }, cq };
}

/** For each action of the control plane, the admin commands that it takes, in order. */
export function creationEntries(host: Host): (() => AdminEntry)[][] {
  return host.plan.control.map((action) => {
    if (action.do !== 'create-sq') return [];
    const { sq, cq } = setupsOf(host, action);
    return [
      () => adminEntry.createCq(cq.qid, cq.size, host.cq(cq.qid).base, cq.vector),
      () => adminEntry.createSq(sq.qid, sq.size, host.sq(sq.qid).ring.base, cq.qid),
    ];
  });
}

/** The Save that follows a creation, or creations one after the other: it can come while the worker is at them. */
export function saveBehind(control: HostPlan['control'], creation: number): number | undefined {
  let index = creation;
  while (control[index]?.do === 'create-sq') index++;
  return control[index]?.do === 'save' ? index : undefined;
}

export function createQueuePair(
  driver: Driver,
  action: Creation,
  index: number,
  decisions: OpenvmmDecisions,
): Instruction[] {
  const { host, door, admin, io, barrier } = driver;
  const pair = io.find(({ qid }) => qid === action.qid);
  if (pair === undefined || admin === undefined) return [];
  const over = `queue pair ${pair.qid} is there, refused or given up [${index}]`;
  const save = saveBehind(host.plan.control, index);
  const givenUp = (): boolean =>
    decisions.saveDuringCreation === 'gives-it-up' && save !== undefined && door.answersOpen(save) > 0;
  const setups = setupsOf(host, action);
  const { sq, cq } = pair.parts;
  const asks = (what: string, call: number): Instruction[] => [
    {
      label: `send Create ${what} [${index}]`,
      run: () => {
        door.askCommand(call);
        admin.commands.send(call);
      },
    },
    {
      label: `await Create ${what} [${index}]`,
      when: () => door.stateOf(call) !== 'open' || givenUp(),
      run: () => (door.stateOf(call) === 'done' && !givenUp() ? undefined : over),
    },
  ];
  return [
    {
      label: `allocate queue pair ${pair.qid} [${index}]`,
      run: () => {
        if (pair.created || givenUp()) return over;
        sq.start(setups.sq.size);
        cq.start(setups.cq.size);
        const waits = decisions.newQueues === 'wait-for-the-drain' && barrier.isUp;
        pair.drain.state = waits ? 'SelfDrained' : 'AllDrained';
        return undefined;
      },
    },
    ...door.ownCalls(index).flatMap((call, nth) => asks(nth === 0 ? `CQ${cq.qid}` : `SQ${sq.qid}`, call)),
    { label: `start queue pair ${pair.qid} [${index}]`, run: () => pair.start(host.link, 0) },
    { label: over, run: () => undefined },
  ];
}
