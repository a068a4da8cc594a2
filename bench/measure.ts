/**
 * Measuring, the same in every benchmark: several rounds after one to warm up, so that the machine's noise shows
 * beside each figure. What is compared takes turns round by round, so that noise meets all alike.
 */
export const ROUNDS = 7;

/** What is measured; a promise is waited for. */
export type Work = () => void | Promise<void>;

/** Of the figures of all rounds, in the figures' own unit. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Seconds that `work` takes. */
export async function measure(work: Work, rounds: number = ROUNDS): Promise<Spread> {
  return spreadOf((await inTurn([work], rounds)).map(([seconds]) => seconds as number));
}

/**
 * Seconds that each piece of work takes, one row for each round: all of them in turn, round after round. The first
 * round warms up and is left out.
 */
export async function inTurn(works: readonly Work[], rounds: number = ROUNDS): Promise<number[][]> {
  const rows: number[][] = [];
  for (let round = 0; round <= rounds; round++) {
    const row: number[] = [];
    for (const work of works) row.push(await secondsOf(work));
    if (round > 0) rows.push(row);
  }
  return rows;
}

async function secondsOf(work: Work): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

export function spreadOf(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] as number;
  return { median: at(sorted.length >> 1), min: at(0), max: at(sorted.length - 1) };
}

/** The machine's noise: the least and the greatest figure against the median. */
export function noise({ median, min, max }: Spread): string {
  const percent = (figure: number): string => `${(((figure - median) / median) * 100).toFixed(0)} %`;
  return `${percent(min)} … +${percent(max)}`;
}

/** A Markdown table that reads well as plain text: the first column to the left, figures to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[column] as number);
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [head.map(pad), rule, ...rows.map((row) => head.map((_, column) => pad(row[column] ?? '', column)))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
