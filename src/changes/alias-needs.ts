import { isDeepStrictEqual } from 'node:util';
import { readBlock } from '../config/address-block.ts';
import { type ConfigTree, listAt, textAt, treeAt } from '../config/model.ts';
import { nameOfUser, wordsUsedBy } from './kinds/alias/references.ts';
import { aliasesOf, aliasType, membersOf } from './kinds/aliases.ts';
import { RESERVED_TABLES } from './kinds/object-name.ts';
import { SERVICE_NAMES } from './kinds/service-names.ts';

const LISTS = ['filter/rule', 'nat/rule', 'nat/outbound/rule', 'nat/onetoone'] as const;

/** Fields whose words are aliases when they are neither addresses nor ports; others hold names of interfaces, too. */
const NAMES_ONLY = /^(?:source|destination)\/(?:address|port)$|^(?:sourceport|dstport|natport|local-port)$/;

/** What a change rests on that stands in no configuration. */
export interface AliasNeeds {
  /** Names that rules use and nothing has. */
  readonly missing: readonly { readonly word: string; readonly user: string }[];
  /** Aliases of downloaded lists that rules name themselves: pfSense leaves the rule out while there is no list. */
  readonly lists: readonly { readonly alias: string; readonly user: string }[];
  /** Host names and downloaded lists inside aliases: without them the alias holds less, or nothing. */
  readonly inside: readonly Inside[];
}

export interface Inside {
  readonly alias: string;
  readonly member: string;
  readonly what: 'host' | 'list';
  /** Whether the change brings the member itself. */
  readonly isNew: boolean;
}

/** Looks at the rules in force and the aliases that a change brings or changes, and at the aliases in these. */
export function aliasNeeds(base: ConfigTree, candidate: ConfigTree): AliasNeeds {
  const uses = LISTS.flatMap((list) => {
    const known = listAt(base, list);
    return listAt(candidate, list).flatMap((rule, index) =>
      treeAt(rule, 'disabled') !== undefined || known.some((other) => isSame(other, rule))
        ? []
        : wordsUsedBy(list, rule).map((use) => ({ ...use, user: nameOfUser(list, rule, index) })),
    );
  });
  const changed = aliasesOf(candidate).filter((alias) => !aliasesOf(base).some((other) => isSame(other, alias)));
  const names = [...uses.map(({ word }) => word), ...changed.map((alias) => textAt(alias, 'name') ?? '')];
  return {
    missing: uniqueBy(
      uses
        .filter(({ path, word }) => NAMES_ONLY.test(path) && isNoName(candidate, word))
        .map(({ word, user }) => ({ word, user })),
      ({ word }) => word,
    ),
    lists: uniqueBy(
      uses.filter(({ word }) => isDownloaded(candidate, word)).map(({ word, user }) => ({ alias: word, user })),
      ({ alias }) => alias,
    ),
    inside: uniqueBy(
      [...new Set(names)].flatMap((name) => insideOf(base, candidate, name)),
      ({ alias, member }) => `${alias} ${member}`,
    ),
  };
}

function isSame(left: ConfigTree, right: ConfigTree): boolean {
  return left === right || isDeepStrictEqual(left, right);
}

function isDownloaded(config: ConfigTree, name: string): boolean {
  return aliasType(config, name)?.startsWith('urltable') ?? false;
}

/** A word in the form of a name that no alias, table or service has. */
function isNoName(config: ConfigTree, word: string): boolean {
  const isName = /^[a-z_]\w*$/i.test(word) && aliasType(config, word) === undefined;
  return isName && word !== 'any' && !RESERVED_TABLES.has(word) && !SERVICE_NAMES.has(word);
}

/** What an alias and the aliases in it need, at any depth. */
function insideOf(base: ConfigTree, config: ConfigTree, name: string): Inside[] {
  const members = new Map(aliasesOf(config).map((alias) => [textAt(alias, 'name') ?? '', membersOf(alias)]));
  const before = new Map(aliasesOf(base).map((alias) => [textAt(alias, 'name') ?? '', membersOf(alias)]));
  const seen = new Set([name]);
  for (const one of seen)
    for (const member of members.get(one) ?? [])
      if (members.has(member) && !isDownloaded(config, one)) seen.add(member);
  return [...seen]
    .filter((alias) => members.has(alias) && !isDownloaded(config, alias))
    .flatMap((alias) =>
      (members.get(alias) ?? []).flatMap((member): Inside[] => {
        const what = isDownloaded(config, member) ? 'list' : isHostName(config, alias, member) ? 'host' : undefined;
        return what === undefined
          ? []
          : [{ alias, member, what, isNew: !(before.get(alias)?.includes(member) ?? false) }];
      }),
    );
}

function isHostName(config: ConfigTree, alias: string, member: string): boolean {
  const type = aliasType(config, alias);
  return (type === 'host' || type === 'network') && aliasType(config, member) === undefined && !readBlock(member);
}

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item] as const).reverse()).values()].reverse();
}
