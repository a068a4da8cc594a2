import t from 'tap';
import { parseDuration } from './duration.ts';
import { parseShard } from './shard.ts';

t.test('durations', async (t) => {
  t.equal(parseDuration('30s'), 30_000);
  t.equal(parseDuration('1.5h'), 5_400_000);
  t.equal(parseDuration('10m'), 600_000);
  for (const wrong of ['', '10', 'm', '-1s', '1d', '1 m', '0s', '577h', '1e3s'])
    t.throws(() => parseDuration(wrong), /A time with its unit is needed/, wrong);
});

t.test('shards, given or found in the environment', async (t) => {
  const right: readonly (readonly [string, Record<string, string>, string])[] = [
    ['1/1', {}, '1/1'],
    ['2/8', { CI_NODE_INDEX: '5' }, '2/8'],
    ['auto/8', { JOB_COMPLETION_INDEX: '0' }, '1/8'],
    ['auto/8', { JOB_COMPLETION_INDEX: '7' }, '8/8'],
    ['auto', { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '3' }, '1/3'],
    ['auto/3', { CI_NODE_INDEX: '3', CI_NODE_TOTAL: '3' }, '3/3'],
    ['auto', { CIRCLE_NODE_INDEX: '0', CIRCLE_NODE_TOTAL: '4' }, '1/4'],
    ['auto', { BUILDKITE_PARALLEL_JOB: '3', BUILDKITE_PARALLEL_JOB_COUNT: '4' }, '4/4'],
  ];
  for (const [text, environment, shard] of right) {
    const { index, of } = parseShard(text, environment);
    t.equal(`${index}/${of}`, shard, `${text} with ${JSON.stringify(environment)}`);
  }
  const wrong: readonly (readonly [string, Record<string, string>, RegExp])[] = [
    ['', {}, /'i\/n' is needed/],
    ['2', {}, /'i\/n' is needed/],
    ['1/2/3', {}, /'i\/n' is needed/],
    ['-1/2', {}, /'i\/n' is needed/],
    ['0/2', {}, /numbered from 1 to 2; there is no shard 0/],
    ['3/2', {}, /there is no shard 3/],
    ['1/0', {}, /there is no shard 1/],
    ['auto/4', {}, /needs one of JOB_COMPLETION_INDEX/],
    ['auto/4', { CI_NODE_INDEX: '' }, /needs one of/],
    ['auto', { JOB_COMPLETION_INDEX: '1' }, /does not say how many shards there are: use 'auto\/n'/],
    ['auto/4', { JOB_COMPLETION_INDEX: '4' }, /there is no shard 5/],
    ['auto/4', { JOB_COMPLETION_INDEX: 'x' }, /whole number is needed for JOB_COMPLETION_INDEX/],
    ['auto/4', { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '3' }, /CI_NODE_TOTAL is 3, but 4 shards/],
  ];
  for (const [text, environment, says] of wrong)
    t.throws(() => parseShard(text, environment), says, `${text} with ${JSON.stringify(environment)}`);
});
