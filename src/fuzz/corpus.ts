/**
 * The counterexamples that sessions keep: one scenario file each, named after its rule, its target and its shape, so
 * that all sessions give one thing one name. A file is never written over.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pairing, Scenario } from '../scenario/scenario.ts';
import { writeScenario } from '../scenario/write.ts';
import { controllerNamed, driverNamed } from '../targets/target.ts';
import { generatedControllers } from './conforming.ts';
import type { Target } from './generate.ts';

/** Files of one name that are tried before it is given up. */
const NAMES = 1000;

/** What two counterexamples have in common that are the same: all but the schedule. Its title says what is broken. */
export function shapeOf({ schedule: _, ...scenario }: Scenario): string {
  return writeScenario({ ...scenario, schedule: [] }, { head: [] });
}

export class Corpus {
  readonly #folder: string;
  /** What was written here, by file. */
  readonly #written = new Map<string, string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Saves a counterexample, the comments with it, and returns its file. `subject`: its rule and its target. Throws
   * what the file system throws.
   */
  save(scenario: Scenario, subject: readonly [rule: string, target: string], text: string): string {
    mkdirSync(this.#folder, { recursive: true });
    const hash = createHash('sha256').update(shapeOf(scenario)).digest('hex').slice(0, 8);
    const name = [...subject, hash]
      .map((part) => part.replace(/^[./]+/, '').replace(/[^\w.]+/g, '-'))
      .join('-');
    const file = this.#write(name, text);
    this.#written.set(file, text);
    return file;
  }

  /**
   * Puts a better way to the same into a file that `save` has written, unless somebody has changed it since. Returns
   * whether it did. Throws what the file system throws.
   */
  improve(file: string, text: string): boolean {
    const before = this.#written.get(file);
    if (before === undefined || readFileSync(file, 'utf8') !== before) return false;
    const fresh = `${file}.new`;
    if (!written(fresh, text)) return false;
    renameSync(fresh, file); // at no time there is half of a file
    this.#written.set(file, text);
    return true;
  }

  #write(name: string, text: string): string {
    for (let copy = 1; copy < NAMES; copy++) {
      const file = join(this.#folder, `${name}${copy === 1 ? '' : `-${copy}`}.yaml`);
      if (written(file, text)) return file;
      if (readFileSync(file, 'utf8') === text) return file;
    }
    throw new Error(`${name}: there are too many files of this name`);
  }
}

/** False when there is such a file already. */
function written(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    rmSync(file, { force: true }); // no half of a file stays behind
    throw error;
  }
}

/** Whether a counterexample is about one of these pairs of systems; its decisions are its own. */
export function isAbout(entry: Scenario, targets: readonly Target[]): boolean {
  return entry.pairings.every((pairing) => targets.some((target) => isPair(pairing, target)));
}

function isPair(pairing: Pairing, { controller, driver }: Target): boolean {
  const controllers =
    controller === undefined ? generatedControllers : [nameOf(controllerNamed, controller.model)];
  const isController = controllers.includes(nameOf(controllerNamed, pairing.controller.model));
  const isDriver =
    nameOf(driverNamed, driver?.model ?? 'reference') === nameOf(driverNamed, pairing.driver.model);
  return isController && isDriver;
}

/** The name without aliases. */
function nameOf(named: (name: string) => { readonly name: string } | undefined, name: string): string {
  return named(name)?.name ?? name;
}
