/** What a driver of the user's does of what a plan can ask its control plane for. */
import type { ControlAction, HostPlan } from '../../driver/plan.ts';
import { NotOffered, type Situation } from '../../systems/system.ts';

type Offer = ControlAction['do'];

/** Which actions each situation needs. */
const needs: Readonly<Record<Situation, readonly Offer[]>> = {
  severalQueues: [],
  sharedCompletionQueues: [],
  unequalSizes: [],
  otherSizes: [],
  shadowDoorbells: [],
  doorbellBuffer: ['doorbell-buffer'],
  inspect: ['inspect'],
  abort: ['abort'],
  mask: ['mask', 'unmask'],
  reset: ['reset'],
  recreate: ['delete-sq', 'delete-cq', 'create-sq', 'create-cq'],
  restore: ['save', 'restore'],
  requests: ['save', 'next-aen'],
};

export const allSituations: readonly Situation[] = Object.keys(needs) as Situation[];
export const allOffers: readonly Offer[] = [...new Set(Object.values(needs).flat())];

/** Situations in which a driver would be asked for more. */
export function situationsBeyond(offers: readonly Offer[]): readonly Situation[] {
  return allSituations.filter((situation) => needs[situation].some((each) => !offers.includes(each)));
}

/** Throws `NotOffered` for a plan that asks for more. */
export function checkOffered(plugIn: string, offers: readonly Offer[], { control }: HostPlan): void {
  const missing = control.find((action) => !offers.includes(action.do));
  if (missing !== undefined) throw new NotOffered(`${plugIn} does not offer ${missing.do}`);
}
