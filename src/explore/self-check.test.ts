import t from 'tap';
import { build } from '../scenario/build.ts';
import { smallScope } from '../scenario/small-scope.fixture.ts';
import { suiteScenario } from '../suite/examine.fixture.ts';
import type { Move, World } from '../world/world.ts';
import { byDefault, runToEnd } from './schedule.ts';
import { schedulerFor } from './scheduler.ts';
import { type Difference, selfCheck } from './self-check.ts';

function small(): World {
  const { world } = build(...smallScope({ size: 3, reads: [4, 2], shadow: true }));
  world.bringUp();
  return world;
}

function aRun(world: World): readonly Move[] {
  world.restart();
  return runToEnd(world, 2000, schedulerFor({ kind: 'uniform', seed: 5 }, world, 200)).moves;
}

type Steps = Record<'step', (choice: number) => void>;

/** Does something more with each step of a process. */
function spoil(world: World, name: string, before: (choice: number) => void): void {
  const process = world.processes.find((each) => each.name === name) as Steps | undefined;
  if (process === undefined)
    throw new Error(`no ${name} among ${world.processes.map((each) => each.name).join()}`);
  const step = process.step.bind(process);
  process.step = (choice) => {
    before(choice);
    step(choice);
  };
}

t.test('a world that keeps all its state in the arena passes, whatever its runs are like', async (t) => {
  const world = small();
  const moves = aRun(world);
  const hash = (): readonly number[] => [world.arena.hashLow, world.arena.hashHigh];
  world.restart();
  const before = hash();
  t.equal(selfCheck(world, moves), undefined);
  t.same(hash(), before, 'and is left where it begins');
  t.equal(world.recorder.recording, false);

  const scenario = suiteScenario('reset-in-flight');
  const [pairing] = scenario.pairings;
  if (pairing === undefined) throw new Error('no pairing');
  const scripted = build(scenario, pairing).world;
  scripted.bringUp();
  scripted.restart();
  const { moves: script } = runToEnd(scripted, 5000, byDefault);
  t.ok(script.includes(-1), 'a script moves');
  t.equal(selfCheck(scripted, script), undefined);
});

t.test('a plain counter beside the arena is found, and the event it changed is named', async (t) => {
  const world = small();
  let written = 0;
  const emit = world.link.emit.bind(world.link);
  world.link.emit = (event) => emit(event.type === 'sqe.write' ? { ...event, cid: written++ } : event);
  const moves = aRun(world);
  const difference = selfCheck(world, moves);
  t.match(difference, { what: 'repeated', event: Number, text: /sqe\.write.*state outside the arena/ });
  world.restart();
  world.recorder.recording = true;
  const { events } = world.recorder;
  const bringUp = events.length;
  for (const move of moves.slice(0, difference?.step)) world.take(move);
  const first = events.findIndex(({ type }, index) => index >= bringUp && type === 'sqe.write');
  t.equal(difference?.event, first + 1, 'by its number in the trace');
});

t.test('a process that counts its steps in a variable is found, and so is the step', async (t) => {
  const world = small();
  const moves = aRun(world);
  let steps = 0;
  const process = world.processes.find(({ name }) => name === 'SQ1 fetcher');
  if (process === undefined) throw new Error('no fetcher');
  const choices = process.choices.bind(process);
  process.choices = () => (steps > 6 ? 0 : choices());
  spoil(world, 'SQ1 fetcher', () => steps++);
  const difference: Difference | undefined = selfCheck(world, moves);
  t.match(difference, { what: 'repeated', event: undefined });
  t.match(difference?.text, /SQ1 fetcher/);
});

t.test('what an undone step leaves behind is found', async (t) => {
  const world = small();
  const moves = aRun(world);
  // A cache that a restart empties, and an undo does not.
  let cached = 0;
  const restart = world.restart.bind(world);
  world.restart = () => {
    cached = 0;
    restart();
  };
  const emit = world.link.emit.bind(world.link);
  world.link.emit = (event) => emit(event.type === 'sqe.write' ? { ...event, cid: cached++ } : event);
  t.match(selfCheck(world, moves), { what: 'undone and redone', event: Number });
});

t.test('a write past the barrier is found', async (t) => {
  const world = small();
  const moves = aRun(world);
  const word = world.arena.size - 1;
  spoil(world, 'SQ1 fetcher', () => (world.arena.words[word] = 77));
  t.match(selfCheck(world, moves), { what: 'hashed', text: /barrier/ });
});
