/** The control plane: bring-up first, then what a scenario asks of it, one thing after the other. */
import type { Arena } from '../arena/arena.ts';
import { type Instruction, Program } from '../link/program.ts';
import type { CpuIndex } from '../spec/units.ts';
import { adminCommand, adminEntry, reapAdmin, writeAdmin } from './admin.ts';
import { bringUpInstructions, disableInstructions, doorbellBufferInstructions } from './bring-up.ts';
import type { Host } from './host.ts';
import type { ControlAction } from './plan.ts';
import { createsCq, createsSq, deletesCq, deletesSq } from './queue-changes.ts';

const READY = 'bring-up is done';

export function controlPlane(arena: Arena, host: Host, cpu: CpuIndex): Program {
  const actions = host.plan.control.flatMap((action, index) =>
    unique(index, actionInstructions(host, cpu, action, index)),
  );
  const instructions: Instruction[] = [
    ...bringUpInstructions(host, cpu),
    ...eventRequestInstructions(host, cpu),
    { label: READY, run: () => void (host.up = true) },
    ...actions,
    {
      label: 'nothing more to do',
      when: () => host.adminCq.hasEntry, // an event request that is answered, or refused
      run: () => {
        reapAdmin(host, cpu);
        return 'nothing more to do';
      },
    },
  ];
  return new Program(
    arena,
    { name: 'control plane', party: 'host', ready: () => host.link.ready(cpu) && !host.stopped },
    instructions,
  );
}

function eventRequestInstructions(host: Host, cpu: CpuIndex): Instruction[] {
  if (host.plan.eventRequests === 0) return [];
  return [
    {
      label: 'submit Asynchronous Event Requests',
      run: () => {
        for (let count = 0; count < host.plan.eventRequests; count++)
          writeAdmin(host, adminEntry.eventRequest());
        host.adminSq.published = host.adminSq.index;
        host.adminSq.ringDoorbell(cpu, host.adminSq.index);
      },
    },
  ];
}

/** Labels are unique in a program: those of the second action and later get its number. */
function unique(index: number, instructions: Instruction[]): Instruction[] {
  const rename = (label: string): string => `${label} [${index}]`;
  return instructions.map((instruction) => ({
    ...instruction,
    label: rename(instruction.label),
    run: (choice) => {
      const target = instruction.run(choice);
      return target === undefined ? undefined : rename(target);
    },
  }));
}

function actionInstructions(host: Host, cpu: CpuIndex, action: ControlAction, id: number): Instruction[] {
  const { link } = host;
  switch (action.do) {
    case 'save':
    case 'inspect':
      return [
        {
          label: `receive ${action.do}`,
          run: () => link.emit({ type: 'request.begin', id, request: action.do }),
        },
        {
          label: `answer ${action.do}`,
          run: () => {
            link.emit({ type: 'request.end', id, request: action.do });
            if (action.do === 'save') host.stopped = true; // what is outstanding belongs to the restored driver
          },
        },
      ];
    case 'next-aen':
      return [
        {
          label: 'receive next-aen',
          run: () => link.emit({ type: 'request.begin', id, request: 'next-aen' }),
        },
        {
          label: 'await an event',
          when: () => host.events.get(0) > 0 || host.adminCq.hasEntry,
          run: () => {
            if (host.events.get(0) === 0) {
              reapAdmin(host, cpu);
              return 'await an event';
            }
            host.events.clear();
            link.emit({ type: 'request.end', id, request: 'next-aen' });
            return undefined;
          },
        },
      ];
    case 'mask':
    case 'unmask':
      return [
        {
          label: `${action.do} vector ${action.vector}`,
          run: () => link.mask(action.vector, action.do === 'mask'),
        },
      ];
    case 'doorbell-buffer':
      return atRest(host, doorbellBufferInstructions(host, cpu));
    case 'abort':
      return adminCommand(host, cpu, 'Abort', () => adminEntry.abort(action.sqid, action.cid));
    case 'delete-sq':
      return deletesSq(host, cpu, action.qid);
    case 'delete-cq':
      return deletesCq(host, cpu, action.qid);
    case 'create-sq':
      return createsSq(host, cpu, action.qid);
    case 'create-cq':
      return createsCq(host, cpu, action.qid);
    case 'reset':
      return atRest(host, [
        ...disableInstructions(host, cpu),
        ...bringUpInstructions(host, cpu),
        ...eventRequestInstructions(host, cpu),
        { label: 'up again', run: () => void (host.up = true) },
      ]);
  }
}

/** What changes every queue is done while nobody submits and no handler runs. */
function atRest(host: Host, instructions: Instruction[]): Instruction[] {
  return [
    { label: 'pause submission and handlers', run: () => void (host.paused = true) },
    { label: 'wait until the host is idle', when: () => host.idle, run: () => undefined },
    ...instructions,
    { label: 'resume', run: () => void (host.paused = false) },
  ];
}
