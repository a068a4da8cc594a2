/** How many events there were: decides nothing, so it stays out of the hash. */
import { loose, type Loose, state, type StateOf } from '../arena/state.ts';

const fields = { events: loose as Loose };
export const LedgerCount: StateOf<typeof fields> = state(fields);
export type LedgerCount = InstanceType<typeof LedgerCount>;
