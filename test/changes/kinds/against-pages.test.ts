import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { candidateOf } from '../../../src/changes/candidate.ts';
import { KINDS } from '../../../src/changes/kinds/index.ts';
import { type ConfigTree, isList, treeAt } from '../../../src/config/model.ts';
import { withTree } from '../../../src/config/update.ts';
import { parseConfigXml } from '../../../src/config/xml.ts';
import { OCCASION } from './sample.ts';

/** A firewall with pfSense's own code: the file names the command that runs another one on it. */
const TARGET = process.env['PFSENSE_TARGET'];
const PROGRAM = readFileSync(new URL('pfsense-page.php', import.meta.url), 'utf8');
const SECTIONS = ['staticroutes', 'gateways', 'interfaces', 'vlans', 'virtualip'] as const;
const FLAGS = new Set(
  'enable disabled blockpriv blockbogons monitor_disable action_disable nonlocalgateway force_down noexpand'.split(' '),
);

type Case = readonly [kind: string, args: Record<string, unknown>, page: string, post: Record<string, string>];
const route = (network: string, more: Record<string, string>) => {
  const [address = '', length = ''] = network.split('/');
  return { save: 'Save', network: address, network_subnet: length, gateway: 'WANGW', descr: '', ...more };
};
const gateway = (more: Record<string, string>) => ({
  ...{ save: 'Save', interface: 'lan', friendlyiface: 'lan', ipprotocol: 'inet', weight: '1', monitor: '' },
  ...{ gw_down_kill_states: '', descr: '', ...more },
});
const vip = (more: Record<string, string>) => ({
  ...{ save: 'Save', interface: 'lan', subnet_bits: '24', descr: '', uniqid: '65f0a1b2c3a77', ...more },
});
const device = (more: Record<string, string>) => ({
  ...{ save: 'Save', if: 'opt1', enable: 'yes', descr: 'OPT1', type: 'staticv4', ipaddr: '10.66.0.1', subnet: '24' },
  ...{ gateway: 'none', type6: 'none', gatewayv6: 'none', spoofmac: '', mtu: '', mss: '', ...more },
});

const SAVED: readonly Case[] = [
  [
    'static_route.add',
    { network: '10.71.9.9/16', gateway: 'WANGW', description: 'One & two' },
    'system_routes_edit.php',
    route('10.71.9.9/16', { descr: 'One & two' }),
  ],
  [
    'static_route.add',
    { network: '10.72.0.1', gateway: 'LANGW', disabled: true },
    'system_routes_edit.php',
    route('10.72.0.1/32', { gateway: 'LANGW', disabled: 'yes' }),
  ],
  [
    'static_route.update',
    { network: '10.60.0.0/16', gateway: 'LANGW' },
    'system_routes_edit.php',
    route('10.60.0.0/16', { id: '0', gateway: 'LANGW' }),
  ],
  ['static_route.toggle', { network: '10.60.0.0/16', enabled: false }, 'system_routes.php', { act: 'toggle', id: '0' }],
  ['static_route.delete', { network: '10.60.0.0/16' }, 'system_routes.php', { act: 'del', id: '0' }],
  [
    'gateway.add',
    {
      name: 'NEW',
      interface: 'lan',
      address: '192.168.1.7',
      monitor: '192.0.2.1',
      weight: 3,
      latencyHighMs: 600,
      forceDown: true,
    },
    'system_gateways_edit.php',
    gateway({
      name: 'NEW',
      gateway: '192.168.1.7',
      monitor: '192.0.2.1',
      weight: '3',
      latencyhigh: '600',
      force_down: 'yes',
    }),
  ],
  [
    'gateway.update',
    { name: 'LANGW', address: '192.168.1.8', monitoring: false, killStates: 'down' },
    'system_gateways_edit.php',
    gateway({
      id: '@LANGW',
      attribute: '1',
      name: 'LANGW',
      gateway: '192.168.1.8',
      monitor_disable: 'yes',
      gw_down_kill_states: 'down',
    }),
  ],
  ['gateway.toggle', { name: 'LANGW', enabled: false }, 'system_gateways.php', { act: 'toggle', id: '@LANGW' }],
  ['gateway.delete', { name: 'LANGW' }, 'system_gateways.php', { act: 'del', id: '@LANGW' }],
  [
    'gateway.set_default',
    { gateway: 'LANGW' },
    'system_gateways.php',
    { save: 'Save', defaultgw4: 'LANGW', defaultgw6: '' },
  ],
  [
    'gateway_group.add',
    {
      name: 'Two',
      members: [
        { gateway: 'LANGW', tier: 2 },
        { gateway: 'WANGW', tier: 1 },
      ],
      trigger: 'downloss',
      description: 'x',
    },
    'system_gateway_groups_edit.php',
    {
      save: 'Save',
      name: 'Two',
      WANGW: '1',
      WANGW_vip: 'address',
      LANGW: '2',
      LANGW_vip: 'address',
      trigger: 'downloss',
      descr: 'x',
    },
  ],
  [
    'vlan.create',
    { parent: 'vtnet2', tag: 33, priority: 2, description: 'Guests' },
    'interfaces_vlan_edit.php',
    { save: 'Save', if: 'vtnet2', tag: '33', pcp: '2', descr: 'Guests' },
  ],
  [
    'vlan.update',
    { device: 'vtnet1.44', description: 'Other' },
    'interfaces_vlan_edit.php',
    { save: 'Save', id: '0', if: 'vtnet1', tag: '44', pcp: '', descr: 'Other' },
  ],
  ['vlan.delete', { device: 'vtnet1.44' }, 'interfaces_vlan.php', { act: 'del', id: '0' }],
  ['interface.assign', { device: 'vtnet1.44' }, 'interfaces_assign.php', { add: 'Add', if_add: 'vtnet1.44' }],
  [
    'interface.update',
    { interface: 'opt1', description: 'SERVERS', mtu: 1400, mss: 1300, blockPrivate: true },
    'interfaces.php',
    device({ descr: 'SERVERS', mtu: '1400', mss: '1300', blockpriv: 'yes' }),
  ],
  [
    'interface.update',
    {
      interface: 'opt1',
      ipv4: { type: 'static', address: '10.67.0.1/25' },
      ipv6: { type: 'static', address: '2001:db8:6::1/64' },
    },
    'interfaces.php',
    device({ ipaddr: '10.67.0.1', subnet: '25', type6: 'staticv6', ipaddrv6: '2001:db8:6::1', subnetv6: '64' }),
  ],
  ['interface.update', { interface: 'opt1', ipv4: { type: 'none' } }, 'interfaces.php', device({ type: 'none' })],
  [
    'interface.update',
    { interface: 'opt1', ipv4: { type: 'dhcp', hostname: 'fw' } },
    'interfaces.php',
    device({ type: 'dhcp', dhcphostname: 'fw', 'alias-subnet': '32' }),
  ],
  ['interface.toggle', { interface: 'opt1', enabled: false }, 'interfaces.php', device({ enable: '' })],
  [
    'virtual_ip.add',
    { mode: 'ipalias', interface: 'lan', address: '192.168.1.240/24', description: 'x' },
    'firewall_virtual_ip_edit.php',
    vip({ mode: 'ipalias', subnet: '192.168.1.240', descr: 'x' }),
  ],
  [
    'virtual_ip.add',
    { mode: 'proxyarp', interface: 'lan', address: '192.168.1.228/30', noExpand: true },
    'firewall_virtual_ip_edit.php',
    vip({ mode: 'proxyarp', type: 'network', subnet: '192.168.1.228', subnet_bits: '30', noexpand: 'yes' }),
  ],
];

const REFUSED: readonly Case[] = [
  [
    'static_route.add',
    { network: '10.60.0.0/16', gateway: 'LANGW' },
    'system_routes_edit.php',
    route('10.60.0.0/16', { gateway: 'LANGW' }),
  ],
  [
    'static_route.add',
    { network: '192.168.1.0/24', gateway: 'WANGW' },
    'system_routes_edit.php',
    route('192.168.1.0/24', {}),
  ],
  [
    'static_route.add',
    { network: '2001:db8::/32', gateway: 'WANGW' },
    'system_routes_edit.php',
    route('2001:db8::/32', {}),
  ],
  [
    'gateway.add',
    { name: 'NEW', interface: 'lan', address: '192.0.2.1' },
    'system_gateways_edit.php',
    gateway({ name: 'NEW', gateway: '192.0.2.1' }),
  ],
  [
    'gateway.add',
    { name: 'NEW', interface: 'lan', address: '192.168.1.250' },
    'system_gateways_edit.php',
    gateway({ name: 'NEW', gateway: '192.168.1.250' }),
  ],
  [
    'gateway.add',
    { name: 'NEW', interface: 'lan', address: '192.168.1.7', lossLowPercent: 20 },
    'system_gateways_edit.php',
    gateway({ name: 'NEW', gateway: '192.168.1.7', losslow: '20' }),
  ],
  [
    'vlan.create',
    { parent: 'vtnet1', tag: 44, description: 'again' },
    'interfaces_vlan_edit.php',
    { save: 'Save', if: 'vtnet1', tag: '44', pcp: '', descr: 'again' },
  ],
  [
    'interface.update',
    { interface: 'opt1', ipv4: { type: 'static', address: '192.168.1.9/24' } },
    'interfaces.php',
    device({ ipaddr: '192.168.1.9' }),
  ],
  [
    'interface.update',
    { interface: 'opt1', ipv4: { type: 'static', address: '10.67.0.0/24' } },
    'interfaces.php',
    device({ ipaddr: '10.67.0.0' }),
  ],
  ['interface.update', { interface: 'opt1', description: 'LAN' }, 'interfaces.php', device({ descr: 'LAN' })],
  [
    'virtual_ip.add',
    { mode: 'ipalias', interface: 'lan', address: '192.168.1.1/24' },
    'firewall_virtual_ip_edit.php',
    vip({ mode: 'ipalias', subnet: '192.168.1.1' }),
  ],
  [
    'virtual_ip.add',
    { mode: 'ipalias', interface: 'lan', address: '192.168.1.255/24' },
    'firewall_virtual_ip_edit.php',
    vip({ mode: 'ipalias', subnet: '192.168.1.255' }),
  ],
];

describe.skipIf(TARGET === undefined)("pfSense's own pages come to the same", () => {
  const command: string[] = TARGET === undefined ? [] : JSON.parse(readFileSync(TARGET, 'utf8')).inspect;
  const base = baseOf(command);

  test.each(SAVED)('%s %j', async (kind, args, page, post) => {
    const start = await base;
    const ours = candidateOf(start, [{ kind, args }], KINDS, OCCASION).config;
    const { errors, after } = await pageOf(command, { base: start, page, post });
    expect(errors).toEqual([]);
    expect(sectionsOf(ours)).toEqual(sectionsOf(after));
    expect(sectionsOf(ours)).not.toEqual(sectionsOf(start));
  });

  test.each(REFUSED)('refused: %s %j', async (kind, args, page, post) => {
    const start = await base;
    const { errors, after } = await pageOf(command, { base: start, page, post });
    expect(errors.length).toBeGreaterThan(0);
    expect(sectionsOf(after)).toEqual(sectionsOf(start));
    expect(() => candidateOf(start, [{ kind, args }], KINDS, OCCASION)).toThrow();
  });
});

async function baseOf(command: readonly string[]): Promise<ConfigTree> {
  if (command.length === 0) return '';
  const box = parseConfigXml(await run([...command, '/bin/cat', '/cf/conf/config.xml'], ''));
  const wired = { enable: '', if: 'vtnet2', descr: 'OPT1', ipaddr: '10.66.0.1', subnet: '24' };
  const { opt1: _opt1, opt2: _opt2, ...plain } = Object(treeAt(box, 'interfaces'));
  const [wan] = Object(treeAt(box, 'gateways/gateway_item'));
  const lan = {
    ...{ interface: 'lan', gateway: '192.168.1.250', name: 'LANGW', weight: '1', ipprotocol: 'inet', descr: '' },
    gw_down_kill_states: '',
  };
  const parts: [string, ConfigTree][] = [
    ['interfaces', { ...plain, opt1: wired }],
    ['gateways', { gateway_item: [wan, lan], defaultgw4: 'WANGW', defaultgw6: '' }],
    ['staticroutes', { route: [{ network: '10.60.0.0/16', gateway: 'WANGW', descr: '' }] }],
    ['vlans', { vlan: [{ if: 'vtnet1', tag: '44', pcp: '', descr: 'One', vlanif: 'vtnet1.44' }] }],
    ['virtualip', ''],
  ];
  // A gateway that a route or the default names cannot be deleted or switched off: here none but WANGW is named.
  return parts.reduce((tree, [path, value]) => withTree(tree, [path], value), box);
}

async function pageOf(
  command: readonly string[],
  input: Record<string, unknown>,
): Promise<{ errors: string[]; after: ConfigTree }> {
  const program = PROGRAM.replace('(INPUT)', `('${Buffer.from(JSON.stringify(input)).toString('base64')}')`);
  const output = await run([...command, '/usr/local/bin/php'], program);
  const line = output.split('\n').find((one) => one.startsWith('ANSWER '));
  if (line === undefined) throw new Error(output.slice(-2000));
  return JSON.parse(line.slice(7));
}

/** Without ids and empty values, whatever the order of keys. */
function sectionsOf(tree: ConfigTree): unknown {
  return Object.fromEntries(SECTIONS.map((name) => [name, plain(treeAt(tree, name) ?? '')]));
}

function plain(tree: ConfigTree): unknown {
  if (typeof tree !== 'object' || tree === null) return String(tree ?? '');
  if (isList(tree)) return tree.length === 0 ? '' : tree.map(plain);
  const filled = Object.entries(tree)
    .filter(([key, value]) => key !== 'uniqid' && String(value) !== 'false')
    .map(([key, value]): [string, unknown] => [key, FLAGS.has(key) ? 'set' : plain(value)])
    .filter(([, value]) => value !== '');
  return filled.length === 0 ? '' : Object.fromEntries(filled);
}

function run([program = '', ...args]: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(String(chunk)));
    child.on('error', reject);
    child.on('close', () => resolve(chunks.join('')));
    child.stdin.end(input);
  });
}
