/** What a driver owes its own callers; decided only where its door shows. */
import type { Rules } from '../rule.ts';

export const driverDoor: Rules<'driver-door'> = {
  'ANSWER-OWED': {
    tier: 2,
    party: 'host',
    strength: 'contract',
    kind: 'liveness',
    events: ['command.begin', 'command.end', 'cqe.post', 'sqe.fetch', 'quiesce'],
    sections: ['contract', 'base/3.3.1.2', 'pcie/3.5'],
    statement:
      'A caller of the driver is answered: with the completion of its command, or, if the driver gives up ' +
      'on that, without it.',
    decide:
      'At quiescence: a `command.begin` without its `command.end` although the controller has no command ' +
      'and no entry of that SQ left, nothing else was found, and the vector is not masked while entries lie ' +
      'in the CQ. A driver that was saved owes no answer to those who asked before.',
    bug:
      'A wake-up between joining the waiters and going to sleep; a handler that spins on a lock of the ' +
      'thread it interrupted; a wait without a time-out for a message that got lost (Cosmos).',
    stance: 'The last resort: whatever else is owed at the link explains the missing answer.',
  },
  'ANSWER-MATCHES': {
    tier: 2,
    party: 'host',
    strength: 'contract',
    kind: 'safety',
    events: ['command.begin', 'command.end', 'cqe.post', 'sqe.fetch'],
    sections: ['contract', 'base/4.2.1', 'base/4.1.1'],
    statement: "A caller is answered with the completion of its own command, not with another command's.",
    decide:
      'On `command.end` that names the CID of the answered command: violation if the controller still has a ' +
      'command of that SQ and CID. An answer without a CID claims no completion (a time-out).',
    bug:
      "A late completion of a command that timed out is taken for the next one's, whose data has not " +
      'arrived yet (Cosmos before 548ea0b7).',
  },
};
