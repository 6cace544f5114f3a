import fc from 'fast-check';
import { type ConfigSection, type ConfigTree, isList } from '../../src/config/model.ts';
import { aliases } from './gen-aliases.ts';
import { nat } from './gen-nat.ts';
import { PORTS, type Stage, section, stage } from './gen-network.ts';
import { rules } from './gen-rules.ts';
import { gateways, interfaces, schedules, system, virtualIps } from './gen-system.ts';
import type { DeviceFacts } from './pf-facts.ts';

/** A configuration, and the firewall's devices as they are while it is in force. */
export interface Candidate {
  readonly xml: string;
  readonly devices: Readonly<Record<string, DeviceFacts>>;
}

/** Configurations rich in what decides about packets; `now` is the time for which schedules are made. */
export function candidate(version: string, now: Date): fc.Arbitrary<Candidate> {
  return stage.chain((found) =>
    fc
      .record({
        system: system(found),
        interfaces: interfaces(found),
        aliases,
        nat: nat(found),
        rules: rules(found),
        vips: virtualIps,
        negate: fc.boolean(),
        dhcp: fc.boolean(),
        tunnel: fc.constantFrom(false, false, true),
      })
      .map(({ nat: { nat, rules: own }, rules, vips, dhcp, tunnel, ...rest }) => {
        const config = section({
          version,
          lastchange: '',
          system: rest.system,
          interfaces: rest.interfaces,
          gateways: gateways(found),
          staticroutes: rest.negate ? { route: [staticRoute] } : '',
          dhcpd: dhcp ? { lan: { enable: '', range: { from: '192.168.1.100', to: '192.168.1.199' } } } : '',
          nat,
          filter: { rule: [...rules, ...own].map(withTracker) },
          aliases: rest.aliases,
          schedules: schedules(now),
          ifgroups: found.groups.length > 0 ? { ifgroupentry: [group(found)] } : '',
          virtualip: { vip: vips },
          ipsec: tunnel ? ipsecTunnel : '',
          revision: { time: '1700000000', description: 'generated', username: '(system)' },
        });
        return { xml: `<?xml version="1.0"?>\n${element('pfsense', config, '')}`, devices: devices(found, vips) };
      }),
  );
}

const staticRoute: ConfigSection = { network: '10.99.0.0/16', gateway: 'DMZGW', descr: '' };

/** Its far network is one that policy routing leaves alone. */
const ipsecTunnel: ConfigSection = {
  phase1: [
    {
      ...{ ikeid: '1', iketype: 'ikev2', interface: 'wan', protocol: 'inet', 'remote-gateway': '203.0.113.50' },
      ...{ myid_type: 'myaddress', peerid_type: 'peeraddress', 'pre-shared-key': 'x', lifetime: '28800', descr: '' },
    },
  ],
  phase2: [
    {
      ...{ ikeid: '1', uniqid: '5f0000000003', mode: 'tunnel', protocol: 'esp', localid: { type: 'lan' }, descr: '' },
      remoteid: { type: 'network', address: '10.77.0.0', netbits: '24' },
    },
  ],
};

function withTracker(rule: ConfigSection, index: number): ConfigSection {
  return { ...rule, tracker: String(1_600_000_000 + index) };
}

function group({ interfaces }: Stage): ConfigSection {
  return { ifname: 'TRUSTED', members: membersOf(interfaces).join(' '), descr: '' };
}

function membersOf(interfaces: readonly string[]): string[] {
  return interfaces.filter((name) => name !== 'wan').slice(0, 2);
}

function devices({ interfaces, has6, groups }: Stage, vips: readonly ConfigSection[]): Record<string, DeviceFacts> {
  const named = Object.entries(PORTS).map(([name, { device, address, bits, address6 }]): [string, DeviceFacts] => {
    const own = vips.filter((vip) => vip['interface'] === name && vip['mode'] !== 'other');
    const addresses = [
      `${address}/${bits}`,
      ...own.map((vip) => `${vip['subnet']}/${vip['subnet_bits']}`),
      ...(has6 ? [`${address6}/64`] : []),
    ];
    const isThere = interfaces.includes(name);
    const isMember = groups.length > 0 && membersOf(interfaces).includes(name);
    return [device, { addresses: isThere ? addresses : [], groups: isMember ? groups : [] }];
  });
  const lo0: DeviceFacts = { addresses: ['127.0.0.1/8', '::1/128'], groups: [], loopback: true };
  const idle: DeviceFacts = { addresses: [], groups: [] };
  return { ...Object.fromEntries(named), lo0, pfsync0: idle, enc0: idle };
}

/** As pfSense writes it: a list is its element again and again. */
function element(name: string, tree: ConfigTree, indent: string): string {
  if (isList(tree)) return tree.map((item) => element(name, item, indent)).join('');
  if (typeof tree === 'string') return `${indent}<${name}>${escaped(tree)}</${name}>\n`;
  const inner = Object.entries(tree).map(([key, child]) => element(key, child, `${indent}\t`));
  return `${indent}<${name}>\n${inner.join('')}${indent}</${name}>\n`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
