/** The reporters by name. */
import { JunitReporter } from './junit-reporter.ts';
import type { Look } from './look.ts';
import { NdjsonReporter } from './ndjson-reporter.ts';
import { PrettyReporter } from './pretty-reporter.ts';
import type { Header, Reporter } from './reporter.ts';
import { TapReporter } from './tap-reporter.ts';

export interface ReporterKind {
  /** Whether people read it: `look` counts, and characters that a locale does not have may be replaced. */
  readonly isForPeople: boolean;
  readonly make: (header: Header, look: Look) => Reporter;
}

export type ReporterName = 'pretty' | 'tap' | 'junit' | 'ndjson';

export const reporters: Readonly<Record<ReporterName, ReporterKind>> = {
  pretty: { isForPeople: true, make: (header, look) => new PrettyReporter(header, look) },
  tap: { isForPeople: false, make: (header) => new TapReporter(header) },
  junit: { isForPeople: false, make: (header) => new JunitReporter(header) },
  ndjson: { isForPeople: false, make: (header) => new NdjsonReporter(header) },
};

export function isReporterName(name: string): name is ReporterName {
  return Object.hasOwn(reporters, name);
}
