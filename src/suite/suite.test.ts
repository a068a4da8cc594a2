import t from 'tap';
import { wakeupFormulas } from '../spec/wakeup.ts';
import { firstMilestone } from '../spec/catalogue.ts';
import { controllerMutations, driverMutations } from '../systems/mutants.ts';
import { examine } from './examine.ts';
import { errorsOf, examined, named, pairingWith, suiteScenario } from './examine.fixture.ts';
import { optionsFor, pairingsOf } from './pairings.ts';

t.test('every mutant is killed by the rule that it breaks, in the scenario that shows it', async (t) => {
  for (const { name, breaks, shownBy } of controllerMutations) {
    const result = examined(suiteScenario(shownBy), { controller: named(`mutant/${name}`) });
    t.ok(
      errorsOf(result).includes(breaks),
      `${name}: ${breaks} among ${errorsOf(result).join(', ') || result.outcome}`,
    );
    t.equal(result.outcome, 'unexpected', `${name} does not pass for conforming`);
  }
  for (const { name, breaks, shownBy } of driverMutations) {
    const result = examined(suiteScenario(shownBy), { driver: named(`mutant/${name}`) });
    t.ok(
      errorsOf(result).includes(breaks),
      `${name}: ${breaks} among ${errorsOf(result).join(', ') || result.outcome}`,
    );
  }
});

t.test(
  'every rule of the first milestone has a mutant, or a model of a real system, that it kills',
  async (t) => {
    const broken = new Set([...controllerMutations, ...driverMutations].map(({ breaks }) => breaks));
    const bySystems = ['SAVE-NO-BACKPRESSURE']; // openvmm-driver/before
    t.same(
      firstMilestone.filter((rule) => !broken.has(rule) && !bySystems.includes(rule)),
      [],
    );
  },
);

t.test('the reference with the decision of no mutant passes where the mutants fail', async (t) => {
  for (const shownBy of new Set(
    [...controllerMutations, ...driverMutations].map((mutation) => mutation.shownBy),
  )) {
    const result = examined(suiteScenario(shownBy), {});
    t.same([errorsOf(result), result.outcome], [[], 'as-expected'], `${shownBy}: ${result.reason ?? ''}`);
  }
});

t.test('the lost wake-up of propolis/before shows only to a host with the strict formula', async (t) => {
  const scenario = suiteScenario('eventidx-lagging-tail');
  for (const wakeup of wakeupFormulas) {
    const result = examined(scenario, {
      controller: named('propolis/before'),
      driver: named('linux/single-pass', { wakeup, tags: 1 }),
    });
    const search = result.explorations.find(({ kind }) => kind === 'exhaustive');
    t.match(search, { complete: true }, `${wakeup}: the search is complete`);
    t.same(errorsOf(result), wakeup === 'strict' ? ['EVENTIDX-CQ-LOST-WAKEUP'] : [], wakeup);
  }
});

t.test('the shortest way to the lost wake-up is found and argued', async (t) => {
  const result = examined(suiteScenario('eventidx-lagging-tail'), { controller: named('propolis/before') });
  const [finding] = result.findings;
  t.equal(finding?.rule, 'EVENTIDX-CQ-LOST-WAKEUP');
  t.equal(finding?.foundBy, 'exhaustive');
  const numbers = new Set(finding?.trace.map(({ number }) => number));
  t.ok(finding && finding.facts.length > 0 && finding.facts.every(({ event }) => numbers.has(event)));
});

t.test('the same seed gives the same result, another seed other schedules', async (t) => {
  const scenario = suiteScenario('three-slot-rings');
  const driver = named('mutant/same-cid-for-all');
  t.same(examined(scenario, { driver }), examined(scenario, { driver }));
});

t.test('a system named on the command line takes the place of those that a scenario names', async (t) => {
  const scenario = suiteScenario('linux-head-after-tag');
  const replaced = pairingsOf(scenario, { controller: 'reference', driver: undefined });
  t.same(
    replaced.map(({ driver, controller, verdict }) => [driver.model, controller.model, verdict.kind]),
    [
      ['linux/single-pass', 'reference', 'conforms'],
      ['linux/doorbell-first', 'reference', 'conforms'],
    ],
    'each driver that has a conforming partner once',
  );
  const beside = pairingsOf(scenario, { controller: undefined, driver: 'reference' });
  t.same(
    beside.map(({ controller }) => controller.model),
    ['reference'],
    'controllers that are known to be wrong say nothing about a driver',
  );
  const both = pairingsOf(scenario, { controller: 'reference', driver: 'reference' });
  t.equal(both.length, 1);
  t.same(pairingsOf(scenario, { controller: undefined, driver: undefined }), scenario.pairings);
  const withEvents = suiteScenario('systems/openvmm-driver/next-aen-while-table-full');
  const same = pairingsOf(withEvents, { controller: 'reference', driver: undefined });
  t.same(
    [...new Set(same.map(({ controller }) => controller.decisions['events']))],
    [2],
    'the same system keeps the decisions that make the situation',
  );
});

t.test('the options that run one pair alone run that pair, or there are none', async (t) => {
  const scenario = suiteScenario('linux-head-after-tag');
  const options = scenario.pairings.map((pairing) => {
    const alone = optionsFor(scenario, pairing);
    if (alone === undefined) return pairing.verdict.kind;
    const pairs = pairingsOf(scenario, { controller: alone.controller, driver: alone.driver });
    t.match(pairs, [{ driver: pairing.driver, controller: pairing.controller, verdict: pairing.verdict }]);
    return alone;
  });
  t.ok(options.some((each) => typeof each === 'object'));
  t.ok(options.includes('violates'), 'what is named on the command line is to conform');
  const decided = suiteScenario('save-restore-in-flight');
  const polled = decided.pairings.find(({ driver }) => driver.decisions['completion'] === 'polled');
  t.equal(polled && optionsFor(decided, polled), undefined, 'decisions cannot be named there');
  t.ok(polled);
  const sole = suiteScenario('phase-wrap');
  const [own] = sole.pairings;
  const [replaced] = pairingsOf(sole, { controller: 'qemu', driver: undefined });
  t.same(own && optionsFor(sole, own), {}, 'all that the file has');
  t.same(replaced && optionsFor(sole, replaced), { controller: 'qemu' });
});

t.test(
  'a rule that a system never comes to: a mistake where it is stated, none where it is named',
  async (t) => {
    const scenario = { ...suiteScenario('phase-wrap'), rules: ['MSQ-ACCEPT' as const] };
    const options = { seed: 1, runs: 1, strict: false, connection: undefined };
    const pairing = pairingWith(scenario, {});
    const outcomeOf = (each: typeof pairing): string => examine(scenario, each, options, () => false).outcome;
    t.equal(outcomeOf(pairing), 'vacuous');
    t.equal(outcomeOf({ ...pairing, named: 'controller' as const }), 'not-applicable');
  },
);

t.test('a controller without Doorbell Buffer Config cannot run what asks for it', async (t) => {
  const controller = named('reference', { doorbellBuffer: 'absent' });
  for (const name of ['shadow-wakeup', 'shadow-hand-over'])
    t.match(examined(suiteScenario(name), { controller }), {
      outcome: 'not-applicable',
      reason: 'the controller has no Doorbell Buffer Config',
      findings: [],
    });
});
