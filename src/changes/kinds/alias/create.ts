import { z } from 'zod';
import type { ConfigTree } from '../../../config/model.ts';
import { withTree } from '../../../config/update.ts';
import { defineKind, refused } from '../../kind.ts';
import { aliasesOf } from '../aliases.ts';
import { type Fields, sectionIn, withFields } from '../fields.ts';
import { checkAliasName } from '../object-name.ts';
import { AliasName, Description, type Member, Members, UpdateDays, Url } from './arguments.ts';
import { type Entry, entriesOf, type Owner } from './members.ts';
import { ALIASES, entriesIn, findAlias, isListType, isSameList, memberFields } from './store.ts';

const Input = z.strictObject({
  name: AliasName,
  type: z.enum(['host', 'network', 'port', 'urltable', 'urltable_ports']),
  description: Description.default(''),
  members: Members.default([]),
  url: Url.optional(),
  updateDays: UpdateDays.optional(),
});
type Input = z.output<typeof Input>;

export default defineKind({
  id: 'alias.create',
  summary: 'Create an alias of hosts, networks or ports, or of a list that the firewall downloads.',
  tier: 'volatile',
  input: Input,
  example: {
    name: 'branch_hosts',
    type: 'host',
    description: 'Servers of the branch',
    members: ['192.0.2.10', { value: 'files.example.net', description: 'Files' }],
  },
  apply(config, args, occasion) {
    const { name, type } = args;
    const there = findAlias(config, name);
    if (there === undefined) checkAliasName(config, name, 'name');
    checkSource(args);
    const fields = { name, type, ...urlFields(args), descr: args.description };
    const entries = isListType(type)
      ? checkedEntries(config, { name, type }, args.members)
      : [{ word: args.url ?? '' }];
    const isAlready =
      there !== undefined &&
      withFields(there.alias, fields) === there.alias &&
      isSameList(entriesIn(there.alias), entries);
    if (isAlready) return config;
    if (there !== undefined)
      throw refused(
        `name: there is another alias ${name} already.`,
        'Change it with alias.update or alias.add_members, or take another name.',
      );
    const alias = sectionIn(ORDER, { ...fields, ...memberFields(entries, occasion) });
    return withTree(config, ALIASES, [...aliasesOf(config), alias]);
  },
});

const ORDER = ['name', 'type', 'url', 'updatefreq', 'address', 'descr', 'detail'];

function checkSource({ type, members, url, updateDays }: Input): void {
  if (!isListType(type) && (url === undefined || members.length > 0))
    throw refused(`url: an alias of type ${type} needs a URL and takes no members.`);
  if (isListType(type) && (url !== undefined || updateDays !== undefined))
    throw refused('url, updateDays: only the types urltable and urltable_ports download lists.');
}

function urlFields({ url, updateDays }: Input): Fields {
  return url === undefined ? {} : { url, updatefreq: String(updateDays ?? 7) };
}

/** Without members a port alias cannot be put into rules, and pfSense leaves out the rules that use it. */
export function checkedEntries(config: ConfigTree, owner: Owner, members: readonly Member[]): Entry[] {
  const entries = entriesOf(config, owner, members);
  if (entries.length === 0 && owner.type === 'port') throw refused('members: an alias of ports needs one at least.');
  return entries;
}
