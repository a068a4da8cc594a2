import t from 'tap';
import { everyScope, nameOf, type Scope, searched } from './reference-matrix.fixture.ts';

/** More than any scope of the test has; what has more is left to `npm run nightly`. */
const STATES = 1_500_000;

/** Whether a scope is small enough for a test: found by searching them all. */
function fits({ controller, size, sqs, tags, completes, completion, shadow }: Scope): boolean {
  const trapped = controller === 'reference/trapped';
  const both = completes === 'after-head-doorbell' && completion === 'polled';
  if (shadow === 'off') {
    if (size === 2) return true;
    if (sqs === 2) return size === 3 && trapped && both && tags === 'size-1';
    if (size === 3) return trapped || tags === 'size-1';
    return tags === 'size-1' && (trapped || completion === 'polled');
  }
  if (size === 2 && sqs === 1) return trapped || (completion === 'polled' && (both || shadow !== 'strict'));
  return trapped && both && tags === 'size-1' && (size === 2 || (size === 3 && sqs === 1));
}

t.test('no rule ever fires on the reference pair, whatever the order', async (t) => {
  const all = everyScope();
  const scopes = all.filter(fits);
  for (const scope of scopes) {
    const { states, transitions, complete, because, found } = searched(scope, STATES);
    t.comment(`${nameOf(scope)}: ${states} states, ${transitions} transitions, ${because ?? 'complete'}`);
    t.equal(complete, true, `${nameOf(scope)}: complete`);
    const fired = found
      .filter(({ finding }) => finding.severity !== 'info')
      .map(({ finding }) => finding.rule);
    t.same(fired, [], `${nameOf(scope)}: no rule fires`);
  }
  t.comment(`${scopes.length} of ${all.length} scopes; the others are searched by: npm run nightly`);
});
