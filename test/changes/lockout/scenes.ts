import type { SessionFacts } from '../../../src/changes/lockout/session.ts';
import { type ConfigTree, listAt } from '../../../src/config/model.ts';
import { withTree } from '../../../src/config/update.ts';
import { LINKS } from './pf-text.ts';

type Section = Readonly<Record<string, ConfigTree>>;

/** A firewall, the way by which we are on it, and the rule that lets us in where one does. */
export interface Scene {
  readonly name: string;
  readonly base: ConfigTree;
  readonly session: SessionFacts;
  /** Key of the interface on whose tab the rule stands. */
  readonly tab: string;
  readonly client: string;
  readonly server: string;
  /** Tracker of the rule; undefined: the anti-lockout rule does it. */
  readonly door: string | undefined;
  /** Has RADIUS anchors, tables of pfBlocker, or a VPN as its only way in. */
  readonly isHard: boolean;
}

let next = 1_780_000_000;
export function rule(given: Section = {}): ConfigTree {
  next += 1;
  const usual = { type: 'pass', interface: 'lan', ipprotocol: 'inet', protocol: 'tcp', descr: '' };
  return { tracker: String(next), ...usual, source: { any: '' }, destination: { any: '' }, ...given };
}

export const alias = (name: string, address: string, type = 'host', more: Section = {}): ConfigTree => ({
  ...{ name, type, address, descr: '', detail: '' },
  ...more,
});

const DOOR = '1700000001';
const door = (given: Section): ConfigTree => rule({ tracker: DOOR, descr: 'our way in', ...given });

const ALIASES = [
  alias('Admins', '192.168.1.10 198.51.100.77 10.8.0.6'),
  alias('Inner', '192.168.1.10 198.51.100.77 10.8.0.6'),
  alias('Outer', 'Inner 10.99.0.0/24', 'network'),
  alias('Printers', '192.168.1.200 192.168.1.201'),
  alias('Bad', '45.9.148.0/24', 'network'),
  alias('Ssh', '22 2222', 'port'),
  alias('Web', '80 443', 'port'),
];

/** Rules that stand around the door, so that there is something to be moved, changed and deleted. */
const around = (tab: string): { before: ConfigTree[]; after: ConfigTree[] } => ({
  before: [
    rule({ tracker: '1700000010', interface: tab, type: 'block', source: { address: 'Bad' } }),
    rule({ tracker: '1700000011', interface: tab, type: 'block', source: { address: 'Printers' } }),
  ],
  after: [
    rule({ tracker: '1700000020', interface: tab, protocol: 'udp', destination: { network: '(self)', port: '53' } }),
    rule({ tracker: '1700000021', interface: tab, type: 'reject', protocol: 'any' }),
  ],
});

function firewall(tab: string, way: ConfigTree | undefined, more: Section = {}, top: ConfigTree[] = []): ConfigTree {
  const { before, after } = around(tab);
  const others = [
    rule({ tracker: '1700000030', interface: 'opt1', destination: { network: 'opt1ip', port: '53' }, protocol: 'udp' }),
    rule({ tracker: '1700000031', interface: 'opt1', type: 'block', destination: { network: 'lan' } }),
  ];
  return {
    version: '23.3',
    system: {
      hostname: 'fw',
      disablenatreflection: 'yes',
      webgui: { protocol: 'https', ...(way === undefined ? {} : { noantilockout: '' }) },
      ssh: { enable: 'enabled' },
    },
    interfaces: {
      wan: { enable: '', if: 'igb0', descr: 'WAN', ipaddr: '203.0.113.2', subnet: '24', gateway: 'WANGW' },
      lan: { enable: '', if: 'igb1', descr: 'LAN', ipaddr: '192.168.1.1', subnet: '24' },
      opt1: { enable: '', if: 'igb2', descr: 'DMZ', ipaddr: '10.20.0.1', subnet: '24' },
    },
    gateways: {
      gateway_item: [{ name: 'WANGW', interface: 'wan', gateway: '203.0.113.1', ipprotocol: 'inet' }],
      defaultgw4: 'WANGW',
    },
    aliases: { alias: ALIASES },
    filter: { rule: [...top, ...before, ...(way === undefined ? [] : [way]), ...after, ...others] },
    nat: {
      rule: [
        {
          ...{ interface: 'wan', ipprotocol: 'inet', protocol: 'tcp', source: { any: '' }, target: '10.20.0.5' },
          ...{ destination: { network: 'wanip', port: '8443' }, 'local-port': '443', descr: 'web' },
        },
      ],
      outbound: { mode: 'automatic' },
    },
    schedules: { schedule: [schedule('Always', 'always'), schedule('Never', 'never')] },
    ...more,
  };
}

export function schedule(name: string, when: 'always' | 'never'): ConfigTree {
  const range: Section = when === 'always' ? { position: '1,2,3,4,5,6,7' } : { month: '1', day: '1' };
  return { name, descr: when, timerange: [{ ...range, hour: '0:00-23:59' }], schedlabel: name };
}

const OWN_TABLES = ['sshguard', 'virusprot', 'snort2c', 'bogons', 'bogonsv6'];

function sessionFrom(client: string, key: string, tables: readonly string[] = []): SessionFacts {
  const link = LINKS[key];
  if (link === undefined) throw new Error(key);
  const device = key === 'openvpn' ? 'ovpns1' : link.device;
  return {
    connection: { client, clientPort: 50_123, server: link.address, serverPort: 22 },
    replyDevice: device,
    devices: { wan: 'igb0', lan: 'igb1', opt1: 'igb2' },
    addresses: Object.fromEntries(
      Object.entries(LINKS).map(([name, { device: own, address, bits }]) => [
        name === 'openvpn' ? 'ovpns1' : own,
        [`${address}/${bits}`],
      ]),
    ),
    tables: [...OWN_TABLES, ...tables],
    tests: Object.fromEntries(OWN_TABLES.map((table) => [table, { [client]: false, [link.address]: false }])),
    hasPending: false,
    localTime: '2026-11-25T10:00:00',
  };
}

interface Given {
  readonly way: Section | undefined;
  readonly tab: string;
  readonly client: string;
  readonly more?: Section;
  readonly top?: ConfigTree[];
  readonly isHard?: boolean;
  readonly tables?: readonly string[];
}

function scene(name: string, { way, tab, client, more, top, isHard = false, tables }: Given): Scene {
  const base = firewall(tab, way === undefined ? undefined : door({ interface: tab, ...way }), more, top);
  const server = LINKS[tab]?.address ?? '';
  const known = { name, base, session: sessionFrom(client, tab, tables), tab, client, server, isHard };
  return { ...known, door: way === undefined ? undefined : DOOR };
}

const radius: Section = {
  openvpn: {
    'openvpn-server': [{ vpnid: '1', mode: 'server_user', authmode: 'radius1', interface: 'wan', protocol: 'UDP4' }],
  },
};
const withRadius = (config: ConfigTree): ConfigTree =>
  withTree(config, ['system', 'authserver'], [{ name: 'radius1', type: 'radius', host: '10.20.0.9' }]);
const pfBlocker: Section = {
  aliases: {
    alias: [
      ...ALIASES,
      alias('pfB_PRI1_v4', 'https://127.0.0.1:443/pfblockerng/pfblockerng.php?pfb=pfB_PRI1_v4', 'urltable', {
        url: 'https://127.0.0.1:443/pfblockerng/pfblockerng.php?pfb=pfB_PRI1_v4',
        updatefreq: '32',
      }),
    ],
  },
};
const pfbRule = (given: Section = {}): ConfigTree =>
  rule({
    ...{ type: 'block', floating: 'yes', quick: 'yes', direction: 'any', interface: 'wan,lan', protocol: 'any' },
    ...{ source: { address: 'pfB_PRI1_v4' }, descr: 'pfB_PRI1_v4 auto rule', ...given },
  });
const self = { destination: { network: '(self)', port: '22' } };
const [LAN, WAN, VPN] = ['192.168.1.10', '198.51.100.77', '10.8.0.6'];

export const SCENES: readonly Scene[] = [
  scene('anti-lockout rule', { way: undefined, tab: 'lan', client: LAN }),
  scene('rule on LAN', { way: { source: { network: 'lan' }, ...self }, tab: 'lan', client: LAN }),
  scene('nested alias on LAN', {
    way: { source: { address: 'Outer' }, destination: { network: 'lanip', port: 'Ssh' } },
    tab: 'lan',
    client: LAN,
  }),
  scene('alias on WAN', {
    way: { source: { address: 'Admins' }, destination: { network: 'wanip', port: '22' } },
    tab: 'wan',
    client: WAN,
  }),
  ...[
    scene('RADIUS anchors', {
      ...{ way: { source: { address: 'Admins' }, ...self }, tab: 'lan', client: LAN, more: radius, isHard: true },
    }),
    scene('RADIUS anchors, VPN only', {
      ...{ way: { source: { address: 'Admins' }, ...self }, tab: 'openvpn', client: VPN, more: radius, isHard: true },
    }),
  ].map((one) => ({ ...one, base: withRadius(one.base) })),
  scene('pfBlocker tables', {
    ...{ way: { source: { network: 'lan' }, ...self }, tab: 'lan', client: LAN, more: pfBlocker, isHard: true },
    ...{ top: [pfbRule(), pfbRule({ source: { any: '' }, destination: { address: 'pfB_PRI1_v4' } })] },
    tables: ['pfB_PRI1_v4'],
  }),
  scene('pfBlocker tables, alias on WAN', {
    ...{ way: { source: { address: 'Admins' }, ...self }, tab: 'wan', client: WAN, more: pfBlocker, isHard: true },
    ...{ top: [pfbRule()], tables: ['pfB_PRI1_v4'] },
  }),
];

export function rulesOf(config: ConfigTree): readonly ConfigTree[] {
  return listAt(config, 'filter/rule');
}
