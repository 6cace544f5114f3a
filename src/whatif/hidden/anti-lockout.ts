import { type ConfigTree, entriesAt, textAt, treeAt } from '../../config/model.ts';
import type { Context } from '../context.ts';
import type { PfRule } from '../pf-rule.ts';
import { hidden, port } from './hidden-rule.ts';

/** The port sshd listens on, enabled or not. */
export function sshPort(config: ConfigTree): number {
  return Number(textAt(config, 'system/ssh/port')) || 22;
}

/** The port of the WebGUI. */
export function guiPort(config: ConfigTree): number {
  return (
    Number(textAt(config, 'system/webgui/port')) || (textAt(config, 'system/webgui/protocol') === 'http' ? 80 : 443)
  );
}

/** Keeps the WebGUI and SSH reachable on LAN, or on the only interface there is. */
export function antiLockout({ config, interfaces, own }: Context): PfRule[] {
  if (treeAt(config, 'system/webgui/noantilockout') !== undefined) return [];
  const count = entriesAt(config, 'interfaces').length;
  const one = count === 1 ? interfaces.get('wan') : count > 1 ? interfaces.get('lan') : undefined;
  if (one === undefined || one.device === '') return [];
  return [
    hidden('anti-lockout rule', {
      ...{ direction: 'in', quick: true, on: [one.device], protocols: ['tcp'], flags: { set: 'S', of: 'SA' } },
      ...{ destination: own.of(one), destinationPorts: port(...lockoutPorts(config)) },
    }),
  ];
}

/** Without a protocol pfSense counts on port 80 here, though the WebGUI listens on 443 then. */
function lockoutPorts(config: ConfigTree): number[] {
  const isHttps = textAt(config, 'system/webgui/protocol') === 'https';
  const gui = Number(textAt(config, 'system/webgui/port')) || (isHttps ? 443 : 80);
  const redirect = isHttps && treeAt(config, 'system/webgui/disablehttpredirect') === undefined && gui !== 80;
  const ssh = treeAt(config, 'system/ssh/enable') !== undefined;
  return [gui, ...(redirect ? [80] : []), ...(ssh ? [sshPort(config)] : [])];
}
