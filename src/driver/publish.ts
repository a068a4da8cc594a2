/**
 * Publishing a tail or a head, as separate instructions: the store of the shadow doorbell, the load of EventIdx
 * and the register write are three steps, because the bugs live between them.
 */
import type { Instruction } from '../link/program.ts';
import { rings } from '../spec/wakeup.ts';
import type { CpuIndex } from '../spec/units.ts';
import type { DriverDecisions } from './decisions.ts';
import type { HostRing } from './rings.ts';

export interface Publication {
  /** `tail` or `head`, for labels. */
  readonly what: 'tail' | 'head';
  readonly cpu: CpuIndex;
  readonly decisions: DriverDecisions;
  /** The ring that the program publishes now. */
  readonly ring: () => HostRing;
  /** The value it publishes. */
  readonly value: () => number;
  /** Runs with the last step; says where the program goes on. */
  readonly done: () => string;
  /** A register of the program for an EventIdx that was loaded early, plus one; 0 for none. */
  readonly early: { get: () => number; set: (value: number) => void };
}

/** Made once: a program looks its jumps up by label, and a string that is put together anew is slow to look up. */
const labels = { tail: labelsFor('tail'), head: labelsFor('head') };

function labelsFor(
  what: Publication['what'],
): Readonly<Record<'store' | 'late' | 'load' | 'ring' | 'returns', string>> {
  return {
    store: `store shadow ${what}`,
    late: `store shadow ${what} late`,
    load: `load ${what} EventIdx`,
    ring: `ring ${what} doorbell`,
    returns: `${what} doorbell returns`,
  };
}

/** The label to go to in order to publish. */
export function publishLabel({ what, ring }: Pick<Publication, 'what' | 'ring'>): string {
  return ring().shadow ? labels[what].store : labels[what].ring;
}

export function publishing(publication: Publication): Instruction[] {
  const { what, cpu, decisions, ring, value, done, early } = publication;
  const label = labels[what];
  const afterLoad = (eventIdx: number): string => {
    const { published, size } = ring();
    if (rings(decisions.wakeup, published, value(), eventIdx, size)) return label.ring;
    ring().published = value();
    return done();
  };
  return [
    {
      label: label.store,
      when: () => (decisions.fence === 'full' ? 1 : 2),
      run: (choice) => {
        if (choice === 1) {
          early.set(ring().loadEventIdx() + 1); // without a barrier the load may pass the store
          return label.late;
        }
        ring().storeShadow(value());
        return label.load;
      },
    },
    { label: label.load, run: () => afterLoad(ring().loadEventIdx()) },
    {
      label: label.late,
      run: () => {
        ring().storeShadow(value());
        const eventIdx = early.get() - 1;
        early.set(0);
        return afterLoad(eventIdx);
      },
    },
    {
      label: label.ring,
      run: () => {
        const old = ring().published;
        ring().published = value();
        ring().ringDoorbell(cpu, decisions.ringValue === 'old' && ring().shadow ? old : value());
        return ring().link.ready(cpu) ? done() : label.returns;
      },
    },
    // A write that traps holds the CPU up, and with it the queue's lock.
    { label: label.returns, run: done },
  ];
}
