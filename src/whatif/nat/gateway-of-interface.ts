import { type ConfigTree, textAt } from '../../config/model.ts';
import type { Facts } from '../facts.ts';
import type { Interface } from '../network.ts';
import type { Truth } from '../truth.ts';

/** Whether pfSense takes an interface for a way out (a WAN). */
export function hasGateway(one: Interface, config: ConfigTree, facts: Facts): Truth {
  if (one.kind !== 'interface') return false;
  if (one.type === 'dhcp') {
    if (facts.gateways === undefined) return [`gateway of ${one.name}`];
    return Object.values(facts.gateways).some(({ device, address }) => device === one.device && address !== null);
  }
  if (['pppoe', 'pptp', 'l2tp', 'ppp'].includes(one.type)) return true;
  const device = textAt(config, `interfaces/${one.key}/if`) ?? '';
  if (/^(?:ovpn|ipsec)/.test(device)) return true;
  if (/^(?:gif|gre)/.test(device))
    return one.four === 'unknown' ? [`address of ${one.name}`] : one.four !== 'none' || hasNamed(one, config);
  return hasNamed(one, config);
}

function hasNamed({ key }: Interface, config: ConfigTree): boolean {
  return (textAt(config, `interfaces/${key}/gateway`) ?? '') !== '';
}
