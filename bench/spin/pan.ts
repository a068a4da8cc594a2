/** SPIN's side: queues.pml made into a verifier for one scope, and runs of it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scope } from './scopes.ts';

const model = fileURLToPath(new URL('../../../bench/spin/queues.pml', import.meta.url));
/** Steps of the longest path that a verifier follows; it says so when one is longer. */
const DEPTH_MAX = 10_000;
/** What src/scenario/plan.ts gives a controller at least. */
const POOL_MIN = 4;

export interface PanResult {
  readonly states: number;
  readonly transitions: number;
  /** Steps to the error that was found first; undefined when there is none. */
  readonly error: number | undefined;
  /** CPU seconds of one run, user and system. */
  readonly seconds: number;
}

export interface PanOptions {
  /** Partial-order reduction, which SPIN does unless it is told otherwise. */
  readonly reduce: boolean;
  readonly bug?: string;
}

/** SPIN's version, or undefined where SPIN or the C compiler is not installed. */
export function spinVersion(): string | undefined {
  const spin = spawnSync('spin', ['-V'], { encoding: 'utf8' });
  const gcc = spawnSync('gcc', ['--version']);
  if (spin.error !== undefined || gcc.error !== undefined) return undefined;
  return /Spin Version (\S+)/.exec(spin.stdout)?.[1] ?? 'of unknown version';
}

/** A verifier in a folder of its own; throws when SPIN or the compiler refuses the model. */
export class Pan {
  readonly #folder = mkdtempSync(join(tmpdir(), 'nvme-conform-spin-'));
  /** Binary logarithm of the places in its table of states: as many as there are states, once that is known. */
  #table = 20;

  constructor({ size, reads }: Scope, { reduce, bug }: PanOptions) {
    const pool = Math.max(POOL_MIN, reads[0] + reads[1]);
    const defines = [`-DSIZE=${size}`, `-DREADS0=${reads[0]}`, `-DREADS1=${reads[1]}`, `-DPOOL=${pool}`];
    this.#run('spin', [...defines, ...(bug === undefined ? [] : [`-DBUG_${bug}`]), '-a', model]);
    this.#run('gcc', ['-O2', '-DSAFETY', ...(reduce ? [] : ['-DNOREDUCE']), '-w', '-o', 'pan', 'pan.c']);
  }

  /** Searches the scope `times` times, so that the shell's clock, in hundredths, can tell the time of one. */
  search(times = 1): PanResult {
    const once = `./pan -w${this.#table} -m${DEPTH_MAX} > pan.out`;
    const { stdout } = this.#run('sh', [
      '-c',
      `i=0; while [ $i -lt ${times} ]; do ${once}; i=$((i+1)); done; times`,
    ]);
    const report = readFileSync(join(this.#folder, 'pan.out'), 'utf8');
    if (/max search depth too small|out of memory/.test(report)) throw new Error(report);
    const states = figure(report, /([\d.e+]+) states, stored/);
    this.#table = Math.ceil(Math.log2(states));
    const error = /pan:1: .*\(at depth (\d+)\)/.exec(report)?.[1];
    return {
      states,
      transitions: figure(report, /([\d.e+]+) transitions/) - 1, // it counts how the first state came about
      error: error === undefined ? undefined : Number(error),
      seconds: childSeconds(stdout) / times,
    };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #run(command: string, words: readonly string[]): { readonly stdout: string } {
    const { status, stdout, stderr } = spawnSync(command, words, { cwd: this.#folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command} ${words.join(' ')}\n${stdout}${stderr}`);
    return { stdout };
  }
}

function figure(report: string, pattern: RegExp): number {
  const found = pattern.exec(report)?.[1];
  if (found === undefined) throw new Error(`SPIN's report has no ${pattern.source}:\n${report}`);
  return Number(found);
}

/** The second line of `times` is what the shell's children took: user and system, `0m0.12s 0m0.01s`. */
function childSeconds(output: string): number {
  const line = output.trim().split('\n')[1] ?? '';
  const parts = [...line.matchAll(/(\d+)m([\d.]+)s/g)];
  return parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}
