import t from 'tap';
import { build } from '../scenario/build.ts';
import { pairingWith, suiteScenario } from '../suite/examine.fixture.ts';
import { moveNamed, nameOf, scriptGoesOn, type StepName } from './naming.ts';
import { type Move, SCRIPT, type World } from './world.ts';

function worldOf(name: string, controller: string = 'reference'): World {
  const scenario = suiteScenario(name);
  const { world } = build(
    scenario,
    pairingWith(scenario, { controller: { model: controller, decisions: {} } }),
  );
  world.bringUp();
  world.restart();
  return world;
}

/** A walk that lets the host, which comes last, run ahead at first; `visit` sees every state. */
function walk(world: World, steps: number, visit: (moves: readonly Move[]) => void): void {
  for (let step = 0; step < steps; step++) {
    const moves = world.moves();
    visit(moves);
    const move = step < 40 ? moves.at(-1) : moves[(step * 7) % moves.length];
    if (move === undefined && (world.script === undefined || world.script.done)) return;
    world.take(move ?? SCRIPT);
  }
}

const text = ({ process, step }: StepName): string => `${process}: ${step}`;

t.test('every enabled move has a name of its own, and is found by it', async (t) => {
  let alternatives = 0;
  const worlds = [
    worldOf('unequal-rings'),
    worldOf('shadow-under-load'),
    worldOf('eventidx-lagging-tail', 'propolis/before'),
    worldOf('shared-cq-idle-sibling', 'spdk-vfio-user/v3'), // polls whichever queue it likes
  ];
  for (const world of worlds) {
    walk(world, 400, (moves) => {
      const names = moves.map((move) => nameOf(world, move));
      if (new Set(names.map(text)).size !== moves.length) t.fail(names.map(text).join(', '));
      if (names.some((each, index) => moveNamed(world, each) !== moves[index])) t.fail('another move');
      alternatives += names.filter(({ step }) => / #\d+$/.test(step)).length;
    });
  }
  t.ok(alternatives > 0, 'steps of one label were told apart');
});

t.test('names of nothing, and of the script', async (t) => {
  const world = worldOf('cq-full-parked-sq');
  t.same(world.moves(), [], 'only the script can go on');
  t.equal(moveNamed(world, scriptGoesOn), SCRIPT);
  t.same(nameOf(world, SCRIPT), { process: 'script', step: 'goes on' });
  world.take(SCRIPT);
  const [move] = world.moves();
  t.equal(moveNamed(world, scriptGoesOn), undefined, 'not while others can step');
  const name = nameOf(world, move ?? SCRIPT);
  t.equal(moveNamed(world, name), move);
  t.equal(moveNamed(world, { ...name, step: `${name.step} #2` }), undefined, 'no such alternative');
  t.equal(moveNamed(world, { ...name, process: 'SQ9 fetcher' }), undefined, 'no such process');
  t.equal(moveNamed(worldOf('unequal-rings'), scriptGoesOn), undefined, 'no script there');
});
