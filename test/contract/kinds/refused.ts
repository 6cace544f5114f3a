import type { Post } from '../pfsense-page.ts';
import type { Here } from './row.ts';

/** Something that pfSense's page does not save and a plan does not accept. */
export interface Refused {
  readonly kind: string;
  args(here: Here): Record<string, unknown>;
  /** What the error names. */
  readonly because: RegExp;
  readonly page: readonly [page: string, post: (here: Here) => Post];
}

const ALIAS = 'firewall_aliases_edit.php';
const alias = (more: Post): Post => ({
  ...{ save: 'Save', name: 'never', type: 'host', descr: '', origname: '', address0: '192.0.2.1' },
  ...{ address_subnet0: '', detail0: '', ...more },
});
const known = (here: Here): Post => ({
  ...{ id: here.place('aliases/alias', 'name', 'admin_hosts'), name: 'admin_hosts', origname: 'admin_hosts' },
});

const ALIASES: readonly Refused[] = [
  {
    kind: 'alias.create',
    args: () => ({ name: 'lan', type: 'host', members: ['192.0.2.1'] }),
    because: /name: .*interface/,
    page: [ALIAS, () => alias({ name: 'lan' })],
  },
  {
    kind: 'alias.create',
    args: () => ({ name: 'a-b', type: 'host', members: ['192.0.2.1'] }),
    because: /name: /,
    page: [ALIAS, () => alias({ name: 'a-b' })],
  },
  {
    kind: 'alias.create',
    args: () => ({ name: 'never', type: 'network', members: ['10.0.0.0/33'] }),
    because: /members\.0/,
    page: [ALIAS, () => alias({ type: 'network', address0: '10.0.0.0', address_subnet0: '33' })],
  },
  {
    kind: 'alias.update',
    args: () => ({ name: 'admin_hosts', members: ['10.0.0.0/33'] }),
    because: /members\.0/,
    page: [ALIAS, (here) => alias({ ...known(here), address0: '10.0.0.0/33' })],
  },
  {
    kind: 'alias.add_members',
    args: () => ({ name: 'admin_hosts', members: ['web_ports'] }),
    because: /members\.0: an alias of type port/,
    page: [ALIAS, (here) => alias({ ...known(here), address0: 'web_ports' })],
  },
  {
    kind: 'alias.rename',
    args: () => ({ name: 'admin_hosts', newName: 'web_ports' }),
    because: /newName: /,
    page: [ALIAS, (here) => alias({ ...known(here), name: 'web_ports' })],
  },
  {
    kind: 'alias.delete',
    args: () => ({ name: 'admin_hosts' }),
    because: /in use by/,
    page: ['firewall_aliases.php', (here) => ({ act: 'del', id: here.place('aliases/alias', 'name', 'admin_hosts') })],
  },
];

const SCHEDULE = 'firewall_schedule_edit.php';
const schedule = (more: Post): Post => ({
  ...{ save: 'Save', name: 'never', descr: '', schedule0: '1', starttime0: '8:00', stoptime0: '9:00' },
  ...{ timedescr0: '', ...more },
});
const RULE = 'firewall_rules_edit.php';
const rule = (more: Post): Post => ({
  ...{ save: 'Save', if: 'lan', interface: 'lan', type: 'pass', ipprotocol: 'inet', proto: 'tcp', descr: '' },
  ...{ srctype: 'any', src: '', srcmask: '32', srcbeginport: 'any', srcendport: 'any', dsttype: 'any', dst: '' },
  ...{ dstmask: '32', dstbeginport: 'any', dstendport: 'any', statetype: 'keep state', max: '', statetimeout: '' },
  ...{ 'max-src-nodes': '', 'max-src-conn': '', 'max-src-states': '', 'max-src-conn-rate': '', ...more },
  ...{ 'max-src-conn-rates': '' },
});

const RULES: readonly Refused[] = [
  {
    kind: 'schedule.create',
    args: () => ({ name: 'pass', ranges: [{ days: ['mon'], from: '8:00', to: '9:00' }] }),
    because: /name: .*reserved/,
    page: [SCHEDULE, () => schedule({ name: 'pass' })],
  },
  {
    kind: 'schedule.create',
    args: () => ({ name: 'never', ranges: [] }),
    because: /ranges/,
    page: [SCHEDULE, () => schedule({ schedule0: '' })],
  },
  {
    kind: 'firewall_rule.add',
    args: () => ({ interface: 'lan', protocol: 'tcp', source: { address: '2001:db8::1' } }),
    because: /IPv6|inet|family/,
    page: [RULE, () => rule({ srctype: 'single', src: '2001:db8::1', srcmask: '128' })],
  },
  {
    kind: 'firewall_rule.add',
    args: () => ({ interface: 'lan', protocol: 'udp', advanced: { os: 'Linux' } }),
    because: /os/,
    page: [RULE, () => rule({ proto: 'udp', os: 'Linux' })],
  },
  {
    kind: 'firewall_rule.add',
    args: () => ({ interface: 'lan', type: 'match' }),
    because: /type/,
    page: [RULE, () => rule({ type: 'match' })],
  },
  {
    kind: 'firewall_rule.update',
    args: (here) => ({ tracker: here.anyTracker('lan'), advanced: { notTagged: true } }),
    because: /tagged/i,
    page: [RULE, (here) => rule({ id: here.places('lan')[0], nottagged: 'yes', tagged: '' })],
  },
];

const FORWARD = 'firewall_nat_edit.php';
const forward = (more: Post): Post => ({
  ...{ save: 'Save', interface: 'wan', ipprotocol: 'inet', proto: 'tcp', srctype: 'any', src: '', srcmask: '32' },
  ...{ srcbeginport: 'any', srcendport: 'any', dsttype: 'wanip', dst: '', dstmask: '32', dstbeginport: '7777' },
  ...{ dstendport: '7777', localtype: 'single', localip: '192.168.1.60', localbeginport: '7777', descr: '' },
  ...{ natreflection: 'default', 'associated-rule-id': '', 'filter-rule-association': '', ...more },
});
const OUT = 'firewall_nat_out_edit.php';
const outbound = (more: Post): Post => ({
  ...{ save: 'Save', interface: 'wan', ipprotocol: 'inet', protocol: 'tcp', source_type: 'network', descr: '' },
  ...{ source: '10.55.0.0', source_subnet: '16', sourceport: '', destination_type: 'any', dstport: '' },
  ...{ target_type: 'wanip', target: '', target_subnet: '32', natport: '', poolopts: '', ...more },
});
const ONE = 'firewall_nat_1to1_edit.php';
const oneToOne = (more: Post): Post => ({
  ...{ save: 'Save', interface: 'wan', ipprotocol: 'inet', exttype: 'single', external: '198.51.100.77' },
  ...{ srctype: 'single', src: '192.168.1.70', srcmask: '32', dsttype: 'any', dst: '', dstmask: '32', descr: '' },
  ...{ natreflection: 'default', ...more },
});
const NPT = 'firewall_nat_npt_edit.php';
const npt = (more: Post): Post => ({
  ...{ save: 'Save', interface: 'wan', src: 'fd00:55::', srcmask: '64', dsttype: 'network', descr: '' },
  ...{ dst: '2001:db8:55::', dstmask: '64', ...more },
});
const wan = { destination: { address: 'wanip', port: 7777 }, target: '192.168.1.60', filterRule: 'none' };

const NAT: readonly Refused[] = [
  {
    kind: 'nat_port_forward.add',
    args: () => ({ ...wan, target: '10.0.0.0/24' }),
    because: /target/,
    page: [FORWARD, () => forward({ localip: '10.0.0.0/24' })],
  },
  {
    kind: 'nat_port_forward.add',
    args: () => ({ ...wan, source: { address: '2001:db8::1' } }),
    because: /source/,
    page: [FORWARD, () => forward({ srctype: 'single', src: '2001:db8::1', srcmask: '128' })],
  },
  {
    kind: 'nat_port_forward.add',
    args: () => ({ ...wan, destination: { address: 'wanip', port: 'nothing' } }),
    because: /port/,
    page: [FORWARD, () => forward({ dstbeginport: 'nothing', dstendport: 'nothing' })],
  },
  {
    kind: 'nat_port_forward.update',
    args: (here) => ({ id: here.anyNat('port_forward'), target: 'nothing here' }),
    because: /target/,
    page: [FORWARD, () => forward({ id: '0', localip: 'nothing here' })],
  },
  {
    kind: 'nat_outbound.add',
    args: () => ({ family: 'inet', protocol: 'tcp', source: { address: '10.55.0.0/16', port: 'nothing' } }),
    because: /port/,
    page: [OUT, () => outbound({ sourceport: 'nothing' })],
  },
  {
    kind: 'nat_outbound.add',
    args: () => ({ source: { address: '10.55.0.0/33' } }),
    because: /source/,
    page: [OUT, () => outbound({ source: '10.55.0.0/33' })],
  },
  {
    kind: 'nat_one_to_one.add',
    args: () => ({ external: '2001:db8::77', source: { address: '192.168.1.70' } }),
    because: /external/,
    page: [ONE, () => oneToOne({ external: '2001:db8::77' })],
  },
  {
    kind: 'nat_one_to_one.add',
    args: () => ({ external: '198.51.100.77', source: { address: 'admin_hosts' } }),
    because: /source/,
    page: [ONE, () => oneToOne({ src: 'admin_hosts' })],
  },
  {
    kind: 'nat_npt.add',
    args: () => ({ source: 'fd00:55::/64', destination: '2001:db8:55::/48' }),
    because: /same length/,
    page: [NPT, () => npt({ dstmask: '48' })],
  },
  {
    kind: 'nat_npt.add',
    args: () => ({ source: '10.0.0.0/24', destination: '2001:db8:55::/64' }),
    because: /source/,
    page: [NPT, () => npt({ src: '10.0.0.0', srcmask: '24' })],
  },
];

export const REFUSED: readonly Refused[] = [...ALIASES, ...RULES, ...NAT];
