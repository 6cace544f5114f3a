import { isInNetwork } from '../../config/address.ts';

export interface RawRoute {
  readonly destination: string;
  readonly gateway: string;
  readonly flags: string;
  readonly mtu: number;
  readonly device: string;
}

export type Family = 'ipv4' | 'ipv6';

/** `default` has no family of its own: its gateway says it, and a link only where the table stood. */
export function familyOf({ destination, gateway }: RawRoute): Family {
  const text = destination === 'default' ? gateway : destination;
  return text.includes(':') ? 'ipv6' : 'ipv4';
}

/** The destination as a network with its length: `default`, a host and `fe80::%igb0/64` alike. */
export function networkOf(route: RawRoute): string {
  const { destination } = route;
  if (destination === 'default') return familyOf(route) === 'ipv4' ? '0.0.0.0/0' : '::/0';
  const [base = '', bits] = destination.replace(/%[^/]*/, '').split('/');
  return `${base}/${bits ?? (base.includes(':') ? '128' : '32')}`;
}

/** The routes that a packet to this address can take: of those that hold it, the ones with the longest prefix. */
export function routesTo<T extends RawRoute>(address: string, routes: readonly T[]): T[] {
  const fitting = routes.filter((route) => isUsable(route) && isInNetwork(address, networkOf(route)));
  const longest = Math.max(-1, ...fitting.map(prefixOf));
  return fitting.filter((route) => prefixOf(route) === longest);
}

function prefixOf(route: RawRoute): number {
  return Number(networkOf(route).split('/')[1]);
}

function isUsable({ flags }: RawRoute): boolean {
  return flags.includes('U');
}

/** What the letters of netstat say that people ask about. */
export function kindOf({ flags, gateway }: RawRoute): string {
  if (flags.includes('B')) return 'blackhole';
  if (flags.includes('R')) return 'reject';
  if (flags.includes('1')) return 'dynamic routing';
  if (flags.includes('S') && flags.includes('G')) return 'static';
  if (flags.includes('D')) return 'redirect';
  return gateway.startsWith('link#') ? 'connected' : 'other';
}
