/** `--reporter`, for the commands that have a verdict. What was typed is understood by `reporting.ts`. */
import { Option } from 'commander';

/** Gives a list of what was typed, `tap` or `junit=report.xml`; nothing, where the option is absent. */
export function reporterOption(): Option {
  return new Option(
    '--reporter <name[=file]>',
    'how to report: pretty, tap, junit or ndjson, into a file if one is named; repeatable ' +
      '(stdout: pretty on a terminal, else tap)',
  ).argParser((typed: string, before: readonly string[] | undefined) => [...(before ?? []), typed]);
}
