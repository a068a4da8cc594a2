/** A YAML file as plain data, and where in the file each part of it stands. */
import { isAlias, isMap, isScalar, isSeq, Composer, LineCounter, Parser } from 'yaml';
import type { Document, Node, Pair, YAMLError, YAMLMap } from 'yaml';
import type { Problem } from './diagnostic.ts';
import { tooDeep } from './nesting.ts';
import type { Position } from './scenario.ts';
import { survey } from './survey.ts';

/** Syntax errors shown for one file: what follows is mostly the first one again. */
const MAX_SYNTAX_ERRORS = 10;

export type Path = readonly PropertyKey[];

export class YamlFile {
  readonly value: unknown;
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;

  constructor(document: Document.Parsed, lines: LineCounter) {
    this.value = document.toJS({ maxAliasCount: -1 }); // the survey has bounded them
    this.#document = document;
    this.#lines = lines;
  }

  /** Where the value at `path` begins, or its key; if that is missing, the innermost part that is there. */
  position(path: Path, what: 'key' | 'value' = 'value'): Position {
    let node: unknown = this.#document.contents;
    let offset = start(node) ?? 0;
    for (const [index, step] of path.entries()) {
      const parent = isAlias(node) ? node.resolve(this.#document) : node;
      const pair = isMap(parent) ? pairOf(parent, String(step)) : undefined;
      const child = isSeq(parent) ? parent.items[Number(step)] : pair?.value;
      if (pair === undefined && child === undefined) break;
      const key = what === 'key' && index === path.length - 1 ? start(pair?.key) : undefined;
      offset = key ?? start(child) ?? start(pair?.key) ?? offset;
      node = child;
    }
    return at(this.#lines, offset);
  }
}

/** Reads `text`; the problems are those that leave nothing to look at further. */
export function readYaml(text: string): YamlFile | { readonly problems: readonly Problem[] } {
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tooDeep(tokens);
  // Asked before composing, which recurses: a hostile file's depth would end the process.
  if (deep !== undefined) return { problems: [{ position: at(lines, deep), message: 'nested too deeply' }] };

  // The core schema whatever a %YAML directive says: there is one language.
  const composer = new Composer({
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    logLevel: 'silent',
  });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (document === undefined) return { problems: [{ message: 'no YAML document in it' }] };
  const syntax = syntaxErrors(document.errors, lines);
  if (syntax.length > 0) return { problems: syntax };
  if (second !== undefined) {
    const position = at(lines, second.range[0]);
    return { problems: [{ position, message: 'a second YAML document: a file holds one scenario' }] };
  }
  const refused = survey(document).map(({ offset, ...rest }) => ({
    ...rest,
    position: offset === undefined ? undefined : at(lines, offset),
  }));
  return refused.length > 0 ? { problems: refused } : new YamlFile(document, lines);
}

function syntaxErrors(errors: readonly YAMLError[], lines: LineCounter): Problem[] {
  const problems = new Map<number, Problem>();
  for (const error of errors) {
    const position = at(lines, error.pos[0]);
    // The parser complains about one slip several times; the first on a line is the one to read.
    if (!problems.has(position.line)) problems.set(position.line, { position, ...sentence(error) });
  }
  return [...problems.values()].slice(0, MAX_SYNTAX_ERRORS);
}

function sentence(error: YAMLError): Problem {
  if (error.code === 'TAB_AS_INDENT') return { message: 'a tab cannot indent YAML', hint: 'use spaces' };
  if (error.code === 'DUPLICATE_KEY') return { message: 'this key stands twice in its map' };
  return { message: `not valid YAML: ${error.message.split('\n')[0] ?? ''}` };
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

function start(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function at(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
