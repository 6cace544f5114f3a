import fc from 'fast-check';

type Arguments = fc.Arbitrary<Record<string, unknown>>;

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const pick = fc.constantFrom;
const record = (fields: Record<string, fc.Arbitrary<unknown>>): Arguments =>
  fc.record(fields).map((args) => Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)));
const description = maybe(pick('', 'File server', 'One & two', 'Größe'));
const service = maybe(pick('resolver', 'forwarder'));

/** Requests for changes of DHCP and DNS, most of which make sense for the sample. */
export function dnsDhcpArguments(): Readonly<Record<string, Arguments>> {
  return { ...serverArguments(), ...mappingArguments(), ...hostArguments(), ...domainArguments() };
}

function serverArguments(): Record<string, Arguments> {
  const bool = maybe(fc.boolean());
  const ranges = pick(
    { from: '192.168.1.100', to: '192.168.1.199' },
    { from: '192.168.1.120', to: '192.168.1.150' },
    { from: '192.168.1.200', to: '192.168.1.210' },
    { from: '192.168.1.9', to: '192.168.1.11' },
  );
  const names = maybe(pick('all', 'lan', 'lo0', 'opt1'));
  return {
    'dhcp_server.update': record({
      interface: pick('lan', 'lan', 'opt1'),
      enabled: bool,
      range: maybe(ranges),
      pools: maybe(fc.uniqueArray(ranges, { maxLength: 2 })),
      denyUnknown: maybe(pick('disabled', 'enabled', 'class')),
      gateway: maybe(pick('', 'none', '192.168.1.2')),
      dnsServers: maybe(pick([], ['9.9.9.9'])),
      macDeny: maybe(pick([], ['02:00', '02:00:00:AA:00:99'])),
      ignoreBootp: bool,
      staticArp: bool,
      maxLeaseSeconds: maybe(pick(0, 86_400)),
    }),
    'dns_resolver.update': record({
      enabled: bool,
      port: maybe(pick<unknown>('default', 5353)),
      interfaces: maybe(fc.uniqueArray(pick('all', 'lan', 'lo0', 'opt1'), { minLength: 1, maxLength: 2 })),
      outgoingInterfaces: names.map((name) => (name === undefined ? undefined : [name])),
      dnssec: bool,
      forwarding: bool,
      registerMappings: bool,
      systemDomainZone: maybe(pick('transparent', 'static')),
    }),
    'dns_forwarder.update': record({
      enabled: bool,
      port: maybe(pick<unknown>('default', 5353)),
      interfaces: maybe(pick([], ['lan', 'lo0'])),
      strictBinding: bool,
      inOrder: bool,
      registerMappings: bool,
    }),
  };
}

function mappingArguments(): Record<string, Arguments> {
  const key = pick('lan', 'lan', 'lan', 'opt1');
  const mac = pick('02:00:00:aa:00:10', '02-00-00-AA-00-11', '02:00:00:aa:00:12', '02:00:00:aa:00:13');
  const ip = pick('192.168.1.10', '192.168.1.20', '192.168.1.21', '', '192.168.1.150', '192.168.20.5');
  const fields = {
    ip: maybe(ip),
    clientId: maybe(pick('', 'camera 1')),
    hostname: maybe(pick('', 'nas', 'camera-1')),
    description,
    staticArp: maybe(fc.boolean()),
    gateway: maybe(pick('', '192.168.1.1')),
    dnsServers: maybe(pick([], ['192.168.1.53', '9.9.9.9'])),
    domainSearch: maybe(pick([], ['lab.example', 'corp.example'])),
    defaultLeaseSeconds: maybe(pick(0, 600)),
    maxLeaseSeconds: maybe(pick(0, 600, 300)),
  };
  const mapping = pick('02:00:00:aa:00:10', '02:00:00:AA:00:12', '192.168.1.10', '192.168.1.20', 'camera 1');
  return {
    'dhcp_mapping.add': record({ ...fields, interface: key, mac: maybe(mac) }),
    'dhcp_mapping.update': record({ ...fields, interface: key, mapping, mac: maybe(mac) }),
    'dhcp_mapping.delete': record({ interface: key, mapping }),
  };
}

function hostArguments(): Record<string, Arguments> {
  const name = { service, host: pick('nas', 'www', ''), domain: pick('lab.example', 'corp.example') };
  const address = pick('192.168.1.20', '10.10.0.80', '2001:db8:1::20');
  const addresses = fc.uniqueArray(address, { minLength: 1, maxLength: 2 });
  const aliases = maybe(pick([], [{ host: 'files', domain: 'lab.example' }]));
  return {
    'dns_host_override.add': record({ ...name, addresses, description, aliases }),
    'dns_host_override.update': record({
      ...name,
      addresses: maybe(addresses),
      description,
      aliases,
      address: maybe(address),
    }),
    'dns_host_override.delete': record({ ...name, address: maybe(address) }),
  };
}

function domainArguments(): Record<string, Arguments> {
  const name = { service, domain: pick('branch.example', 'corp.example') };
  const server = pick('10.20.0.53', '10.20.0.54', '10.20.0.54@5353', '#');
  const content = {
    description,
    tls: maybe(fc.boolean()),
    tlsHostname: maybe(pick('', 'dns.corp.example')),
  };
  const forwarder = {
    ...name,
    service: pick('forwarder'),
    sourceAddress: maybe(pick('192.168.1.1', '10.10.0.1')),
    description,
  };
  return {
    'dns_domain_override.add': fc.oneof(record({ ...name, ...content, server }), record({ ...forwarder, server })),
    'dns_domain_override.update': fc.oneof(
      record({ ...name, ...content, server: maybe(server), newServer: maybe(server) }),
      record({ ...forwarder, server: maybe(server), newServer: maybe(server) }),
    ),
    'dns_domain_override.delete': record({ ...name, server: maybe(server) }),
  };
}
