/** Scenario texts and what loading them says, for tests. */
import { parseScenario, type Known } from './load.ts';

export const known: Known = {
  controllers: [
    'reference',
    'propolis/before',
    'propolis/after',
    'propolis/ideal',
    'spdk-vfio-user/v0',
    'spdk-vfio-user/v3',
  ],
  drivers: [
    'reference',
    'linux/single-pass',
    'linux/doorbell-first',
    'openvmm-driver/before',
    'openvmm-driver/after',
  ],
};

/** Mistakes of `text`, as `line:column message`, with ` (hint)` behind. */
export function mistakes(text: string, with_: Known = known): string[] {
  const parsed = parseScenario('x.yaml', text, with_);
  if ('scenario' in parsed) return [];
  return parsed.diagnostics.map(({ position, message, hint }) => {
    const place = position === undefined ? '' : `${position.line}:${position.column} `;
    return `${place}${message}${hint === undefined ? '' : ` (${hint})`}`;
  });
}

/** A good scenario with `steps` (from line 6) and `rest` behind them. */
export function script(steps: string, rest = ''): string {
  return `nvme-conform: 1
scenario: t
queues:
  { cq1: { size: 4 }, sq1: { size: 8, cq: cq1 }, sq2: { size: 4, cq: cq1, created: false } }
steps:
${steps}
${rest}`;
}

/** A good scenario whose last lines, from line 5, are `rest`. */
export function workload(rest: string): string {
  return `nvme-conform: 1
scenario: t
queues: { cq1: { size: 4 }, sq1: { size: 4, cq: cq1 } }
workload: { threads: [[{ read: 1 }]] }
${rest}
`;
}
