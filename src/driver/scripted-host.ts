/**
 * The host of a script: the ring code of the reference driver, moved by words instead of processes. A word does
 * only the host instructions that it names; completions of admin commands are taken in by a process of its own.
 */
import type { Arena } from '../arena/arena.ts';
import { state, type StateOf, type Word, word } from '../arena/state.ts';
import { WordArray } from '../arena/containers.ts';
import type { ResetKind } from '../link/events.ts';
import type { Link } from '../link/link.ts';
import { type Instruction, Program } from '../link/program.ts';
import type { Process } from '../link/process.ts';
import { csts, encodeCc, register } from '../spec/registers.ts';
import { adminOpcode } from '../spec/opcodes.ts';
import type { Status } from '../spec/status.ts';
import { rings } from '../spec/wakeup.ts';
import type { CpuIndex, QueueId, Vector } from '../spec/units.ts';
import { adminEntry, type AdminEntry, reapAdmin, writeAdmin } from './admin.ts';
import { bringUpInstructions, enableInstructions, expectDoorbellBufferConfig } from './bring-up.ts';
import { conforming } from './decisions.ts';
import { Host, type HostSubmissionQueue } from './host.ts';
import type { CompletionQueueSetup, HostPlan, Io, SubmissionQueueSetup } from './plan.ts';
import type { HostRing } from './rings.ts';

const CPU: CpuIndex = 0;

/** Host CPUs of a script. */
export const SCRIPT_CPUS = 1;

const fields = {
  /** The admin command in flight: its opcode plus one, and the queue it is about. */
  awaiting: word as Word,
  about: word as Word<QueueId>,
  /** Status of the admin command completed last, plus one. */
  adminStatus: word as Word,
  /** What CSTS.RDY is to become after the script changed CC.EN, plus one; 0 once that was read. */
  awaitedReady: word as Word,
};
const Fields: StateOf<typeof fields> = state(fields);
class Registers extends Fields {}

/** A status kept as itself plus one, so that zero says there was none. */
function stored(value: number): Status | undefined {
  return value === 0 ? undefined : value - 1;
}

export class ScriptedHost {
  readonly host: Host;
  readonly processes: readonly Process[];
  readonly #link: Link;
  readonly #registers: Registers;
  /** Entries consumed in this life of each completion queue. */
  readonly #consumed: WordArray;

  constructor(arena: Arena, link: Link, plan: HostPlan) {
    this.#link = link;
    this.host = new Host(arena, link, plan, { ...conforming, tags: plan.outstandingMax });
    this.#registers = new Registers(arena);
    this.#consumed = new WordArray(arena, 64);
    this.processes = [
      this.#program(arena, 'bring-up', bringUpInstructions(this.host, CPU)),
      this.#readyReader(),
      this.#adminReaper(),
    ];
  }

  get isUp(): boolean {
    return this.host.up;
  }

  // --- words -------------------------------------------------------------------------------------------------

  submit(io: Io, count: number, announce: boolean): void {
    const sq = this.host.sq(io.sqid);
    for (let index = 0; index < count; index++) this.host.writeIo(sq, io);
    if (announce) this.ring(io.sqid);
  }

  ring(sqid: QueueId): void {
    this.#publish(this.host.sq(sqid).ring);
  }

  /** Consumes up to `entries` new entries and, if `announce`, publishes the head. */
  reap(cqid: QueueId, entries: number, announce: boolean): void {
    const ring = this.host.cq(cqid);
    for (let count = 0; count < entries && ring.hasEntry; count++) {
      const { sqid, cid, sqhd, status } = ring.consume();
      this.#consumed.set(cqid, this.#consumed.get(cqid) + 1);
      this.host.complete(sqid, cid, sqhd, status);
    }
    if (announce && ring.published !== ring.index) this.#publish(ring);
  }

  create(queue: CompletionQueueSetup | SubmissionQueueSetup): void {
    const { plan } = this.host;
    const known =
      'cqid' in queue
        ? plan.sqs.find(({ qid }) => qid === queue.qid)
        : plan.cqs.find(({ qid }) => qid === queue.qid);
    if ('cqid' in queue) {
      const sq = known === undefined ? undefined : this.host.sq(queue.qid);
      if (sq && !sq.live) {
        sq.clear();
        sq.ring.start(queue.size);
        this.#clearDoorbells(sq.ring);
      }
      this.#admin(
        adminEntry.createSq(queue.qid, queue.size, sq?.ring.base ?? this.host.scratch, queue.cqid),
        queue.qid,
      );
    } else {
      const ring = known === undefined ? undefined : this.host.cq(queue.qid);
      if (ring && !this.host.cqLive.has(queue.qid)) {
        ring.start(queue.size);
        this.#consumed.set(queue.qid, 0);
        this.#clearDoorbells(ring);
      }
      this.#admin(
        adminEntry.createCq(queue.qid, queue.size, ring?.base ?? this.host.scratch, queue.vector),
        queue.qid,
      );
    }
  }

  delete(ring: 'sq' | 'cq', qid: QueueId): void {
    this.#admin(ring === 'sq' ? adminEntry.deleteSq(qid) : adminEntry.deleteCq(qid), qid);
  }

  abort(sqid: QueueId, cid: number): void {
    this.#admin(adminEntry.abort(sqid, cid), sqid);
  }

  eventRequest(): void {
    writeAdmin(this.host, adminEntry.eventRequest());
    this.#ringAdmin();
  }

  doorbellBuffer(): void {
    for (const ring of this.#liveRings()) ring.storeShadow(ring.published);
    this.#admin(adminEntry.doorbellBuffer(this.host.pages.shadow, this.host.pages.eventIdx), 0);
  }

  enable(): void {
    for (const instruction of enableInstructions(this.host, CPU).slice(0, -1)) instruction.run(0);
    this.#registers.awaiting = this.#registers.adminStatus = 0;
    this.#registers.awaitedReady = 2;
    this.#consumed.clear();
  }

  disable(): void {
    this.#link.write(CPU, register.CC, encodeCc({ iosqes: 6, iocqes: 4 }));
    this.#registers.awaitedReady = 1;
    this.host.forgetIoQueues();
  }

  reset(kind: ResetKind): void {
    if (kind === 'cc-en') {
      this.disable();
      return;
    }
    this.#link.reset(kind);
    this.host.forgetIoQueues();
  }

  mask(vector: Vector | 'function', masked: boolean): void {
    this.#link.mask(vector, masked);
  }

  writeRegister(offset: number, value: number): void {
    this.#link.write(CPU, offset, value);
  }

  writeDoorbell(ring: 'sq' | 'cq', qid: QueueId, value: number): void {
    this.#raw(ring, qid).ringDoorbell(CPU, value);
  }

  writeShadow(ring: 'sq' | 'cq', qid: QueueId, value: number): void {
    this.#raw(ring, qid).storeShadow(value);
  }

  // --- what a script can expect --------------------------------------------------------------------------------

  /** Entries posted in this life of the queue, as the host's memory shows. */
  posted(cqid: QueueId): number {
    return this.#consumed.get(cqid) + this.unread(cqid);
  }

  unread(cqid: QueueId): number {
    return this.host.cq(cqid).unread();
  }

  /** Full by what the host has announced: no slot is free for the controller. */
  isFull(cqid: QueueId): boolean {
    const ring = this.host.cq(cqid);
    return ring.unannounced + ring.unread() === ring.size - 1;
  }

  /** Status of the command completed last on this queue, consumed or not; undefined before the first. */
  lastStatus(sqid: QueueId): Status | undefined {
    if (sqid === 0) return stored(this.#registers.adminStatus);
    const sq = this.host.sq(sqid);
    const unread = this.host
      .cq(sq.cqid)
      .peek()
      .findLast((entry) => entry.sqid === sqid);
    return unread?.status ?? stored(sq.lastStatus);
  }

  /** DW0 of the latest asynchronous event; undefined before the first. */
  get lastEvent(): number | undefined {
    return this.host.events.get(0) === 0 ? undefined : this.host.events.get(1) >>> 0;
  }

  // -------------------------------------------------------------------------------------------------------------

  /** One word: the store, the load of EventIdx and the register write that it asks for. */
  #publish(ring: HostRing): void {
    const { wakeup } = this.host.decisions;
    const { published, index, size } = ring;
    ring.published = index;
    if (!ring.shadow) {
      ring.ringDoorbell(CPU, index);
      return;
    }
    ring.storeShadow(index);
    if (rings(wakeup, published, index, ring.loadEventIdx(), size)) ring.ringDoorbell(CPU, index);
  }

  #raw(ring: 'sq' | 'cq', qid: QueueId): HostRing {
    if (qid === 0) return ring === 'sq' ? this.host.adminSq : this.host.adminCq;
    return ring === 'sq' ? this.host.sq(qid).ring : this.host.cq(qid);
  }

  #liveRings(): HostRing[] {
    const live = (sq: HostSubmissionQueue): boolean => sq.live;
    return [
      ...[...this.host.sqs.values()].filter(live).map((sq) => sq.ring),
      ...[...this.host.cqs.values()].filter((cq) => this.host.cqLive.has(cq.qid)),
    ];
  }

  #clearDoorbells(ring: HostRing): void {
    this.#link.hostWrite32(ring.shadowAddress, 0);
    this.#link.hostWrite32(ring.eventIdxAddress, 0);
  }

  #admin(entry: AdminEntry, about: QueueId): void {
    this.#registers.awaiting = (entry.opcode ?? 0) + 1;
    this.#registers.about = about;
    writeAdmin(this.host, entry);
    this.#ringAdmin();
  }

  #ringAdmin(): void {
    const { adminSq } = this.host;
    adminSq.published = adminSq.index;
    adminSq.ringDoorbell(CPU, adminSq.index);
  }

  #program(arena: Arena, name: string, instructions: Instruction[]): Program {
    const end: Instruction[] = [
      { label: 'up', run: () => void (this.host.up = true) },
      { label: 'done', when: () => false, run: () => 'done' },
    ];
    return new Program(arena, { name, party: 'host', ready: () => this.#link.ready(CPU) }, [
      ...instructions,
      ...end,
    ]);
  }

  /** Whether CSTS.RDY has become what CC.EN asks for, and the host has not read it. */
  get awaits(): boolean {
    const awaited = this.#registers.awaitedReady;
    const ready = (): number => this.#link.peek(register.CSTS) & csts.RDY;
    return awaited !== 0 && this.#link.drained(CPU) && ready() === awaited - 1;
  }

  /** Reads CSTS.RDY after CC.EN changed: no command may come before it is 1 (3.4), and 0 ends the life before. */
  #readyReader(): Process {
    return {
      name: 'wait for CSTS.RDY',
      party: 'host',
      choices: () => (this.awaits ? 1 : 0),
      step: () => {
        this.#link.read(register.CSTS);
        this.#registers.awaitedReady = 0;
      },
      label: () => 'read CSTS.RDY',
    };
  }

  #adminReaper(): Process {
    return {
      name: 'admin completions',
      party: 'host',
      choices: () =>
        this.host.up && this.#link.ready(CPU) && this.host.adminCq.size > 0 && this.host.adminCq.hasEntry
          ? 1
          : 0,
      step: () => {
        const entry = reapAdmin(this.host, CPU);
        if (entry !== undefined) this.#completed(entry.status);
      },
      label: () => 'take in an admin completion',
    };
  }

  /** What a successful admin command changes for the host. */
  #completed(status: Status): void {
    const { awaiting, about } = this.#registers;
    this.#registers.adminStatus = status + 1;
    this.#registers.awaiting = this.#registers.about = 0;
    if (awaiting - 1 === adminOpcode.doorbellBufferConfig) expectDoorbellBufferConfig(status);
    if (status !== 0) return;
    const sq = this.host.sqs.get(about);
    const cq = this.host.cqs.get(about);
    switch (awaiting - 1) {
      case adminOpcode.createSq:
        if (sq) {
          sq.live = true;
          sq.ring.shadow = this.host.doorbellBuffer;
        }
        return;
      case adminOpcode.createCq:
        if (cq) {
          this.host.cqLive.add(about);
          cq.shadow = this.host.doorbellBuffer;
        }
        return;
      case adminOpcode.deleteSq:
        sq?.clear();
        return;
      case adminOpcode.deleteCq:
        this.host.cqLive.delete(about);
        return;
      case adminOpcode.doorbellBufferConfig:
        this.host.doorbellBuffer = true;
        for (const ring of this.#liveRings()) {
          ring.shadow = true;
          ring.storeShadow(ring.published); // once more, now that the pages are in use and the write shows
        }
        return;
      default:
    }
  }
}
