import { describe, expect, test } from 'vitest';
import { listAt } from '../../../src/config/model.ts';
import { withTree } from '../../../src/config/update.ts';
import { PfsenseError } from '../../../src/core/errors.ts';
import { change, sample } from './sample.ts';

const base = withTree(sample(), ['version'], '24.0');
const lan = { interface: 'lan' };
const MAC = '00:11:22:33:44:55';
const tcp = { ...lan, protocol: 'tcp' };
const advanced = (fields: Record<string, unknown>, more: Record<string, unknown> = lan) => ({
  ...more,
  advanced: fields,
});
const range = (fields: Record<string, unknown>) => ({ name: 's1', ranges: [{ from: '8:00', to: '9:00', ...fields }] });
const host = (members: unknown[], type = 'host') => ({ name: 'fresh', type, members });

/** Kind, arguments, and the argument that the refusal names. */
const REFUSALS: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  ['firewall_rule.add', {}, /interface, floating/],
  ['firewall_rule.add', { ...lan, floating: {} }, /interface, floating/],
  ['firewall_rule.add', { interface: 'opt9' }, /interface: .*opt9/],
  ['firewall_rule.add', { floating: { interfaces: ['opt9'] } }, /floating\.interfaces/],
  ['firewall_rule.add', { ...lan, type: 'match' }, /type: 'match'/],
  ['firewall_rule.add', { ...lan, type: 'drop' }, /type/],
  ['firewall_rule.add', { ...lan, family: 'ipv4' }, /family/],
  ['firewall_rule.add', { ...lan, protocol: 'icmpv7' }, /protocol/],
  ['firewall_rule.add', { ...lan, description: 'a \\ b' }, /description: no backslash/],
  ['firewall_rule.add', { ...lan, description: 'a\nb' }, /description: must be one line/],
  ['firewall_rule.add', { ...lan, description: 'a\u202eb' }, /description/],
  ['firewall_rule.add', { ...lan, description: 'login password: hunter2secret' }, /description: looks as if/],
  ['firewall_rule.add', { ...lan, color: 'red' }, /color/],
  ['firewall_rule.add', { ...lan, source: { address: 'any', not: true } }, /source\.not/],
  ['firewall_rule.add', { ...lan, source: { address: 'nobody' } }, /source\.address/],
  ['firewall_rule.add', { ...lan, source: { address: 'mgmt_ports' } }, /source\.address/],
  ['firewall_rule.add', { ...lan, source: { address: '10.0.0.0/33' } }, /source\.address/],
  ['firewall_rule.add', { ...lan, source: { address: 'admin_hosts/24' } }, /source\.address/],
  ['firewall_rule.add', { ...lan, destination: { address: '2001:db8::1' } }, /destination: .*family/],
  ['firewall_rule.add', { ...lan, family: 'inet6', source: { address: '10.0.0.1' } }, /source: .*family/],
  ['firewall_rule.add', { ...lan, family: 'inet46', source: { address: '10.0.0.1' } }, /source: .*both families/],
  [
    'firewall_rule.add',
    { ...lan, source: { address: '10.0.0.1' }, destination: { address: '2001:db8::1' } },
    /source, destination/,
  ],
  ['firewall_rule.add', { ...lan, source: { port: 80 } }, /source\.port/],
  ['firewall_rule.add', { ...lan, protocol: 'icmp', destination: { port: 80 } }, /destination\.port/],
  ['firewall_rule.add', { ...tcp, destination: { port: 0 } }, /destination\.port/],
  ['firewall_rule.add', { ...tcp, destination: { port: '65536' } }, /destination\.port/],
  ['firewall_rule.add', { ...tcp, destination: { port: '80-mgmt_ports' } }, /destination\.port/],
  ['firewall_rule.add', { ...tcp, destination: { port: 'mgmt_ports-web_ports' } }, /destination\.port/],
  ['firewall_rule.add', { ...tcp, destination: { port: 'admin_hosts' } }, /destination\.port/],
  ['firewall_rule.add', { ...lan, gateway: 'NONE_SUCH' }, /gateway: there is no/],
  ['firewall_rule.add', { ...lan, gateway: 'WAN2GW', family: 'inet46' }, /gateway: .*both/],
  ['firewall_rule.add', { ...lan, gateway: 'WAN2GW', family: 'inet6' }, /gateway: .*family/],
  ['firewall_rule.add', { ...lan, gateway: 'Failover', family: 'inet6' }, /gateway: .*family/],
  ['firewall_rule.add', { floating: {}, gateway: 'WAN2GW' }, /gateway: .*direction/],
  ['firewall_rule.add', { ...lan, icmpTypes: ['echoreq'] }, /icmpTypes: only with/],
  ['firewall_rule.add', { ...lan, protocol: 'icmp', icmpTypes: ['neighbrsol'] }, /icmpTypes: .*inet/],
  ['firewall_rule.add', { ...lan, protocol: 'icmp', family: 'inet6', icmpTypes: ['trace'] }, /icmpTypes/],
  ['firewall_rule.add', { ...lan, protocol: 'icmp', family: 'inet46', icmpTypes: ['trace'] }, /icmpTypes/],
  ['firewall_rule.add', { ...lan, schedule: 'never' }, /schedule/],
  ['firewall_rule.add', advanced({ os: 'Linux' }), /os: only/],
  ['firewall_rule.add', advanced({ os: 'Lin"ux' }, tcp), /os/],
  ['firewall_rule.add', advanced({ dscp: 'af99' }), /dscp/],
  ['firewall_rule.add', advanced({ tag: 'no blanks' }), /tag/],
  ['firewall_rule.add', advanced({ tagged: 'ssh' }), /tagged/],
  ['firewall_rule.add', advanced({ notTagged: true }), /notTagged/],
  ['firewall_rule.add', advanced({ tcpFlags: { set: ['syn'], outOf: [] } }, tcp), /tcpFlags/],
  ['firewall_rule.add', advanced({ tcpFlags: { set: ['syn'], outOf: ['ack'] } }, tcp), /tcpFlags/],
  ['firewall_rule.add', advanced({ stateType: 'synproxy state' }), /stateType: .*tcp/],
  [
    'firewall_rule.add',
    advanced({ stateType: 'synproxy state' }, { ...tcp, gateway: 'WAN2GW' }),
    /stateType: .*gateway/,
  ],
  ['firewall_rule.add', advanced({ stateType: 'sloppy' }), /stateType/],
  ['firewall_rule.add', advanced({ statePolicy: 'none' }), /statePolicy/],
  ['firewall_rule.add', advanced({ maxStates: 0 }), /maxStates/],
  ['firewall_rule.add', advanced({ maxStates: 1.5 }), /maxStates/],
  ['firewall_rule.add', advanced({ maxStates: 5 }, { ...lan, type: 'block' }), /maxStates: only with type/],
  ['firewall_rule.add', advanced({ maxSourceNodes: 5 }, { ...lan, type: 'block' }), /maxSourceNodes: only with type/],
  ['firewall_rule.add', advanced({ maxSourceStates: 5 }, { ...lan, type: 'reject' }), /maxSourceStates: only with/],
  ['firewall_rule.add', advanced({ stateTimeout: 5 }, { ...lan, type: 'reject' }), /stateTimeout: only with/],
  ['firewall_rule.add', advanced({ maxSourceConnections: 5 }), /maxSourceConnections: only with tcp/],
  ['firewall_rule.add', advanced({ connectionRate: { connections: 5, seconds: 5 } }), /connectionRate: only with tcp/],
  ['firewall_rule.add', advanced({ connectionRate: { connections: 5 } }, tcp), /connectionRate/],
  ['firewall_rule.add', advanced({ stateTimeout: 5, stateType: 'none' }), /stateTimeout: not with/],
  ['firewall_rule.add', advanced({ vlanPriority: 'zz' }), /vlanPriority/],
  ['firewall_rule.add', advanced({ ackQueue: 'qAck' }), /ackQueue: give/],
  ['firewall_rule.add', advanced({ queue: 'qAck', ackQueue: 'qAck' }), /ackQueue: it has to differ/],
  ['firewall_rule.add', advanced({ queue: 'qNone' }), /queue/],
  ['firewall_rule.add', advanced({ limiterIn: 'Sideways' }), /limiterIn/],
  ['firewall_rule.add', advanced({ limiterOut: 'Up' }), /limiterOut: give/],
  ['firewall_rule.add', advanced({ limiterIn: 'Up', limiterOut: 'Up' }), /limiterOut: it has to differ/],
  ['firewall_rule.add', advanced({ limiterIn: 'Up', limiterOut: 'DownQ' }), /limiterOut: both/],
  ['firewall_rule.add', advanced({ limiterIn: 'Up', limiterOut: 'Down' }, { floating: {} }), /limiterOut: .*direction/],
  [
    'firewall_rule.add',
    advanced({ limiterIn: 'Up', limiterOut: 'Down' }, { floating: { direction: 'out' } }),
    /limiterOut: .*gateway/,
  ],
  ['firewall_rule.add', { ...lan, position: { before: '1700000101' } }, /position\.before: .*another tab/],
  ['firewall_rule.add', { ...lan, position: { after: '42' } }, /position\.after: no rule/],
  ['firewall_rule.update', { tracker: '42', log: true }, /tracker: no rule/],
  ['firewall_rule.update', { tracker: '1700000003', source: { address: 'lan' } }, /belong to its port forward/],
  ['firewall_rule.update', { tracker: '1700000003', interface: 'lan' }, /belong to its port forward/],
  ['firewall_rule.update', { tracker: '1700000001', interface: 'lan' }, /cannot change between/],
  ['firewall_rule.update', { tracker: '1700000004', floating: { quick: true } }, /cannot change between/],
  ['firewall_rule.update', { tracker: '1700000006', protocol: 'any' }, /destination\.port/],
  ['firewall_rule.move', { tracker: '42', position: 'top' }, /tracker: no rule/],
  ['firewall_rule.toggle', { tracker: '42', enabled: true }, /tracker: no rule/],
  ['firewall_separator.add', { tab: 'opt9', text: 'x' }, /tab/],
  ['firewall_separator.add', { tab: 'lan', text: 'x', above: '1700000101' }, /above: .*another tab/],
  ['firewall_separator.add', { tab: 'lan', text: '' }, /text/],
  ['alias.create', { ...host(['10.0.0.1']), name: 'ssh' }, /name: .*port/],
  ['alias.create', { ...host(['10.0.0.1']), name: 'tcp' }, /name: .*protocol/],
  ['alias.create', { ...host(['10.0.0.1']), name: 'pass' }, /name: .*reserved/],
  ['alias.create', { ...host(['10.0.0.1']), name: '123' }, /name/],
  ['alias.create', { ...host(['10.0.0.1']), name: '___' }, /name/],
  ['alias.create', { ...host(['10.0.0.1']), name: 'a-b' }, /name/],
  ['alias.create', { ...host(['10.0.0.1']), name: 'x'.repeat(32) }, /name/],
  ['alias.create', { ...host(['10.0.0.1']), name: 'LAN' }, /name: .*interface/],
  ['alias.create', { ...host(['10.0.0.1']), name: 'opt1__network' }, /name: .*interface/],
  ['alias.create', { ...host(['10.0.0.1']), name: 'guest' }, /name: .*description/],
  ['alias.create', { ...host(['10.0.0.1']), name: 'Guests' }, /name: .*group/],
  ['alias.create', { ...host(['10.0.0.1']), name: 'pkg_x' }, /name/],
  ['alias.create', { ...host(['10.0.0.1']), name: 'cpzoneid_2' }, /name/],
  ['alias.create', { ...host(['10.0.0.1']), name: 'Queue' }, /name: .*packet filter/],
  ['alias.create', { ...host(['10.0.0.1']), name: 'bogons' }, /name: .*packet filter/],
  ['alias.create', { ...host(['10.0.0.1']), name: 'trusted' }, /name: there is another/],
  ['alias.create', host(['fresh']), /members\.0: .*itself/],
  ['alias.create', host(['web_ports']), /members\.0: an alias of type port/],
  ['alias.create', host(['threats']), /members\.0: an alias of type urltable/],
  ['alias.create', host(['10.0.0.1', '10.0.0.256']), /members\.1/],
  ['alias.create', host(['10.0.0.0/8']), /members\.0: too large/],
  ['alias.create', host(['10.0.0.1-10.1.0.1']), /members\.0: too large/],
  ['alias.create', host(['10.0.0.0/20', '10.1.0.0/20']), /members: an alias holds 5000/],
  ['alias.create', host(['2001:db8::/64']), /members\.0: .*IPv6/],
  ['alias.create', host(['2001:db8::1-2001:db8::2']), /members\.0: .*IPv6/],
  ['alias.create', host(['2001:db8::1-2001:db8::2'], 'network'), /members\.0: .*IPv6/],
  ['alias.create', host(['-x.example']), /members\.0/],
  ['alias.create', host(['10.0.0.1 10.0.0.2']), /members\.0: one member each/],
  ['alias.create', host([{ value: '10.0.0.1', description: 'a||b' }]), /members/],
  ['alias.create', host([{ value: '10.0.0.1', description: '|a' }]), /members/],
  ['alias.create', host(['10.0.0.0/33'], 'network'), /members\.0/],
  ['alias.create', host(['web_ports'], 'network'), /members\.0/],
  ['alias.create', host(['0'], 'port'), /members\.0/],
  ['alias.create', host(['90:80'], 'port'), /members\.0/],
  ['alias.create', host(['65536'], 'port'), /members\.0/],
  ['alias.create', host(['blocklist'], 'port'), /members\.0/],
  ['alias.create', host([], 'port'), /members: .*one at least/],
  ['alias.create', { name: 'fresh', type: 'urltable' }, /url/],
  ['alias.create', { name: 'fresh', type: 'urltable', url: 'ftp://x' }, /url/],
  ['alias.create', { name: 'fresh', type: 'urltable', url: 'https://me:word@x/' }, /url/],
  ['alias.create', { name: 'fresh', type: 'host', members: ['10.0.0.1'], url: 'https://x/' }, /url/],
  ['alias.update', { name: 'none', description: 'x' }, /name: there is no alias none/],
  ['alias.update', { name: 'threats', members: ['10.0.0.1'] }, /members: .*URL/],
  ['alias.update', { name: 'trusted', url: 'https://x/' }, /url/],
  ['alias.update', { name: 'admin_hosts', members: ['trusted'] }, /members\.0: .*itself/],
  ['alias.add_members', { name: 'none', members: ['10.0.0.1'] }, /name: there is no alias/],
  ['alias.add_members', { name: 'trusted', members: [] }, /members/],
  ['alias.remove_members', { name: 'blocklist', members: ['192.0.2.0/24'] }, /members: none would be left/],
  ['alias.delete', { name: 'blocklist' }, /in use by filter rule 1700000001 \(source\/address\)/],
  ['alias.delete', { name: 'admin_hosts' }, /alias trusted/],
  ['alias.rename', { name: 'none', newName: 'some' }, /name: there is no alias/],
  ['alias.rename', { name: 'trusted', newName: 'blocklist' }, /newName: there is an alias/],
  ['alias.rename', { name: 'trusted', newName: 'http' }, /newName: .*port/],
  ['schedule.create', { ...range({ days: ['mon'] }), name: 'https' }, /name: .*port/],
  ['schedule.create', { ...range({ days: ['mon'] }), name: 'a b' }, /name/],
  ['schedule.create', { ...range({ days: ['mon'] }), name: 'opening_hours' }, /name: there is another/],
  ['schedule.create', { name: 's1', ranges: [] }, /ranges/],
  ['schedule.create', range({}), /ranges\.0: give either/],
  ['schedule.create', range({ days: ['mon'], dates: [{ month: 1, day: 1 }] }), /ranges\.0: give either/],
  ['schedule.create', range({ days: ['mon'], from: '24:00' }), /from/],
  ['schedule.create', range({ days: ['mon'], to: '7:59' }), /ranges\.0: it ends before/],
  ['schedule.create', range({ dates: [{ month: 2, day: 30 }] }), /ranges\.0\.dates: month 2/],
  ['schedule.create', range({ days: ['fun'] }), /days/],
  ['schedule.update', { name: 'none' }, /name: there is no schedule/],
  ['schedule.delete', { name: 'opening_hours' }, /in use by filter rules \d+/],
  ['dhcp_server.update', { interface: 'wan', enabled: true }, /interface: wan has no fixed/],
  ['dhcp_server.update', { interface: 'opt1', enabled: true }, /range: a server that is on/],
  ['dhcp_server.update', { ...lan, range: { from: '192.168.1.199', to: '192.168.1.100' } }, /range: .*comes behind/],
  ['dhcp_server.update', { ...lan, range: { from: '192.168.2.10', to: '192.168.2.20' } }, /range: .*not inside/],
  ['dhcp_server.update', { ...lan, range: { from: '192.168.1.0', to: '192.168.1.5' } }, /range: it begins/],
  ['dhcp_server.update', { ...lan, range: { from: '192.168.1.200', to: '192.168.1.255' } }, /range: it ends/],
  ['dhcp_server.update', { ...lan, range: { from: '192.168.1.5', to: '192.168.1.20' } }, /range: the address .*\.10 /],
  ['dhcp_server.update', { ...lan, range: { from: '192.168.1.240', to: '192.168.1.254' } }, /range: the virtual IP/],
  ['dhcp_server.update', { ...lan, pools: [{ from: '192.168.1.150', to: '192.168.1.210' }] }, /pools: two of/],
  ['dhcp_server.update', { ...lan, gateway: '10.0.0.1' }, /gateway: 10\.0\.0\.1 is not in/],
  ['dhcp_server.update', { ...lan, denyUnknown: 'yes' }, /denyUnknown/],
  ['dhcp_server.update', { ...lan, macAllow: ['00:1g'] }, /macAllow/],
  ['dhcp_server.update', { ...lan, dnsServers: ['dns.example'] }, /dnsServers/],
  ['dhcp_server.update', { ...lan, maxLeaseSeconds: 600, defaultLeaseSeconds: 7200 }, /maxLeaseSeconds/],
  ['dns_resolver.update', { interfaces: ['lan'] }, /interfaces: the firewall asks its own/],
  ['dns_resolver.update', { interfaces: ['opt9', 'lo0'] }, /interfaces: there is no opt9/],
  ['dns_resolver.update', { outgoingInterfaces: ['opt9'] }, /outgoingInterfaces: there is no opt9/],
  ['dns_resolver.update', { tlsService: true }, /certificate: there is no/],
  ['dns_resolver.update', { registerLeases: true, systemDomainZone: 'redirect' }, /systemDomainZone/],
  ['dns_resolver.update', { port: 0 }, /port/],
  ['dns_resolver.update', { customOptions: 'server:' }, /customOptions/],
  ['dns_forwarder.update', { enabled: true }, /port: the DNS resolver is on/],
  ['dns_forwarder.update', { interfaces: ['opt9'] }, /interfaces: there is no opt9/],
  ['dhcp_mapping.add', { interface: 'wan', mac: MAC }, /interface: wan has no fixed/],
  ['dhcp_mapping.add', { interface: 'opt9', mac: MAC }, /interface: opt9/],
  ['dhcp_mapping.add', lan, /mac: it takes a MAC address or/],
  ['dhcp_mapping.add', { ...lan, mac: '00:11:22:33:44' }, /mac: must be a MAC/],
  ['dhcp_mapping.add', { ...lan, mac: '02-00-00-AA-00-10' }, /mac: another mapping/],
  ['dhcp_mapping.add', { ...lan, mac: MAC, ip: '192.168.2.4' }, /ip: .*not an address for a host/],
  ['dhcp_mapping.add', { ...lan, mac: MAC, ip: '192.168.1.0' }, /ip: .*not an address for a host/],
  ['dhcp_mapping.add', { ...lan, mac: MAC, ip: '192.168.1.255' }, /ip: .*not an address for a host/],
  ['dhcp_mapping.add', { ...lan, mac: MAC, ip: '192.168.1.100' }, /ip: .*lies in a range/],
  ['dhcp_mapping.add', { ...lan, mac: MAC, ip: '2001:db8::1' }, /ip/],
  ['dhcp_mapping.add', { ...lan, mac: MAC, hostname: 'nas.lab.example' }, /hostname: must be a host name/],
  ['dhcp_mapping.add', { ...lan, mac: MAC, hostname: 'nas-' }, /hostname/],
  ['dhcp_mapping.add', { ...lan, clientId: 'a"; option x "' }, /clientId: must have no quotes/],
  ['dhcp_mapping.add', { ...lan, mac: MAC, staticArp: true }, /staticArp: it takes/],
  ['dhcp_mapping.add', { ...lan, mac: MAC, gateway: '10.0.0.1' }, /gateway: 10\.0\.0\.1 is not in/],
  ['dhcp_mapping.add', { ...lan, mac: MAC, domain: 'lab.example.' }, /domain: must be/],
  ['dhcp_mapping.add', { ...lan, mac: MAC, domainSearch: ['a b'] }, /domainSearch/],
  ['dhcp_mapping.add', { ...lan, mac: MAC, ntpServers: ['pool.ntp.org'] }, /ntpServers: Kea/],
  ['dhcp_mapping.add', { ...lan, mac: MAC, defaultLeaseSeconds: 59 }, /defaultLeaseSeconds/],
  ['dhcp_mapping.add', { ...lan, mac: MAC, defaultLeaseSeconds: 600, maxLeaseSeconds: 300 }, /maxLeaseSeconds/],
  ['dhcp_mapping.update', { ...lan, mapping: MAC, ip: '192.168.1.9' }, /mapping: lan has no such/],
  ['dhcp_mapping.update', { ...lan, mapping: '192.168.1.10', ip: '' }, /mapping: it would lose/],
  ['dns_host_override.add', { host: 'a.b', domain: 'x.example', addresses: ['10.0.0.1'] }, /host: must be/],
  ['dns_host_override.add', { host: 'a', domain: 'x..example', addresses: ['10.0.0.1'] }, /domain: must be/],
  ['dns_host_override.add', { host: 'a', domain: 'x.example', addresses: ['10.0.0'] }, /addresses/],
  ['dns_host_override.add', { host: 'a', domain: 'x.example', addresses: ['fe80::1%a" x'] }, /addresses/],
  [
    'dns_host_override.add',
    { host: 'nas', domain: 'lab.example', addresses: ['10.0.0.1'] },
    /host: .*IPv4 address already/,
  ],
  [
    'dns_host_override.add',
    { service: 'forwarder', host: 'a', domain: 'x.example', addresses: ['10.0.0.1', '10.0.0.2'] },
    /addresses: the forwarder/,
  ],
  [
    'dns_host_override.add',
    { host: 'a', domain: 'x.example', addresses: ['10.0.0.1'], aliases: [{ host: 'b.c', domain: 'x.example' }] },
    /aliases\.0\.host/,
  ],
  ['dns_host_override.update', { host: 'a', domain: 'x.example', description: 'x' }, /host: the resolver has no/],
  ['dns_domain_override.add', { domain: 'x y', server: '10.0.0.1' }, /domain: must be/],
  ['dns_domain_override.add', { domain: 'x.example', server: 'dns.example' }, /server: neither/],
  ['dns_domain_override.add', { domain: 'x.example', server: '10.0.0.1@0' }, /server: neither/],
  ['dns_domain_override.add', { domain: 'x.example', server: '!' }, /server: neither/],
  ['dns_domain_override.add', { domain: 'x.example', server: '10.0.0.1', tlsHostname: 'a b' }, /tlsHostname/],
  [
    'dns_domain_override.add',
    { domain: 'x.example', server: '10.0.0.1', sourceAddress: '192.168.1.1' },
    /sourceAddress/,
  ],
  ['dns_domain_override.add', { service: 'forwarder', domain: 'x.example', server: '10.0.0.1@53' }, /server: neither/],
  ['dns_domain_override.add', { service: 'forwarder', domain: 'x.example', server: '10.0.0.1', tls: true }, /tls/],
  [
    'dns_domain_override.add',
    { service: 'forwarder', domain: 'x.example', server: '10.0.0.1', sourceAddress: '10.9.9.9' },
    /sourceAddress: no interface/,
  ],
  ['dns_domain_override.update', { domain: 'none.example', newServer: '10.0.0.1' }, /domain: the resolver has no/],
];

describe('what the pages of pfSense would not save is refused', () => {
  test.each(REFUSALS)('%s %j', (kind, args, message) => {
    let error: unknown;
    try {
      change(base, kind, args);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(PfsenseError);
    expect(error).toMatchObject({ code: expect.stringMatching(/^(bad_input|not_found)$/) });
    expect(String(error)).toMatch(message);
  });

  test('a tracker that two rules have does not say which one is meant', () => {
    const rules = listAt(base, 'filter/rule');
    const twice = withTree(base, ['filter', 'rule'], [...rules, ...rules.slice(-1)]);
    for (const kind of ['update', 'delete', 'move', 'toggle'])
      expect(() =>
        change(twice, `firewall_rule.${kind}`, {
          tracker: '1700000103',
          ...(kind === 'move' ? { position: 'top' } : {}),
          ...(kind === 'toggle' ? { enabled: true } : {}),
        }),
      ).toThrow(/several rules/);
  });

  test('versions before 2.8 have no schedule that is called like an interface', () => {
    const request = { ...range({ days: ['mon'] }), name: 'LAN' };
    expect(() => change(withTree(base, ['version'], '23.3'), 'schedule.create', request)).toThrow(/interface/);
    expect(() => change(base, 'schedule.create', request)).not.toThrow();
  });

  test('versions before 2.8 have no state policy', () => {
    const old = withTree(base, ['version'], '23.3');
    expect(() => change(old, 'firewall_rule.add', advanced({ statePolicy: 'if-bound' }))).toThrow(/statePolicy/);
  });
});
