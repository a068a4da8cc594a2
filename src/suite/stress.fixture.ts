/** Test support: worlds of the reference pair, as various as conforming hosts and controllers are. */
import fc from 'fast-check';
import { type ControlAction, type HostPlan, type Io, largestSq } from '../driver/plan.ts';
import { portfolio } from '../explore/portfolio.ts';
import type { Choice } from '../explore/schedule.ts';
import { schedulerFor, type SchedulerSpec } from '../explore/scheduler.ts';
import type { Link } from '../link/link.ts';
import { nvmOpcode } from '../spec/opcodes.ts';
import { register } from '../spec/registers.ts';
import { assemble, ioQueuesOf, type SystemChoice } from '../targets/target.ts';
import { buildWorld } from '../world/build.ts';
import type { World } from '../world/world.ts';

/** One world: what the host is to do, and how both sides do it. */
export interface Stress {
  readonly plan: HostPlan;
  readonly driver: SystemChoice;
  readonly controller: SystemChoice;
  /** Whether the observer sees fetches: the same rules have to hold where it does not. */
  readonly fetchVisible: boolean;
}

type Queues = Pick<HostPlan, 'cqs' | 'sqs'>;

const queues: fc.Arbitrary<Queues> = fc
  .record({
    cqs: fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 1, maxLength: 2 }),
    sqs: fc.array(fc.record({ size: fc.integer({ min: 2, max: 4 }), on: fc.nat({ max: 1 }) }), {
      minLength: 1,
      maxLength: 2,
    }),
    oneVector: fc.boolean(),
  })
  .map(({ cqs, sqs, oneVector }) => ({
    cqs: cqs.map((size, index) => ({
      qid: index + 1,
      size,
      vector: oneVector ? 1 : index + 1,
      created: true,
    })),
    sqs: sqs.map(({ size, on }, index) => ({
      qid: index + 1,
      size,
      cqid: (on % cqs.length) + 1,
      created: true,
    })),
  }));

/** Blocks 8 and 9 are outside the namespace: their commands complete with an error. */
const io = (sqs: number): fc.Arbitrary<Io> =>
  fc.record({
    sqid: fc.integer({ min: 1, max: sqs }),
    opcode: fc.constantFrom(nvmOpcode.read, nvmOpcode.write, nvmOpcode.flush),
    lba: fc.nat({ max: 9 }),
  });

const slots = fc.integer({ min: 2, max: 6 });

/** Actions that belong together: what is masked is unmasked again, and most of what is deleted is created again. */
function episode({ cqs, sqs }: Queues): fc.Arbitrary<ControlAction[]> {
  const sq = fc.integer({ min: 1, max: sqs.length });
  const cq = fc.integer({ min: 1, max: cqs.length });
  const vector = cq.map((qid) => cqs.find((each) => each.qid === qid)?.vector ?? 0);
  const reset = fc
    .constantFrom('cc-en' as const, 'flr' as const, 'conventional' as const, 'nssr' as const)
    .map((kind): ControlAction[] => [{ do: 'reset', kind }]);
  const quick = fc.oneof(
    reset,
    fc.constantFrom<ControlAction[]>(
      [{ do: 'inspect' }],
      [{ do: 'doorbell-buffer' }],
      [{ do: 'save' }, { do: 'restore' }],
    ),
  );
  const abort = fc
    .record({ sqid: sq, command: fc.nat({ max: 5 }) })
    .map((target): ControlAction[] => [{ do: 'abort', ...target }]);
  return fc.oneof(
    quick,
    abort,
    fc
      .tuple(vector, fc.oneof(fc.constant([]), quick))
      .map(([masked, between]): ControlAction[] => [
        { do: 'mask', vector: masked },
        ...between,
        { do: 'unmask', vector: masked },
      ]),
    fc.tuple(sq, slots, cq).map(([qid, size, cqid]): ControlAction[] => [
      { do: 'delete-sq', qid },
      { do: 'create-sq', qid, size, cqid },
    ]),
    sq.map((qid): ControlAction[] => [
      { do: 'delete-sq', qid },
      { do: 'create-sq', qid },
    ]),
    sq.map((qid): ControlAction[] => [{ do: 'delete-sq', qid }]),
    fc
      .tuple(cq, slots)
      .map(([qid, size]): ControlAction[] => [
        { do: 'delete-cq', qid },
        { do: 'create-cq', qid, size },
        ...sqs
          .filter(({ cqid }) => cqid === qid)
          .map(({ qid: user }): ControlAction => ({ do: 'create-sq', qid: user })),
      ]),
  );
}

function hostPlan(given: Queues): fc.Arbitrary<HostPlan> {
  return fc
    .record({
      doorbellBuffer: fc.constantFrom<HostPlan['doorbellBuffer']>(
        'never',
        'before-queues',
        'between-queues',
        'after-queues',
      ),
      threads: fc.array(fc.array(io(given.sqs.length), { minLength: 2, maxLength: 6 }), {
        minLength: 1,
        maxLength: 3,
      }),
      episodes: fc.array(episode(given), { maxLength: 3 }),
      ends: fc.constantFrom<ControlAction[]>([], [], [{ do: 'save' }], [{ do: 'next-aen' }]),
      eventRequests: fc.nat({ max: 2 }),
    })
    .map(({ doorbellBuffer, threads, episodes, ends, eventRequests }) => ({
      ...given,
      adminEntries: 8,
      doorbellBuffer,
      threads,
      control: [...episodes.flat(), ...ends],
      eventRequests: ends.some((action) => action.do === 'next-aen')
        ? Math.max(1, eventRequests)
        : eventRequests,
      outstandingMax: threads.flat().length + 2,
    }));
}

const driver: fc.Arbitrary<SystemChoice['decisions']> = fc.record({
  wakeup: fc.constantFrom('strict', 'loose', 'annex-b'),
  tags: fc.constantFrom(0, 0, 1),
  freeSlots: fc.constantFrom('tags', 'sqhd'),
  tailDoorbell: fc.constantFrom('each', 'batch'),
  headDoorbell: fc.constantFrom('batch', 'entry'),
  completes: fc.constantFrom('before-head-doorbell', 'after-head-doorbell'),
  completion: fc.constantFrom('interrupt', 'polled'),
  doorbellPages: fc.constantFrom('same', 'in-turn'),
});

const controller: fc.Arbitrary<SystemChoice> = fc
  .record({
    model: fc.constantFrom('reference', 'reference/trapped'),
    reserveSlot: fc.constantFrom('before-fetch', 'before-post'),
    sqhdTaken: fc.constantFrom('at-post', 'at-fetch'),
    abort: fc.constantFrom('instead', 'never'),
    commands: fc.integer({ min: 2, max: 8 }),
  })
  .map(({ model, ...decisions }) => ({ model, decisions }));

export const stresses: fc.Arbitrary<Stress> = queues
  .chain((given) => fc.tuple(hostPlan(given), driver, controller, fc.constantFrom(true, true, false)))
  .map(([plan, decisions, controller, fetchVisible]) => ({
    plan,
    driver: { model: 'reference', decisions },
    controller: largeEnough(controller, plan),
    fetchVisible,
  }));

/** A controller keeps as many event requests as there are (AERL), and has room for a command of each CQ. */
function largeEnough({ model, decisions }: SystemChoice, { eventRequests, cqs }: HostPlan): SystemChoice {
  const aerl = Math.max(0, eventRequests - 1);
  return {
    model,
    decisions: { ...decisions, aerl, commands: Math.max(Number(decisions['commands']), cqs.length + 1) },
  };
}

export function worldOf({ plan, driver, controller, fetchVisible }: Stress): World {
  const assembly = assemble(plan, controller, driver);
  if (!fetchVisible) hideFetches(assembly.link);
  return buildWorld({
    ...assembly,
    hides: fetchVisible ? assembly.hides : [...assembly.hides, 'sqe.fetch'],
    queuesMax: ioQueuesOf(plan) + 2,
    outstandingMax: plan.outstandingMax + plan.eventRequests + 8,
    mqes: assembly.link.peek(register.CAP) & 0xffff,
    slotsMax: largestSq(plan),
    script: undefined,
  });
}

/** Makes the link one whose observer cannot look into the controller. */
function hideFetches(link: Link): void {
  const emit = link.emit.bind(link);
  link.emit = (event) => {
    if (event.type !== 'sqe.fetch') emit(event);
  };
}

/** A scheduler of the portfolio, by its number. After `count` moves the default policy goes on. */
export function scheduleFrom(seed: number, world: World, count: number): Choice {
  const [spec] = fc.sample(portfolio, { seed, numRuns: 1 });
  const choice = schedulerFor(spec as SchedulerSpec, world, count / 4);
  let left = count;
  return (moves, last) => (left-- > 0 ? choice(moves, last) : undefined);
}
