/**
 * How states and time grow with the size of the queues, the number of submission queues on one completion queue and
 * the commands of each: a table, and with `--write` the picture that the README shows. States and transitions depend
 * on nothing but the code; times are the machine's, each the median of three.
 */
import { writeFileSync } from 'node:fs';
import { exploreExhaustively } from '../src/explore/exhaustive.ts';
import { build } from '../src/scenario/build.ts';
import { smallScope } from '../src/scenario/small-scope.fixture.ts';
import { chart, type Line, type Point } from './growth-chart.ts';
import { measure, print, table } from './measure.ts';

const STATES_MAX = 300_000;
const COMMANDS_MAX = 9;
const TIMES = 3;
/** Transitions that one measurement takes at least. */
const TRANSITIONS_MIN = 50_000;
const rows: string[][] = [];
const lines: Line[] = [];
const left: string[] = [];

for (const size of [2, 3, 4]) {
  for (const sqs of [1, 2, 3]) {
    const points: Point[] = [];
    for (let commands = 1; commands <= COMMANDS_MAX; commands++) {
      const point = await searched(size, sqs, commands);
      if (point === undefined) {
        left.push(`${nameOf(size, sqs)} from ${commands} commands on`);
        break;
      }
      points.push(point);
    }
    if (points.length > 0) lines.push({ name: nameOf(size, sqs), size, sqs, points });
  }
}

print('Exhaustive search of the reference pair, every order of every step (no reduction), all rules on');
print('Commands are those of each submission queue\n');
print(table(['queues', 'commands', 'states', 'transitions', 'ms'], rows));
print(`\nBeyond ${STATES_MAX} states, and left out: ${left.join('; ')}`);
if (process.argv.includes('--write')) {
  const file = new URL('../../bench/growth.svg', import.meta.url);
  writeFileSync(file, chart(lines));
  print('\nbench/growth.svg is written');
}

/** Searches one scope completely; undefined when it has too many states. */
async function searched(size: number, sqs: number, commands: number): Promise<Point | undefined> {
  const reads = Array.from({ length: sqs }, () => commands);
  const { world } = build(...smallScope({ size, reads, controller: 'reference/trapped' }));
  world.bringUp();
  const search = (): ReturnType<typeof exploreExhaustively> => {
    world.restart();
    const bounds = { states: STATES_MAX, depth: 100_000, reduce: false };
    return exploreExhaustively(world, bounds, () => false);
  };
  const { complete, states, transitions, found } = search();
  if (!complete) return undefined;
  if (found.length > 0) throw new Error(`the reference pair broke ${found[0]?.finding.rule}`);
  // A small scope takes microseconds: it is searched again until the clock can tell.
  const searches = Math.ceil(TRANSITIONS_MIN / transitions);
  const work = (): void => {
    for (let count = 0; count < searches; count++) search();
  };
  const seconds = (await measure(work, TIMES)).median / searches;
  rows.push([
    nameOf(size, sqs),
    `${commands}`,
    `${states}`,
    `${transitions}`,
    (seconds * 1000).toPrecision(3),
  ]);
  return { commands, states, seconds };
}

function nameOf(size: number, sqs: number): string {
  return `${size} slots, ${sqs} SQ${sqs > 1 ? 's' : ''}`;
}
