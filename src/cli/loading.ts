/** What the commands that read scenarios have in common. */
import { count } from '../report/text.ts';
import { printable, renderDiagnostic } from '../scenario/diagnostic.ts';
import type { LoadedScenarios } from './connections.ts';
import type { Input } from './exit-code.ts';
import type { Channel } from './output.ts';

/** Where scenarios are looked for if no path is given. */
export const DEFAULT_PATH = 'scenarios';

/** Says what is wrong with files and paths. */
export function tellProblems({ diagnostics, notFound, sources }: LoadedScenarios, notes: Channel): Input {
  const { palette } = notes.look;
  const files = new Set(diagnostics.map(({ file }) => file));
  for (const diagnostic of diagnostics) {
    const [first = '', ...rest] = renderDiagnostic(diagnostic, sources.get(diagnostic.file)).split('\n');
    notes.write([first.replace(/^error/, palette.bad), ...rest, ''].join('\n'));
  }
  if (diagnostics.length > 0) {
    notes.write(`${count(diagnostics.length, 'error')} in ${count(files.size, 'file')}.\n`);
  }
  for (const { path, reason } of notFound) {
    notes.write(`${palette.bad('error')}: ${printable(path)}: ${reason}\n`);
    if (path === DEFAULT_PATH) notes.write('  without a path, scenarios are looked for in this folder\n');
  }
  return { badFiles: files.size, notFound: notFound.length };
}
