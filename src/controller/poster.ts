/** The poster of one completion queue: writes completion entries while there is room. */
import type { Arena } from '../arena/arena.ts';
import { Program } from '../link/program.ts';
import { CQE_WORDS, type CompletionEntry, encodeCqe } from '../spec/entries.ts';
import type { PhaseTag, SlotIndex } from '../spec/units.ts';
import type { Command } from './command.ts';
import type { ControllerDecisions } from './decisions.ts';
import { readHead } from './fetcher.ts';
import type { CompletionQueue } from './queues.ts';
import type { ControllerState } from './state.ts';

export function poster(arena: Arena, controller: ControllerState, cq: CompletionQueue): Program {
  const { decisions, link } = controller;
  const waits = (): boolean => decisions.postWhenFull === 'wait';

  return new Program(
    arena,
    {
      name: `CQ${cq.qid} poster`,
      party: 'controller',
      ready: () => cq.live && (controller.running || decisions.disable === 'lets-them-finish'),
    },
    [
      {
        label: 'post',
        when: () => !controller.isHeld('post') && controller.pool.done(cq.qid) !== undefined,
        run: () => {
          const command = controller.pool.done(cq.qid) as Command;
          const full = command.reserved === 0 && !cq.hasRoom;
          if (!full || decisions.postWhenFull === 'overwrite') {
            if (decisions.phaseWritten === 'first') return 'store the phase tag';
            postEntry(controller, cq, command);
            return 'post';
          }
          if (waits()) {
            cq.parked = true;
            return cq.shadow && decisions.cqEventIdx === 'head-when-blocked' ? 'store CQ EventIdx' : 'parked';
          }
          if (decisions.postWhenFull === 'discard-and-fail') controller.failed = true;
          controller.retire(command);
          return 'post';
        },
      },
      {
        label: 'store the phase tag',
        run: () => {
          const command = controller.pool.done(cq.qid);
          if (command === undefined) return 'post';
          const words = new Int32Array(CQE_WORDS);
          encodeCqe(entryOf(controller, cq, command), words);
          link.dmaWrite32(cq.addressOf(cq.tail) + 12, words[3] as number);
          return 'store the rest';
        },
      },
      {
        label: 'store the rest',
        run: () => {
          const command = controller.pool.done(cq.qid);
          if (command !== undefined) postEntry(controller, cq, command);
          return 'post';
        },
      },
      {
        label: 'store CQ EventIdx',
        run: () => {
          link.dmaWrite32(controller.eventIdxAddress('cq', cq.qid), cq.head);
          return decisions.cqReread ? 'read shadow head' : 'parked';
        },
      },
      {
        label: 'read shadow head',
        run: () => {
          readHead(controller, cq);
          if (cq.hasRoom) cq.parked = false;
          return 'parked';
        },
      },
      {
        label: 'parked',
        when: () => !cq.parked || controller.pool.done(cq.qid)?.reserved === 1,
        run: () => {
          if (cq.shadow) readHead(controller, cq);
          return 'post';
        },
      },
    ],
  );
}

export function postEntry(
  controller: ControllerState,
  cq: CompletionQueue,
  command: Command,
  interrupt: ControllerDecisions['interrupt'] = controller.decisions.interrupt,
): void {
  const { decisions, link } = controller;
  const entry = entryOf(controller, cq, command);
  const slot = cq.tail;
  const wasEmpty = cq.occupied === 0;
  const wrapAt = decisions.completionWrap === 'last-slot' ? cq.size : cq.size - 1;
  cq.tail = slot + 1 >= wrapAt ? 0 : slot + 1;
  if (cq.tail === 0) cq.secondPass = !cq.secondPass;
  link.post(cq.qid, slot, cq.addressOf(slot), entry);
  controller.retire(command);
  if (decisions.cqEventIdx === 'tail-after-post' && cq.shadow) {
    link.dmaWrite32(controller.eventIdxAddress('cq', cq.qid), cq.tail);
  }
  const wanted = interrupt === 'each-post' || (interrupt === 'when-queue-was-empty' && wasEmpty);
  if (cq.interrupts && wanted) controller.interruptWanted.set(cq.vector, 1);
}

function entryOf(controller: ControllerState, cq: CompletionQueue, command: Command): CompletionEntry {
  const { decisions } = controller;
  const { sqid, cid, status, dw0 } = command;
  const phase: PhaseTag = cq.secondPass && decisions.phase === 'inverts' ? 0 : 1;
  const named = decisions.completionSqid === 'zero' ? 0 : sqid;
  const sqhd = reportedHead(controller, command);
  return { dw0, sqhd, sqid: named, cid, phase, status, dnr: status !== 0 };
}

/** SQHD: the head when the entry is made (4.2.1), which some do as soon as they have the command. */
function reportedHead(controller: ControllerState, command: Command): SlotIndex {
  const sq = controller.sqs[command.sqid];
  if (sq === undefined) return 0;
  if (controller.decisions.sqhdTaken === 'at-fetch') return command.sqhd;
  switch (controller.decisions.sqhd) {
    case 'head':
      return sq.head;
    case 'tail':
      return sq.shadow ? sq.tail : sq.doorbell;
    case 'unwrapped-head':
      return sq.head === 0 ? (sq.size as number) : sq.head;
  }
}
