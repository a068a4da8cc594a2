/** The control plane: bring-up first, then what a scenario asks of it, one thing after the other. */
import type { Arena } from '../arena/arena.ts';
import { type Instruction, Program } from '../link/program.ts';
import type { CommandId, CpuIndex, QueueId } from '../spec/units.ts';
import { adminCommand, adminEntry, reapAdmin, writeAdmin } from './admin.ts';
import { bringUpInstructions, doorbellBufferInstructions, resetInstructions } from './bring-up.ts';
import type { Host } from './host.ts';
import type { ControlAction } from './plan.ts';
import { createsCq, createsSq, deletesCq, deletesSq } from './queue-changes.ts';
import { restoreInstructions, saveInstructions } from './save-restore.ts';

const READY = 'bring-up is done';
const END = 'nothing more to do';

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
      label: END,
      when: () => !host.stopped && host.adminCq.hasEntry, // an event request that is answered, or refused
      run: () => {
        reapAdmin(host, cpu);
        return END;
      },
    },
  ];
  const ready = (): boolean => host.link.ready(cpu);
  return new Program(arena, { name: 'control plane', party: 'host', ready }, instructions);
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
  const labels = new Set(instructions.map(({ label }) => label));
  const rename = (label: string): string => (labels.has(label) ? `${label} [${index}]` : label);
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
      return saveInstructions(host, id, host.plan.control[id + 1]?.do === 'restore' ? undefined : END);
    case 'restore':
      return restoreInstructions(host, cpu, id);
    case 'inspect':
      return [
        {
          label: 'receive inspect',
          run: () => link.emit({ type: 'request.begin', id, request: 'inspect' }),
        },
        {
          label: 'answer inspect',
          run: () => link.emit({ type: 'request.end', id, request: 'inspect' }),
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
      return abortInstructions(host, cpu, action.sqid, action.command);
    case 'delete-sq':
      return deletesSq(host, cpu, action.qid);
    case 'delete-cq':
      return deletesCq(host, cpu, action.qid);
    case 'create-sq':
      return createsSq(host, cpu, action.qid, action.size, action.cqid);
    case 'create-cq':
      return createsCq(host, cpu, action.qid, action.size);
    case 'reset':
      return atRest(host, [
        ...resetInstructions(host, cpu, action.kind),
        ...bringUpInstructions(host, cpu),
        ...eventRequestInstructions(host, cpu),
        { label: 'up again', run: () => void (host.up = true) },
      ]);
  }
}

/**
 * Waits for the command, unless it might never come: its queue is gone, or threads wait for an interrupt that only a
 * later action of this control plane unmasks. Then, if it is outstanding as the host sees it, it is aborted.
 */
function abortInstructions(host: Host, cpu: CpuIndex, sqid: QueueId, command: number): Instruction[] {
  const over = 'Abort is over';
  const sq = host.sq(sqid);
  const { targets } = sq;
  const { msix } = host.link;
  const isMasked = (): boolean =>
    host.plan.cqs.some(({ vector }) => vector !== undefined && msix.isMasked(vector));
  const cid = (): CommandId | undefined => targets?.cidOf(command);
  const [write, ...rest] = adminCommand(host, cpu, 'Abort', () => adminEntry.abort(sqid, cid() ?? 0));
  return [
    {
      label: `await command ${command} of SQ${sqid}`,
      when: () => !sq.live || isMasked() || (targets?.came(command) ?? true),
      run: () => undefined,
    },
    {
      ...(write as Instruction),
      run: (choice) => (cid() === undefined ? over : write?.run(choice)),
    },
    ...rest,
    { label: over, run: () => undefined },
  ];
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
