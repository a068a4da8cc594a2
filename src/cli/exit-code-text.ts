/** The table of exit codes, and one of its rows, for people. */
import type { Look } from '../report/look.ts';
import { hanging, indented, unbroken, wrap } from '../report/text.ts';
import { exitCodes, precedence, type ExitCodeRow } from './exit-code.ts';

export function renderExitCodes(look: Look): string {
  const order = unbroken(
    precedence
      .filter((code) => code !== 2)
      .join(' > ')
      .replace('130 > 143', '130, 143'),
  );
  return [
    look.palette.heading('Exit codes'),
    ...exitCodes.flatMap((row) => rowLines(row, look)),
    '',
    ...wrap(`When several apply, the first of these counts: ${order}.`, look.width),
    '',
  ].join('\n');
}

export function renderExitCode(row: ExitCodeRow, look: Look): string {
  const heading = `exit code ${row.code}: ${row.name}`;
  return [look.palette.heading(heading), ...indented('  ', `${row.meaning}.`, look.width), ''].join('\n');
}

function rowLines({ code, name, meaning }: ExitCodeRow, look: Look): string[] {
  return hanging(`  ${String(code).padStart(3)}  ${name.padEnd(14)}  `, meaning, look.width);
}
