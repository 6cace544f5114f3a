import type { ChangeRequest } from '../../src/changes/candidate.ts';

/** So many aliases, each with a rule on LAN that uses it. */
export function aliasesWithRules(prefix: string, pairs: number): ChangeRequest[] {
  return Array.from({ length: pairs }, (_, n) => pair(`${prefix}_${n}`, `198.18.${n}.0/24`)).flat();
}

function pair(name: string, network: string): ChangeRequest[] {
  return [
    { kind: 'alias.create', args: { name, type: 'network', members: [{ value: network }] } },
    {
      kind: 'firewall_rule.add',
      args: {
        type: 'pass',
        interface: 'lan',
        protocol: 'tcp',
        source: { address: 'lan' },
        destination: { address: name, port: 443 },
        description: `to ${name}`,
      },
    },
  ];
}
