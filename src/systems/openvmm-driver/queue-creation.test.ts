import t from 'tap';
import type { HostPlan } from '../../driver/plan.ts';
import { exploreRandomly } from '../../explore/random.ts';
import { conforms, fails, stepsOf } from './explored.fixture.ts';
import { worldOf } from './world.fixture.ts';

const never = (): boolean => false;
const head = 'openvmm-driver/head';
const ideal = 'openvmm-driver/ideal';

void t.test('a queue pair that is created while others drain', async (t) => {
  const control: HostPlan['control'] = [{ do: 'save' }, { do: 'restore' }, { do: 'create-sq', qid: 2 }];
  const setting = {
    size: 3,
    pairs: 2,
    late: [2],
    threads: [1, 1],
    control,
    decisions: { drainCommits: 'both' },
  };
  const random = { runs: 200, steps: 2000, seed: 1 };
  const found = (driver: string): string[] => [
    ...new Set(
      exploreRandomly(worldOf({ ...setting, driver }), random, never).found.map(
        ({ finding }) => finding.rule,
      ),
    ),
  ];
  t.same(found('openvmm-driver/2833'), ['RESTORE-FENCE']);
  t.same(found('openvmm-driver/2864'), []);
  conforms(
    t,
    { driver: head, size: 2, pairs: 2, late: [2], threads: [0, 1], control: [{ do: 'create-sq', qid: 2 }] },
    'without a restore',
  );
  t.same(
    stepsOf(worldOf({ ...setting, driver: head, control: control.slice(2) })).filter((step) =>
      step.includes('Create'),
    ),
    [
      'control plane: send Create CQ2 [0]',
      'control plane: await Create CQ2 [0]',
      'control plane: send Create SQ2 [0]',
      'control plane: await Create SQ2 [0]',
    ],
  );
});

void t.test('a Save that comes while the worker creates a queue pair', async (t) => {
  const control: HostPlan['control'] = [{ do: 'create-sq', qid: 2 }, { do: 'save' }];
  const setting = { size: 2, pairs: 2, late: [2], threads: [], control };
  for (const driver of ['openvmm-driver/before', 'openvmm-driver/after', head])
    fails(t, { ...setting, driver }, driver);
  conforms(t, { ...setting, driver: ideal }, 'the creation is given up');
  const later: HostPlan['control'] = [control[0] as (typeof control)[0], { do: 'inspect' }, { do: 'save' }];
  conforms(
    t,
    { ...setting, driver: head, control: later },
    'a Save that comes when there is nothing left to create',
  );
  const twice = {
    ...setting,
    pairs: 3,
    late: [2, 3],
    control: [{ do: 'create-sq', qid: 3 }, ...control] as const,
  };
  fails(t, { ...twice, driver: head }, 'behind two creations');
  const restored = { ...setting, control: [...control, { do: 'restore' }] as const };
  conforms(t, { ...restored, driver: ideal }, 'given up, then restored');
});
