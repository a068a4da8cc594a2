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

/** The label to go to in order to publish. */
export function publishLabel(publication: Pick<Publication, 'what' | 'ring'>): string {
  return publication.ring().shadow ? `store shadow ${publication.what}` : `ring ${publication.what} doorbell`;
}

export function publishing(publication: Publication): Instruction[] {
  const { what, cpu, decisions, ring, value, done, early } = publication;
  const afterLoad = (eventIdx: number): string => {
    const { published, size } = ring();
    if (rings(decisions.wakeup, published, value(), eventIdx, size)) return `ring ${what} doorbell`;
    ring().published = value();
    return done();
  };
  return [
    {
      label: `store shadow ${what}`,
      when: () => (decisions.fence === 'full' ? 1 : 2),
      run: (choice) => {
        if (choice === 1) {
          early.set(ring().loadEventIdx() + 1); // without a barrier the load may pass the store
          return `store shadow ${what} late`;
        }
        ring().storeShadow(value());
        return `load ${what} EventIdx`;
      },
    },
    { label: `load ${what} EventIdx`, run: () => afterLoad(ring().loadEventIdx()) },
    {
      label: `store shadow ${what} late`,
      run: () => {
        ring().storeShadow(value());
        const eventIdx = early.get() - 1;
        early.set(0);
        return afterLoad(eventIdx);
      },
    },
    {
      label: `ring ${what} doorbell`,
      run: () => {
        const old = ring().published;
        ring().published = value();
        ring().ringDoorbell(cpu, decisions.ringValue === 'old' && ring().shadow ? old : value());
        return ring().link.ready(cpu) ? done() : `${what} doorbell returns`;
      },
    },
    // A write that traps holds the CPU up, and with it the queue's lock.
    { label: `${what} doorbell returns`, run: done },
  ];
}
