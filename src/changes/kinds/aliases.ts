import { type ConfigSection, type ConfigTree, listAt, textAt } from '../../config/model.ts';
import { sectionOf } from '../../config/update.ts';

export function aliasesOf(config: ConfigTree): ConfigSection[] {
  return listAt(config, 'aliases/alias').map(sectionOf);
}

/** The type of the alias with this name; undefined when there is none. */
export function aliasType(config: ConfigTree, name: string): string | undefined {
  const found = aliasesOf(config).find((alias) => textAt(alias, 'name') === name);
  return found === undefined ? undefined : (textAt(found, 'type') ?? 'host');
}

export function isPortAlias(config: ConfigTree, name: string): boolean {
  return aliasType(config, name)?.includes('port') ?? false;
}

/** Hosts, networks and their lists: what can stand for an address. */
export function isAddressAlias(config: ConfigTree, name: string): boolean {
  const type = aliasType(config, name);
  return type !== undefined && !type.includes('port');
}

/** Words of an alias, as in `10.0.0.1 other_alias`. */
export function membersOf(alias: ConfigTree): string[] {
  return (textAt(alias, 'address') ?? '').split(' ').filter((member) => member !== '');
}
