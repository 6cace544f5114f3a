import fc from 'fast-check';

type Arguments = fc.Arbitrary<Record<string, unknown>>;

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const pick = fc.constantFrom;
const record = (fields: Record<string, fc.Arbitrary<unknown>>): Arguments =>
  fc.record(fields).map((args) => Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)));
const description = maybe(pick('', 'Branch', 'One & two', 'Größe'));

/** Requests for changes of routing and interfaces, most of which make sense for the sample. */
export function networkArguments(): Readonly<Record<string, Arguments>> {
  return {
    ...routeArguments(),
    ...gatewayArguments(),
    ...groupArguments(),
    ...interfaceArguments(),
    ...vlanArguments(),
    ...vipArguments(),
  };
}

function routeArguments(): Record<string, Arguments> {
  const network = pick('10.50.0.0/16', '10.60.0.0/16', '10.70.1.2/24', 'trusted', 'blocklist', '2001:db8:7::/48');
  const gateway = pick('WAN_DHCP', 'WAN2GW', 'Null4', 'Null6', 'NEW4');
  const fields = { gateway: maybe(gateway), description, disabled: maybe(fc.boolean()) };
  return {
    'static_route.add': record({ ...fields, network, gateway }),
    'static_route.update': record({ ...fields, network, newNetwork: maybe(network) }),
    'static_route.delete': record({ network }),
    'static_route.toggle': record({ network, enabled: fc.boolean() }),
  };
}

function gatewayArguments(): Record<string, Arguments> {
  const name = pick('WAN_DHCP', 'WAN2GW', 'NEW4', 'NEW6', 'WAN_DHCP6');
  const fields = {
    description,
    disabled: maybe(fc.boolean()),
    monitor: maybe(pick(null, '9.9.9.9', '149.112.112.112')),
    monitoring: maybe(fc.boolean()),
    monitorAction: maybe(fc.boolean()),
    forceDown: maybe(fc.boolean()),
    nonLocal: maybe(fc.boolean()),
    killStates: maybe(pick('default', 'none', 'down')),
    weight: maybe(pick(1, 5)),
    latencyHighMs: maybe(pick(null, 600)),
    lossHighPercent: maybe(pick(null, 40)),
    timePeriodMs: maybe(pick(null, 30_000)),
  };
  return {
    'gateway.add': fc.oneof(
      record({ ...fields, name: pick('NEW4', 'NEW'), interface: pick('opt3', 'lan'), address: pick('203.0.113.14') }),
      record({ name: pick('NEW6'), interface: pick('lan'), address: pick('fe80::1', '2001:db8:1::9'), description }),
    ),
    'gateway.update': record({ ...fields, name, address: maybe(pick('203.0.113.13')) }),
    'gateway.delete': record({ name }),
    'gateway.toggle': record({ name, enabled: fc.boolean() }),
    'gateway.set_default': record({
      family: maybe(pick('inet', 'inet6')),
      gateway: pick('WAN_DHCP', 'WAN2GW', 'Failover', 'automatic', 'none', 'NEW6'),
    }),
  };
}

function groupArguments(): Record<string, Arguments> {
  const name = pick('Failover', 'Balance');
  const member = (gateway: string) => record({ gateway: fc.constant(gateway), tier: pick(1, 2) });
  const members = fc.oneof(
    fc.tuple(member('WAN2GW'), member('WAN_DHCP')),
    member('WAN2GW').map((one) => [one]),
    member('WAN_DHCP').map((one) => [one]),
  );
  const fields = {
    trigger: maybe(pick('down', 'downloss')),
    description,
    failoverStates: maybe(pick('default', 'kill')),
  };
  return {
    'gateway_group.add': record({ ...fields, name, members }),
    'gateway_group.update': record({ ...fields, name, members: maybe(members) }),
    'gateway_group.delete': record({ name: pick('Failover', 'Balance', 'Other') }),
  };
}

function interfaceArguments(): Record<string, Arguments> {
  const key = pick('wan', 'lan', 'opt1', 'opt2', 'opt3', 'opt4');
  const ipv4 = pick(
    { type: 'static', address: '10.44.0.1/24' },
    { type: 'static', address: '203.0.113.10/29', gateway: 'WAN2GW' },
    { type: 'dhcp', hostname: 'fw' },
    { type: 'dhcp' },
    { type: 'none' },
  );
  const ipv6 = pick(
    { type: 'static', address: '2001:db8:44::1/64', gateway: null },
    { type: 'dhcp6' },
    { type: 'slaac' },
    { type: 'none' },
  );
  return {
    'interface.update': record({
      interface: key,
      description: maybe(pick('OFFICE', 'LAB')),
      ipv4: maybe(ipv4),
      ipv6: maybe(ipv6),
      mtu: maybe(pick(null, 1400, 9000)),
      mss: maybe(pick(null, 1300)),
      blockPrivate: maybe(fc.boolean()),
    }),
    'interface.toggle': record({ interface: key, enabled: fc.boolean() }),
    'interface.assign': record({ device: pick('igb1.30', 'igb4', 'igb5'), description: maybe(pick('NEWONE')) }),
    'interface.unassign': record({ interface: pick('opt4', 'opt5', 'opt9') }),
  };
}

function vlanArguments(): Record<string, Arguments> {
  const device = pick('igb1.20', 'igb1.30', 'igb2.30', 'igb2.20');
  const fields = { priority: maybe(pick(null, 3)), description };
  const parent = pick('igb1', 'igb2');
  return {
    'vlan.create': record({ ...fields, parent, tag: pick(20, 30) }),
    'vlan.update': record({ ...fields, device, parent: maybe(parent), tag: maybe(pick(30, 40)) }),
    'vlan.delete': record({ device }),
  };
}

function vipArguments(): Record<string, Arguments> {
  const address = pick('192.168.1.240/24', '203.0.113.11/29', '192.168.1.241/32');
  const key = pick('lan', 'opt3');
  return {
    'virtual_ip.add': fc.oneof(
      record({ mode: pick('ipalias', 'other', 'proxyarp'), interface: key, address, description }),
      record({ mode: pick('carp'), interface: key, address, vhid: pick(10, 11), passwordOf: pick('192.168.1.254') }),
    ),
    'virtual_ip.update': record({
      id: pick('192.168.1.254', '192.168.1.240', '203.0.113.11', '65f0a1b2c3a01'),
      address: maybe(pick('192.168.1.253/24', '192.168.1.242/24')),
      description,
      skew: maybe(pick(0, 100)),
    }),
    'virtual_ip.delete': record({ id: pick('192.168.1.254', '192.168.1.240', '192.168.1.241', '198.18.0.1') }),
  };
}
