/** What the language leaves out of YAML: tags, merge keys, keys that are not words, aliases that run away. */
import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Pair } from 'yaml';
import { quote } from './diagnostic.ts';
import { MAX_DEPTH } from './nesting.ts';

/** Nodes after every alias is written out: the longest schedule, with a process for each of its steps, fits. */
const MAX_NODES = 100_000;
const MAX_ALIASES = 100;

export interface Refusal {
  /** Offset in the text; undefined when the whole file is meant. */
  readonly offset?: number | undefined;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** What a node holds once its aliases are written out. */
interface Extent {
  readonly nodes: number;
  readonly height: number;
}
const NOTHING: Extent = { nodes: 0, height: 0 };

/** Everything that keeps `document` from being read as plain data of bounded size. */
export function survey(document: Document.Parsed): readonly Refusal[] {
  const surveyor = new Surveyor(document);
  const { nodes, height } = document.contents === null ? NOTHING : surveyor.extent(document.contents);
  if (nodes > MAX_NODES)
    surveyor.refuse(null, `more than ${MAX_NODES} nodes once its aliases are written out`);
  else if (height > MAX_DEPTH) surveyor.refuse(null, 'nested too deeply once its aliases are written out');
  return surveyor.refusals;
}

class Surveyor {
  readonly refusals: Refusal[] = [];
  readonly #document: Document.Parsed;
  /** Every node seen so far; undefined while it is being measured. */
  readonly #extents = new Map<Node, Extent | undefined>();
  #aliases = 0;

  constructor(document: Document.Parsed) {
    this.#document = document;
  }

  refuse(node: unknown, message: string, hint?: string): Extent {
    this.refusals.push({ offset: (node as Node | null)?.range?.[0], message, hint });
    return NOTHING;
  }

  extent(node: Node): Extent {
    if (this.#extents.has(node)) {
      return this.#extents.get(node) ?? this.refuse(node, 'this holds an alias of itself');
    }
    this.#extents.set(node, undefined);
    const { nodes, height } = this.#inside(node);
    const extent = { nodes: nodes + 1, height: height + 1 };
    this.#extents.set(node, extent);
    return extent;
  }

  #inside(node: Node): Extent {
    if (isAlias(node)) return this.#alias(node.source, node);
    if (node.tag !== undefined)
      return this.refuse(node, `a tag (${quote(node.tag)}): scenarios are plain data`);
    if (isSeq<Node>(node)) return together(node.items.map((item) => this.extent(item)));
    if (isMap<unknown, Node | null>(node)) return together(node.items.map((pair) => this.#pair(pair)));
    return NOTHING;
  }

  #alias(source: string, node: Parameters<typeof isAlias>[0]): Extent {
    this.#aliases += 1;
    // Resolving one walks the whole document, so their number is bounded too.
    if (this.#aliases > MAX_ALIASES) {
      return this.#aliases === MAX_ALIASES + 1
        ? this.refuse(node, `more than ${MAX_ALIASES} aliases`)
        : NOTHING;
    }
    const target = isAlias(node) ? node.resolve(this.#document) : undefined;
    return target === undefined
      ? this.refuse(node, `no anchor &${source} before this alias`)
      : this.extent(target);
  }

  #pair(pair: Pair<unknown, Node | null>): Extent {
    const key = isScalar(pair.key) ? pair.key.value : undefined;
    if (key === '<<')
      return this.refuse(pair.key, 'merge keys are not part of the language', 'write the keys out');
    if (key === '__proto__' || (typeof key !== 'string' && typeof key !== 'number')) {
      return this.refuse(pair.key ?? pair.value, 'a key must be a word');
    }
    if (isScalar(pair.key) && pair.key.tag !== undefined) return this.#inside(pair.key);
    return pair.value === null ? NOTHING : this.extent(pair.value);
  }
}

function together(extents: readonly Extent[]): Extent {
  return {
    nodes: extents.reduce((total, { nodes }) => total + nodes, 0),
    height: extents.reduce((highest, { height }) => Math.max(highest, height), 0),
  };
}
