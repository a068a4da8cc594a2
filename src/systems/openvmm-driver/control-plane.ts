/**
 * NvmeDriver: bring-up, then its worker (DriverWorkerTask::run), which does what a scenario asks for one thing after
 * the other. Somebody's first command on a CPU asks for a queue pair, and a Save can come while that is created.
 */
import type { Arena } from '../../arena/arena.ts';
import { bringUpInstructions } from '../../driver/bring-up.ts';
import type { ControlAction } from '../../driver/plan.ts';
import { type Instruction, Program } from '../../link/program.ts';
import type { CpuIndex } from '../../spec/units.ts';
import { askAgain, type Driver, END } from './clients.ts';
import type { OpenvmmDecisions } from './decisions.ts';
import { isAsleep } from './queue-handler.ts';
import { createQueuePair, saveBehind } from './queue-creation.ts';
import type { QueuePair } from './queue-pair.ts';

/** The programs that the control plane has to do with. */
export interface Tasks {
  /** In the order of the queue pairs, the admin queue's first. */
  readonly queues: readonly Program[];
  readonly threads: readonly Program[];
}

export function controlPlane(
  arena: Arena,
  driver: Driver,
  tasks: Tasks,
  cpu: CpuIndex,
  decisions: OpenvmmDecisions,
): Program[] {
  const { host, admin, io } = driver;
  const { link, plan } = host;
  const actions = plan.control.map((action, index) =>
    actionInstructions(driver, tasks, action, index, decisions),
  );
  const pairs = admin === undefined ? io : [admin, ...io];
  const isCreated = ({ qid }: QueuePair): boolean => plan.sqs.some((sq) => sq.qid === qid && sq.created);
  const worker = new Program(
    arena,
    { name: 'control plane', party: 'host', ready: () => link.ready(cpu) && !host.stopped },
    [
      ...bringUpInstructions(host, cpu),
      {
        label: 'start the queue tasks',
        run: () => {
          admin?.start(link, host.adminSqhd);
          for (const pair of io) if (isCreated(pair)) pair.start(link, 0);
        },
      },
      {
        label: 'bring-up is done',
        when: () => tasks.queues.every((task, at) => isAsleep(task) || pairs[at]?.running === false),
        run: () => void (host.up = true),
      },
      ...actions.flat(),
      END,
    ],
  );
  return [worker, ...servicing(arena, driver, worker, actions)];
}

/** NvmeDriver::save while the worker creates queue pairs: the request waits in the worker's channel. */
function servicing(
  arena: Arena,
  { host, door }: Driver,
  worker: Program,
  actions: readonly (readonly Instruction[])[],
): Program[] {
  const { control } = host.plan;
  return control.flatMap(({ do: what }, save) => {
    const creations = actions
      .filter((_, index) => index < save && saveBehind(control, index) === save)
      .flat();
    if (what !== 'save' || creations.length === 0) return [];
    const comes: Instruction = {
      label: `send Save to the worker [${save}]`,
      when: () => door.answersOpen(save) === 0 && creations.some(({ label }) => worker.isAt(label)),
      run: () => door.askRequest(save, 1),
    };
    const ready = (): boolean => !host.stopped;
    return [new Program(arena, { name: `servicing [${save}]`, party: 'host', ready }, [comes, END])];
  });
}

function actionInstructions(
  driver: Driver,
  tasks: Tasks,
  action: ControlAction,
  index: number,
  decisions: OpenvmmDecisions,
): Instruction[] {
  const { link, plan } = driver.host;
  switch (action.do) {
    case 'inspect':
      return [...sends(driver, 'Inspect', index, false), answered(driver, 'Inspect', index)];
    case 'save': {
      // After it the queue pairs are gone: unless they are restored, nothing that follows finds anybody to ask.
      const restores = plan.control[index + 1]?.do === 'restore';
      const end = answered(driver, 'Save', index);
      return [
        ...sends(driver, 'Save', index, true),
        restores ? end : { ...end, run: (): string => END.label },
      ];
    }
    case 'restore':
      return restoreInstructions(driver, tasks, index, decisions);
    case 'create-sq':
      return createQueuePair(driver, action, index, decisions);
    case 'mask':
    case 'unmask': // the platform's doing
      return [
        {
          label: `${action.do} vector ${action.vector} [${index}]`,
          run: () => link.mask(action.vector, action.do === 'mask'),
        },
      ];
    case 'next-aen': // the event task's
    case 'doorbell-buffer': // nothing to this driver
    case 'delete-sq':
    case 'delete-cq':
    case 'create-cq':
    case 'abort':
    case 'reset': // not offered
      return [];
  }
}

/**
 * A request to every queue pair. Save asks the I/O queues when the admin queue has answered
 * (NvmeDriver::save); Inspect asks them all at once.
 */
function sends(
  { door, admin, io }: Driver,
  what: 'Save' | 'Inspect',
  index: number,
  adminFirst: boolean,
): Instruction[] {
  if (admin === undefined) return [];
  const handlers = (): number => 1 + io.filter(({ created }) => created).length;
  return [
    {
      label: `send ${what} to the admin queue [${index}]`,
      run: () => {
        if (door.answersOpen(index) > 0) door.share(index, handlers());
        else door.askRequest(index, handlers());
        admin.requests.send(~index);
      },
    },
    ...io.map((pair, position) => ({
      label: `send ${what} to queue ${pair.qid} [${index}]`,
      when: () => !adminFirst || position > 0 || door.answersOpen(index) < handlers(),
      run: () => {
        if (pair.created) pair.requests.send(~index);
      },
    })),
  ];
}

function answered({ door }: Driver, what: string, index: number): Instruction {
  return {
    label: `await ${what} [${index}]`,
    when: () => door.answersOpen(index) === 0,
    run: () => undefined,
  };
}

/** NvmeDriver::restore: the admin queue first, then all I/O queues before any of their tasks can run. */
function restoreInstructions(
  driver: Driver,
  { threads }: Tasks,
  index: number,
  decisions: OpenvmmDecisions,
): Instruction[] {
  const { host, admin, io, barrier } = driver;
  const { link } = host;
  return [
    {
      label: `receive Restore [${index}]`,
      run: () => {
        host.paused = true;
        if (decisions.callersTold === 'with-the-queue-pair') {
          admin?.drop();
          for (const pair of io) pair.drop();
        }
        link.emit({ type: 'request.begin', id: index, request: 'restore' });
      },
    },
    { label: `restore the admin queue [${index}]`, run: () => admin?.restore(link) },
    {
      label: `restore the I/O queues [${index}]`,
      run: () => {
        const others = decisions.drains === 'every-queue';
        barrier.start(others ? io.filter(({ drains }) => drains).length : 0);
        for (const pair of io) {
          if (!pair.created) continue;
          pair.drain.state = pair.drains ? 'Draining' : barrier.isUp ? 'SelfDrained' : 'AllDrained';
          pair.restore(link);
        }
      },
    },
    {
      label: `answer Restore [${index}]`,
      run: () => {
        askAgain(driver, threads);
        host.paused = false;
        link.emit({ type: 'request.end', id: index, request: 'restore', detached: true });
      },
    },
  ];
}
