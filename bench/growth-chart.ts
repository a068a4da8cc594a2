/** The picture of `growth.ts`: two panels side by side, states and seconds over commands, on logarithmic scales. */
export interface Point {
  readonly commands: number;
  readonly states: number;
  readonly seconds: number;
}

export interface Line {
  readonly name: string;
  readonly size: number;
  readonly sqs: number;
  readonly points: readonly Point[];
}

interface Panel {
  readonly title: string;
  readonly left: number;
  readonly of: (point: Point) => number;
  readonly tick: (power: number) => string;
}

const WIDTH = 860;
const HEIGHT = 420;
const PLOT = { width: 340, height: 270, top: 48 };
const BOTTOM = PLOT.top + PLOT.height;
/** The colour says how many slots the queues have, the dashes how many submission queues share the completion queue. */
const dashes: Readonly<Record<number, string>> = { 1: 'none', 2: '7 4', 3: '2 4' };
const shapes: Readonly<Record<number, (x: number, y: number) => string>> = {
  1: (x, y) => `<circle cx="${x}" cy="${y}" r="3.4"/>`,
  2: (x, y) => `<rect x="${r(x - 3.1)}" y="${r(y - 3.1)}" width="6.2" height="6.2"/>`,
  3: (x, y) => `<path d="M${x} ${r(y - 4.2)}L${r(x + 4)} ${r(y + 3)}H${r(x - 4)}Z"/>`,
};

/** Okabe and Ito's colours, told apart by everybody; lighter ones on a dark page. */
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 14px; font-weight: 600 }
  .grid { stroke: #d0d7de; stroke-width: 1 }
  .line { fill: none; stroke-width: 2 }
  .slots2 { stroke: #0072b2; fill: #0072b2 } .slots3 { stroke: #c25200; fill: #c25200 }
  .slots4 { stroke: #00805a; fill: #00805a } .plain { stroke: #57606a; fill: #57606a }
  path.line { fill: none } .mark { stroke: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .grid { stroke: #30363d }
    .slots2 { stroke: #56b4e9; fill: #56b4e9 } .slots3 { stroke: #f0a030; fill: #f0a030 }
    .slots4 { stroke: #2fc797; fill: #2fc797 } .plain { stroke: #9198a1; fill: #9198a1 }
    path.line { fill: none } .mark { stroke: none }
  }`;

const panels: readonly Panel[] = [
  { title: 'States', left: 62, of: ({ states }) => states, tick: (power) => count(power) },
  { title: 'Time', left: 492, of: ({ seconds }) => seconds, tick: (power) => duration(power) },
];

export function chart(lines: readonly Line[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="States and time over commands, on logarithmic scales">`,
    `<style>${STYLE}\n</style>`,
    ...panels.flatMap((panel) => panelOf(panel, lines)),
    ...legend(),
    '</svg>\n',
  ].join('\n');
}

function panelOf({ title, left, of, tick }: Panel, lines: readonly Line[]): string[] {
  const points = lines.flatMap((line) => line.points);
  const most = Math.max(...points.map(({ commands }) => commands));
  const low = Math.floor(Math.log10(Math.min(...points.map(of))));
  const high = Math.ceil(Math.log10(Math.max(...points.map(of))));
  const x = (commands: number): number => r(left + (PLOT.width * (commands - 1)) / Math.max(1, most - 1));
  const y = (value: number): number => r(BOTTOM - (PLOT.height * (Math.log10(value) - low)) / (high - low));
  const out = [`<text class="title" x="${left}" y="24">${title}</text>`];
  for (let power = low; power <= high; power++) {
    const at = y(10 ** power);
    out.push(`<line class="grid" x1="${left}" y1="${at}" x2="${left + PLOT.width}" y2="${at}"/>`);
    out.push(`<text x="${left - 8}" y="${r(at + 4)}" text-anchor="end">${tick(power)}</text>`);
  }
  for (let commands = 1; commands <= most; commands++)
    out.push(`<text x="${x(commands)}" y="${BOTTOM + 20}" text-anchor="middle">${commands}</text>`);
  out.push(
    `<text x="${left + PLOT.width / 2}" y="${BOTTOM + 40}" text-anchor="middle">commands of each submission queue</text>`,
  );
  for (const { size, sqs, points: own } of lines) {
    const path = own
      .map((point, at) => `${at === 0 ? 'M' : 'L'}${x(point.commands)} ${y(of(point))}`)
      .join('');
    const dash = `stroke-dasharray="${dashes[sqs]}"`;
    out.push(`<path class="line slots${size}" ${dash} d="${path}"/>`);
    const marks = own.map((point) => shapes[sqs]?.(x(point.commands), y(of(point))) ?? '');
    out.push(`<g class="mark slots${size}">${marks.join('')}</g>`);
  }
  return out;
}

function legend(): string[] {
  const y = HEIGHT - 26;
  const out: string[] = [];
  [2, 3, 4].forEach((size, index) => {
    const x = 62 + index * 92;
    out.push(
      `<path class="line slots${size}" d="M${x} ${y}h24"/><text x="${x + 32}" y="${y + 4}">${size} slots</text>`,
    );
  });
  [1, 2, 3].forEach((sqs, index) => {
    const x = 492 + index * 116;
    out.push(`<path class="line plain" stroke-dasharray="${dashes[sqs]}" d="M${x} ${y}h32"/>`);
    out.push(`<g class="mark plain">${shapes[sqs]?.(x + 16, y) ?? ''}</g>`);
    out.push(`<text x="${x + 40}" y="${y + 4}">${sqs} SQ${sqs > 1 ? 's' : ''}</text>`);
  });
  return out;
}

function count(power: number): string {
  return power < 3 ? `${10 ** power}` : power < 6 ? `${10 ** (power - 3)} k` : `${10 ** (power - 6)} M`;
}

function duration(power: number): string {
  return power < -3 ? `${10 ** (power + 6)} µs` : power < 0 ? `${10 ** (power + 3)} ms` : `${10 ** power} s`;
}

/** Coordinates to a tenth, so that the file is the same whatever the last digits are. */
function r(value: number): number {
  return Math.round(value * 10) / 10;
}
