/** Who is tested against whom, and what must come out. */
import { ruleById } from '../spec/catalogue.ts';
import type { RuleId } from '../spec/rule.ts';
import type { WakeupFormula } from '../spec/wakeup.ts';
import { quote } from './diagnostic.ts';
import { suggestion } from './nearest.ts';
import type { Place } from './place.ts';
import { isPlugInPath } from './plug-in-path.ts';
import type { ModelChoice, Pairing, Verdict } from './scenario.ts';
import {
  controller,
  driver,
  pair,
  verdict,
  type DecisionValue,
  type RawModel,
  type RawVerdict,
} from './schema.ts';

/** The decisions that can be set, each with its values; an empty list: any value. */
export type Decisions = Readonly<Record<string, readonly DecisionValue[]>>;

/** What exists outside the scenario file. */
export interface Known {
  readonly controllers: readonly string[];
  readonly drivers: readonly string[];
  /** What can be decided for a model. Without it, or for a model it does not know, decisions are taken as they are. */
  readonly decisions?: (party: Party, model: string) => Decisions | undefined;
  /** The command line names another in its place: then a plug-in may stand here that nobody has loaded. */
  readonly replaced?: readonly Party[];
}

export type Party = 'driver' | 'controller';
const schemas = { driver, controller };
const reference: ModelChoice = { model: 'reference', decisions: {} };

/** Reads `driver`, `controller`, `expect` and `against` of the scenario at `top`. */
export function readPairings(top: Place, isScript: boolean, known: Known): readonly Pairing[] {
  const reader = new Reader(known, isScript);
  const pairs = reader.pairings(top);
  const seen = new Set<string>();
  for (const { place, pairing } of pairs) {
    const key = JSON.stringify([pairing.driver, pairing.controller]);
    if (seen.has(key)) place.wrong('this pair stands twice');
    seen.add(key);
  }
  return pairs.map(({ pairing }) => pairing);
}

/** The wake-up formula of the scenario's own driver: of the script, where the script is the host. */
export function readWakeup(top: Place): WakeupFormula | undefined {
  const given = top.at('driver').read(driver);
  return typeof given === 'object' ? (given['wakeup'] as WakeupFormula | undefined) : undefined;
}

interface Placed {
  readonly place: Place;
  readonly pairing: Pairing;
}

class Reader {
  readonly #known: Known;
  readonly #isScript: boolean;

  constructor(known: Known, isScript: boolean) {
    this.#known = known;
    this.#isScript = isScript;
  }

  pairings(top: Place): readonly Placed[] {
    const driver = this.#driver(top.at('driver'));
    const stated = top.at('controller');
    const expect = top.at('expect');
    const against = top.at('against');
    if (against.value === undefined) {
      const pairing = { driver, controller: this.#model(stated, 'controller') ?? reference };
      const position = expect.value === undefined ? top.at('scenario').keyPosition : expect.keyPosition;
      return [{ place: top, pairing: { ...pairing, verdict: this.#verdict(expect), position } }];
    }
    if (expect.value !== undefined) {
      expect.wrongKey('expect beside against: there every pair has a verdict of its own', 'leave expect out');
    }
    if (against.entries().length === 0) against.wrong('nobody to run against');
    if (Array.isArray(against.value)) {
      const usual = this.#model(stated, 'controller') ?? reference;
      return against.entries().flatMap(([, row]) => this.#row(row, driver, usual) ?? []);
    }
    if (stated.value !== undefined) {
      stated.wrongKey('controller beside against, which names the controllers', 'leave controller out');
    }
    return against.entries().map(([model, place]) => {
      const unknown = this.#unknown(model, 'controller');
      if (unknown !== undefined) place.wrongKey(...unknown);
      const pairing = { driver, controller: { model, decisions: {} }, verdict: this.#verdict(place) };
      return { place, pairing: { ...pairing, position: place.keyPosition } };
    });
  }

  #row(place: Place, driver: ModelChoice, controller: ModelChoice): Placed | undefined {
    if (place.read(pair) === undefined) return undefined;
    const pairing = {
      driver: place.at('driver').value === undefined ? driver : this.#driver(place.at('driver')),
      controller: this.#model(place.at('controller'), 'controller') ?? controller,
      verdict: this.#verdict(place.at('verdict')),
    };
    return { place, pairing: { ...pairing, position: place.position } };
  }

  #driver(place: Place): ModelChoice {
    const { value } = place;
    const onlyWakeup =
      typeof value === 'object' && value !== null && Object.keys(value).every((key) => key === 'wakeup');
    if (this.#isScript && value !== undefined && !onlyWakeup) {
      place.wrongKey('a driver beside steps: there the script is the host', 'only { wakeup: … } can be set');
    }
    return this.#model(place, 'driver') ?? reference;
  }

  #model(place: Place, party: Party): ModelChoice | undefined {
    const given = place.read<string | RawModel>(schemas[party]);
    if (given === undefined) return undefined;
    if (typeof given === 'string') {
      this.#exists(place, given, party);
      return { model: given, decisions: {} };
    }
    const { model = reference.model, ...rest } = given;
    this.#exists(place.at('model'), model, party);
    const decisions: Record<string, DecisionValue> = {};
    for (const [name, value] of Object.entries(rest)) {
      if (value === undefined) continue;
      this.#decides(place.at(name), party, model, name, value);
      // Free slots by the head that completions report, and so no limit of tags.
      if (party === 'driver' && name === 'tags' && value === 'sqhd') decisions['freeSlots'] = 'sqhd';
      else decisions[name] = value;
    }
    return { model, decisions };
  }

  #exists(place: Place, model: string, party: Party): void {
    const unknown = this.#unknown(model, party);
    if (unknown !== undefined) place.wrong(...unknown);
  }

  /** What to say of a model that does not exist: the sentence and the hint. */
  #unknown(model: string, party: Party): [string, string | undefined] | undefined {
    const names = party === 'driver' ? this.#known.drivers : this.#known.controllers;
    if (names.includes(model)) return undefined;
    const isPlugIn = isPlugInPath(model);
    if (isPlugIn && this.#known.replaced?.includes(party)) return undefined;
    const hint = isPlugIn
      ? `a plug-in is named on the command line: --${party} ${model}`
      : suggestion(model, names);
    return [`unknown ${party} ${quote(model)}`, hint];
  }

  #decides(place: Place, party: Party, model: string, name: string, value: DecisionValue): void {
    const own = party === 'driver' ? ['wakeup', 'tags'] : [];
    const decisions = this.#known.decisions?.(party, model);
    if (decisions === undefined || own.includes(name)) return;
    const values = Object.hasOwn(decisions, name) ? decisions[name] : undefined;
    if (values === undefined) {
      place.wrongKey(
        `${model} has no decision ${quote(name)}`,
        suggestion(name, [...own, ...Object.keys(decisions)]) ??
          `it decides: ${Object.keys(decisions).join(', ')}`,
      );
    } else if (values.length > 0 && !values.includes(value)) {
      place.wrong(`${name} cannot be ${quote(String(value))}`, suggestion(String(value), values.map(String)));
    }
  }

  #verdict(place: Place): Verdict {
    const given: RawVerdict | undefined = place.read(verdict);
    if (given === undefined || given === 'conforms') return { kind: 'conforms' };
    const { violates } = given;
    const any = 'any' in violates;
    this.#judged(any ? place.at('violates', 'any') : place.at('violates'), any ? violates.any : violates);
    return any ? { kind: 'violates-any', rules: violates.any } : { kind: 'violates', rules: violates };
  }

  /** In a script only the controller is judged. */
  #judged(place: Place, rules: readonly RuleId[]): void {
    for (const [index, id] of rules.entries()) {
      if (!this.#isScript || ruleById(id)?.party !== 'host') continue;
      place.at(index).wrong(`${id} obliges the host, and here the script is the host`, `provokes: [${id}]`);
    }
  }
}
