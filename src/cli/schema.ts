/** `nvme-conform schema`: the language of scenarios, for editors that complete and check YAML. */
import type { Connections } from './connections.ts';
import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';

export async function schema(connections: Connections, { report }: Output): Promise<ExitCode> {
  report.write(`${JSON.stringify(await connections.scenarioSchema(), undefined, 2)}\n`, true);
  return 0;
}
