import { type ConfigSection, type ConfigTree, textAt } from '../../../config/model.ts';
import { withTree } from '../../../config/update.ts';
import { notThere, type Occasion, refused } from '../../kind.ts';
import { aliasesOf, membersOf } from '../aliases.ts';
import type { Entry, ListType } from './members.ts';

export const ALIASES = ['aliases', 'alias'] as const;

export function findAlias(config: ConfigTree, name: string): { alias: ConfigSection; index: number } | undefined {
  const aliases = aliasesOf(config);
  const index = aliases.findIndex((alias) => textAt(alias, 'name') === name);
  const alias = aliases[index];
  return alias === undefined ? undefined : { alias, index };
}

/** @throws PfsenseError `not_found` */
export function needAlias(config: ConfigTree, name: string): { alias: ConfigSection; index: number } {
  const found = findAlias(config, name);
  if (found === undefined)
    throw notThere(`name: there is no alias ${name}.`, 'pf_alias_search lists them; alias.create makes one.');
  return found;
}

export function withAlias(config: ConfigTree, index: number, alias: ConfigSection): ConfigTree {
  return withTree(config, [...ALIASES, index], alias);
}

export function typeOf(alias: ConfigTree): string {
  return textAt(alias, 'type') || 'host';
}

export function isListType(type: string): type is ListType {
  return type === 'host' || type === 'network' || type === 'port';
}

/**
 * The type of an alias whose members are written down.
 * @throws PfsenseError `bad_input` for downloaded ones
 */
export function needListType(alias: ConfigTree): ListType {
  const type = typeOf(alias);
  if (isListType(type)) return type;
  throw refused(`members: those of an alias of type ${type} come from its URL.`);
}

export function entriesIn(alias: ConfigTree): Entry[] {
  const details = (textAt(alias, 'detail') ?? '').split('||');
  return membersOf(alias).map((word, index) => ({ word, detail: details[index] ?? '' }));
}

/** Members without a description say when they came, as pfSense writes it. */
export function memberFields(entries: readonly Entry[], { now }: Occasion): { address: string; detail: string } {
  const added = `Entry added ${new Date(now * 1000).toUTCString().replace('GMT', '+0000')}`;
  return {
    address: entries.map(({ word }) => word).join(' '),
    detail: entries.map(({ detail }) => detail ?? added).join('||'),
  };
}

/** Whether an alias has these members already; a description that is not given does not count. */
export function isSameList(left: readonly Entry[], right: readonly Entry[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ word, detail }, index) => {
      const other = right[index];
      return word === other?.word && (other.detail === undefined || other.detail === detail);
    })
  );
}
