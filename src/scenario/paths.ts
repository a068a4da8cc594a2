/** The scenario files that a path on the command line stands for. */
import { readdirSync, statSync, type Dirent } from 'node:fs';
import { join, normalize } from 'node:path';
import { NO_SUCH_FILE, reason } from './read.ts';

/** A path under which there is nothing to run. */
export interface NotFound {
  readonly path: string;
  /** `no such path`, `no scenarios in this folder`, `cannot be read: permission denied`. */
  readonly reason: string;
}
export interface Expanded {
  /** Each file once: in the order of the paths, a folder's files by name. */
  readonly files: readonly string[];
  readonly notFound: readonly NotFound[];
}

/** A file stands for itself, whatever its name; a folder for every `*.yaml` and `*.yml` below it. */
export function expandPaths(paths: readonly string[]): Expanded {
  const files = new Set<string>();
  const notFound: NotFound[] = [];
  for (const path of paths) {
    try {
      const found = statSync(path).isDirectory() ? scenariosBelow(path) : [path];
      if (found.length === 0) notFound.push({ path, reason: 'no scenarios in this folder' });
      for (const file of found) files.add(normalize(file));
    } catch (error) {
      const why = reason(error);
      notFound.push({ path, reason: why === NO_SUCH_FILE ? 'no such path' : `cannot be read: ${why}` });
    }
  }
  return { files: [...files], notFound };
}

function scenariosBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
    if (entry.isDirectory()) return scenariosBelow(path);
    return /\.ya?ml$/.test(entry.name) && isFile(entry, path) ? [path] : [];
  });
}

/** Links to files are followed; links to folders are not, since they may lead round in a circle. */
function isFile(entry: Dirent, path: string): boolean {
  return entry.isSymbolicLink()
    ? (statSync(path, { throwIfNoEntry: false })?.isFile() ?? true)
    : entry.isFile();
}
