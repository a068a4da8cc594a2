/**
 * A counterexample: exactly who steps after bring-up. Each item is one process with the steps it takes in a row, so
 * that the number of items shows the preemptions. Which processes and steps there are, only the running world knows.
 */
import { z } from 'zod';
import { either, expected, isMap, look } from './kinds.ts';
import type { Place } from './place.ts';
import type { ScheduledStep } from './scenario.ts';

/** Steps of one schedule; the counterexamples that people read have a few dozen. */
export const MAX_SCHEDULED = 20_000;

type Burst = Readonly<Record<string, string | readonly string[]>>;

const step = z
  .string()
  .min(1, 'a step has a name')
  .max(200, 'the name of a step has at most 200 characters')
  .refine((name) => !/\p{Cc}/u.test(name), 'the name of a step is one line');
const steps = either<string | readonly string[]>('a step, or a list of steps', {
  string: step,
  list: z.array(step).min(1, 'no steps in it'),
});
const anyProcess = z.record(z.string(), steps);

const burst: z.ZodType<Burst> = look<Burst>(
  (of) => ({ ...of(anyProcess), minProperties: 1, maxProperties: 1 }),
  (value) => {
    const example = 'as in: SQ1 fetcher: [fetch]';
    if (!isMap(value)) return { message: expected('a process and its steps', value), hint: example };
    const [process, second] = Object.keys(value);
    if (process === undefined)
      return { message: expected('a process and its steps', undefined), hint: example };
    if (second === undefined) return anyProcess;
    return { message: 'one process at a time', hint: 'begin each with a dash of its own', key: second };
  },
);

/** It may be empty: what bring-up runs into needs no step. */
export const schedule: z.ZodType<readonly Burst[]> = z.array(burst);

/** Reads the list at `place`. */
export function readSchedule(place: Place): readonly ScheduledStep[] {
  const bursts = place.read(schedule) ?? [];
  const scheduled = bursts.flatMap((item, index) =>
    Object.entries(item).flatMap(([process, steps]): ScheduledStep[] => {
      const at = place.at(index, process);
      return typeof steps === 'string'
        ? [{ position: at.position, process, step: steps }]
        : steps.map((step, nth) => ({ position: at.at(nth).position, process, step }));
    }),
  );
  if (scheduled.length > MAX_SCHEDULED) place.wrongKey(`more than ${MAX_SCHEDULED} steps`);
  return scheduled;
}
