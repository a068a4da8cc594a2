/** The report for people, written when everything is known: it stands in the order of the specification. */
import { renderSession } from './session.ts';
import type { Look } from './look.ts';
import { renderReport } from './pretty.ts';
import type { Ending, Header, Reporter } from './reporter.ts';

export class PrettyReporter implements Reporter {
  readonly #header: Header;
  readonly #look: Look;

  constructor(header: Header, look: Look) {
    this.#header = header;
    this.#look = look;
  }

  begin(): string {
    return '';
  }

  result(): string {
    return '';
  }

  counterexample(): string {
    return '';
  }

  end(ending: Ending): string {
    const { again, records } = this.#header.command === 'fuzz' ? this.#header : { again: [], records: [] };
    return ending.command === 'run'
      ? renderReport(ending.suite, this.#header.invocation, this.#look)
      : renderSession(ending.session, again, records, this.#look);
  }
}
