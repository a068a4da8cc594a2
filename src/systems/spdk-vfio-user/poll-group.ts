/**
 * The thread of one poll group, as one program: nvmf_vfio_user_poll_group_poll over its queues and, in
 * interrupt mode, vfio_user_poll_group_rearm before it sleeps. Completions are posted by the same thread,
 * between two rounds (post-completion.ts), so within a round only the host and the backend move.
 *
 * In polling mode a poll that would find nothing to do is no step: nothing else could observe it.
 */
import type { Arena } from '../../arena/arena.ts';
import type { Command } from '../../controller/command.ts';
import type { CompletionQueue, SubmissionQueue } from '../../controller/queues.ts';
import { Program } from '../../link/program.ts';
import { next } from '../../spec/ring.ts';
import { status } from '../../spec/status.ts';
import { gateOpens } from './flow-control.ts';
import type { PollGroup, SpdkState } from './state.ts';

/** NVMF_VFIO_USER_SET_EVENTIDX_MAX_ATTEMPTS */
const ATTEMPTS = 3;
/** Error event 1 of the controller: Invalid Doorbell Write Value. */
const INVALID_VALUE = 2;

/** Where the thread is between two rounds. */
export function restOf(controller: SpdkState): string {
  return controller.spdk.mode === 'polling' ? 'read the tail' : 'sleep';
}

export function pollGroup(arena: Arena, controller: SpdkState, group: PollGroup): Program {
  const polling = controller.spdk.mode === 'polling';
  const rest = restOf(controller);
  const sq = (): SubmissionQueue => controller.sqs[group.sqid] as SubmissionQueue;
  const cq = (): CompletionQueue => controller.cqs[sq().cqid] as CompletionQueue;
  const mine = (): SubmissionQueue[] =>
    controller.sqs.filter((one) => controller.isActive(one) && group.has(one.cqid));

  /** The end of a round: need_kick becomes a write to the group's own eventfd. */
  const kickIfNeeded = (): void => {
    if (group.needKick) group.kicked = true;
    group.needKick = false;
  };
  const finish = (): string => {
    kickIfNeeded();
    group.clearStack();
    return rest;
  };
  const rearmFrom = (from: number): string => {
    const armed = mine().find(({ qid, shadow }) => qid >= from && shadow && controller.needRearm.has(qid));
    group.clearStack();
    if (armed === undefined) return finish();
    group.sqid = armed.qid;
    group.rearming = true;
    return 'read the tail to arm';
  };
  const pollFrom = (from: number): string => {
    const active = mine().find(({ qid }) => qid >= from);
    group.clearStack();
    if (active !== undefined) {
      group.sqid = active.qid;
      return 'read the tail';
    }
    kickIfNeeded();
    return rearmFrom(0);
  };
  /** vfio_user_sq_rearm after sq_poll returned `taken`. */
  const afterRetry = (taken: number): string => {
    if (taken === 0 && controller.spdk.emptyRetry === 'fails-the-controller') {
      controller.failed = true;
      return rearmFrom(group.sqid + 1);
    }
    group.tail = group.fetched = 0;
    if (++group.lost < ATTEMPTS) return 'read the tail to arm';
    group.needKick = true;
    return rearmFrom(group.sqid + 1);
  };
  const afterPoll = (taken: number): string => {
    if (polling) return finish();
    return group.rearming ? afterRetry(taken) : pollFrom(group.sqid + 1);
  };
  const gateClosed = (): string => {
    if (!polling && controller.spdk.gatedKick === 'self-kick') group.needKick = true;
    // 23b518a013 wrote to the controller's socket instead, which wakes nobody.
    if (!polling && controller.spdk.gatedKick === 'group-eventfd') group.kicked = true;
    return afterPoll(group.fetched);
  };
  const badTail = (tail: number): string => {
    if (controller.rejected.get(group.sqid) !== tail + 1) controller.errorEvents |= INVALID_VALUE;
    controller.rejected.set(group.sqid, tail + 1);
    if (polling || !group.rearming) {
      // poll_group_poll returns with the error: queues further down the list are not looked at in this round.
      if (polling) return finish();
      kickIfNeeded();
      return rearmFrom(0);
    }
    return afterRetry(1);
  };

  const program: Program = new Program(
    arena,
    { name: group.name, party: 'controller', ready: () => controller.running },
    [
      {
        label: 'sleep',
        when: () => group.kicked && !controller.isHeld('fetch'),
        run: () => {
          group.kicked = false; // eventfd_read before the look: what is written from here on is news
          return pollFrom(0);
        },
      },
      {
        label: 'read the tail',
        when: () => (polling ? worthPolling(controller, mine()).length : true),
        run: (choice) => {
          if (polling) group.sqid = (worthPolling(controller, mine())[choice] as SubmissionQueue).qid;
          const tail = controller.tailDoorbell(sq());
          if (tail >= sq().size) return badTail(tail);
          controller.rejected.set(group.sqid, 0);
          if (tail === sq().head) return afterPoll(0);
          if (sq().shadow && !polling) controller.needRearm.add(group.sqid);
          group.tail = tail;
          return 'take an entry';
        },
      },
      {
        label: 'take an entry',
        when: () => controller.pool.free() !== undefined || !gateOpens(controller, cq(), group.fetched),
        run: () => {
          if (!gateOpens(controller, cq(), group.fetched, true)) return gateClosed();
          take(controller, sq(), cq());
          group.fetched++;
          return sq().head === group.tail ? afterPoll(group.fetched) : 'take an entry';
        },
      },
      {
        label: 'read the tail to arm',
        run: () => {
          group.tail = controller.tailDoorbell(sq());
          return 'store EventIdx';
        },
      },
      {
        label: 'store EventIdx',
        run: () => {
          controller.storeEventIdx('sq', group.sqid, group.tail);
          group.tail = 0;
          return 'look again';
        },
      },
      {
        label: 'look again',
        run: () => {
          if (controller.tailDoorbell(sq()) !== sq().head) return 'read the tail';
          controller.needRearm.delete(group.sqid);
          return rearmFrom(group.sqid + 1);
        },
      },
    ],
  );
  program.jump(rest);
  return program;
}

/**
 * Polling: the queues for which a poll would do something. Which comes first depends on where in its list the
 * poller is, so each may. A queue with an invalid tail ends the round for those behind it.
 */
function worthPolling(controller: SpdkState, sqs: readonly SubmissionQueue[]): SubmissionQueue[] {
  const worth: SubmissionQueue[] = [];
  if (controller.isHeld('fetch')) return worth;
  for (const sq of sqs) {
    const tail = controller.tailDoorbell(sq);
    const news = controller.rejected.get(sq.qid) !== (tail < sq.size ? 0 : tail + 1);
    const cq = controller.cqs[sq.cqid] as CompletionQueue;
    const takes = controller.pool.free() !== undefined && gateOpens(controller, cq, 0);
    if (news || (tail < sq.size && tail !== sq.head && takes)) worth.push(sq);
    if (tail >= sq.size) break;
  }
  return worth;
}

/** One turn of the loop in handle_sq_tdbl_write; the head moves before the command is executed. */
function take(controller: SpdkState, sq: SubmissionQueue, cq: CompletionQueue): void {
  const requestsLeft = sq.size - controller.requestsInUse(sq);
  const slot = sq.head;
  const words = controller.link.fetch(sq.qid, slot, sq.addressOf(slot));
  sq.head = next(sq.head, sq.size);
  cq.reserved++; // nr_outstanding: what only `free-above-outstanding` looks at
  const command = controller.pool.free() as Command;
  command.load(words, sq.qid, cq.qid);
  if (requestsLeft > 0 || controller.spdk.requests === 'ample') return;
  // handle_cmd_req without a request: post_completion(…, sqid 0, …, Internal Device Error).
  command.sqid = 0;
  command.finish(status.internalError, 0);
}
