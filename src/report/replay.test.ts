import { readFileSync } from 'node:fs';
import t from 'tap';
import { loaded } from '../suite/counterexample.fixture.ts';
import { replay } from '../suite/replay.ts';
import { asciiGlyphs, plainLook } from './look.ts';
import { renderReplayDiagram } from './replay-diagram.ts';
import { renderReplays } from './replay.ts';

const file = 'fixtures/counterexamples/eventidx-cq-lost-wakeup.yaml';
const scenario = loaded(readFileSync(file, 'utf8'), file);
const replays = replay({ scenario, controller: undefined, driver: undefined, strict: false });
const lines = renderReplays(replays, { seed: 0 }, plainLook).split('\n');

t.test('a replay is drawn whole, with a lane for each host process', async (t) => {
  const diagram = lines.slice(4, lines.indexOf('', 4));
  t.ok(diagram.every((line) => line.length <= 80));
  t.match(diagram[0], /…\s+bring-up: \d+ events, \d+ steps$/, 'bring-up is one line');
  const bursts = diagram
    .slice(1)
    .filter((line) => !/[├┤]/.test(line))
    .flatMap((line) => /([\w ]+):(?: |$)/.exec(line)?.[1]?.trim() ?? []);
  const schedule = (scenario.schedule ?? []).map(({ process }) => process);
  t.same(
    bursts,
    schedule.filter((process, index) => process !== schedule[index - 1]),
    'a line for each burst says who acts',
  );
  const [{ trace, result } = { trace: [], result: undefined }] = replays;
  const numbers = diagram.flatMap((line) => Number(/^ ?●? +(\d+) /.exec(line)?.[1] ?? NaN));
  const drawn = numbers.filter((number) => !Number.isNaN(number));
  t.same(
    drawn,
    trace.flatMap(({ number, bringUp }) => (number === undefined || bringUp ? [] : [number])),
    'every event',
  );
  const marked = diagram.flatMap((line) => /^ ● +(\d+)/.exec(line)?.[1] ?? []).map(Number);
  t.same(
    marked,
    result?.findings[0]?.facts.map(({ event }) => event),
  );
  t.ok(diagram.includes('    49  ├──┼─ SQ1[0] cid 0 Read written ──▶│                                   │'));
  t.ok(diagram.includes('    57  │  │◀──────────────────────────────┼───────────── interrupt, vector 1 ─┤'));
  t.ok(diagram.includes(' ●  63  │  │◀─────── EventIdx CQ1 read: 1 ─┤                                   │'));
});

t.test('then the report of the run, without a second picture', async (t) => {
  const text = lines.join('\n');
  t.match(
    text,
    /✘ .* on propolis\/before with linux\/single-pass\n[^]*verdict {2}violates EVENTIDX-CQ-LOST-WAKEUP/,
  );
  t.match(text, /found {2}by the schedule in the file, 46 steps after bring-up/);
  t.equal(text.match(/bring-up: /g)?.length, 1);
});

t.test('narrow, wide, ASCII, many lanes', async (t) => {
  const rows = replays[0]?.trace ?? [];
  const many = rows.map((row, index) =>
    row.party === 'host' && !row.bringUp ? { ...row, process: `thread ${index % 15}` } : row,
  );
  for (const width of [60, 80, 110]) {
    for (const [drawn, lanes] of [
      [rows, 4],
      [many, 12],
    ] as const) {
      const diagram = renderReplayDiagram(drawn, new Set([57]), { ...plainLook, width });
      t.ok(
        diagram.every((line) => line.length <= width),
        `${width} columns`,
      );
      t.ok(
        diagram.every((line) => (line.match(/[│├┤┼]/g)?.length ?? 0) <= lanes),
        'so many lanes at most',
      );
      if (drawn === many)
        t.ok(
          diagram.some((line) => line.includes('thread 14:')),
          'who shares a lane is named',
        );
    }
  }
  const ascii = renderReplays(replays, { seed: 0 }, { ...plainLook, glyphs: asciiGlyphs });
  t.notMatch(ascii.split('\n').slice(3, 60).join(''), /[^\x20-\x7e]/);
});

t.test('what conforms is said in a line', async (t) => {
  const schedule = scenario.schedule?.slice(0, 4) ?? [];
  const fixed = replay({
    scenario: { ...scenario, schedule },
    controller: 'reference',
    driver: undefined,
    strict: false,
  });
  const text = renderReplays(fixed, { seed: 0 }, plainLook);
  t.match(
    text,
    /4 steps of the schedule, and \d+ more by the\ndefault policy|4 steps of the schedule, and \d+ more by the default/,
  );
  t.match(text, /✔ fixtures\S+ on reference with linux\/single-pass {2}conforms\n$/);
});
