import { type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../../config/model.ts';

/** What a DNS service can listen on: enabled interfaces, virtual IPs, localhost, and link-local addresses. */
export function isListenable(config: ConfigTree, name: string): boolean {
  const key = name.replace(/^_lloc/, '');
  const isInterface = treeAt(config, `interfaces/${key}/enable`) !== undefined || key === 'lan';
  const isVirtual = listAt(config, 'virtualip/vip').some((vip) => `_vip${textAt(vip, 'uniqid')}` === name);
  return name === 'lo0' || isVirtual || (isInterface && treeAt(config, `interfaces/${key}`) !== undefined);
}

/** Whether some interface serves DHCP. */
export function servesDhcp(config: ConfigTree): boolean {
  return entriesAt(config, 'dhcpd').some(
    ([key, server]) => treeAt(server, 'enable') !== undefined && treeAt(config, `interfaces/${key}`) !== undefined,
  );
}

export function has(section: ConfigTree, flag: string): boolean {
  return treeAt(section, flag) !== undefined;
}
