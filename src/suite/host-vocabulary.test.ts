import t from 'tap';
import type { ControlAction, HostPlan, Io } from '../driver/plan.ts';
import { byDefault, type Choice, runToEnd } from '../explore/schedule.ts';
import type { LinkEvent } from '../link/events.ts';
import { adminOpcode } from '../spec/opcodes.ts';
import { register } from '../spec/registers.ts';
import { status } from '../spec/status.ts';
import { type Move, processOf, type World } from '../world/world.ts';
import { scheduleFrom, type Stress, worldOf } from './stress.fixture.ts';

/** What the reference driver does when its control plane is asked for more than I/O. */

interface Given {
  readonly sqs?: readonly { readonly size: number; readonly cqid?: number }[];
  readonly cqs?: readonly number[];
  readonly threads: readonly (readonly Io[])[];
  readonly control?: readonly ControlAction[];
  readonly doorbellBuffer?: HostPlan['doorbellBuffer'];
  readonly driver?: Stress['driver']['decisions'];
  readonly controller?: string;
}

const reads = (count: number): Io[] => Array.from({ length: count }, () => ({ sqid: 1, opcode: 2, lba: 0 }));

/** A world after bring-up, and the events of bring-up and of the run since, which the caller empties. */
function worldWith(given: Given): { readonly world: World; readonly events: LinkEvent[] } {
  const { sqs = [{ size: 3 }], cqs = [3], threads, control = [], doorbellBuffer = 'never' } = given;
  const world = worldOf({
    plan: {
      adminEntries: 8,
      cqs: cqs.map((size, index) => ({ qid: index + 1, size, vector: index + 1, created: true })),
      sqs: sqs.map(({ size, cqid = 1 }, index) => ({ qid: index + 1, size, cqid, created: true })),
      doorbellBuffer,
      threads,
      control,
      eventRequests: 0,
      outstandingMax: threads.flat().length + 2,
    },
    driver: { model: 'reference', decisions: given.driver ?? {} },
    controller: { model: given.controller ?? 'reference', decisions: {} },
    fetchVisible: true,
  });
  const events: LinkEvent[] = [];
  const emit = world.link.emit.bind(world.link);
  world.link.emit = (event) => {
    events.push(event);
    emit(event);
  };
  if (!world.bringUp()) throw new Error('bring-up hangs');
  return { world, events };
}

/** One run. Its events, once it is quiet and nothing was found. */
function run({ world, events }: ReturnType<typeof worldWith>, choice: Choice): readonly LinkEvent[] {
  world.restart();
  events.length = 0;
  const { ended } = runToEnd(world, 20_000, choice);
  if (!ended) throw new Error('the run does not come to its end');
  const found = world.findings.filter(({ severity }) => severity !== 'info');
  if (found.length > 0) throw new Error(found.map(({ rule }) => rule).join());
  return events.filter(({ type }) => type !== 'ei.read');
}

/** Takes `labels` one after the other: the first step offered that is called so. Then the default policy goes on. */
function steps(world: World, ...labels: readonly string[]): Choice {
  let at = 0;
  return (moves) => {
    if (at >= labels.length) return undefined;
    const label = labels[at++] as string;
    const move = moves.find((each) => labelOf(world, each) === label);
    if (move === undefined)
      throw new Error(`no '${label}' among ${moves.map((each) => labelOf(world, each)).join(', ')}`);
    return move;
  };
}

function labelOf(world: World, move: Move): string {
  return world.processes[processOf(move)]?.label(0) ?? '';
}

function of<T extends LinkEvent['type']>(
  events: readonly LinkEvent[],
  ...types: readonly T[]
): Extract<LinkEvent, { type: T }>[] {
  return events.filter((event): event is Extract<LinkEvent, { type: T }> =>
    (types as readonly string[]).includes(event.type),
  );
}

const ioPosts = (events: readonly LinkEvent[]): Extract<LinkEvent, { type: 'cqe.post' }>[] =>
  of(events, 'cqe.post').filter(({ sqid }) => sqid > 0);
const places = (events: readonly LinkEvent[], ...wanted: ((event: LinkEvent) => boolean)[]): number[] =>
  wanted.map((is) => events.findIndex(is));
const isRising = (numbers: readonly number[]): boolean =>
  numbers.every((number, index) => number >= 0 && (index === 0 || number > (numbers[index - 1] as number)));

void t.test('queues come back with other sizes, on another CQ, and wrap where they end now', async (t) => {
  const given = worldWith({
    sqs: [{ size: 3 }],
    cqs: [2, 3],
    threads: [reads(11)],
    control: [
      { do: 'delete-sq', qid: 1 },
      { do: 'delete-cq', qid: 2 },
      { do: 'create-cq', qid: 2, size: 4 },
      { do: 'create-sq', qid: 1, size: 5, cqid: 2 },
    ],
  });
  const events = run(given, byDefault);
  const slots = of(events, 'sqe.write').filter(({ sqid }) => sqid === 1);
  t.same(
    slots.map(({ slot }) => slot),
    [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0],
    'five slots, more than two laps',
  );
  const posts = ioPosts(events);
  t.same(
    posts.map(({ cqid, slot, phase }) => [cqid, slot, phase]),
    slots.map((_, index) => [2, index % 4, 1 - (Math.floor(index / 4) % 2)]),
    'four slots of the other CQ, and the phase of each lap',
  );

  const smaller: ControlAction[] = [
    { do: 'delete-cq', qid: 1 },
    { do: 'create-cq', qid: 1, size: 3 },
    { do: 'create-sq', qid: 1, size: 2 },
  ];
  const tight = worldWith({ sqs: [{ size: 4 }], cqs: [4], threads: [reads(9), reads(3)], control: smaller });
  for (let seed = 0; seed < 50; seed++) {
    const seen = run(tight, scheduleFrom(seed, tight.world, 600));
    t.equal(ioPosts(seen).length, 12, 'each command is completed in one life or the other');
    const created = seen.findIndex(
      (event) => event.type === 'sqe.fetch' && event.sqid === 0 && event.opcode === adminOpcode.createSq,
    );
    const after = seen.slice(created);
    const writes = of(after, 'sqe.write').filter(({ sqid }) => sqid === 1);
    if (!writes.every(({ slot }) => slot < 2)) t.fail('an entry behind the end of the submission queue');
    if (!ioPosts(after).every(({ slot }) => slot < 3))
      t.fail('an entry behind the end of the completion queue');
  }
});

void t.test('a reset of any kind loses what it has to, and the host begins again', async (t) => {
  for (const kind of ['cc-en', 'flr', 'conventional', 'nssr'] as const) {
    const given = worldWith({
      threads: [reads(3), reads(3)],
      doorbellBuffer: 'after-queues',
      control: [
        { do: 'delete-sq', qid: 1 },
        { do: 'create-sq', qid: 1, size: 5 },
        { do: 'reset', kind },
      ],
    });
    for (let seed = 0; seed < 20; seed++) {
      const events = run(given, scheduleFrom(seed, given.world, 600));
      const resets = of(events, 'reset').map((event) => event.kind);
      t.same(resets, kind === 'cc-en' ? [] : [kind]);
      const registers = of(events, 'reg.w').map(({ offset }) => offset);
      const again = [
        register.AQA,
        register.ASQ,
        register.ASQ + 4,
        register.ACQ,
        register.ACQ + 4,
        register.CC,
      ];
      t.same(
        registers,
        kind === 'cc-en' ? [register.CC, ...again] : again,
        'every register is written again',
      );
      const creations = of(events, 'sqe.fetch').filter(
        ({ sqid, opcode }) => sqid === 0 && opcode === adminOpcode.createSq,
      );
      t.same(
        creations.map(({ words }) => ((words[10] as number) >>> 16) + 1),
        [5, 3],
        'the other size, and after the reset the planned one',
      );
    }
  }
});

void t.test('Doorbell Buffer Config between queues', async (t) => {
  const { events } = worldWith({
    cqs: [2, 2],
    sqs: [{ size: 2 }, { size: 2, cqid: 2 }, { size: 2 }],
    threads: [reads(1)],
    doorbellBuffer: 'between-queues',
  });
  const { createCq, createSq, doorbellBufferConfig } = adminOpcode;
  t.same(
    of(events, 'sqe.fetch')
      .map(({ opcode }) => opcode)
      .filter((opcode) => opcode === createCq || opcode === createSq || opcode === doorbellBufferConfig),
    [createCq, createCq, createSq, doorbellBufferConfig, createSq, createSq],
  );
});

void t.test('an abort names a command by its number, if that is outstanding', async (t) => {
  const given = worldWith({ threads: [reads(4)], control: [{ do: 'abort', sqid: 1, command: 2 }] });
  let sent = 0;
  let aborted = 0;
  for (let seed = 0; seed < 300; seed++) {
    const events = run(given, scheduleFrom(seed, given.world, 600));
    const writes = of(events, 'sqe.write');
    const third = writes.filter(({ sqid }) => sqid === 1)[2];
    const aborts = writes.filter(({ sqid }) => sqid === 0);
    sent += aborts.length;
    for (const { words } of aborts) t.same([words[10]], [1 | ((third?.cid ?? -1) << 16)]);
    const [hit, another] = ioPosts(events).filter((post) => post.status === status.abortRequested);
    t.equal(another, undefined);
    if (hit) aborted++;
    t.equal(ioPosts(events).length, 4, 'each command is completed once');
  }
  t.ok(sent > aborted && aborted > 10 && sent < 300, `${aborted} of ${sent} aborts hit`);
});

const saveAndRestore: ControlAction[] = [{ do: 'save' }, { do: 'restore' }];
const saved = (event: LinkEvent): boolean => event.type === 'request.end' && event.request === 'save';
const restoring = (event: LinkEvent): boolean =>
  event.type === 'request.begin' && event.request === 'restore';
const restored = (event: LinkEvent): boolean => event.type === 'request.end' && event.request === 'restore';

void t.test('a restored driver finds what was posted while nobody was there', async (t) => {
  for (const doorbellBuffer of ['never', 'after-queues'] as const) {
    const given = worldWith({ threads: [reads(4)], control: saveAndRestore, doorbellBuffer });
    const { world } = given;
    const first = doorbellBuffer === 'never' ? [] : ['store shadow tail', 'load tail EventIdx'];
    const opening = steps(
      world,
      'write entry',
      ...first,
      'ring tail doorbell',
      'receive save [0]',
      'answer save [0]',
    );
    let taken = 0;
    const events = run(given, (moves, move) => {
      if (taken < 5 + first.length && ++taken > 0) return opening(moves, move);
      const others = moves.filter((each) => world.processes[processOf(each)]?.party !== 'host');
      return others[0]; // the host waits as long as anybody else moves
    });
    t.ok(
      isRising(
        places(
          events,
          (event) => event.type === 'db.sq' && event.qid === 1,
          saved,
          (event) => event.type === 'cqe.post',
          (event) => event.type === 'irq',
          restoring,
          restored,
          (event) => event.type === 'db.cq' || event.type === 'shadow.cq',
        ),
      ),
      'posted and announced by an interrupt between save and restore, consumed after it',
    );
    t.equal(ioPosts(events).length, 4, 'and the thread goes on');
  }
});

void t.test('a restored driver announces what was written and not announced', async (t) => {
  for (const [doorbellBuffer, announced] of [
    ['never', ['db.sq']],
    ['after-queues', ['shadow.sq', 'db.sq']],
  ] as const) {
    const given = worldWith({ threads: [reads(1)], control: saveAndRestore, doorbellBuffer });
    const events = run(given, steps(given.world, 'write entry', 'receive save [0]', 'answer save [0]'));
    const between = events.slice(events.findIndex(restoring) + 1, events.findIndex(restored));
    t.same(
      of(between, 'db.sq', 'shadow.sq').map(({ type, qid, value }) => [type, qid, value]),
      announced.map((type) => [type, 1, 1]),
    );
    t.equal(ioPosts(events).length, 1);
  }
});

void t.test('whenever a driver is saved and restored, every command is completed', async (t) => {
  for (const controller of ['reference', 'reference/trapped'])
    for (const driver of [
      {},
      { completion: 'polled' },
      { completes: 'after-head-doorbell', headDoorbell: 'entry' },
      { completes: 'after-head-doorbell', entryRead: 'when-completed' },
      { tailDoorbell: 'batch', freeSlots: 'sqhd' },
    ])
      for (const doorbellBuffer of ['never', 'after-queues'] as const) {
        const given = worldWith({
          threads: [reads(4), reads(3)],
          control: [...saveAndRestore, { do: 'inspect' }, ...saveAndRestore],
          doorbellBuffer,
          driver,
          controller,
        });
        for (let seed = 0; seed < 15; seed++) {
          const events = run(given, scheduleFrom(seed, given.world, 600));
          if (ioPosts(events).length !== 7) t.fail(`seed ${seed}: ${ioPosts(events).length} completions`);
        }
      }
});

void t.test('a driver that is saved for good does nothing more, and owes nothing', async (t) => {
  const given = worldWith({ threads: [reads(5)], control: [{ do: 'save' }, { do: 'inspect' }] });
  let early = 0;
  for (let seed = 0; seed < 50; seed++) {
    const events = run(given, scheduleFrom(seed, given.world, 600));
    const after = events.slice(events.findIndex(saved) + 1);
    const acts = of(after, 'db.sq', 'db.cq', 'sqe.write', 'request.begin');
    if (acts.length > 0) t.same(acts, [], `seed ${seed}`);
    if (ioPosts(events).length < 5) early++;
  }
  t.ok(early > 10, 'with commands that were never submitted');
});

void t.test('Doorbell Buffer Config names the same pages again, or two pairs in turn', async (t) => {
  const control: ControlAction[] = [{ do: 'doorbell-buffer' }, { do: 'reset', kind: 'flr' }];
  const pages = (driver: NonNullable<Given['driver']>): number[] => {
    const given = worldWith({ threads: [reads(5)], control, doorbellBuffer: 'before-queues', driver });
    const seen = new Set<string>();
    for (let seed = 0; seed < 50; seed++) {
      const events = run(given, scheduleFrom(seed, given.world, 600));
      const configs = of(events, 'sqe.write').filter(
        ({ sqid, opcode }) => sqid === 0 && opcode === adminOpcode.doorbellBufferConfig,
      );
      seen.add(configs.map(({ words }) => [words[6], words[8]]).join(' '));
    }
    t.equal(seen.size, 1, 'whatever the schedule');
    return [...seen].flatMap((each) => each.split(/[ ,]/)).map(Number);
  };
  const [a, b, c, d] = pages({}); // one after the bring-up that is over, one in the next
  t.strictSame([a, b], [c, d]);
  const turned = pages({ doorbellPages: 'in-turn' });
  t.equal(new Set(turned).size, 4, 'all four are different');
});

void t.test('command identifiers count from where the driver begins', async (t) => {
  for (const freeSlots of ['tags', 'sqhd']) {
    const driver = { firstCid: 0xff00, tags: 2, freeSlots, callers: 'shown' };
    const events = run(worldWith({ threads: [reads(5)], driver }), byDefault);
    const cids = of(events, 'sqe.fetch').map(({ cid }) => cid);
    t.equal(cids.length, 5);
    t.ok(cids.every((cid) => cid === 0xff00 || cid === 0xff01));
    const callers = of(events, 'command.begin').map(({ caller }) => caller);
    t.ok(callers.every((caller) => caller < 2));
    t.equal(of(events, 'command.end').length, 5);
  }
});
