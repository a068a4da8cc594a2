/** Systems that are named on the command line. */
import { suggestion } from '../scenario/nearest.ts';
import { namesOf, type SystemRow } from './connections.ts';
import { UsageError } from './usage-error.ts';

/** Throws a `UsageError` unless there is no name, or a system has it. */
export function checkSystem(
  systems: readonly SystemRow[],
  role: SystemRow['role'],
  name: string | undefined,
): void {
  const names = namesOf(systems, role);
  if (name === undefined || names.includes(name)) return;
  throw new UsageError(
    `unknown ${role} '${name}'`,
    suggestion(name, names) ?? 'see: nvme-conform list systems',
  );
}
