/** NVMe over PCIe Transport and NVM Command Set. Keys are the numbers of revision 1.1; see `SectionRow`. */
export const transportSections = {
  'pcie/3.1.2': {
    title: 'Transport Specific Controller Properties',
    summary: 'Registers in BAR0/1, native width or aligned 32-bit, no locked accesses.',
    numbers: {
      '1.4': ['3.1', 'medium', 'and the introduction of chapter 3'],
      '2.0': '3.1.2',
      '2.1': '3.1.2',
      '2.3': '3.1.2',
    },
  },
  'pcie/3.1.2.1': {
    title: 'SQyTDBL – Submission Queue y Tail Doorbell',
    summary: 'Tail doorbell; host should not read it; writing a non-existent one is undefined.',
    numbers: {
      '1.4': ['3.1.24', 'confirmed', '3.1.25 in 1.4b and 1.4c'],
      '2.0': '3.1.2.1',
      '2.1': '3.1.2.1',
      '2.3': '3.1.2.1',
    },
  },
  'pcie/3.1.2.2': {
    title: 'CQyHDBL – Completion Queue y Head Doorbell',
    summary: 'Head doorbell; host keeps processing CQEs whatever the SQ state.',
    numbers: {
      '1.4': ['3.1.25', 'confirmed', '3.1.26 in 1.4b and 1.4c'],
      '2.0': '3.1.2.2',
      '2.1': '3.1.2.2',
      '2.3': '3.1.2.2',
    },
  },
  'pcie/3.2': {
    title: 'Queue Model Instantiation',
    summary: 'n:1 SQ:CQ supported; IV field rules and Invalid Interrupt Vector.',
    numbers: { '1.4': ['5.3', 'high', 'dword 11'], '2.0': '3.2', '2.1': ['3.2', 'high'], '2.3': '3.2' },
  },
  'pcie/3.3.1': {
    title: 'Controller Level Reset',
    summary: 'Conventional Reset and FLR are Controller Level Resets too.',
    numbers: { '1.4': ['7.3.2', 'high'], '2.0': '3.3.1', '2.1': ['3.3.1', 'high'], '2.3': '3.3.1' },
  },
  'pcie/3.4.1': {
    title: 'Command Processing',
    summary: 'The eight submit/complete steps.',
    numbers: { '1.4': '7.2.1', '2.0': '3.4.1', '2.1': ['3.4.1', 'high'], '2.3': '3.4.1' },
  },
  'pcie/3.4.2': {
    title: 'Command Related Resource Retirement',
    summary: 'Slots covered by SQHD may be reused; PRP lists of a completed command may be reused.',
    numbers: { '1.4': ['7.2.3', 'low'], '2.0': '3.4.2', '2.1': ['3.4.2', 'high'], '2.3': '3.4.2' },
  },
  'pcie/3.5': {
    title: 'Interrupts',
    summary: 'Four modes; coalescing parameters are hints; admin CQ interrupts should not be delayed.',
    numbers: { '1.4': '7.5', '2.0': '3.5', '2.1': ['3.5', 'high'], '2.3': '3.5' },
  },
  'pcie/3.5.1': {
    title: 'Pin Based, Single MSI, and Multiple MSI Behavior',
    summary: 'IS register model: level for INTx, edge messages for MSI, INTM masks before MSI logic.',
    numbers: { '1.4': ['7.5.1', 'high'], '2.0': '3.5.1', '2.1': ['3.5.1', 'high'], '2.3': '3.5.1' },
  },
  'pcie/3.5.1.1': {
    title: 'Differences Between Pin Based and MSI Interrupts',
    summary: 'Pin is level, MSI is edge; one vector for pin/single MSI.',
    numbers: {
      '1.4': ['7.5.1', 'low', 'a subsection; its own number is not known'],
      '2.0': ['3.5.1.1', 'high'],
      '2.1': '3.5.1.1',
      '2.3': '3.5.1.1',
    },
  },
  'pcie/3.5.2': {
    title: 'MSI-X Based Behavior',
    summary: 'Function mask / vector mask, PBA pending bit, message generated on unmask.',
    numbers: { '1.4': ['7.5.2', 'high'], '2.0': '3.5.2', '2.1': ['3.5.2', 'high'], '2.3': '3.5.2' },
  },
  'pcie/A.2': {
    title: 'Processing Completed Commands',
    summary: 'Host reap loop; CQyHDBL write clears the interrupt.',
    numbers: {
      '1.4': ['7.2.5', 'low', 'a subsection; its own number is not known'],
      '2.0': 'A.2',
      '2.1': ['A.2', 'high'],
      '2.3': 'A.2',
    },
  },
  'pcie/A.3': {
    title: 'Host Software Interrupt Handling',
    summary: 'Mask, reap, ring, unmask.',
    numbers: { '1.4': '7.5.1.1', '2.0': 'A.3', '2.1': ['A.3', 'high'], '2.3': 'A.3' },
  },
  'nvm/2.1.3': {
    title: 'Fused Operation',
    summary: 'Only Compare+Write is defined.',
    numbers: { '1.4': '6.2', '2.0': '2.1.3', '2.1': ['2.1.3', 'high'], '2.3': '2.1.3' },
  },
  'nvm/2.1.3.1': {
    title: 'Compare and Write',
    summary: 'Failed Compare: Write aborted with 0h/09h.',
    numbers: { '1.4': ['6.2.1', 'medium'], '2.0': '2.1.3.1', '2.1': ['2.1.3.1', 'high'], '2.3': '2.1.3.1' },
  },
} as const;
