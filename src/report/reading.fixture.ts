/** Readers of the reports for programs, which know nothing of what wrote them. */
import { SaxesParser } from 'saxes';
import type { Test } from 'tap';
import { Parser } from 'tap-parser';

export interface Tap {
  readonly ok: boolean;
  readonly bailout: unknown;
  readonly points: readonly {
    readonly ok: boolean;
    readonly name: string;
    readonly skip: unknown;
    readonly todo: unknown;
    readonly diag: Record<string, unknown> | null;
  }[];
  readonly counts: {
    readonly count: number;
    readonly pass: number;
    readonly fail: number;
    readonly skip: number;
  };
}

/** Whatever is not TAP 14 fails the test. */
export function readTap(t: Test, text: string): Tap {
  const points: Tap['points'][number][] = [];
  const extra: string[] = [];
  const parser = new Parser({ strict: true });
  parser.on('assert', (point: Tap['points'][number]) => points.push(point));
  parser.on('extra', (line: string) => extra.push(line));
  parser.on('child', () => t.fail('no subtests'));
  parser.end(text);
  t.strictSame(extra, [], 'every line is TAP');
  if (parser.results === null) throw new Error('the parser waits for more');
  const { ok, bailout, count, pass, fail, skip } = parser.results;
  return { ok, bailout, points, counts: { count, pass, fail, skip } };
}

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** Whatever is not well-formed XML 1.0 throws. */
export function readXml(text: string): Element {
  const parser = new SaxesParser();
  const top: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element: Element = {
      name,
      attributes: attributes as Record<string, string>,
      children: [],
      text: '',
    };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', (chunk) => {
    const last = open.at(-1);
    if (last !== undefined) last.text += chunk;
  });
  parser.on('closetag', () => open.pop());
  parser.write(text).close();
  const [root] = top.children;
  if (root === undefined) throw new Error('no root');
  return root;
}

/** Cases that are what the attributes say, at every level. */
export function checkCounts(t: Test, root: Element): readonly Element[] {
  const cases = (element: Element): readonly Element[] =>
    element.name === 'testcase' ? [element] : element.children.flatMap(cases);
  for (const element of [root, ...root.children]) {
    const with_ = (kind: string): number =>
      cases(element).filter(({ children }) => children.some(({ name }) => name === kind)).length;
    t.match(
      element.attributes,
      {
        tests: String(cases(element).length),
        failures: String(with_('failure')),
        errors: String(with_('error')),
        skipped: String(with_('skipped')),
      },
      `counts of ${element.name}`,
    );
  }
  return cases(root);
}

/** Whatever may end a line for a reader of lines ends it here. */
export function readLines(text: string): Record<string, unknown>[] {
  return text
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
}
