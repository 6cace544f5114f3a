import type { StepRule } from '../steps.ts';

export const FILTER_STEPS: readonly StepRule[] = [
  {
    name: 'filter',
    // Rules name interfaces, gateways and routed networks, too; those for clients of DHCP are there while it is on.
    paths: [
      'filter/rule',
      'nat',
      'aliases',
      'schedules',
      'staticroutes',
      'gateways',
      'interfaces',
      'virtualip',
      'dhcpd/*/enable',
    ],
  },
];
