import fc from 'fast-check';
import { type ConfigTree, listAt, textAt } from '../../../src/config/model.ts';
import { type NatKind, natIds } from '../../../src/config/nat-identity.ts';
import { dnsDhcpArguments } from './dns-dhcp-requests.ts';
import { networkArguments } from './network-requests.ts';
import { ACCOUNT_ARGUMENTS } from './requests-accounts.ts';
import { restoreArguments } from './requests-restore.ts';

export interface Request {
  readonly kind: string;
  readonly args: Record<string, unknown>;
}

type Arguments = fc.Arbitrary<Record<string, unknown>>;

/** Requests for changes that mostly make sense for a configuration; of all kinds, or of those that are named. */
export function requestsOn(base: ConfigTree, ...kinds: string[]): fc.Arbitrary<Request> {
  const pool = Object.entries(argumentsFor(base)).filter(([kind]) => kinds.length === 0 || kinds.includes(kind));
  return fc.oneof(...pool.map(([kind, args]) => args.map((one) => ({ kind, args: one }))));
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const pick = fc.constantFrom;
const record = (fields: Record<string, fc.Arbitrary<unknown>>): Arguments =>
  fc.record(fields).map((args) => Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)));

const ends = record({
  address: maybe(pick('any', 'lan', 'lanip', '(self)', '192.0.2.7', '192.0.2.0/24', 'trusted', 'web_server', 'Guests')),
  not: maybe(fc.constant(false)),
});
const portEnds = record({
  address: maybe(pick('any', 'lan', 'wanip', '192.0.2.7', 'web_server')),
  port: maybe(pick<unknown>(80, '90-80', 'web_ports', 443, '1000-1010')),
});
const description = maybe(pick('', 'Web', 'One & two', 'Größe', "it's"));

function argumentsFor(base: ConfigTree): Readonly<Record<string, Arguments>> {
  const trackers = pick(...listAt(base, 'filter/rule').map((rule) => textAt(rule, 'tracker') ?? ''), '1795000100');
  const alias = pick(...listAt(base, 'aliases/alias').map((one) => textAt(one, 'name') ?? ''), 'fresh', 'other');
  const position = fc.oneof(
    pick('top', 'bottom'),
    trackers.map((before) => ({ before })),
    trackers.map((after) => ({ after })),
  );
  const ids = (kind: NatKind): fc.Arbitrary<string> => pick(...natIds(base, kind));
  const places = (kind: NatKind): fc.Arbitrary<unknown> =>
    fc.oneof(
      pick('top', 'bottom'),
      ids(kind).map((before) => ({ before })),
      ids(kind).map((after) => ({ after })),
    );
  return {
    ...ruleArguments(trackers, position),
    ...aliasArguments(alias),
    ...networkArguments(),
    ...dnsDhcpArguments(),
    'firewall_separator.add': record({
      tab: pick('lan', 'Guests', 'floating', 'opt1'),
      text: pick('Here', 'There', 'First'),
      above: maybe(fc.oneof(trackers, pick('end'))),
    }),
    'firewall_separator.delete': record({
      tab: pick('Guests', 'opt1'),
      text: pick('First', 'Third', 'Way out for guests', 'Here'),
    }),
    'schedule.create': record({ name: pick('night', 'noon', 'opening_hours'), description, ranges }),
    'schedule.update': record({ name: pick('opening_hours', 'night'), description, ranges: maybe(ranges) }),
    'schedule.delete': record({ name: pick('night', 'noon', 'opening_hours') }),
    ...forwardArguments(ids('port_forward'), places('port_forward')),
    ...otherNatArguments(ids, places),
    ...ACCOUNT_ARGUMENTS,
    ...restoreArguments(base),
  };
}

const ranges = fc.array(
  record({
    days: fc.subarray(['mon', 'tue', 'sun'], { minLength: 1 }),
    from: pick('8:00', '09:30'),
    to: pick('10:00', '23:59'),
  }),
  { minLength: 1, maxLength: 2 },
);

function ruleArguments(trackers: fc.Arbitrary<string>, position: fc.Arbitrary<unknown>): Record<string, Arguments> {
  const fields = {
    type: maybe(pick('pass', 'block', 'reject')),
    source: maybe(ends),
    destination: maybe(ends),
    description,
    disabled: maybe(fc.boolean()),
    log: maybe(fc.boolean()),
    schedule: maybe(pick('', 'opening_hours')),
    gateway: maybe(pick('', 'WAN2GW', 'Failover')),
    advanced: maybe(
      record({ tag: maybe(pick('', 'marked')), allowOptions: maybe(fc.boolean()), maxStates: maybe(pick(null, 10)) }),
    ),
  };
  const ported = {
    ...fields,
    protocol: pick('tcp', 'udp', 'tcp/udp'),
    source: maybe(portEnds),
    destination: maybe(portEnds),
  };
  const place = fc.oneof(
    pick('lan', 'opt1', 'Guests', 'wan').map((tab) => ({ interface: tab })),
    record({
      direction: pick('in', 'out'),
      quick: maybe(fc.boolean()),
      interfaces: maybe(pick(['wan', 'lan'], [])),
    }).map((floating) => ({ floating })),
  );
  const any = fc.oneof(record(fields), record(ported));
  return {
    'firewall_rule.add': fc
      .tuple(any, place, maybe(position))
      .map(([args, tab, at]) => ({ ...args, ...tab, ...(at ? { position: at } : {}) })),
    'firewall_rule.update': fc
      .tuple(any, trackers, maybe(pick('lan', 'opt2', 'Guests')))
      .map(([args, tracker, tab]) => ({ ...args, tracker, ...(tab ? { interface: tab } : {}) })),
    'firewall_rule.delete': record({ tracker: trackers }),
    'firewall_rule.move': record({ tracker: trackers, position }),
    'firewall_rule.toggle': record({ tracker: trackers, enabled: fc.boolean() }),
  };
}

function aliasArguments(alias: fc.Arbitrary<string>): Record<string, Arguments> {
  const hosts = fc.uniqueArray(
    pick<unknown>('192.0.2.1', '10.0.0.0/30', '192.0.2.5-192.0.2.9', 'host.example', 'web_server', '2001:db8::1', {
      value: '192.0.2.77',
      description: 'described',
    }),
    { minLength: 1, maxLength: 4, selector: (member) => JSON.stringify(member) },
  );
  const ports = fc.uniqueArray(pick<unknown>('22', '8000:8010', 'web_ports', '443'), { minLength: 1, maxLength: 3 });
  const names = fc.array(pick('192.0.2.1', '10.0.0.0/30', '22', 'laptop.example', 'admin_hosts', '192.168.1.10'), {
    minLength: 1,
    maxLength: 2,
  });
  return {
    'alias.create': fc.oneof(
      record({ name: alias, type: pick('host', 'network'), members: hosts, description }),
      record({ name: alias, type: pick('port'), members: ports, description }),
      record({ name: alias, type: pick('urltable'), url: pick('https://lists.example.net/a'), description }),
    ),
    'alias.update': fc.oneof(
      record({ name: alias, members: maybe(hosts), description }),
      record({ name: pick('mgmt_ports', 'fresh'), members: ports }),
      record({ name: pick('threats'), updateDays: maybe(pick(1, 3)), url: maybe(pick('https://lists.example.net/b')) }),
    ),
    'alias.delete': record({ name: alias }),
    'alias.rename': record({ name: alias, newName: pick('fresh', 'other', 'blocklist') }),
    'alias.add_members': fc.oneof(
      record({ name: alias, members: hosts }),
      record({ name: pick('mgmt_ports'), members: ports }),
    ),
    'alias.remove_members': record({ name: alias, members: names }),
  };
}

function forwardArguments(ids: fc.Arbitrary<string>, places: fc.Arbitrary<unknown>): Record<string, Arguments> {
  const fields = {
    protocol: maybe(pick('tcp', 'udp', 'tcp/udp')),
    source: maybe(portEnds),
    target: maybe(pick('192.0.2.10', 'web_server', 'lanip')),
    targetPort: maybe(pick<unknown>(8080, 'web_ports')),
    description,
    filterRule: maybe(pick('linked', 'pass', 'none')),
    reflection: maybe(pick('default', 'purenat', 'disable')),
    disabled: maybe(fc.boolean()),
  };
  const destination = record({
    address: pick('wanip', '198.51.100.9', 'opt3ip'),
    port: pick<unknown>(80, '8000-8010', 'web_ports', 8443),
  });
  return {
    'nat_port_forward.add': record({
      ...fields,
      interface: maybe(pick('wan', 'opt3')),
      destination,
      target: pick('192.0.2.10', 'web_server'),
      position: maybe(places),
    }),
    'nat_port_forward.update': record({
      ...fields,
      id: ids,
      destination: maybe(destination),
      noRedirect: maybe(fc.constant(true)),
    }),
    'nat_port_forward.delete': record({ id: ids }),
    'nat_port_forward.toggle': record({ id: ids, enabled: fc.boolean() }),
    'nat_port_forward.move': record({ id: ids, position: places }),
  };
}

function otherNatArguments(
  ids: (kind: NatKind) => fc.Arbitrary<string>,
  places: (kind: NatKind) => fc.Arbitrary<unknown>,
): Record<string, Arguments> {
  const source = record({ address: pick('any', 'lan', '10.1.2.3/16', 'trusted', '192.0.2.1') });
  const destination = record({ address: maybe(pick('any', '198.51.100.0/24', 'trusted')) });
  const outbound = {
    protocol: maybe(pick('any', 'tcp', 'udp')),
    destination: maybe(destination),
    target: maybe(pick('opt3ip', '203.0.113.11', '203.0.113.16/29', '192.168.1.254')),
    targetPort: maybe(pick('', '1024-2048')),
    staticPort: maybe(fc.boolean()),
    description,
    disabled: maybe(fc.boolean()),
  };
  const oneToOne = {
    external: pick('203.0.113.20', '203.0.113.21', 'opt3ip'),
    source: record({ address: pick('10.10.0.30', 'lan', '10.10.0.0/28') }),
    reflection: maybe(pick('default', 'enable')),
    description,
    disabled: maybe(fc.boolean()),
  };
  const npt = {
    source: pick('fd00:20::/64', 'fd00:21::/64'),
    destination: pick('2001:db8:21::/64', '2001:db8:22::/48'),
    description,
  };
  const natKinds = ['outbound', 'one_to_one', 'npt'] as const;
  return {
    'nat_outbound.set_mode': record({ mode: pick('automatic', 'hybrid', 'manual', 'disabled') }),
    'nat_outbound.add': record({
      ...outbound,
      source,
      interface: maybe(pick('wan', 'opt3')),
      position: maybe(places('outbound')),
    }),
    'nat_outbound.update': fc.oneof(
      { weight: 4, arbitrary: record({ ...outbound, source: maybe(source), id: ids('outbound') }) },
      { weight: 1, arbitrary: record({ id: ids('outbound'), noTranslation: fc.boolean(), description }) },
    ),
    'nat_one_to_one.add': record({ ...oneToOne, position: maybe(places('one_to_one')) }),
    'nat_one_to_one.update': record({ ...oneToOne, source: maybe(oneToOne.source), id: ids('one_to_one') }),
    'nat_npt.add': record({ ...npt, position: maybe(places('npt')) }),
    'nat_npt.update': record({ ...npt, source: maybe(npt.source), id: ids('npt') }),
    ...Object.fromEntries(natKinds.map((kind) => [`nat_${kind}.delete`, record({ id: ids(kind) })])),
  };
}
