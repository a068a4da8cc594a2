/** The rule catalogue: every rule the tester knows, in the order of its areas. */
import { abortAer } from './catalogue/abort-aer.ts';
import { arbitration } from './catalogue/arbitration.ts';
import { commands } from './catalogue/commands.ts';
import { doorbellBuffer } from './catalogue/doorbell-buffer.ts';
import { doorbells } from './catalogue/doorbells.ts';
import { driverDoor } from './catalogue/driver-door.ts';
import { enable } from './catalogue/enable.ts';
import { flowControl } from './catalogue/flow-control.ts';
import { fused } from './catalogue/fused.ts';
import { ruleIds } from './catalogue/ids.ts';
import { interruptModes } from './catalogue/interrupt-modes.ts';
import { interrupts } from './catalogue/interrupts.ts';
import { phaseSqhd } from './catalogue/phase-sqhd.ts';
import { queueCreate } from './catalogue/queue-create.ts';
import { queueDelete } from './catalogue/queue-delete.ts';
import { reset } from './catalogue/reset.ts';
import { rings } from './catalogue/rings.ts';
import { saveRestore } from './catalogue/save-restore.ts';
import { sharedCq } from './catalogue/shared-cq.ts';
import { wakeUp } from './catalogue/wake-up.ts';
import { defaultSeverity, type Area, type RuleEntry, type RuleId, type RuleText } from './rule.ts';

export { areaTitles } from './catalogue/ids.ts';

const texts: Readonly<Record<RuleId, RuleText>> = {
  ...rings,
  ...doorbells,
  ...flowControl,
  ...phaseSqhd,
  ...commands,
  ...sharedCq,
  ...queueCreate,
  ...queueDelete,
  ...enable,
  ...reset,
  ...doorbellBuffer,
  ...wakeUp,
  ...interrupts,
  ...interruptModes,
  ...abortAer,
  ...arbitration,
  ...fused,
  ...saveRestore,
  ...driverDoor,
};

export const areas: readonly Area[] = Object.keys(ruleIds) as Area[];

export const rules: readonly RuleEntry[] = areas.flatMap((area) =>
  ruleIds[area].map((id) => entry(id, area)),
);

const byId: ReadonlyMap<string, RuleEntry> = new Map(rules.map((rule) => [rule.id, rule]));

/** The rule called `id`, or undefined if there is none. Ids are upper case. */
export function ruleById(id: string): RuleEntry | undefined {
  return byId.get(id);
}

/** Whether `id` names a rule. */
export function isRuleId(id: string): id is RuleId {
  return byId.has(id);
}

/** The rules to judge with first: the most that a plain event trace can decide without false alarms. */
export const firstMilestone: readonly RuleId[] = [
  'SQ-TAIL-RANGE',
  'SQ-TAIL-OVERRUN',
  'CQ-HEAD-RANGE',
  'CQ-HEAD-PAST-TAIL',
  'DB-NO-QUEUE',
  'SQ-FETCH-ORDER',
  'SQ-FETCH-PAST-TAIL',
  'CQ-FULL-NO-POST',
  'CQ-FULL-NO-LOSS',
  'CQ-FULL-ISOLATION',
  'CQ-FULL-RESUME',
  'CQE-SLOT-ORDER',
  'PHASE-EXPECTED',
  'SQHD-RANGE',
  'SQHD-NOT-AHEAD',
  'CID-UNIQUE',
  'CQE-UNKNOWN-CID',
  'CQE-DUPLICATE',
  'CQE-WRONG-CQ',
  'CMD-COMPLETES',
  'QUEUE-FRESH-STATE',
  'DELETE-SQ-LATE-CQE',
  'DELETE-CQ-IN-USE',
  'CMD-BEFORE-RDY',
  'DISABLED-SILENT',
  'CLR-IOQ-GONE',
  'SHADOW-RING-MISSED',
  'SHADOW-RING-VALUE',
  'EVENTIDX-SQ-LOST-WAKEUP',
  'EVENTIDX-CQ-LOST-WAKEUP',
  'DBC-CLR-LIFETIME',
  'INT-OWED',
  'MSIX-MASKED',
  'MSIX-UNMASK',
  'SAVE-NO-BACKPRESSURE',
];

function entry(id: RuleId, area: Area): RuleEntry {
  const text = texts[id];
  return { id, area, ...text, severity: text.severity ?? defaultSeverity(text.strength, text.kind) };
}
