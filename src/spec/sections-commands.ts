/** Base specification, chapters 5 to 9 and Annex B. Keys are the numbers of 2.1; see `SectionRow`. */
export const commandSections = {
  'base/5': {
    title: 'Admin Command Set',
    summary: 'Admin commands should not be held up by the state of I/O queues.',
    numbers: { '1.4': ['5', 'high'], '2.0': '5', '2.1': '5', '2.3': '5' },
  },
  'base/5.1.1': {
    title: 'Abort command',
    summary: 'Best effort; ACL limit; immediate vs deferred abort.',
    numbers: { '1.4': ['5.1', 'high'], '2.0': '5.1', '2.1': '5.1.1', '2.3': '5.2.1' },
  },
  'base/5.1.1.1': {
    title: 'Immediate Abort requirements',
    summary: "No effects after the Abort's CQE.",
    numbers: { '1.4': [null, 'high'], '2.0': [null, 'confirmed'], '2.1': '5.1.1.1', '2.3': '5.2.1.1' },
  },
  'base/5.1.1.2': {
    title: 'Command Completion (Abort)',
    summary: 'DW0 bit 0 = Immediate Abort Not Performed; status 1h/03h.',
    numbers: {
      '1.4': ['5.1.1', 'medium'],
      '2.0': ['5.1', 'confirmed', 'the subsection has no number'],
      '2.1': '5.1.1.2',
      '2.3': '5.2.1.2',
    },
  },
  'base/5.1.2': {
    title: 'Asynchronous Event Request command',
    summary: 'No timeout, AERL limit, event masking until the log is read, no CQE on reset.',
    numbers: { '1.4': ['5.2', 'high'], '2.0': '5.2', '2.1': '5.1.2', '2.3': '5.2.2' },
  },
  'base/5.1.2.1': {
    title: 'Command Completion (Asynchronous Event Request)',
    summary: 'DW0 layout, Error event info 00h/01h (Figure 149 in 2.1, 144 in 2.0, 152 in 2.3).',
    numbers: {
      '1.4': ['5.2.1', 'medium'],
      '2.0': ['5.2', 'confirmed', 'Figures 142 to 144'],
      '2.1': '5.1.2.1',
      '2.3': '5.2.2.1',
    },
  },
  'base/5.1.12': {
    title: 'Get Log Page command',
    summary: 'RAE bit decides whether reading a log clears the event.',
    numbers: { '1.4': ['5.14', 'high'], '2.0': '5.16', '2.1': '5.1.12', '2.3': '5.2.12' },
  },
  'base/5.1.13.2.1': {
    title: 'Identify Controller Data Structure (CNS 01h)',
    summary: 'ACL, AERL, OACS, SQES/CQES, FUSES, RAB.',
    numbers: {
      '1.4': ['5.15.2.2', 'low'],
      '2.0': ['5.17.2.1', 'high'],
      '2.1': '5.1.13.2.1',
      '2.3': '5.2.13.2.1',
    },
  },
  'base/5.1.25.1.1': {
    title: 'Arbitration (Feature Identifier 01h)',
    summary: "AB burst (power of two, 111b = no limit), HPW/MPW/LPW 0's based weights.",
    numbers: { '1.4': ['5.21.1.1', 'high'], '2.0': '5.27.1.1', '2.1': '5.1.25.1.1', '2.3': '5.2.26.1.1' },
  },
  'base/5.1.25.2.1': {
    title: 'Number of Queues (Feature Identifier 07h)',
    summary: "Once, before any I/O queue; NSQA/NCQA 0's based; stable until reset.",
    numbers: { '1.4': '5.21.1.7', '2.0': '5.27.1.5', '2.1': ['5.1.25.2.1', 'high'], '2.3': '5.2.26.2.1' },
  },
  'base/5.1.25.2.2': {
    title: 'Interrupt Coalescing (Feature Identifier 08h)',
    summary: 'Aggregation TIME/THR are recommendations, I/O queues only, reset to 0.',
    numbers: {
      '1.4': ['5.21.1.8', 'high'],
      '2.0': '5.27.1.6',
      '2.1': ['5.1.25.2.2', 'high'],
      '2.3': '5.2.26.2.2',
    },
  },
  'base/5.1.25.2.3': {
    title: 'Interrupt Vector Configuration (Feature Identifier 09h)',
    summary:
      'Per-vector coalescing disable; vector must belong to an existing I/O CQ; never for the admin CQ.',
    numbers: { '1.4': ['5.21.1.9', 'high'], '2.0': '5.27.1.7', '2.1': '5.1.25.2.3', '2.3': '5.2.26.2.3' },
  },
  'base/5.2.1': {
    title: 'Create I/O Completion Queue command',
    summary: 'QID, QSIZE, PC, IEN, IV and their error statuses.',
    numbers: { '1.4': '5.3', '2.0': '5.4', '2.1': '5.2.1', '2.3': '5.3.1' },
  },
  'base/5.2.2': {
    title: 'Create I/O Submission Queue command',
    summary: 'QID, QSIZE, CQID, QPRIO, PC and their error statuses.',
    numbers: { '1.4': '5.4', '2.0': '5.5', '2.1': '5.2.2', '2.3': '5.3.2' },
  },
  'base/5.2.3': {
    title: 'Delete I/O Completion Queue command',
    summary: 'All SQs first, otherwise Invalid Queue Deletion.',
    numbers: { '1.4': ['5.5', 'high'], '2.0': '5.6', '2.1': '5.2.3', '2.3': '5.3.3' },
  },
  'base/5.2.4': {
    title: 'Delete I/O Submission Queue command',
    summary: 'Explicit or implicit completion of everything; no CQE for that SQ afterwards.',
    numbers: { '1.4': ['5.6', 'high'], '2.0': '5.7', '2.1': '5.2.4', '2.3': '5.3.4' },
  },
  'base/5.2.5': {
    title: 'Doorbell Buffer Config command',
    summary: 'Shadow Doorbell + EventIdx pages; one page each; lost on any Controller Level Reset.',
    numbers: { '1.4': '5.7', '2.0': '5.8', '2.1': '5.2.5', '2.3': '5.3.5' },
  },
  'base/7.1': {
    title: 'Cancel command',
    summary: 'I/O-queue abort command; another legitimate source of Command Abort Requested.',
    numbers: { '1.4': [null, 'high'], '2.0': [null, 'confirmed'], '2.1': '7.1', '2.3': '7.1' },
  },
  'base/8.2.1': {
    title: 'Controller Memory Buffer',
    summary: 'Queues in CMB: initialise P bits, no relaxed ordering on the tail doorbell.',
    numbers: { '1.4': ['4.7', 'medium'], '2.0': '8.5', '2.1': '8.2.1', '2.3': '8.2.1' },
  },
  'base/8.2.2': {
    title: 'Doorbell Stride for Software Emulation',
    summary: 'Stride = 2^(2+DSTRD) bytes; hardware expected to use 0.',
    numbers: { '1.4': ['8.6', 'medium'], '2.0': '8.8', '2.1': '8.2.2', '2.3': '8.2.2' },
  },
  'base/9.1': {
    title: 'Command and Queue Error Handling',
    summary: 'Recover by deleting/recreating queues; reset if a deletion never completes.',
    numbers: { '1.4': ['10.1', 'high'], '2.0': '9.1', '2.1': '9.1', '2.3': '9.1' },
  },
  'base/9.5': {
    title: 'Controller Fatal Status Condition',
    summary: 'CFS when the controller cannot report through a CQ; no interrupt; host resets.',
    numbers: { '1.4': ['10.5', 'high'], '2.0': '9.5', '2.1': '9.5', '2.3': '9.5' },
  },
  'base/B.3': {
    title: 'Executing a Fused Operation',
    summary: 'Worked Compare-and-Write example.',
    numbers: { '1.4': ['7.2.5.2', 'low'], '2.0': 'B.3', '2.1': ['B.3', 'high'], '2.3': 'B.3' },
  },
  'base/B.5.1': {
    title: 'Shadow Doorbell Buffer Overview',
    summary:
      'Host writes shadow; must also ring when the value moves from <= EventIdx to > EventIdx, wrap-aware.',
    numbers: {
      '1.4': ['7.13', 'confirmed', 'not in an annex'],
      '2.0': 'B.5.1',
      '2.1': ['B.5.1', 'high'],
      '2.3': 'B.5.1',
    },
  },
  'base/B.5.2': {
    title: 'Example Algorithm for Controller Doorbell Property Updates',
    summary: 'X = new-EventIdx, Y = new-old, both mod queue depth; ring if X <= Y.',
    numbers: {
      '1.4': ['7.13', 'confirmed', 'not in an annex'],
      '2.0': 'B.5.2',
      '2.1': ['B.5.2', 'high'],
      '2.3': 'B.5.2',
    },
  },
} as const;
