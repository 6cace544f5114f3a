import { type ConfigSection, type ConfigTree, textAt } from '../../../config/model.ts';
import { withoutTree, withTree } from '../../../config/update.ts';
import { refused } from '../../kind.ts';
import { type Fields, withFields } from '../fields.ts';
import { checkGateway } from './check.ts';
import { gatewayOf } from './fields.ts';
import { gatewaysOf, type KnownGateway, needGateway } from './known.ts';

export function withGateways(config: ConfigTree, gateways: readonly ConfigSection[]): ConfigTree {
  return withTree(config, ['gateways', 'gateway_item'], gateways);
}

/**
 * The configuration with parts of a gateway changed. One that pfSense makes by itself comes into the list by that, as
 * it does when somebody saves it in the GUI.
 * @throws PfsenseError `bad_input`, `not_found`
 */
export function changedGateway(config: ConfigTree, name: string, fields: Fields): ConfigTree {
  const known = needGateway(config, name);
  const old = known.entry?.item ?? automatic(known);
  const gateway = withFields(old, fields);
  if (gateway === old) return config;
  checkGateway(config, gateway);
  const list = gatewaysOf(config);
  return withGateways(config, known.entry ? list.with(known.entry.index, gateway) : [...list, gatewayOf(gateway)]);
}

function automatic({ name, family, interface: key }: KnownGateway): ConfigSection {
  if (key === undefined) throw refused(`name: ${name} is pfSense's own and has nothing that could be changed.`);
  return gatewayOf({
    ...{ interface: key, gateway: 'dynamic', name, weight: '1', ipprotocol: family },
    ...{ descr: `Interface ${name} Gateway`, gw_down_kill_states: '' },
  });
}

/** The configuration without a gateway; its interface does not name it any more. */
export function withoutGateway(config: ConfigTree, { entry }: KnownGateway): ConfigTree {
  if (entry === undefined) return config;
  const key = textAt(entry.item, 'interface') ?? '';
  const rest = withGateways(config, gatewaysOf(config).toSpliced(entry.index, 1));
  return ['gateway', 'gatewayv6'].reduce(
    (tree, field) =>
      textAt(tree, `interfaces/${key}/${field}`) === textAt(entry.item, 'name')
        ? withoutTree(tree, ['interfaces', key, field])
        : tree,
    rest,
  );
}
