import { type ConfigTree, listAt, textAt, treeAt } from '../../src/config/model.ts';
import { parseConfigXml } from '../../src/config/xml.ts';
import { compile } from '../../src/whatif/compile.ts';
import { evaluateFirstPassage } from '../../src/whatif/evaluate.ts';
import type { Facts, GatewayFact, TableFacts } from '../../src/whatif/facts.ts';
import type { Packet } from '../../src/whatif/packet.ts';
import type { CaseFacts } from './corpus.ts';
import type { PlainPacket } from './plain-packet.ts';
import type { Answer, Evaluate } from './two-roads.ts';

/** The evaluator of the product as the first road: asked about one passage at one device at a time. */
const firstRoad: Evaluate = (configXml, facts) => {
  const config = parseConfigXml(configXml);
  const compiled = compile(config, factsFrom(config, facts));
  const keys = new Map([...compiled.context.interfaces].map(([key, { device }]) => [device, key]));
  return (plain): Answer => {
    // A packet that comes in may go out again: only its first passage is asked about.
    const { deciding, verdict, unknowns } = evaluateFirstPassage(compiled, packetFrom(plain, keys));
    const tracker = deciding?.origin.kind === 'user' ? deciding.origin.tracker : undefined;
    return { verdict, tracker, unknowns };
  };
};
export default firstRoad;

function factsFrom(config: ConfigTree, { devices, files, now }: CaseFacts): Facts {
  return {
    addresses: Object.fromEntries(Object.entries(devices).map(([name, { addresses }]) => [name, addresses])),
    localTime: now.replace(/Z$/, ''),
    anchors: [],
    tables: tablesFrom(config, files),
    gateways: gatewaysFrom(config),
  };
}

/** Tables that only daemons fill, and none runs where the rules were made. */
const EMPTY_TABLES = ['snort2c', 'sshguard', 'virusprot'];

const TABLE_FILES: Readonly<Record<string, string>> = { bogons: '/etc/bogons', bogonsv6: '/etc/bogonsv6' };

function tablesFrom(config: ConfigTree, files: CaseFacts['files']): TableFacts {
  // No name of a host means anything there: what aliases hold beyond their addresses is nothing.
  const aliases = listAt(config, 'aliases/alias')
    .filter((one) => ['host', 'network'].includes(textAt(one, 'type') ?? ''))
    .map((one) => textAt(one, 'name') ?? '');
  const empty = [...EMPTY_TABLES, ...aliases].map((name) => [name, []] as const);
  const filled = Object.entries(TABLE_FILES).map(([name, path]) => [name, linesOf(files[path] ?? '')] as const);
  const contents: Record<string, string[]> = Object.fromEntries([...empty, ...filled]);
  return { names: Object.keys(contents), contents, tests: {} };
}

/** None is monitored, so each is up unless the configuration says otherwise. */
function gatewaysFrom(config: ConfigTree): Record<string, GatewayFact> {
  const used = listAt(config, 'gateways/gateway_item').filter((item) => {
    const isMonitored = treeAt(item, 'monitor_disable') === undefined;
    if (isMonitored) throw new Error('a monitored gateway in a generated configuration');
    return treeAt(item, 'disabled') === undefined;
  });
  return Object.fromEntries(
    used.map((item) => {
      const key = textAt(item, 'interface') ?? '';
      const device = textAt(config, `interfaces/${key}/if`) ?? null;
      const isUp = treeAt(item, 'force_down') === undefined;
      return [textAt(item, 'name') ?? '', { isUp, address: textAt(item, 'gateway') ?? null, device }];
    }),
  );
}

function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim());
  return lines.filter((line) => line !== '');
}

function packetFrom({ direction, device, protocol, ...plain }: PlainPacket, keys: ReadonlyMap<string, string>): Packet {
  const { source, destination, sourcePort, destinationPort, icmpType, tcpFlags } = plain;
  return {
    protocol: protocol === 'ipv6-icmp' ? 'icmp' : protocol,
    source,
    destination,
    ...(sourcePort === undefined ? {} : { sourcePort }),
    ...(destinationPort === undefined ? {} : { destinationPort }),
    ...(icmpType === undefined ? {} : { icmpType }),
    ...(tcpFlags === undefined ? {} : { tcpFlags }),
    ...(direction === 'in'
      ? { arrivesOn: keys.get(device) ?? device }
      : { arrivesOn: null, route: { device, gateway: null } }),
  };
}
