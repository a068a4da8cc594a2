/** The report of a fuzz session for people: what it says of itself, and of the systems under test. */
import t from 'tap';
import type { FuzzResult } from '../fuzz/result.ts';
import { plainLook } from './look.ts';
import { renderOnRecord } from './on-record.ts';
import { fuzzHeader, goodSession, session } from './session.fixture.ts';
import { renderSession } from './session.ts';

function pretty(done: FuzzResult): string {
  return renderSession(done, fuzzHeader.again, fuzzHeader.records, plainLook);
}

void t.test('what a session says of itself', async (t) => {
  const good = pretty(goodSession);
  t.match(good, /^Fuzz session: reference, seed 1\n/);
  t.match(good, /no violation {4}3 rules exercised {2}50,000 runs {2}seed 1\n$/);
  t.match(pretty({ ...goodSession, ended: 'SIGINT' }), 'interrupted by SIGINT');
  t.match(pretty({ ...goodSession, corpusLeftAlone: 1 }), '1 other is about other systems');
  const short = pretty({ ...goodSession, runs: 84, down: 24 });
  t.match(
    short,
    /84 of 50,000 runs in 782 worlds[^]*bring-up failed\s+in 24 worlds[^]*84 of 50,000 runs {2}seed 1\n$/,
  );
  const some = pretty({ ...goodSession, warnings: { 'HOST-REAP': 12 }, notApplicable: 3 });
  t.match(some, /^ {2}warnings +HOST-REAP 12 \(--strict makes them count\)$/m);
  t.match(some, /; 3 worlds not\s+applicable/);
  t.match(some, 'no violation', 'neither counts');
  t.notMatch(good, /warnings|not applicable/);
  t.match(pretty({ ...goodSession, notShrunk: session.notShrunk }), 'no new counterexample, 2,317 not');
});

void t.test('what is on record is told of the system that broke the rule, and of no other', async (t) => {
  const [record] = fuzzHeader.records;
  if (record === undefined) throw new Error('nothing is on record');
  const told = (change: Partial<typeof record>, done: FuzzResult = session): string =>
    renderOnRecord(done, [{ ...record, ...change }], plainLook)
      .flat()
      .join('\n');
  t.match(told({}), /^On record for propolis\/before\n[^]*EVENTIDX-CQ-LOST-WAKEUP +full\.yaml\n/);
  t.match(told({}), /SQHD-MONOTONIC +none$/, 'a rule that no record has');
  t.notMatch(told({}), 'other.yaml', 'another rule');
  t.equal(told({ names: ['propolis/after'] }), '', 'another system');
  t.equal(told({ role: 'driver' }), '', 'another party');
  t.equal(told({ knownFor: '', findings: [] }), '', 'nothing is known');
  t.equal(told({}, goodSession), '', 'nothing was found');
  const decided = {
    ...session,
    counterexamples: [],
    corpus: session.corpus.map((each) => ({ ...each, controller: 'propolis/before (workers 1)' })),
  };
  t.match(told({}, decided), 'full.yaml', 'what an earlier session has found, its decisions apart');
});
