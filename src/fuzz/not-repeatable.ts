/** A finding that does not come again when its run is repeated: a defect of ours, or hidden state of a plug-in. */
import type { RuleId } from '../spec/rule.ts';

export class NotRepeatable extends Error {
  readonly rule: RuleId;

  constructor(rule: RuleId) {
    super(`${rule} was found, and not when the run was repeated`);
    this.rule = rule;
  }
}
