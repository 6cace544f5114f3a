import { type ConfigTree, listAt, textAt } from '../../config/model.ts';

/** Nobody stacks more devices than this; a configuration that does so goes in circles. */
const MAX_DEPTH = 8;

/** Devices below another: the parent of a VLAN, the members of an aggregation or a bridge, the port of a dialled line. */
export function carriersOf(config: ConfigTree, device: string, depth = 0): string[] {
  if (depth > MAX_DEPTH) return [];
  const below = [...listed(config, device), ...namedAfter(device)];
  const direct = [...new Set(below)].filter((name) => name !== '' && name !== device);
  return [...direct, ...direct.flatMap((name) => carriersOf(config, name, depth + 1))];
}

function listed(config: ConfigTree, device: string): string[] {
  const found = (list: string, name: string, field: string): string[] =>
    listAt(config, list)
      .filter((entry) => textAt(entry, name) === device)
      .flatMap((entry) => (textAt(entry, field) ?? '').split(',').map((word) => word.trim()));
  return [
    ...found('vlans/vlan', 'vlanif', 'if'),
    ...found('qinqs/qinqentry', 'vlanif', 'if'),
    ...found('laggs/lagg', 'laggif', 'members'),
    ...found('bridges/bridged', 'bridgeif', 'members').map((key) => textAt(config, `interfaces/${key}/if`) ?? ''),
    ...found('ppps/ppp', 'if', 'ports'),
  ];
}

/** VLANs and QinQ are named after their parent. */
function namedAfter(device: string): string[] {
  return device.includes('.') ? [device.slice(0, device.lastIndexOf('.'))] : [];
}
