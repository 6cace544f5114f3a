import { type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../config/model.ts';
import type { Context } from '../context.ts';
import { isIpsecEnabled } from '../network.ts';
import type { PfRule } from '../pf-rule.ts';
import { antiLockout } from './anti-lockout.ts';
import { hidden, undecided } from './hidden-rule.ts';

/** Between the rules of interfaces and those of users. */
export function beforeUsers(context: Context): PfRule[] {
  const { config } = context;
  const six = treeAt(config, 'system/ipv6allow') !== undefined;
  return [
    hidden('pass IPv4 loopback', { on: ['lo0'], family: 4 }),
    ...(six ? [hidden('pass IPv6 loopback', { on: ['lo0'], family: 6 })] : []),
    hidden('let out anything IPv4 from firewall host itself', { direction: 'out', family: 4, flags: START }),
    ...(six
      ? [hidden('let out anything IPv6 from firewall host itself', { direction: 'out', family: 6, flags: START })]
      : []),
    ...(context.release === '2.9' ? gatewayMonitoring(config) : []),
    ...(isIpsecEnabled(config)
      ? [hidden('IPsec internal host to host', { direction: 'out', on: ['enc0'], flags: START })]
      : []),
    ...antiLockout(context),
    ...(isReflected(config)
      ? [
          hidden('NAT REFLECT: Allow traffic to localhost', {
            ...{ direction: 'in', family: 4, flags: START, tagged: { tag: 'PFREFLECT', not: false } },
          }),
        ]
      : []),
    ...captivePortals(context),
    ...anchor('userrules', [], context),
  ];
}

const START = { set: 'S', of: 'SA' };

function isReflected(config: ConfigTree): boolean {
  return listAt(config, 'nat/rule').some((rule) => {
    const own = textAt(rule, 'natreflection');
    return own === 'enable' || (own !== 'disable' && treeAt(config, 'system/disablenatreflection') === undefined);
  });
}

/** Pings of gateways that have no address must not leave by another interface. */
function gatewayMonitoring(config: ConfigTree): PfRule[] {
  const isDynamic = listAt(config, 'gateways/gateway_item').some((item) => textAt(item, 'gateway') === 'dynamic');
  if (!isDynamic || treeAt(config, 'system/dpinger_dont_add_static_routes') !== undefined) return [];
  return undecided('gateway monitoring', { direction: 'out', protocols: ['icmp', 'ipv6-icmp'] });
}

/** Who has logged in is known by the portal alone. */
function captivePortals({ config, interfaces }: Context): PfRule[] {
  return entriesAt(config, 'captiveportal').flatMap(([zone, portal]) => {
    if (treeAt(portal, 'enable') === undefined) return [];
    const on = (textAt(portal, 'interface') ?? '').split(',').flatMap((key) => interfaces.get(key)?.device ?? []);
    return on.length === 0 ? [] : undecided(`captive portal ${zone}`, { on });
  });
}

/** An anchor that can hold rules; `on` are the devices its rules are for, none meaning anywhere. */
export function anchor(name: string, on: readonly string[] | null, { facts }: Context): PfRule[] {
  const isFilled = facts.anchors?.some((one) => one === name || one.startsWith(`${name}/`));
  // Without facts only anchors that the configuration gives a reason to fill are doubted.
  if (isFilled === false || (isFilled === undefined && on?.length === 0)) return [];
  return undecided(`rules in anchor ${name}`, { on: on === null || on.length === 0 ? null : on });
}
