/**
 * Runs the benchmarks, or those that are named, each in a process of its own: none inherits compiled code or garbage
 * from the one before, and one that cannot run (a tool is missing) does not keep the others from it.
 *
 *     node .bench/bench/index.js [NAME …] [--write]
 *
 * Exit 0 when all ran, 1 when some could not, 2 on a name that does not exist.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { print } from './measure.ts';

const benches = ['explore', 'fc-scheduler', 'spin', 'schedules-to-bug', 'growth'];

const options = process.argv.slice(2).filter((word) => word.startsWith('--'));
const named = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const unknown = named.filter((name) => !benches.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no benchmark is called ${unknown.join(', ')}; there are ${benches.join(', ')}\n`);
  process.exitCode = 2;
} else {
  for (const name of named.length > 0 ? named : benches) run(name);
}

function run(name: string): void {
  print(`\n## ${name}\n`);
  const file = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const { status, signal } = spawnSync(process.execPath, ['--max-old-space-size=8000', file, ...options], {
    stdio: 'inherit',
  });
  if (status === 0) return;
  print(`\n${name} did not run to its end: ${signal ?? `exit ${status}`}`);
  process.exitCode = 1;
}
