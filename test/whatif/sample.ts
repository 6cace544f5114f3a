import type { ConfigSection, ConfigTree } from '../../src/config/model.ts';
import { compile } from '../../src/whatif/compile.ts';
import { evaluate } from '../../src/whatif/evaluate.ts';
import type { Facts } from '../../src/whatif/facts.ts';
import type { Packet } from '../../src/whatif/packet.ts';
import type { Verdict } from '../../src/whatif/verdict.ts';

/** Block tables that hold nothing, so that they leave verdicts alone. */
export const QUIET: Facts = {
  tables: { names: ['sshguard', 'snort2c', 'virusprot', 'bogons', 'bogonsv6'], contents: empty(), tests: {} },
};

function empty(): Record<string, string[]> {
  return { sshguard: [], snort2c: [], virusprot: [], bogons: [], bogonsv6: [] };
}

let tracker = 1_700_000_000;

/** A rule with what is said of it; passing TCP from anywhere on LAN otherwise. */
export function rule(given: Readonly<Record<string, ConfigTree>> = {}): ConfigSection {
  const defaults = { type: 'pass', interface: 'lan', ipprotocol: 'inet', protocol: 'tcp' };
  tracker += 1;
  return {
    tracker: String(tracker),
    ...defaults,
    source: { any: '' },
    destination: { any: '' },
    descr: 'a rule',
    ...given,
  };
}

export function alias(name: string, address: string, type = 'host'): ConfigSection {
  return { name, type, address, descr: '', detail: '' };
}

interface Sections {
  readonly rules?: readonly ConfigTree[];
  readonly aliases?: readonly ConfigTree[];
  readonly system?: ConfigSection;
  readonly interfaces?: ConfigSection;
  readonly more?: ConfigSection;
}

/** Two interfaces with fixed addresses and a gateway; anti-lockout off, so that rules speak. */
export function sample({
  rules = [],
  aliases = [],
  system = {},
  interfaces = {},
  more = {},
}: Sections = {}): ConfigTree {
  return {
    version: '23.3',
    system: { ipv6allow: '', webgui: { protocol: 'https', noantilockout: '' }, ssh: { enable: 'enabled' }, ...system },
    interfaces: {
      wan: { enable: '', if: 'igb0', descr: 'WAN', ipaddr: '203.0.113.2', subnet: '24', gateway: 'WANGW' },
      lan: { enable: '', if: 'igb1', descr: 'LAN', ipaddr: '192.168.1.1', subnet: '24' },
      ...interfaces,
    },
    gateways: {
      gateway_item: [{ name: 'WANGW', interface: 'wan', gateway: '203.0.113.1', ipprotocol: 'inet' }],
      defaultgw4: 'WANGW',
    },
    aliases: { alias: aliases },
    filter: { rule: rules },
    ...more,
  };
}

/** Opens a web page on a server out there from a host on LAN. */
export const OUTWARD: Packet = {
  protocol: 'tcp',
  source: '192.168.1.50',
  sourcePort: 40_000,
  destination: '198.51.100.7',
  destinationPort: 443,
  arrivesOn: 'lan',
};

export function ask(config: ConfigTree, packet: Partial<Packet> = {}, facts: Facts = QUIET): Verdict {
  return evaluate(compile(config, facts), { ...OUTWARD, ...packet });
}
