/** Initialisation (Base 2.1, 3.5.1 and 3.3.1.1): admin queue, enable, identify, queues, doorbell buffer. */
import type { Instruction } from '../link/program.ts';
import { csts, encodeCc, register } from '../spec/registers.ts';
import { status } from '../spec/status.ts';
import type { ResetKind } from '../link/events.ts';
import type { CpuIndex, EntryCount, QueueId } from '../spec/units.ts';
import { adminCommand, adminEntry } from './admin.ts';
import type { Host } from './host.ts';
import type { HostRing } from './rings.ts';

/** The host could not set up what the scenario asks for: the controller refused a command of bring-up. */
export class BringUpRefused extends Error {
  /** The command is an optional one, and the controller does not have it. */
  readonly optional: boolean;

  constructor(message: string, optional: boolean = false) {
    super(message);
    this.optional = optional;
  }
}

/** Doorbell Buffer Config is optional (OACS bit 8). Throws `BringUpRefused`. */
export function expectDoorbellBufferConfig(code: number): void {
  if (code === status.invalidOpcode)
    throw new BringUpRefused('the controller has no Doorbell Buffer Config', true);
}

export function enableInstructions(host: Host, cpu: CpuIndex): Instruction[] {
  const { link, adminSq, adminCq } = host;
  const write = (name: string, offset: number, value: () => number): Instruction => ({
    label: `write ${name}`,
    run: () => link.write(cpu, offset, value()),
  });
  return [
    {
      label: 'clear the admin queues',
      run: () => {
        adminSq.start(adminSq.slots);
        adminCq.start(adminCq.slots);
        host.adminSqhd = host.adminCid = 0;
        host.forgetIoQueues();
        host.events.clear();
      },
    },
    write('AQA', register.AQA, () => (adminSq.slots - 1) | ((adminCq.slots - 1) << 16)),
    write('ASQ', register.ASQ, () => adminSq.base),
    write('ASQ+4', register.ASQ + 4, () => 0),
    write('ACQ', register.ACQ, () => adminCq.base),
    write('ACQ+4', register.ACQ + 4, () => 0),
    write('CC.EN', register.CC, () => encodeCc({ en: true, iosqes: 6, iocqes: 4 })),
    awaitReady(host, cpu, true),
  ];
}

export function disableInstructions(host: Host, cpu: CpuIndex): Instruction[] {
  return [
    {
      label: 'clear CC.EN',
      run: () => {
        host.up = false;
        host.link.write(cpu, register.CC, encodeCc({ iosqes: 6, iocqes: 4 }));
      },
    },
    awaitReady(host, cpu, false),
  ];
}

/** Controller Level Resets (3.7.2). Whichever it is, what comes after it is a bring-up from the registers on. */
export function resetInstructions(host: Host, cpu: CpuIndex, kind: ResetKind): Instruction[] {
  if (kind === 'cc-en') return disableInstructions(host, cpu);
  return [
    {
      label: `reset: ${kind}`,
      run: () => {
        host.up = false;
        host.link.reset(kind);
      },
    },
    awaitReady(host, cpu, false),
  ];
}

function awaitReady(host: Host, cpu: CpuIndex, ready: boolean): Instruction {
  const { link, decisions } = host;
  const settled = (): boolean => ((link.peek(register.CSTS) & csts.RDY) !== 0) === ready;
  return {
    label: ready ? 'await CSTS.RDY' : 'await CSTS.RDY cleared',
    when: () => (ready && !decisions.waitsForReady) || (link.drained(cpu) && settled()),
    run: () => {
      if (ready && !decisions.waitsForReady) return;
      link.read(register.CSTS);
    },
  };
}

/** Creates a completion queue; the ring is zeroed before the command (4.2.4). */
export function createCqInstructions(
  host: Host,
  cpu: CpuIndex,
  qid: QueueId,
  given?: EntryCount,
): Instruction[] {
  const setup = host.plan.cqs.find((cq) => cq.qid === qid);
  const ring = host.cq(qid);
  const size = given ?? setup?.size ?? ring.slots;
  const vector = host.decisions.completion === 'polled' ? undefined : setup?.vector;
  return [
    { label: `clear CQ${qid}`, run: () => ring.start(size) },
    ...clearDoorbells(host, 'cq', qid),
    ...adminCommand(
      host,
      cpu,
      `Create CQ${qid}`,
      () => adminEntry.createCq(qid, size, ring.base, vector),
      (completion) => {
        expectSuccess(completion.status, `Create I/O Completion Queue ${qid}`);
        ring.shadow = host.doorbellBuffer;
        host.cqLive.add(qid);
      },
    ),
  ];
}

/** Creates a submission queue of its planned size, or of another, on the CQ that `cqid` names. */
export function createSqInstructions(
  host: Host,
  cpu: CpuIndex,
  qid: QueueId,
  cqid: QueueId,
  given?: EntryCount,
): Instruction[] {
  const sq = host.sq(qid);
  const size = given ?? host.plan.sqs.find((setup) => setup.qid === qid)?.size ?? sq.ring.slots;
  const early: Instruction[] =
    host.decisions.ringsNewQueue === 'before-create'
      ? [{ label: `ring SQ${qid}`, run: () => sq.ring.ringDoorbell(cpu, 0) }]
      : [];
  return [
    {
      label: `clear SQ${qid}`,
      run: () => {
        sq.clear();
        sq.cqid = cqid;
        sq.ring.start(size);
      },
    },
    ...clearDoorbells(host, 'sq', qid),
    ...early,
    ...adminCommand(
      host,
      cpu,
      `Create SQ${qid}`,
      () => adminEntry.createSq(qid, size, sq.ring.base, cqid),
      (completion) => {
        expectSuccess(completion.status, `Create I/O Submission Queue ${qid}`);
        sq.ring.shadow = host.doorbellBuffer;
        sq.live = true;
      },
    ),
  ];
}

/** Under shadow doorbells a new queue's entries start at 0; the text does not say who clears them, so the host does. */
function clearDoorbells(host: Host, ring: 'sq' | 'cq', qid: QueueId): Instruction[] {
  if (host.decisions.newQueueEntries === 'left-alone') return [];
  const target = ring === 'sq' ? host.sq(qid).ring : host.cq(qid);
  return [
    {
      label: `clear the doorbells of ${ring.toUpperCase()}${qid}`,
      run: () => {
        host.link.hostWrite32(target.shadowAddress, 0);
        host.link.hostWrite32(target.eventIdxAddress, 0);
      },
    },
  ];
}

/** Doorbell Buffer Config (5.2.5): the shadow entries of live queues hold their doorbells' values first. */
export function doorbellBufferInstructions(host: Host, cpu: CpuIndex): Instruction[] {
  const { pages, adminSq, adminCq } = host;
  const rings = (): HostRing[] => [
    ...[...host.sqs.values()].filter(({ live }) => live).map(({ ring }) => ring),
    ...[...host.cqs.values()].filter(({ qid }) => host.cqLive.has(qid)),
  ];
  return [
    {
      label: 'copy doorbells to the shadow page',
      run: () => {
        pages.clearNext();
        for (const ring of rings()) ring.copyDoorbell();
        if (host.decisions.adminDoorbells === 'registers') return;
        // The command itself moves the tail by one, and its completion the head.
        adminSq.copyDoorbell();
        adminCq.copyDoorbell();
      },
    },
    ...adminCommand(
      host,
      cpu,
      'Doorbell Buffer Config',
      () => adminEntry.doorbellBuffer(pages.next.shadow, pages.next.eventIdx),
      (completion) => {
        expectDoorbellBufferConfig(completion.status);
        expectSuccess(completion.status, 'Doorbell Buffer Config');
        pages.turn();
        host.doorbellBuffer = true;
        for (const ring of rings()) ring.shadow = true;
        adminSq.shadow = adminCq.shadow = host.decisions.adminDoorbells === 'shadow';
      },
    ),
  ];
}

export function bringUpInstructions(host: Host, cpu: CpuIndex): Instruction[] {
  const { plan } = host;
  const doorbells = doorbellBufferInstructions(host, cpu);
  const cqs = plan.cqs.filter(({ created }) => created);
  const sqs = plan.sqs.filter(({ created }) => created);
  const half = Math.floor(sqs.length / 2);
  const creations = sqs.map(({ qid, cqid }) => createSqInstructions(host, cpu, qid, cqid));
  const ioQueues = Math.max(1, ...plan.cqs.map(({ qid }) => qid), ...plan.sqs.map(({ qid }) => qid));
  return [
    ...enableInstructions(host, cpu),
    ...adminCommand(host, cpu, 'Identify Controller', () => adminEntry.identify(1, host.scratch)),
    ...adminCommand(
      host,
      cpu,
      'Set Features Number of Queues',
      () => adminEntry.numberOfQueues(ioQueues),
      ({ status: code }) => expectSuccess(code, 'Set Features Number of Queues'),
    ),
    ...(plan.doorbellBuffer === 'before-queues' ? doorbells : []),
    ...cqs.flatMap(({ qid }) => createCqInstructions(host, cpu, qid)),
    ...creations.slice(0, half).flat(),
    ...(plan.doorbellBuffer === 'between-queues' ? doorbells : []),
    ...creations.slice(half).flat(),
    ...(plan.doorbellBuffer === 'after-queues' ? doorbells : []),
  ];
}

function expectSuccess(code: number, what: string): void {
  if (code !== status.success)
    throw new BringUpRefused(`the controller refused ${what} with status ${code.toString(16)}h`);
}
