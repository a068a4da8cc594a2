/** Which rows of a long trace are shown: those the argument rests on, what is near them, and the end. */
import type { TraceRow } from '../suite/result.ts';

export type Excerpt =
  | { readonly kind: 'row'; readonly row: TraceRow }
  | { readonly kind: 'left-out'; readonly bringUp: boolean; readonly events: number; readonly rows: number };

/** A trace up to this length is shown whole, bring-up apart. */
const WHOLE = 26;
/** Rows shown on either side of an event that matters. */
const AROUND = 3;
/** Rows shown at the end, where the system stopped or went wrong. */
const LAST = 5;

/** `whole`: up to how many rows after bring-up are all shown. */
export function excerpt(
  rows: readonly TraceRow[],
  facts: ReadonlySet<number>,
  whole: number = WHOLE,
): readonly Excerpt[] {
  const shown = closed(rows, selected(rows, facts, whole));
  const parts: Excerpt[] = [];
  for (const [index, row] of rows.entries()) {
    if (shown[index] === true) {
      parts.push({ kind: 'row', row });
      continue;
    }
    const last = parts.at(-1);
    const joins = last?.kind === 'left-out' && last.bringUp === row.bringUp;
    const before = joins ? last : { events: 0, rows: 0 };
    if (joins) parts.pop();
    const events = before.events + (row.event === undefined ? 0 : 1);
    parts.push({ kind: 'left-out', bringUp: row.bringUp, events, rows: before.rows + 1 });
  }
  return parts;
}

function selected(rows: readonly TraceRow[], facts: ReadonlySet<number>, most: number): boolean[] {
  const isFact = rows.map(({ number }) => number !== undefined && facts.has(number));
  const start = rows.findIndex((row) => !row.bringUp);
  const whole = rows.filter((row) => !row.bringUp).length <= most;
  return rows.map((row, index) => {
    if (row.bringUp) return isFact[index] === true;
    if (whole || index === start || index >= rows.length - LAST) return true;
    return isFact.slice(Math.max(0, index - AROUND), index + AROUND + 1).includes(true);
  });
}

/** A single row is not worth leaving out: the line that says so is as long. */
function closed(rows: readonly TraceRow[], shown: readonly boolean[]): boolean[] {
  return shown.map(
    (is, index) =>
      is || (shown[index - 1] === true && shown[index + 1] === true && rows[index]?.bringUp === false),
  );
}
