/** `--time`: how long something may take. */

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** Longer timers than this do not exist in Node. */
const MOST = 24 * 24 * 3_600_000;

/** Milliseconds of `30s`, `10m`, `1.5h`. Throws an Error with a sentence for the user. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smh])$/.exec(text);
  const milliseconds = Math.round(Number(match?.[1]) * (units[match?.[2] ?? ''] ?? NaN));
  if (!(milliseconds >= 1 && milliseconds <= MOST))
    throw new Error('A time with its unit is needed, such as 30s, 10m or 2h, and at most 576h.');
  return milliseconds;
}
