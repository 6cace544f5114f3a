import { z } from 'zod';
import { defineKind, refused } from '../../kind.ts';
import { type Fields, given, withFields } from '../fields.ts';
import { AliasName, Description, Members, UpdateDays, Url } from './arguments.ts';
import { checkedEntries } from './create.ts';
import { entriesIn, isSameList, memberFields, needAlias, needListType, typeOf, withAlias } from './store.ts';

export default defineKind({
  id: 'alias.update',
  summary: 'Change description, members (all of them) or URL of an alias; what is not given stays.',
  tier: 'volatile',
  input: z.strictObject({
    name: AliasName,
    description: Description.optional(),
    members: Members.optional().describe('All members that it is to have'),
    url: Url.optional(),
    updateDays: UpdateDays.optional(),
  }),
  example: { name: 'branch_hosts', description: 'Servers of the branch office', members: ['192.0.2.10', '192.0.2.11'] },
  apply(config, { name, description, members, url, updateDays }, occasion) {
    const { alias, index } = needAlias(config, name);
    if ((url !== undefined || updateDays !== undefined) && !typeOf(alias).startsWith('urltable'))
      throw refused(`url, updateDays: this alias is of type ${typeOf(alias)} and downloads no list.`);
    const memberChanges = (): Fields => {
      if (members === undefined) return {};
      const old = entriesIn(alias);
      const entries = checkedEntries(config, { name, type: needListType(alias) }, members);
      if (isSameList(old, entries)) return {};
      const known = new Map(old.map(({ word, detail }) => [word, detail]));
      return memberFields(
        entries.map(({ word, detail }) => ({ word, detail: detail ?? known.get(word) })),
        occasion,
      );
    };
    const changed = withFields(alias, {
      ...memberChanges(),
      ...given('descr', description),
      ...(url === undefined ? {} : { url, address: url }),
      ...given('updatefreq', updateDays === undefined ? undefined : String(updateDays)),
    });
    return changed === alias ? config : withAlias(config, index, changed);
  },
});
