import { type ConfigTree, listAt, textAt, treeAt } from '../config/model.ts';
import type { Context } from './context.ts';
import type { Action } from './pf-rule.ts';
import type { Truth } from './truth.ts';

export interface RuleGateway {
  /** Gateway or group that packets are sent to; null: the routing table decides. */
  readonly name: string | null;
  /** Whether pfSense leaves the rule out because the gateway is down. */
  readonly isLeftOut: Truth;
}

/** What the gateway of a rule does; only rules that pass have one. */
export function gatewayOf(raw: ConfigTree, action: Action, context: Context): RuleGateway {
  const name = textAt(raw, 'gateway') ?? '';
  if (name === '' || action !== 'pass') return { name: null, isLeftOut: false };
  if (treeAt(context.config, 'system/skip_rules_gw_down') === undefined) {
    const isKnown = context.gateways.find(name) !== undefined || context.gateways.group(name) !== undefined;
    return { name: isKnown || !context.gateways.isComplete ? name : null, isLeftOut: false };
  }
  const isUsable = usable(name, context);
  return { name, isLeftOut: typeof isUsable === 'boolean' ? !isUsable : isUsable };
}

function usable(name: string, context: Context): Truth {
  const members = context.gateways.group(name);
  if (members !== undefined) {
    // Groups that switch for loss or delay look at more than whether a gateway is up.
    if (triggerOf(name, context) !== 'down') return [`gateways of ${name}`];
    const states = members.map((member) => isUsable(member, context));
    return states.includes(true) ? true : states.every((state) => state === false) ? false : [`gateways of ${name}`];
  }
  return isUsable(name, context) ?? [`gateway ${name}`];
}

function triggerOf(name: string, { config }: Context): string | undefined {
  const group = listAt(config, 'gateways/gateway_group').find((one) => textAt(one, 'name') === name);
  return group === undefined ? undefined : textAt(group, 'trigger');
}

/** undefined: not known. The newest pfSense leaves out rules only where the gateway has no address. */
function isUsable(name: string, { gateways, release }: Context): boolean | undefined {
  const gateway = gateways.find(name);
  if (gateway === undefined) return gateways.isComplete ? false : undefined;
  if (release === '2.9' && gateways.group(name) === undefined) return gateway.address !== null || undefined;
  return gateway.isUp ?? undefined;
}
