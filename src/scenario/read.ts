/** From a path to text: all that can be wrong with a file before it is read as YAML. */
import { readFileSync, statSync } from 'node:fs';

/** A scenario is a page or two, and a counterexample may have a long schedule; a file beyond this is something else. */
export const MAX_BYTES: number = 2 ** 20;

export type FileText = { readonly text: string } | { readonly problem: string };

export function readText(path: string): FileText {
  try {
    const stat = statSync(path);
    // A named pipe or a device could block for ever or never end.
    if (!stat.isFile()) return { problem: 'not a regular file' };
    if (stat.size > MAX_BYTES)
      return { problem: `larger than ${MAX_BYTES / 2 ** 20} MiB, which no scenario is` };
    return decode(readFileSync(path));
  } catch (error) {
    return { problem: `cannot be read: ${reason(error)}` };
  }
}

export const NO_SUCH_FILE = 'no such file';

/** Why the file system refused, in a few words. */
export function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const words: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ENOENT: NO_SUCH_FILE,
    ENOTDIR: NO_SUCH_FILE,
    ELOOP: 'too many symbolic links',
    ENAMETOOLONG: 'the name is too long',
  };
  return words[code ?? ''] ?? code ?? 'unknown error';
}

function decode(bytes: Uint8Array): FileText {
  if (bytes.includes(0)) return { problem: 'a binary file, not a scenario' };
  let text: string;
  try {
    // Drops a byte order mark, so that columns count from the first character a reader sees.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { problem: 'not UTF-8 text' };
  }
  return text.trim() === '' ? { problem: 'the file is empty' } : { text };
}
