import { isInNetwork } from '../../config/address.ts';
import { type ConfigTree, listAt, textAt, treeAt } from '../../config/model.ts';
import { carriersOf } from '../lockout/carriers.ts';
import type { SessionFacts } from '../lockout/session.ts';
import type { ActionFacts, Network } from './kind.ts';

/** Devices whose packets travel inside of others. */
const TUNNEL = /^(?:ovpn|tun|tap|wg|ipsec|enc|tailscale|zt|tinc|gif|gre|l2tp|pptp|ppp|poes)/;

export function isTunnel(device: string): boolean {
  return TUNNEL.test(device);
}

/** The device by which this session comes in and everything below it; undefined when that cannot be told. */
export function devicesOfSession(config: ConfigTree, { connection, replyDevice }: SessionFacts): string[] | undefined {
  if (connection === null || replyDevice === null || isTunnel(replyDevice)) return undefined;
  return withParents(config, replyDevice);
}

/** A device with what carries it. */
export function withParents(config: ConfigTree, device: string): string[] {
  return [device, ...carriersOf(config, device)];
}

/** Whether the client of this session sits in a network of the firewall itself, so that no gateway is between. */
export function isNeighbour({ connection, addresses }: SessionFacts): boolean {
  return (
    connection !== null &&
    Object.values(addresses)
      .flat()
      .some((network) => isInNetwork(connection.client, network))
  );
}

/** Whether the client lies behind an IPsec tunnel, which no route shows; undefined when that cannot be told. */
export function isBehindIpsec(config: ConfigTree, { connection }: SessionFacts): boolean | undefined {
  if (connection === null) return undefined;
  const phases = listAt(config, 'ipsec/phase2').filter((phase) => treeAt(phase, 'disabled') === undefined);
  const verdicts = phases.map((phase) => {
    const [type, address = '', bits] = [
      textAt(phase, 'remoteid/type'),
      textAt(phase, 'remoteid/address'),
      textAt(phase, 'remoteid/netbits'),
    ];
    if (type === 'address') return connection.client === address;
    if (type === 'network') return isInNetwork(connection.client, `${address}/${bits ?? ''}`);
    // Mobile clients have an address of the pool, or one that a server gives them.
    return undefined;
  });
  if (verdicts.includes(true)) return true;
  return verdicts.includes(undefined) ? undefined : false;
}

/** Names of the connections that must survive and have one end in each network; one network alone counts at either end. */
export function connectionsBetween(facts: ActionFacts, from: Network | null, to: Network | null): string[] {
  const { session, keep } = facts;
  const own = Object.values(session.addresses)
    .flat()
    .map((address) => address.split('/')[0] ?? '');
  const { connection } = session;
  // The address that it went to may have been translated, unless nothing is between.
  const servers = isNeighbour(session) ? [] : own;
  const ours =
    connection === null
      ? []
      : [connection.server, ...servers].map((server) => ({ name: 'this session', a: connection.client, b: server }));
  const kept = keep.map((flow) => ({
    name: `${flow.protocol} from ${flow.from} to ${flow.to}`,
    a: flow.from,
    b: flow.to,
  }));
  const hit = [...ours, ...kept].filter(({ a, b }) => isBetween(a, b, from, to) || isBetween(b, a, from, to));
  return [...new Set(hit.map(({ name }) => name))];
}

function isBetween(source: string, destination: string, from: Network | null, to: Network | null): boolean {
  const covers = (network: Network | null, address: string): boolean =>
    network === null || isInNetwork(address, `${network.address}/${network.bits}`);
  return covers(from, source) && covers(to, destination);
}
