/** Base specification, chapters 1 to 4. Keys are the numbers of 2.1; see `SectionRow`. */
export const architectureSections = {
  'base/1.5.8': {
    title: 'arbitration burst',
    summary:
      'Definition: the most commands an arbitration mechanism may fetch from one SQ at a time (3.4.4 speaks of starting to process).',
    numbers: {
      '1.4': ['1.6', 'low', 'a definition; its own number is not known'],
      '2.0': ['1.5', 'low', 'a definition; its own number is not known'],
      '2.1': ['1.5.8', 'high'],
      '2.3': '1.5.8',
    },
  },
  'base/1.5.18': {
    title: 'command completion',
    summary: 'A command is complete only when its CQE has been posted to the associated CQ.',
    numbers: {
      '1.4': ['1.6', 'low', 'a definition; its own number is not known'],
      '2.0': ['1.5.12', 'low'],
      '2.1': ['1.5.18', 'high'],
      '2.3': '1.5.18',
    },
  },
  'base/1.5.19': {
    title: 'command submission',
    summary:
      'On PCIe a command is submitted when an SQ tail doorbell write has moved the tail past its slot.',
    numbers: {
      '1.4': ['1.6', 'low', 'a definition; its own number is not known'],
      '2.0': '1.5.13',
      '2.1': '1.5.19',
      '2.3': '1.5.19',
    },
  },
  'base/2.1': {
    title: 'Memory-Based Transport Model (PCIe)',
    summary:
      'Queues live in memory, n SQs may share one CQ, SQ entries are fetched in order and executed in any order, (SQID,CID) names a command, phase tag marks new CQEs.',
    numbers: { '1.4': '1.4', '2.0': '2.1', '2.1': ['2.1', 'high'], '2.3': '2.1' },
  },
  'base/3.1.4': {
    title: 'Controller Properties',
    summary: 'Register map, access width, reserved-bit rules.',
    numbers: { '1.4': '3.1', '2.0': '3.1.3', '2.1': '3.1.4', '2.3': '3.1.4' },
  },
  'base/3.1.4.1': {
    title: 'Offset 0h: CAP – Controller Capabilities',
    summary: "MQES (0's based max queue size, min 1h), CQR, AMS, TO, DSTRD, CRMS.",
    numbers: { '1.4': '3.1.1', '2.0': '3.1.3.1', '2.1': '3.1.4.1', '2.3': '3.1.4.1' },
  },
  'base/3.1.4.3': {
    title: 'Offset Ch: INTMS – Interrupt Mask Set',
    summary: 'Write-1-to-mask vectors for pin/MSI; off limits to the host in MSI-X mode.',
    numbers: { '1.4': ['3.1.3', 'high'], '2.0': '3.1.3.3', '2.1': '3.1.4.3', '2.3': '3.1.4.3' },
  },
  'base/3.1.4.4': {
    title: 'Offset 10h: INTMC – Interrupt Mask Clear',
    summary: 'Write-1-to-unmask vectors for pin/MSI; off limits to the host in MSI-X mode.',
    numbers: { '1.4': ['3.1.4', 'high'], '2.0': '3.1.3.4', '2.1': '3.1.4.4', '2.3': '3.1.4.4' },
  },
  'base/3.1.4.5': {
    title: 'Offset 14h: CC – Controller Configuration',
    summary: 'EN, CSS, MPS, AMS, SHN, IOSQES, IOCQES: what may change when, and what EN=0 does.',
    numbers: { '1.4': '3.1.5', '2.0': '3.1.3.5', '2.1': '3.1.4.5', '2.3': '3.1.4.5' },
  },
  'base/3.1.4.6': {
    title: 'Offset 1Ch: CSTS – Controller Status',
    summary: 'RDY, CFS, SHST, NSSRO, PP, ST: when the controller may/must change them.',
    numbers: { '1.4': ['3.1.6', 'high'], '2.0': '3.1.3.6', '2.1': '3.1.4.6', '2.3': '3.1.4.6' },
  },
  'base/3.1.4.8': {
    title: 'Offset 24h: AQA – Admin Queue Attributes',
    summary: "Admin queue sizes (0's based, 2..4096 entries); survives a Controller Reset.",
    numbers: { '1.4': '3.1.8', '2.0': '3.1.3.8', '2.1': '3.1.4.8', '2.3': '3.1.4.8' },
  },
  'base/3.1.4.9': {
    title: 'Offset 28h: ASQ – Admin Submission Queue Base Address',
    summary: 'Page-aligned base of the admin SQ; all Admin commands go there; survives a Controller Reset.',
    numbers: { '1.4': '3.1.9', '2.0': '3.1.3.9', '2.1': '3.1.4.9', '2.3': '3.1.4.9' },
  },
  'base/3.1.4.10': {
    title: 'Offset 30h: ACQ – Admin Completion Queue Base Address',
    summary: 'Page-aligned base of the admin CQ; receives every admin CQE; always interrupt vector 0.',
    numbers: { '1.4': '3.1.10', '2.0': '3.1.3.10', '2.1': '3.1.4.10', '2.3': '3.1.4.10' },
  },
  'base/3.1.4.21': {
    title: 'Offset 68h: CRTO – Controller Ready Timeouts',
    summary: 'Ready timeouts that replace CAP.TO for enable when CAP.CRMS is non-zero.',
    numbers: { '1.4': [null, 'high'], '2.0': '3.1.3.21', '2.1': '3.1.4.21', '2.3': '3.1.4.21' },
  },
  'base/3.3': {
    title: 'NVM Queue Models',
    summary: 'Paired queues; memory-based transports may share a CQ between SQs.',
    numbers: { '1.4': ['4.1', 'medium', 'and 7.4'], '2.0': '3.3', '2.1': '3.3', '2.3': '3.3' },
  },
  'base/3.3.1.1': {
    title: 'Queue Setup and Initialization',
    summary: 'Order of set-up: admin queues, entry sizes, Number of Queues, CQs, then SQs.',
    numbers: { '1.4': '7.4.1', '2.0': '3.3.1.1', '2.1': '3.3.1.1', '2.3': '3.3.1.1' },
  },
  'base/3.3.1.2': {
    title: 'Queue Usage',
    summary:
      'Head/tail arithmetic, submit/consume/post definitions, invalid doorbell value handling, slot reuse.',
    numbers: { '1.4': '4.1', '2.0': '3.3.1.2', '2.1': '3.3.1.2', '2.3': '3.3.1.2' },
  },
  'base/3.3.1.2.1': {
    title: 'Completion Queue Flow Control',
    summary: 'Full CQ: shall not post, may stall its own SQs, shall keep serving other SQs.',
    numbers: {
      '1.4': ['4.1', 'low', 'not certain that 1.4 has this text'],
      '2.0': ['3.3.1.2', 'confirmed', 'inside Queue Usage, without a heading of its own'],
      '2.1': '3.3.1.2.1',
      '2.3': '3.3.1.2.1',
    },
  },
  'base/3.3.1.3': {
    title: 'Queue Abort',
    summary: 'Abort en masse with Cancel or by deleting and recreating the SQ.',
    numbers: { '1.4': '7.4.3', '2.0': '3.3.1.3', '2.1': '3.3.1.3', '2.3': '3.3.1.3' },
  },
  'base/3.3.1.4': {
    title: 'Empty Queue',
    summary: 'Empty exactly when head == tail.',
    numbers: { '1.4': '4.1.1', '2.0': '3.3.1.4', '2.1': '3.3.1.4', '2.3': '3.3.1.4' },
  },
  'base/3.3.1.5': {
    title: 'Full Queue',
    summary: 'Full exactly when head == tail+1 (mod size): size-1 usable entries.',
    numbers: { '1.4': '4.1.2', '2.0': '3.3.1.5', '2.1': '3.3.1.5', '2.3': '3.3.1.5' },
  },
  'base/3.3.3.1': {
    title: 'Queue Size',
    summary:
      "0's based; 2 slots minimum; 65,536 I/O and 4,096 admin maximum; CAP.MQES limit; one slot always unused.",
    numbers: { '1.4': '4.1.3', '2.0': '3.3.3.3', '2.1': '3.3.3.1', '2.3': '3.3.3.1' },
  },
  'base/3.3.3.2': {
    title: 'Queue Identifier',
    summary: '16-bit IDs, I/O queues use 1..65,535.',
    numbers: { '1.4': '4.1.4', '2.0': '3.3.3.4', '2.1': '3.3.3.2', '2.3': '3.3.3.2' },
  },
  'base/3.3.3.3': {
    title: 'Queue Priority',
    summary: 'QPRIO only meaningful when WRR arbitration is selected.',
    numbers: { '1.4': ['4.1.5', 'medium'], '2.0': '3.3.3.5', '2.1': '3.3.3.3', '2.3': '3.3.3.3' },
  },
  'base/3.3.3.4': {
    title: 'Queue Coordination',
    summary: 'Host coordinates admin actions with the threads using the I/O queues.',
    numbers: { '1.4': ['7.4.2', 'medium'], '2.0': '3.3.3.6', '2.1': '3.3.3.4', '2.3': '3.3.3.4' },
  },
  'base/3.4': {
    title: 'Command Processing',
    summary: 'Commands shall only be submitted when RDY=1 and the queues exist.',
    numbers: {
      '1.4': '7.2',
      '2.0': ['3.4', 'confirmed', 'titled Command Architecture Submission and Completion Mechanism'],
      '2.1': '3.4',
      '2.3': '3.4',
    },
  },
  'base/3.4.1': {
    title: 'Command Ordering Requirements',
    summary: 'No ordering between non-fused commands: out-of-order completion is legal.',
    numbers: { '1.4': ['6.3', 'medium'], '2.0': '3.4.1', '2.1': '3.4.1', '2.3': '3.4.1' },
  },
  'base/3.4.2': {
    title: 'Fused Operations',
    summary: 'Adjacent slots, one doorbell update, two CQEs, what happens when one half is missing or fails.',
    numbers: { '1.4': ['4.12', 'medium', '4.10 in 1.3'], '2.0': '3.4.2', '2.1': '3.4.2', '2.3': '3.4.2' },
  },
  'base/3.4.4': {
    title: 'Command Arbitration',
    summary: 'Fetch/candidate/complete vocabulary; arbitration burst; RR mandatory.',
    numbers: { '1.4': ['4.13', 'medium', '4.11 in 1.3'], '2.0': '3.4.4', '2.1': '3.4.4', '2.3': '3.4.4' },
  },
  'base/3.4.4.1': {
    title: 'Round Robin Arbitration',
    summary: 'RR amongst all SQs including the admin SQ, equal priority.',
    numbers: { '1.4': ['4.13.1', 'medium'], '2.0': '3.4.4.1', '2.1': '3.4.4.1', '2.3': '3.4.4.1' },
  },
  'base/3.4.4.2': {
    title: 'Weighted Round Robin with Urgent Priority Class Arbitration',
    summary: 'Strict Admin > Urgent > weighted High/Medium/Low.',
    numbers: { '1.4': ['4.13.2', 'medium'], '2.0': '3.4.4.2', '2.1': '3.4.4.2', '2.3': '3.4.4.2' },
  },
  'base/3.4.5': {
    title: 'Outstanding Commands',
    summary:
      'Exactly when a submitted command stops being outstanding (CQE, immediate abort, RDY=0, SHST=10b, SQ deletion).',
    numbers: { '1.4': [null, 'high'], '2.0': [null, 'confirmed'], '2.1': '3.4.5', '2.3': '3.4.5' },
  },
  'base/3.5.1': {
    title: 'Memory-based Controller Initialization (PCIe)',
    summary: 'Wait RDY=0, program AQA/ASQ/ACQ, CC fields, EN=1, wait RDY=1, identify, queues.',
    numbers: { '1.4': '7.6.1', '2.0': '3.5.1', '2.1': '3.5.1', '2.3': '3.5.1' },
  },
  'base/3.5.3': {
    title: 'Controller Ready Modes During Initialization',
    summary: 'Ready with media vs. independent of media.',
    numbers: { '1.4': [null, 'high'], '2.0': '3.5.3', '2.1': '3.5.3', '2.3': '3.5.3' },
  },
  'base/3.5.4': {
    title: 'Controller Ready Timeouts During Initialization',
    summary: 'Which of CAP.TO / CRTO.CRWMT / CRTO.CRIMT bounds the enable.',
    numbers: { '1.4': [null, 'high'], '2.0': '3.5.4', '2.1': ['3.5.4', 'high'], '2.3': '3.5.4' },
  },
  'base/3.6': {
    title: 'Shutdown Processing',
    summary: 'State table of EN/RDY/SHST (Figure 85 in 2.1+).',
    numbers: { '1.4': '7.6.2', '2.0': '3.6', '2.1': ['3.6', 'high'], '2.3': '3.6' },
  },
  'base/3.6.1': {
    title: 'Memory-based Controller Shutdown (PCIe)',
    summary: 'Normal/abrupt shutdown steps, what ends them, how to restart afterwards.',
    numbers: { '1.4': '7.6.2', '2.0': '3.6.1', '2.1': '3.6.1', '2.3': '3.6.1' },
  },
  'base/3.7.2': {
    title: 'Controller Level Reset',
    summary:
      'Deletes all I/O queues, idles, clears RDY, resets properties except AQA/ASQ/ACQ on a Controller Reset.',
    numbers: { '1.4': ['7.3.2', 'high'], '2.0': '3.7.2', '2.1': '3.7.2', '2.3': '3.7.2' },
  },
  'base/3.7.3': {
    title: 'Queue Level Reset',
    summary: 'Delete and recreate; idle the queue first; an SQ without its CQ is undefined.',
    numbers: {
      '1.4': ['7.3.3', 'high'],
      '2.0': '3.7.3',
      '2.1': '3.7.3',
      '2.3': ['3.7.3', 'confirmed', 'titled Queue Level Reset of I/O Queues'],
    },
  },
  'base/4.1.1': {
    title: 'Admin Command and I/O Command Common SQE',
    summary: 'CDW0: CID unique with SQID, FUSE, PSDT, opcode (Figures 91/92).',
    numbers: { '1.4': '4.2', '2.0': '3.3.3.1', '2.1': '4.1.1', '2.3': '4.1.1' },
  },
  'base/4.2.1': {
    title: 'Admin Command and I/O Command Common CQE',
    summary: 'DW2 SQID/SQHD, DW3 CID/P/Status; phase in the last write (Figures 96-98).',
    numbers: { '1.4': '4.6', '2.0': '3.3.3.2', '2.1': '4.2.1', '2.3': '4.2.1' },
  },
  'base/4.2.3': {
    title: 'Status Field Definition',
    summary: 'DNR, M, CRD, SCT, SC; vendor chooses when several codes apply.',
    numbers: { '1.4': ['4.6.1', 'high'], '2.0': '3.3.3.2.1', '2.1': '4.2.3', '2.3': '4.2.3' },
  },
  'base/4.2.3.1': {
    title: 'Generic Command Status Definition',
    summary: 'SCT 0h codes (Figure 102).',
    numbers: { '1.4': ['4.6.1.2.1', 'medium'], '2.0': '3.3.3.2.1.1', '2.1': '4.2.3.1', '2.3': '4.2.3.1' },
  },
  'base/4.2.3.2': {
    title: 'Command Specific Status Definition',
    summary: 'SCT 1h codes (Figure 103).',
    numbers: { '1.4': ['4.6.1.2.2', 'medium'], '2.0': '3.3.3.2.1.2', '2.1': '4.2.3.2', '2.3': '4.2.3.2' },
  },
  'base/4.2.4': {
    title: 'Phase Tag',
    summary: 'Initialised to 0 by host, first pass posts 1, inverts on every wrap.',
    numbers: {
      '1.4': ['4.6', 'high', 'in the figure of dword 3'],
      '2.0': ['3.3.3.2', 'confirmed', 'no heading of its own; Figure 91'],
      '2.1': '4.2.4',
      '2.3': '4.2.4',
    },
  },
} as const;
